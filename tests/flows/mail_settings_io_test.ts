import { deepStrictEqual, doesNotMatch, match, ok as isTrue, strictEqual } from "node:assert/strict";
import { readSecret } from "../../lib/store/secrets.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { openMailServer } from "../../lib/store/mail_settings.ts";
import { startSmtpServer } from "../fakes/smtp_server.ts";
import { type LetterFlow, withLetters } from "./letters.ts";
import { type Answer, ask, post, signInByHand } from "./running_product.ts";

const PASSWORD = "s3cret-smtp-password";
const FILED = "s3cret-from-a-file";

interface Desk extends LetterFlow {
  /** Sends a form of the page. */
  press(form: Readonly<Record<string, string>>): Promise<Answer>;
  /** The page. */
  look(query?: string): Promise<string>;
}

async function withPage(
  body: (desk: Desk) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await withLetters(async (flow) => {
    const cookie = await signInByHand(flow.origin);
    await body({
      ...flow,
      press: (form) => post(flow.origin, "/admin/mail", form, { cookie }),
      async look(query = "") {
        const answer = await ask(flow.origin, `/admin/mail${query}`, { headers: { cookie } });
        strictEqual(answer.status, 200);
        return answer.text;
      },
    });
  }, { mail: false, env });
}

const formOf = (port: number, more: Readonly<Record<string, string>> = {}) => ({
  form: "mail",
  version: "0",
  host: "127.0.0.1",
  port: String(port),
  security: "none",
  user: "",
  password: "",
  from: "wattpost@example.org",
  fromName: "Wattpost",
  ...more,
});

Deno.test("the page of mail saves a server, tries it, and says what the server said", async () => {
  await withPage(async (desk) => {
    match(await desk.look(), /Not set up/);
    const saved = await desk.press(formOf(desk.smtp.port));
    strictEqual(saved.status, 303, saved.text.slice(0, 500));
    match(await desk.look("?done=mail"), /Saved/);
    const tried = await desk.press({ form: "mail-test" });
    strictEqual(tried.status, 303);
    match((await desk.smtp.arrived(0)).text, /You asked for this message/);
    await desk.smtp.close();
    const failed = await desk.press({ form: "mail-test" });
    strictEqual(failed.status, 422);
    match(failed.text, /nothing listens there/);
    const actions = (await listAudit(desk.services.db)).map(({ action }) => action);
    strictEqual(actions.filter((action) => action === "message-tested").length, 2);
  });
});

Deno.test("a password of the mail server is kept sealed and shown nowhere", async () => {
  await withPage(async (desk) => {
    const { db } = desk.services;
    const { box } = desk.opened.keys;
    const withUser = { security: "starttls", user: "watt", host: "mail.example", password: PASSWORD };
    strictEqual((await desk.press(formOf(587, withUser))).status, 303);
    strictEqual(await readSecret(db, box, "smtp-password"), PASSWORD);
    doesNotMatch(await desk.look(), new RegExp(PASSWORD));
    match(await desk.look(), /Set on Wed 25 Nov 2026/);
    doesNotMatch(JSON.stringify(await listAudit(db)) + JSON.stringify(desk.lines), new RegExp(PASSWORD));
    const kept = { ...withUser, password: "", fromName: "Other", version: "1" };
    strictEqual((await desk.press(formOf(587, kept))).status, 303, "empty: it stays");
    strictEqual((await openMailServer(db, box))?.password, PASSWORD);
    const removed = { ...kept, user: "", removeSecret: "on", version: "2" };
    strictEqual((await desk.press(formOf(587, removed))).status, 303);
    strictEqual(await readSecret(db, box, "smtp-password"), null);
  });
});

Deno.test("a kept password goes to no other server and over no weaker connection", async () => {
  await withPage(async (desk) => {
    const withUser = { security: "tls", user: "watt", host: "mail.example", password: PASSWORD };
    strictEqual((await desk.press(formOf(465, withUser))).status, 303);
    const elsewhere = [{ host: "eve.example" }, { port: "2525" }, { security: "starttls" }];
    for (const more of elsewhere) {
      const answer = await desk.press(formOf(465, { ...withUser, password: "", version: "1", ...more }));
      strictEqual(answer.status, 422, JSON.stringify(more));
      match(answer.text, /Type it again/);
    }
    const bare = await desk.press(formOf(465, { ...withUser, version: "1", security: "none" }));
    match(bare.text, /only sent over TLS/);
  });
});

