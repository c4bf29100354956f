/**
 * Another address to sign in with, from the page that asks for it to the letters that both sides get.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { CHANGES_BY_ACCOUNT } from "../../lib/auth/email_change.ts";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { createUser } from "../../lib/store/users.ts";
import type { ReceivedMail } from "../fakes/smtp_server.ts";
import { comesIn, type LetterFlow, open, tokenOf, withLetters } from "../flows/letters.ts";
import { ACCOUNT, type Answer, ask, post, signInByHand } from "../flows/running_product.ts";

const PATH = "/account/email";

const NEW = "ada.new@wattpost.example";

interface Scene {
  readonly flow: LetterFlow;
  readonly cookie: string;
}

const get = ({ flow, cookie }: Scene, path = PATH): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });

const send = ({ flow, cookie }: Scene, fields: Readonly<Record<string, string>>): Promise<Answer> =>
  post(flow.origin, PATH, fields, { cookie });

const went = ({ status, headers }: Answer) => [status, headers.get("location")];

async function withAda(body: (scene: Scene) => Promise<void>, mail = true): Promise<void> {
  await withLetters(async (flow) => {
    await body({ flow, cookie: await signInByHand(flow.origin) });
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  }, { mail });
}

/** The two letters of a change, by whom they are to. */
async function lettersOf(
  { smtp }: LetterFlow,
  place: number,
): Promise<Readonly<Record<"old" | "fresh", ReceivedMail>>> {
  const [one, other] = [await smtp.arrived(place), await smtp.arrived(place + 1)];
  return one.to.includes(NEW) ? { old: other, fresh: one } : { old: one, fresh: other };
}

Deno.test("an address is changed when both have agreed, and the old one is told", async () => {
  await withAda(async (scene) => {
    const { flow } = scene;
    match((await get(scene)).text, /You sign in with ada@wattpost\.example/);
    deepStrictEqual(went(await send(scene, { email: ` ${NEW.toUpperCase()} ` })), [303, PATH]);
    const { text } = await get(scene);
    match(text, /A change to ada\.new@wattpost\.example is under way/);
    match(text, /ada@wattpost\.example and ada\.new@wattpost\.example have to agree until 26 Nov 2026/);
    const { old, fresh } = await lettersOf(flow, 0);
    const confirm = (mail: ReceivedMail) =>
      post(flow.origin, "/confirm-email", { token: tokenOf(mail), answer: "confirm" });
    strictEqual((await open(flow, fresh)).status, 200);
    strictEqual((await confirm(fresh)).status, 200);
    match((await get(scene)).text, /ada@wattpost\.example has to agree/);
    strictEqual((await confirm(old)).status, 200);
    strictEqual((await get(scene)).headers.get("location"), "/sign-in?back=%2Faccount%2Femail", "signed out");
    match((await flow.smtp.arrived(2)).text, /ada\.new@wattpost\.example/);
    strictEqual(await comesIn(flow, ACCOUNT.email, ACCOUNT.password), false);
    strictEqual(await comesIn(flow, NEW, ACCOUNT.password), true);
    const actions = (await listAudit(flow.services.db)).map(({ action }) => action);
    for (const action of ["email-change-asked", "email-changed"]) strictEqual(actions.includes(action), true);
  });
});

Deno.test("a change that is under way is stopped on its page, and its links are over", async () => {
  await withAda(async (scene) => {
    const { flow } = scene;
    await send(scene, { email: NEW });
    const { fresh } = await lettersOf(flow, 0);
    await flow.clock.advance(FRESH_MS);
    deepStrictEqual(went(await send(scene, { do: "stop" })), [303, PATH], "stopping asks for no password");
    strictEqual((await open(flow, fresh)).status, 410);
    strictEqual((await send(scene, { do: "stop" })).status, 303, "twice is no error");
    const { text } = await confirmed(scene);
    doesNotMatch(text, /under way/);
  });
});

/** The page once the password was typed again. */
async function confirmed(scene: Scene): Promise<Answer> {
  const fields = { password: ACCOUNT.password, back: PATH };
  const answer = await post(scene.flow.origin, "/account/confirm", fields, { cookie: scene.cookie });
  deepStrictEqual(went(answer), [303, PATH]);
  return await get(scene);
}

Deno.test("ten minutes after signing in the password is asked for first", async () => {
  await withAda(async (scene) => {
    const { flow } = scene;
    await flow.clock.advance(FRESH_MS);
    const first = [303, "/account/confirm?back=%2Faccount%2Femail"];
    deepStrictEqual(went(await get(scene)), first);
    deepStrictEqual(went(await send(scene, { email: NEW })), first);
    strictEqual(flow.smtp.mails.length, 0, "nothing is sent");
    strictEqual((await confirmed(scene)).status, 200);
    deepStrictEqual(went(await send(scene, { email: NEW })), [303, PATH]);
    await flow.clock.advance(FRESH_MS);
    deepStrictEqual(went(await get(scene)), first, "and ten minutes later again");
  });
});

Deno.test("an address that does not do is refused beside its field, as it was typed", async () => {
  await withAda(async (scene) => {
    const { flow } = scene;
    const draft = {
      email: "taken@wattpost.example",
      name: "Ben",
      role: "viewer",
      passwordHash: "x",
    } as const;
    strictEqual((await createUser(flow.services.db, { ...draft, nowMs: flow.clock.nowMs() })).ok, true);
    const cases = [
      { fields: { email: "" }, says: /Is missing/ },
      { fields: { email: "ada" }, says: /is no e-mail address/ },
      { fields: { email: `${"a".repeat(80)}@wattpost.example` }, says: /is no e-mail address/ },
      { fields: { email: "ada\u202e@wattpost.example" }, says: /is no e-mail address/ },
      { fields: { email: "a@b.example\r\nBcc: c@d.example" }, says: /is no e-mail address/ },
      { fields: { email: ACCOUNT.email.toUpperCase() }, says: /Is the address you have/ },
      { fields: { email: "taken@wattpost.example" }, says: /Somebody signs in with this address already/ },
      { fields: { email: NEW, role: "administrator" }, says: /Unknown field/ },
      { fields: { email: NEW, do: "stop" }, says: /Unknown field/ },
    ];
    for (const { fields, says } of cases) {
      const refused = await send(scene, fields);
      strictEqual(refused.status, 422, JSON.stringify(fields));
      match(refused.text, says);
    }
    match((await send(scene, { email: "ada @x" })).text, /value="ada @x"/);
    strictEqual(flow.smtp.mails.length, 0);
  });
});

Deno.test("changes are asked for five times an hour, then 429 says when again", async () => {
  await withAda(async (scene) => {
    for (let n = 0; n < CHANGES_BY_ACCOUNT.tries; n++) {
      strictEqual((await send(scene, { email: `ada${n}@wattpost.example` })).status, 303);
    }
    const { status, headers, text } = await send(scene, { email: NEW });
    strictEqual(status, 429);
    match(headers.get("retry-after") ?? "", /^[1-9]\d*$/);
    match(text, /Too many tries/);
    match(text, new RegExp(`value="${NEW}"`));
    await scene.flow.smtp.arrived(2 * CHANGES_BY_ACCOUNT.tries - 1);
  });
});

Deno.test("without a mail server the page says why no address can be changed", async () => {
  await withAda(async (scene) => {
    match((await get(scene)).text, /No mail server is set/);
    const refused = await send(scene, { email: NEW });
    strictEqual(refused.status, 422);
    match(refused.text, /before a mail server is set/);
  }, false);
});
