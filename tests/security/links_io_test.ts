/**
 * Attacks on links that are sent by e-mail, and on the letters they come in.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { sendInvitation } from "../../lib/auth/invite.ts";
import { createLinkSigner, LINK_KEY_BYTES } from "../../lib/auth/links.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { inviteUser } from "../../lib/store/users.ts";
import type { ReceivedMail } from "../fakes/smtp_server.ts";
import { comesIn, cookiesOf, type LetterFlow, open, tokenOf, withLetters } from "../flows/letters.ts";
import { ACCOUNT, type Answer, ask, post } from "../flows/running_product.ts";
import { alike, type Attack, raw, request, statusOf, timed, withstand } from "./attack.ts";
import { sessionOf } from "./door.ts";

const NEW_PASSWORD = "quite another long sentence";

const BEN = { email: "ben@wattpost.example", name: "Ben", role: "viewer", reach: { kind: "all" } } as const;

const forgot = ({ origin }: LetterFlow, email: string): Promise<Answer> => post(origin, "/forgot", { email });

/** The letter with a link to a new password, as its owner gets it. */
async function resetOf(flow: LetterFlow): Promise<ReceivedMail> {
  let place = flow.smtp.mails.length;
  strictEqual((await forgot(flow, ACCOUNT.email)).status, 200);
  let mail = await flow.smtp.arrived(place);
  // That a password was changed is told by letters of their own.
  while (!mail.text.includes("/reset?token=")) mail = await flow.smtp.arrived(++place);
  return mail;
}

const reset = ({ origin }: LetterFlow, token: string, more: Readonly<Record<string, string>> = {}) =>
  post(origin, "/reset", { token, password: NEW_PASSWORD, ...more });

async function inviteBen(flow: LetterFlow): Promise<ReceivedMail> {
  const place = flow.smtp.mails.length;
  const invited = await inviteUser(flow.services.db, flow.author(), BEN);
  ok(invited.ok);
  const { sent } = await sendInvitation(flow.services, flow.author(), {
    user: invited.value,
    invitedBy: "Ada",
  });
  ok(sent.ok);
  return await flow.smtp.arrived(place);
}