Deno.test("that the mail server runs on this machine is a tick that is kept, taken back and written down", async () => {
  await withPage(async (desk) => {
    const { db } = desk.services;
    const { box } = desk.opened.keys;
    const ticked = /name="onThisMachine"[^>]* checked/;
    doesNotMatch(await desk.look(), ticked);
    strictEqual((await desk.press(formOf(25, { onThisMachine: "on" }))).status, 303);
    match(await desk.look(), ticked);
    strictEqual((await openMailServer(db, box))?.server.onThisMachine, true);
    match(JSON.stringify((await listAudit(db))[0]?.after), /"onThisMachine":true/);
    const wrong = await desk.press(formOf(8000, { onThisMachine: "on", version: "1" }));
    strictEqual(wrong.status, 422);
    match(wrong.text, ticked, "what was typed stays");
    strictEqual((await desk.press(formOf(25, { version: "1" }))).status, 303);
    doesNotMatch(await desk.look(), ticked);
    const withUser = { security: "starttls", user: "watt", host: "mail.example" };
    strictEqual(
      (await desk.press(formOf(587, { ...withUser, password: PASSWORD, version: "2" }))).status,
      303,
    );
    const here = await desk.press(formOf(587, { ...withUser, onThisMachine: "on", version: "3" }));
    match(here.text, /Type it again/, "a kept password does not come to this machine unasked");
  });
});

Deno.test("a password from a file counts before one that is typed, and stays with its server", async () => {
  await withPage(async (desk) => {
    const { db } = desk.services;
    const { box } = desk.opened.keys;
    match(await desk.look(), /Comes from the file smtp_password on the host/);
    const withUser = { security: "tls", user: "watt", host: "mail.example" };
    const typed = await desk.press(formOf(465, { ...withUser, password: PASSWORD }));
    strictEqual(typed.status, 422);
    match(typed.text, /Is given by a file on the host/);
    match(await desk.look(), /<input[^>]* disabled[^>]* type="password"|type="password"[^>]* disabled/);
    const { password: _, ...sent } = formOf(465, withUser);
    strictEqual((await desk.press(sent)).status, 303, "browsers do not send what cannot be typed");
    const given = { smtpPassword: FILED, twilioSecret: undefined };
    strictEqual((await openMailServer(db, box, given))?.password, FILED);
    strictEqual(await readSecret(db, box, "smtp-password"), null, "nothing of it is stored");
    const page = await desk.look();
    match(page, /Send a test message/, "it is set up");
    doesNotMatch(page + JSON.stringify(desk.lines), new RegExp(FILED));
    for (
      const more of [{ host: "eve.example" }, { port: "2525" }, {
        host: "eve.example",
        user: "",
        security: "none",
      }]
    ) {
      const away = await desk.press(formOf(465, { ...withUser, version: "1", ...more }));
      strictEqual(away.status, 422, JSON.stringify(more));
      match(away.text, /Stays as it is, and so do port and security, while the file/);
    }
  }, { SMTP_PASSWORD: FILED });
});

const WRONG: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
  [{ host: "" }, /Is missing/],
  [{ host: "http://mail.example/" }, /no host name/],
  [{ host: "mail.example\r\nX" }, /cannot be shown/],
  [{ port: "0" }, /from 1 to 65535/],
  [{ port: "587.5" }, /from 1 to 65535/],
  [{ port: "99999" }, /from 1 to 65535/],
  [{ security: "ssl" }, /Expected one of/],
  [{ onThisMachine: "on", port: "3306" }, /On this machine only at 25, 465, 587, 2525/],
  [{ from: "nobody" }, /no e-mail address/],
  [{ from: "a@b.example\r\nBcc: c@d.example" }, /no e-mail address/],
  [{ fromName: "Watt\u202epost" }, /cannot be shown/],
  [{ user: "watt", security: "tls" }, /a user needs one/],
  [{ password: PASSWORD, security: "tls" }, /a password needs one/],
  [{ version: "-1" }, /whole number/],
  [{ removeSecret: "yes" }, /Unclear/],
  [{ onThisMachine: "yes" }, /Unclear/],
  [{ admin: "on" }, /Unknown field/],
];

