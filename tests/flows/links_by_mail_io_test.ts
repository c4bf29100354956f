import {
  deepStrictEqual,
  doesNotMatch,
  match,
  notStrictEqual,
  ok as isTrue,
  strictEqual,
} from "node:assert/strict";
import { askEmailChange } from "../../lib/auth/email_change.ts";
import { sendInvitation } from "../../lib/auth/invite.ts";
import { LINKS_BY_ADDRESS } from "../../lib/auth/letters.ts";
import { LINK_MS } from "../../lib/auth/links.ts";
import { RESETS_BY_NAME } from "../../lib/auth/reset.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { writeSetting } from "../../lib/store/settings.ts";
import { createUser, inviteUser, lockUser, withdrawInvitation } from "../../lib/store/users.ts";
import type { ReceivedMail } from "../fakes/smtp_server.ts";
import { comesIn, cookiesOf, type LetterFlow, open, tokenOf, withLetters } from "./letters.ts";
import { ACCOUNT, ask, post } from "./running_product.ts";

const BEN = { email: "ben@wattpost.example", name: "Ben", role: "viewer", reach: { kind: "all" } } as const;
const NEW_PASSWORD = "quite another long sentence";

async function invite(flow: LetterFlow): Promise<ReceivedMail> {
  const invited = await inviteUser(flow.services.db, flow.author(), BEN);
  isTrue(invited.ok);
  return await sendTo(flow);
}

/** Sends a link, made so many ms ago. */
async function sendTo(flow: LetterFlow, agoMs = 0): Promise<ReceivedMail> {
  const place = flow.smtp.mails.length;
  const user = await flow.person(BEN.email);
  const by = flow.author({ atMs: flow.clock.nowMs() - agoMs });
  const { sent } = await sendInvitation(flow.services, by, { user, invitedBy: "Ada Flow" });
  isTrue(sent.ok, JSON.stringify(sent));
  return await flow.smtp.arrived(place);
}

const accept = (flow: LetterFlow, token: string, more: Readonly<Record<string, string>> = {}) =>
  post(flow.origin, "/invite", { token, name: "Benedict", password: NEW_PASSWORD, ...more });

Deno.test("an invitation leads from the mailbox through a password to Today, once", async () => {
  await withLetters(async (flow) => {
    const mail = await invite(flow);
    match(mail.text, /Ada Flow invites you/);
    const form = await open(flow, mail);
    strictEqual(form.status, 200);
    match(form.text, /ben@wattpost\.example/);
    strictEqual((await open(flow, mail)).status, 200, "looking spends nothing");
    const accepted = await accept(flow, tokenOf(mail));
    strictEqual(accepted.status, 303, accepted.text.slice(0, 300));
    const today = await ask(flow.origin, "/", { headers: { cookie: cookiesOf(accepted) } });
    strictEqual(today.status, 200);
    deepStrictEqual((await flow.person(BEN.email)).name, "Benedict");
    strictEqual((await accept(flow, tokenOf(mail), { password: "somebody else's sentence" })).status, 410);
    strictEqual((await open(flow, mail)).status, 410);
    isTrue(await comesIn(flow, BEN.email, NEW_PASSWORD));
    const actions = (await listAudit(flow.services.db)).map(({ action }) => action);
    isTrue(actions.includes("invitation-sent") && actions.includes("invitation-accepted"));
    doesNotMatch(JSON.stringify(flow.lines), new RegExp(tokenOf(mail)), "no token in the log");
  });
});

Deno.test("an invitation signs nobody in whose role must have a second factor", async () => {
  await withLetters(async (flow) => {
    const roles = { name: "second-factor", value: { roles: ["viewer"] }, version: 0 } as const;
    isTrue((await writeSetting(flow.services.db, flow.author(), roles)).ok);
    const mail = await invite(flow);
    match((await open(flow, mail)).text, /second factor/);
    const accepted = await accept(flow, tokenOf(mail));
    strictEqual(accepted.headers.get("location"), "/sign-in/set-up");
    const today = await ask(flow.origin, "/", { headers: { cookie: cookiesOf(accepted) } });
    match(today.headers.get("location") ?? "", /^\/sign-in/);
  });
});