const LINKS: readonly Attack<LetterFlow>[] = [
  {
    wants: "make up a link to a new password: none without our signature opens anything",
    async holds(flow) {
      const token = tokenOf(await resetOf(flow));
      const [random = "", signature = ""] = token.split(".");
      const other = await createLinkSigner(crypto.getRandomValues(new Uint8Array(LINK_KEY_BYTES)));
      const made = [
        (await other.make("reset")).token,
        `${random}.${"A".repeat(22)}`,
        `${"A".repeat(43)}.${signature}`,
        `${random}.`,
        random,
        `${token}=`,
        token.toLowerCase(),
        `${token}\u0000`,
        "' or 1=1 --",
        "../".repeat(20),
        "A".repeat(60_000),
      ];
      for (const text of made) strictEqual((await reset(flow, text)).status, 410, text.slice(0, 70));
      ok(await comesIn(flow, ACCOUNT.email, ACCOUNT.password));
    },
  },
  {
    wants: "use a link for something else than it was sent for: each opens its own page alone",
    async holds(flow) {
      const forReset = tokenOf(await resetOf(flow));
      const forInvite = tokenOf(await inviteBen(flow));
      strictEqual((await reset(flow, forInvite)).status, 410);
      const invite = { token: forReset, name: "Eve", password: NEW_PASSWORD };
      strictEqual((await post(flow.origin, "/invite", invite)).status, 410);
      for (const token of [forReset, forInvite]) {
        const answer = await post(flow.origin, "/confirm-email", { token, answer: "confirm" });
        strictEqual(answer.status, 410);
      }
    },
  },
  {
    wants: "have an invitation open more than was meant: its role and address are ours",
    async holds(flow) {
      const mail = flow.smtp.mails.findLast(({ to }) => to[0] === BEN.email);
      if (!mail) throw new Error("Nobody was invited");
      const form = { token: tokenOf(mail), name: "Ben", password: NEW_PASSWORD };
      for (
        const more of [{ role: "administrator" }, { email: "eve@example.org" }, { userId: "1" }, {
          reach: "all",
        }]
      ) {
        strictEqual((await post(flow.origin, "/invite", { ...form, ...more })).status, 422);
      }
      strictEqual((await post(flow.origin, "/invite", form)).status, 303);
      const { role, email } = await flow.person(BEN.email);
      deepStrictEqual([role, email], ["viewer", BEN.email]);
    },
  },
  {
    wants: "use a link a second time, or twice at once: one of them works",
    async holds(flow) {
      const token = tokenOf(await resetOf(flow));
      const both = await Promise.all([
        reset(flow, token),
        reset(flow, token, { password: "a third long sentence" }),
      ]);
      deepStrictEqual(both.map(({ status }) => status).sort(), [200, 410]);
      strictEqual((await reset(flow, token)).status, 410);
      const again = tokenOf(await resetOf(flow));
      strictEqual((await reset(flow, again, { password: ACCOUNT.password })).status, 200);
    },
  },
  {
    wants: "spend a link, or come in, by only opening it, as programs that read letters do: nothing happens",
    async holds(flow) {
      const mail = await resetOf(flow);
      for (let n = 0; n < 3; n++) {
        const answer = await open(flow, mail);
        deepStrictEqual([answer.status, answer.headers.getSetCookie()], [200, []]);
      }
      strictEqual((await ask(flow.origin, `/reset?token=${tokenOf(mail)}`, { method: "HEAD" })).status, 200);
      strictEqual((await reset(flow, tokenOf(mail), { password: ACCOUNT.password })).status, 200);
    },
  },
  {
    wants: "be signed in by a link to a new password: it sets the password, and ends every session",
    async holds(flow) {
      const before = await flow.person(ACCOUNT.email);
      const done = await reset(flow, tokenOf(await resetOf(flow)), { password: ACCOUNT.password });
      deepStrictEqual([done.status, sessionOf(done)], [200, undefined]);
      strictEqual((await flow.person(ACCOUNT.email)).sessionEpoch, before.sessionEpoch + 1);
    },
  },
  {
    wants: "keep the owner out by guessing all the time: a new password, and its browser, come in",
    async holds(flow) {
      const guess = () =>
        post(flow.origin, "/sign-in", { email: ACCOUNT.email, password: "a guess", back: "/" });
      const guessUntilStopped = async () => {
        let status = 422;
        for (let n = 0; n < 11 && status === 422; n++) status = (await guess()).status;
        strictEqual(status, 429);
      };
      await guessUntilStopped();
      strictEqual(await comesIn(flow, ACCOUNT.email, ACCOUNT.password), false);
      const done = await reset(flow, tokenOf(await resetOf(flow)), { password: ACCOUNT.password });
      strictEqual(await comesIn(flow, ACCOUNT.email, ACCOUNT.password), true, "in another browser");
      await flow.clock.advance(600_000);
      await guessUntilStopped();
      const form = { email: ACCOUNT.email, password: ACCOUNT.password, back: "/" };
      strictEqual((await post(flow.origin, "/sign-in", form, { cookie: cookiesOf(done) })).status, 303);
    },
  },
  {
    wants: "have the link in the letter lead to another host: it leads to the public address",
    async holds(flow) {
      const place = flow.smtp.mails.length;
      const body = new URLSearchParams({ email: ACCOUNT.email }).toString();
      const fields = [
        `Origin: ${flow.origin}`,
        "Content-Type: application/x-www-form-urlencoded",
        `Content-Length: ${body.length}`,
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
      ];
      const home = `Host: ${new URL(flow.origin).host}`;
      strictEqual(
        statusOf(await raw(flow.origin, request("POST /forgot HTTP/1.1", [home, ...fields], body))),
        200,
      );
      const mail = await flow.smtp.arrived(place);
      doesNotMatch(mail.text, /evil/);
      ok(mail.text.includes(`${flow.origin}/reset?token=`));
      const elsewhere = request("POST /forgot HTTP/1.1", ["Host: evil.example", ...fields], body);
      await raw(flow.origin, elsewhere);
      for (const { text } of flow.smtp.mails) doesNotMatch(text, /evil/);
    },
  },
  {
    wants: "find the token where the address of the page goes: it is sent to no other site and into no log",
    async holds(flow) {
      const mail = await resetOf(flow);
      const answer = await open(flow, mail);
      strictEqual(answer.headers.get("referrer-policy"), "strict-origin");
      match(answer.headers.get("cache-control") ?? "", /no-store/);
      doesNotMatch(answer.text, /(src|href)="https?:\/\/(?!127\.0\.0\.1)/);
      const written = JSON.stringify(flow.lines) + JSON.stringify(await listAudit(flow.services.db, 1_000));
      ok(!written.includes(tokenOf(mail)));
      ok(!written.includes(tokenOf(mail).split(".")[0] ?? "-"));
    },
  },
];

const LETTERS: readonly Attack<LetterFlow>[] = [
  {
    wants: "learn who has an account by asking for a new password: the answer is the same to the letter",
    async holds(flow) {
      const known = await forgot(flow, ACCOUNT.email);
      const unknown = await forgot(flow, "nobody@wattpost.example");
      deepStrictEqual(alike(known), alike(unknown));
    },
  },
  {
    wants: "learn who has an account by the time it takes to ask: a letter is sent when the answer has gone",
    async holds(flow) {
      const median = async (emails: readonly string[]) => {
        const took: number[] = [];
        for (const email of emails) took.push((await timed(() => forgot(flow, email))).ms);
        return took.sort((a, b) => a - b)[1] ?? 0;
      };
      const known = await median(Array(3).fill(ACCOUNT.email));
      const unknown = await median(["a", "b", "c"].map((name) => `${name}@wattpost.example`));
      ok(known < unknown + 250, `${known} and ${unknown} ms`);
    },
  },
  {
    wants: "send letters of ours to others by line breaks in an address: it is refused, and none is sent",
    async holds(flow) {
      const before = flow.smtp.mails.length;
      const addresses = [
        `${ACCOUNT.email}\r\nBcc: eve@example.org`,
        `${ACCOUNT.email}%0d%0aBcc: eve@example.org`,
        `${ACCOUNT.email},eve@example.org`,
        `${ACCOUNT.email} eve@example.org`,
        `"eve@example.org" <${ACCOUNT.email}>`,
        `${ACCOUNT.email}\u0000eve@example.org`,
        `eve@example.org\n${ACCOUNT.email}`,
      ];
      for (const address of addresses) strictEqual((await forgot(flow, address)).status, 422, address);
      strictEqual(flow.smtp.mails.length, before);
    },
  },
  {
    wants: "get the letter of somebody whose address looks alike: another spelling is another address",
    async holds(flow) {
      const before = flow.smtp.mails.length;
      for (
        const address of [
          "\u0430da@wattpost.example",
          "ada@wattpost.example.",
          "ada+x@wattpost.example",
          "ådà@wattpost.example",
        ]
      ) {
        ok([200, 422].includes((await forgot(flow, address)).status), address);
      }
      for (const { to } of flow.smtp.mails.slice(before)) deepStrictEqual(to, [ACCOUNT.email]);
    },
  },
  {
    wants: "fill somebody's mailbox: five letters an hour, then it is said until when",
    async holds(flow) {
      const before = flow.smtp.mails.length;
      const statuses: number[] = [];
      for (let n = 0; n < 8; n++) statuses.push((await forgot(flow, ACCOUNT.email)).status);
      deepStrictEqual(statuses, [200, 200, 200, 200, 200, 429, 429, 429]);
      await flow.smtp.arrived(before + 4);
      ok(flow.smtp.mails.length <= before + 5);
    },
  },
];

Deno.test("attacks on links and letters", async (t) => {
  await withLetters(async (flow) => {
    for (const attack of [...LINKS, ...LETTERS]) {
      // What one address and one account may ask for is counted anew.
      await flow.clock.advance(3_600_000);
      await withstand(t, flow, [attack]);
    }
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