Deno.test("the page of mail says beside each field what is wrong and keeps what was typed", async () => {
  await withPage(async (desk) => {
    for (const [more, want] of WRONG) {
      const answer = await desk.press(formOf(587, { fromName: "As typed", ...more }));
      strictEqual(answer.status, 422, JSON.stringify(more));
      if (!("version" in more) && !("removeSecret" in more) && more.onThisMachine !== "yes") {
        match(answer.text, want);
      }
      if (!("fromName" in more)) match(answer.text, /As typed/);
      doesNotMatch(answer.text, new RegExp(PASSWORD));
    }
    strictEqual((await desk.press({ form: "other" })).status, 422);
    strictEqual((await desk.press({ form: "__proto__" })).status, 422);
    strictEqual((await desk.press({ form: "mail-test", to: "eve@example.org" })).status, 422);
  });
});

Deno.test("of two who change the mail server at once the second is told", async () => {
  await withPage(async (desk) => {
    const answers = await Promise.all([
      desk.press(formOf(desk.smtp.port, { fromName: "One" })),
      desk.press(formOf(desk.smtp.port, { fromName: "Other" })),
    ]);
    deepStrictEqual(answers.map(({ status }) => status).sort(), [303, 409]);
    isTrue(answers.some(({ text }) => text.includes("Somebody else has changed this meanwhile")));
  });
});

Deno.test("what only machines of a cloud talk to is never called", async () => {
  await withPage(async (desk) => {
    for (const [version, host] of ["169.254.169.254", "0.0.0.0", "::ffff:169.254.169.254"].entries()) {
      const saved = await desk.press(formOf(25, { host, version: String(version) }));
      strictEqual(saved.status, 303, host);
      const tried = await desk.press({ form: "mail-test" });
      strictEqual(tried.status, 422);
      match(tried.text, /may not be dialled/);
    }
  });
});

Deno.test("an account for short messages is checked and its secret is shown nowhere", async () => {
  await withPage(async (desk) => {
    const right = {
      form: "sms",
      version: "0",
      accountSid: `AC${"a".repeat(32)}`,
      keySid: `SK${"b".repeat(32)}`,
      secret: "a-twilio-secret",
      smsFrom: "+441632960000",
    };
    const wrong = [
      { accountSid: "AC1" },
      { keySid: right.accountSid },
      { smsFrom: "0163" },
      { secret: "" },
      { extra: "x" },
    ];
    for (const more of wrong) {
      strictEqual((await desk.press({ ...right, ...more })).status, 422, JSON.stringify(more));
    }
    strictEqual((await desk.press(right)).status, 303);
    doesNotMatch(await desk.look(), /a-twilio-secret/);
    doesNotMatch(JSON.stringify(await listAudit(desk.services.db)), /a-twilio-secret/);
    const other = { ...right, secret: "", version: "1", keySid: `SK${"c".repeat(32)}` };
    match((await desk.press(other)).text, /secret of this key/);
    const test = await desk.press({ form: "sms-test", testTo: "01632" });
    strictEqual(test.status, 422);
    match(test.text, /no number with plus and country/);
  });
});

Deno.test("tests of messages are few", async () => {
  await withPage(async (desk) => {
    const other = await startSmtpServer({ security: "none" });
    try {
      strictEqual((await desk.press(formOf(other.port))).status, 303);
      const statuses: number[] = [];
      for (let tries = 0; tries < 11; tries++) {
        statuses.push((await desk.press({ form: "mail-test" })).status);
      }
      deepStrictEqual(statuses, [...Array(10).fill(303), 429]);
      const late = await desk.press({ form: "mail-test" });
      match(late.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
    } finally {
      await other.close();
    }
  });
});