Deno.test("forms behind links are limited for each network address and say until when", async () => {
  await withLetters(async (flow) => {
    const token = tokenOf(await invite(flow));
    for (let tries = 0; tries < LINKS_BY_ADDRESS.tries; tries++) {
      strictEqual((await accept(flow, "nothing")).status, 410);
    }
    for (const [path, form] of [["/invite", { name: "Eve" }], ["/reset", {}]] as const) {
      const answer = await post(flow.origin, path, { token, password: NEW_PASSWORD, ...form });
      strictEqual(answer.status, 429, path);
      isTrue(Number(answer.headers.get("retry-after")) > 0);
    }
    const late = await post(flow.origin, "/confirm-email", { token, answer: "confirm" });
    strictEqual(late.status, 429);
    isTrue(Number(late.headers.get("retry-after")) > 0);
  });
});

Deno.test("an invitation accepted twice at once lets one of the two in", async () => {
  await withLetters(async (flow) => {
    const token = tokenOf(await invite(flow));
    const statuses = (await Promise.all([accept(flow, token), accept(flow, token)])).map(({ status }) =>
      status
    );
    deepStrictEqual(statuses.sort(), [303, 410]);
  });
});

Deno.test("an invitation says what is wrong beside its field and keeps the link", async () => {
  await withLetters(async (flow) => {
    const token = tokenOf(await invite(flow));
    const wrong = [
      [{ password: "short" }, /12 characters/],
      [{ password: "password123456" }, /guessed first/],
      [{ password: "" }, /12 characters/],
      [{ password: "benedict was here" }, /Contains &quot;benedict&quot; of your own name/],
      [{ name: "" }, /Is missing/],
      [{ name: "Ben\u202e" }, /cannot be shown/],
      [{ role: "administrator" }, /Unknown field/],
    ] as const;
    for (const [more, want] of wrong) {
      const answer = await accept(flow, token, more);
      strictEqual(answer.status, 422, JSON.stringify(more));
      match(answer.text, want);
    }
    strictEqual((await flow.person(BEN.email)).state, "invited");
    strictEqual((await accept(flow, token)).status, 303);
  });
});

Deno.test("an invitation that is over, withdrawn, replaced, forged or for something else opens nothing", async () => {
  await withLetters(async (flow) => {
    const first = await invite(flow);
    const second = await sendTo(flow);
    strictEqual((await open(flow, first)).status, 410, "replaced");
    const token = tokenOf(second);
    const forged = [
      "",
      "x",
      `${token}x`,
      token.replace(/.$/, token.endsWith("A") ? "B" : "A"),
      `${"A".repeat(43)}.${token.split(".")[1]}`,
      "x".repeat(5_000),
    ];
    for (const text of forged) {
      strictEqual((await ask(flow.origin, `/invite?token=${text}`)).status, 410);
      notStrictEqual((await accept(flow, text)).status, 303);
    }
    for (const path of ["/reset", "/confirm-email"]) {
      strictEqual((await ask(flow.origin, `${path}?token=${token}`)).status, 410, path);
    }
    strictEqual((await post(flow.origin, "/reset", { token, password: NEW_PASSWORD })).status, 410);
    strictEqual((await open(flow, await sendTo(flow, LINK_MS.invite - 1))).status, 200, "not over");
    strictEqual((await open(flow, await sendTo(flow, LINK_MS.invite))).status, 410, "over");
    const third = await sendTo(flow);
    isTrue((await withdrawInvitation(flow.services.db, flow.author(), (await flow.person(BEN.email)).id)).ok);
    strictEqual((await accept(flow, tokenOf(third))).status, 410, "withdrawn");
  });
});

const forgot = (flow: LetterFlow, email: string) => post(flow.origin, "/forgot", { email });

