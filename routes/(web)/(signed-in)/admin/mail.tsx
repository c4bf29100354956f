/**
 * Through whom messages leave: the mail server and the account for short messages, with a test of each.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import type { Limit } from "../../../../lib/kv/limits.ts";
import { testMail } from "../../../../lib/notify/text.ts";
import { type MailTrouble, troubleWords } from "../../../../lib/notify/transport.ts";
import type { Result } from "../../../../lib/result.ts";
import { readMailServer, readSmsAccount, saveSender } from "../../../../lib/store/mail_settings.ts";
import {
  MailSettings,
  type MailSettingsProps,
  type SenderResult,
} from "../../../../lib/ui/pages/MailSettings.tsx";
import { PageHead } from "../../../../lib/ui/Page.tsx";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { authorOf, writeDown } from "../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../lib/web/confirmed.ts";
import { requireBody, typed } from "../../../../lib/web/form.ts";
import {
  MAIL_NAMES,
  mailFormOf,
  readMailForm,
  readMailTest,
  readSmsForm,
  readSmsTest,
  SMS_NAMES,
  smsFormOf,
} from "../../../../lib/web/pages/mail_view.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";
import { countPerson } from "../../../../lib/web/too_many.ts";

const PATH = "/admin/mail";

/** Test messages of one person: 10 in ten minutes. */
const TESTS: Limit = { name: "test-message", tries: 10, windowMs: 600_000 };

const SAID: Readonly<Record<string, SenderResult>> = {
  "mail": { form: "mail", state: "good", title: "Saved", words: "Send yourself a test message." },
  "sms": { form: "sms", state: "good", title: "Saved", words: "Send a test message." },
  "mail-test": {
    form: "mail",
    state: "good",
    title: "The mail server took the test message",
    words: "Look into your mail: what the server takes may still get lost further on.",
  },
  "sms-test": {
    form: "sms",
    state: "good",
    title: "Twilio took the test message",
    words: "It should be there soon.",
  },
};

const CHANGED = {
  state: "warn",
  title: "Somebody else has changed this meanwhile",
  words: "Nothing was saved: look at what is set now and save again.",
} as const;

/** What a press of a button came to: where to go, or what to show. */
type Pressed =
  | { readonly kind: "done" }
  | { readonly kind: "shown"; readonly shown: Partial<MailSettingsProps>; readonly status: number };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    const away = mightDo(ctx.state, "settings.change") ? await confirmFirst(ctx, PATH) : null;
    if (away) return away;
    ctx.state.title = "Mail";
    const said = SAID[ctx.url.searchParams.get("done") ?? ""] ?? null;
    return page<MailSettingsProps>({ ...await loadPage(ctx.state), result: said });
  },
  async POST(ctx) {
    allow(ctx, "settings.change");
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    ctx.state.title = "Mail";
    const body = await requireBody(ctx);
    const form = body.get("form") ?? "";
    const press = Object.hasOwn(PRESSES, form) ? PRESSES[form] : undefined;
    if (!press) throw new HttpError(422);
    const pressed = await press(ctx.state, body);
    if (pressed.kind === "done") return redirectTo(`${PATH}?done=${form}`);
    const shown = { ...await loadPage(ctx.state), ...pressed.shown };
    return page<MailSettingsProps>(shown, { status: pressed.status });
  },
});

const PRESSES: Readonly<Record<string, (state: State, form: URLSearchParams) => Promise<Pressed>>> = {
  "mail": saveMail,
  "sms": saveSms,
  "mail-test": testMailServer,
  "sms-test": testSms,
};

async function loadPage(state: State): Promise<MailSettingsProps> {
  const { db } = servicesOf(state);
  const { config } = state.base;
  const [mail, sms] = await Promise.all([readMailServer(db, config), readSmsAccount(db, config)]);
  return { mail: mailFormOf(mail), sms: smsFormOf(sms), testTo: state.user?.email ?? "", result: null };
}

async function saveMail(state: State, form: URLSearchParams): Promise<Pressed> {
  const { db, box } = servicesOf(state);
  const held = await readMailServer(db, state.base.config);
  const read = readMailForm(form, held);
  if (!read.ok) {
    const mail = { ...mailFormOf(held), values: typed(form, MAIL_NAMES), faults: read.error };
    return { kind: "shown", shown: { mail }, status: 422 };
  }
  const saved = await saveSender(db, authorOf(state), { ...read.value, box, name: "mail" });
  if (saved.ok) return { kind: "done" };
  return { kind: "shown", shown: { result: { ...CHANGED, form: "mail" } }, status: 409 };
}

async function saveSms(state: State, form: URLSearchParams): Promise<Pressed> {
  const { db, box } = servicesOf(state);
  const held = await readSmsAccount(db, state.base.config);
  const read = readSmsForm(form, held);
  if (!read.ok) {
    const sms = { ...smsFormOf(held), values: typed(form, SMS_NAMES), faults: read.error };
    return { kind: "shown", shown: { sms }, status: 422 };
  }
  const saved = await saveSender(db, authorOf(state), { ...read.value, box, name: "sms" });
  if (saved.ok) return { kind: "done" };
  return { kind: "shown", shown: { result: { ...CHANGED, form: "sms" } }, status: 409 };
}

async function testMailServer(state: State, form: URLSearchParams): Promise<Pressed> {
  const { mailer } = servicesOf(state);
  const { base, user } = state;
  if (!user) throw new HttpError(401);
  if (!readMailTest(form).ok) throw new HttpError(422);
  await noteTest(state, "setting mail");
  const letter = {
    to: user.email,
    name: user.name,
    publicUrl: base.config.publicUrl,
    atMs: base.clock.nowMs(),
  };
  return tried("mail", await mailer.send(testMail(letter)));
}

async function testSms(state: State, form: URLSearchParams): Promise<Pressed> {
  const { db, texter } = servicesOf(state);
  const to = readSmsTest(form);
  if (!to.ok) {
    const held = smsFormOf(await readSmsAccount(db, state.base.config));
    const values = { ...held.values, ...typed(form, ["testTo"]) };
    return { kind: "shown", shown: { sms: { ...held, values, faults: to.error } }, status: 422 };
  }
  await noteTest(state, "setting sms");
  const text = `Test message from Wattpost at ${state.base.config.publicUrl}`;
  return tried("sms", await texter.send({ to: to.value, text }));
}

/** Tests are written down, and few: short messages cost money. */
async function noteTest(state: State, subject: string): Promise<void> {
  await countPerson(state, TESTS);
  await writeDown(state, { action: "message-tested", subject });
}

function tried(form: "mail" | "sms", sent: Result<void, MailTrouble>): Pressed {
  if (sent.ok) return { kind: "done" };
  const title = "The test message was not taken";
  const result = { form, state: "critical", title, words: `${troubleWords(sent.error)}.` } as const;
  return { kind: "shown", shown: { result }, status: 422 };
}

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHead title="Mail" summary="Through whom messages leave." />
    <MailSettings {...data} />
  </>
));