Deno.test("a forgotten password is replaced once, and every session is over", async () => {
  await withLetters(async (flow) => {
    const { sessionEpoch: epoch } = await flow.person(ACCOUNT.email);
    match((await ask(flow.origin, "/sign-in")).text, /href="\/forgot"/);
    strictEqual((await forgot(flow, ACCOUNT.email.toUpperCase())).status, 200);
    const mail = await flow.smtp.arrived(0);
    deepStrictEqual(mail.to, [ACCOUNT.email]);
    strictEqual((await open(flow, mail)).status, 200);
    const token = tokenOf(mail);
    const common = await post(flow.origin, "/reset", { token, password: "short" });
    strictEqual(common.status, 422);
    const own = await post(flow.origin, "/reset", { token, password: "wattage of adas flow" });
    strictEqual(own.status, 422);
    match(own.text, /Contains &quot;flow&quot; of your own name or e-mail address/);
    const done = await post(flow.origin, "/reset", { token, password: NEW_PASSWORD });
    strictEqual(done.status, 200);
    const cookies = done.headers.getSetCookie().map((cookie) => cookie.split("=")[0]);
    deepStrictEqual(cookies, ["wattpost-device"], "nobody is signed in by a link alone");
    strictEqual((await flow.person(ACCOUNT.email)).sessionEpoch, epoch + 1, "sessions are over");
    strictEqual(await comesIn(flow, ACCOUNT.email, ACCOUNT.password), false);
    isTrue(await comesIn(flow, ACCOUNT.email, NEW_PASSWORD));
    strictEqual(
      (await post(flow.origin, "/reset", { token, password: "a third long sentence" })).status,
      410,
    );
    match((await flow.smtp.arrived(1)).text, /Your password was changed/);
  });
});

Deno.test("asking for a new password says the same to everybody", async () => {
  await withLetters(async (flow) => {
    const { db } = flow.services;
    isTrue((await inviteUser(db, flow.author(), BEN)).ok);
    const locked = {
      email: "cy@wattpost.example",
      name: "Cy",
      role: "viewer",
      passwordHash: "x",
      nowMs: 0,
    } as const;
    const made = await createUser(db, locked);
    isTrue(made.ok && (await lockUser(db, flow.author(), made.value.id)).ok);
    const emails = ["nobody@wattpost.example", BEN.email, locked.email, ACCOUNT.email];
    const answers = [];
    for (const email of emails) answers.push(await forgot(flow, email));
    const plain = (text: string) => text.replaceAll(/nonce="[^"]*"/g, "");
    for (const { status, text } of answers) {
      strictEqual(status, 200);
      strictEqual(plain(text), plain(answers[0]?.text ?? ""));
    }
    deepStrictEqual((await flow.smtp.arrived(0)).to, [ACCOUNT.email], "only who may come in gets a link");
    strictEqual(flow.smtp.mails.length, 1);
  });
});

Deno.test("asking for new passwords is limited for each address, known or not, whatever its case", async () => {
  await withLetters(async (flow) => {
    for (const email of ["nobody@wattpost.example", ACCOUNT.email]) {
      const statuses: number[] = [];
      for (let tries = 0; tries <= RESETS_BY_NAME.tries; tries++) {
        const answer = await forgot(flow, tries % 2 === 0 ? email : email.toUpperCase());
        statuses.push(answer.status);
        if (answer.status === 429) isTrue(Number(answer.headers.get("retry-after")) > 0);
      }
      deepStrictEqual(statuses, [...Array(RESETS_BY_NAME.tries).fill(200), 429]);
      await flow.clock.advance(RESETS_BY_NAME.windowMs);
    }
  });
});

Deno.test("a link to a new password is over after an hour, and the newest one alone works", async () => {
  await withLetters(async (flow) => {
    await forgot(flow, ACCOUNT.email);
    const first = await flow.smtp.arrived(0);
    await forgot(flow, ACCOUNT.email);
    const second = await flow.smtp.arrived(1);
    strictEqual((await open(flow, first)).status, 410);
    await flow.clock.advance(LINK_MS.reset);
    strictEqual(
      (await post(flow.origin, "/reset", { token: tokenOf(second), password: NEW_PASSWORD })).status,
      410,
    );
    isTrue(await comesIn(flow, ACCOUNT.email, ACCOUNT.password));
  });
});

Deno.test("without a mail server nobody is promised a link", async () => {
  await withLetters(async (flow) => {
    match((await ask(flow.origin, "/forgot")).text, /cannot send e-mails yet/);
    strictEqual((await forgot(flow, ACCOUNT.email)).status, 409);
    doesNotMatch((await ask(flow.origin, "/sign-in")).text, /Forgot your password/);
  }, { mail: false });
});

const NEW_EMAIL = "ada@new.example";

/** Asks for a change, so many ms ago. */
async function askChange(
  flow: LetterFlow,
  agoMs = 0,
): Promise<{ readonly old: ReceivedMail; readonly fresh: ReceivedMail }> {
  const place = flow.smtp.mails.length;
  const by = flow.author({ atMs: flow.clock.nowMs() - agoMs });
  const user = await flow.person(ACCOUNT.email);
  isTrue((await askEmailChange(flow.services, by, { user, newEmail: NEW_EMAIL })).ok);
  const mails = [await flow.smtp.arrived(place), await flow.smtp.arrived(place + 1)];
  const old = mails.find(({ to }) => to[0] === ACCOUNT.email);
  const fresh = mails.find(({ to }) => to[0] === NEW_EMAIL);
  if (!old || !fresh) throw new Error("Both addresses are asked");
  return { old, fresh };
}

const answer = (flow: LetterFlow, mail: ReceivedMail, what = "confirm") =>
  post(flow.origin, "/confirm-email", { token: tokenOf(mail), answer: what });

for (const order of [["old", "fresh"], ["fresh", "old"]] as const) {
  Deno.test(`an address changes when the ${order[0]} and then the ${order[1]} one has agreed`, async () => {
    await withLetters(async (flow) => {
      const { sessionEpoch: epoch } = await flow.person(ACCOUNT.email);
      const mails = await askChange(flow);
      const [first, second] = [mails[order[0]], mails[order[1]]];
      strictEqual((await open(flow, first)).status, 200);
      strictEqual((await open(flow, second)).status, 200, "looking changes nothing");
      match((await answer(flow, first)).text, /One more to go/);
      strictEqual((await answer(flow, first)).status, 410, "one address cannot agree twice");
      strictEqual((await flow.person(ACCOUNT.email)).email, ACCOUNT.email);
      match((await answer(flow, second)).text, /is changed/);
      strictEqual((await flow.person(NEW_EMAIL)).email, NEW_EMAIL);
      strictEqual((await flow.person(NEW_EMAIL)).sessionEpoch, epoch + 1, "sessions are over");
      isTrue(await comesIn(flow, NEW_EMAIL, ACCOUNT.password));
      deepStrictEqual((await flow.smtp.arrived(2)).to, [ACCOUNT.email]);
    });
  });
}

Deno.test("two addresses that agree at once change it", async () => {
  await withLetters(async (flow) => {
    const { old, fresh } = await askChange(flow);
    await Promise.all([answer(flow, old), answer(flow, fresh)]);
    strictEqual((await flow.person(NEW_EMAIL)).email, NEW_EMAIL);
    await flow.smtp.arrived(2);
  });
});

Deno.test("the old address stops a change, the new one cannot", async () => {
  await withLetters(async (flow) => {
    const { old, fresh } = await askChange(flow);
    strictEqual((await answer(flow, fresh, "stop")).status, 410);
    match((await answer(flow, fresh)).text, /One more to go/);
    match((await answer(flow, old, "stop")).text, /is stopped/);
    strictEqual((await answer(flow, old)).status, 410);
    strictEqual((await flow.person(ACCOUNT.email)).email, ACCOUNT.email);
  });
});

Deno.test("an address that somebody else has taken meanwhile stays theirs", async () => {
  await withLetters(async (flow) => {
    const { old, fresh } = await askChange(flow);
    match((await answer(flow, old)).text, /One more to go/);
    isTrue((await inviteUser(flow.services.db, flow.author(), { ...BEN, email: NEW_EMAIL })).ok);
    const late = await answer(flow, fresh);
    strictEqual(late.status, 409);
    match(late.text, /Another account uses it/);
    strictEqual((await answer(flow, fresh)).status, 410);
    isTrue(await comesIn(flow, ACCOUNT.email, ACCOUNT.password));
  });
});

Deno.test("a change of address is over after a day", async () => {
  await withLetters(async (flow) => {
    const { old, fresh } = await askChange(flow, LINK_MS["email-new"] - 60_000);
    await answer(flow, old);
    await flow.clock.advance(60_000);
    strictEqual((await answer(flow, fresh)).status, 410);
    strictEqual((await flow.person(ACCOUNT.email)).email, ACCOUNT.email);
  });
});
