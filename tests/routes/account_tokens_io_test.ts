/**
 * The pages of API tokens over HTTP: a token is made once, shown once, works at once, and is gone when it is revoked;
 * nobody makes or sees another person's.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import {
  ACCOUNT,
  type Answer,
  ask,
  type Flow,
  post,
  signInByHand,
  withFlow,
} from "../flows/running_product.ts";
import { api } from "./api_estate.ts";
import { makeToken } from "./api_people.ts";
import { listTokens } from "../../lib/store/tokens.ts";
import { createUser, findUserByEmail } from "../../lib/store/users.ts";

const NEW = "/account/tokens/new";

function onceOf({ text }: Answer): string {
  return /name="once" value="([\w-]{43})"/.exec(text)?.[1] ?? "";
}

interface Signed {
  readonly flow: Flow;
  readonly cookie: string;
}

async function form({ flow, cookie }: Signed, more: Readonly<Record<string, string>> = {}) {
  const once = onceOf(await ask(flow.origin, NEW, { headers: { cookie } }));
  return { name: "Billing", scope: "read", days: "30", once, ...more };
}

const send = ({ flow, cookie }: Signed, fields: Readonly<Record<string, string>>) =>
  post(flow.origin, NEW, fields, { cookie });

const tokensOf = async ({ flow }: Signed) => {
  const account = await findUserByEmail(flow.opened.db, ACCOUNT.email);
  return await listTokens(flow.opened.db, account?.user.id ?? 0);
};

async function shownOnce(signed: Signed): Promise<void> {
  const { flow, cookie } = signed;
  const fields = await form(signed, { name: "Bills <b> & co" });
  const made = await send(signed, fields);
  strictEqual(made.status, 200);
  match(made.headers.get("cache-control") ?? "", /no-store/);
  const token = /wp_[\w-]{49}/.exec(made.text)?.[0] ?? "";
  match(made.text, /Bills &lt;b(>|&gt;) &amp; co/);
  strictEqual((await api(flow, "/sites", { token })).status, 200);
  const again = await send(signed, fields);
  deepStrictEqual([again.status, again.headers.get("location")], [303, "/account/tokens"], "sent twice");
  strictEqual((await tokensOf(signed)).length, 1);
  const list = await ask(flow.origin, "/account/tokens", { headers: { cookie } });
  strictEqual(list.status, 200);
  doesNotMatch(list.text, /wp_/);
  match(list.text, /Bills &lt;b/);
  match(list.text, /from 127\.0\.0\.1/);
  const [{ id } = { id: 0 }] = await tokensOf(signed);
  const revoked = await post(flow.origin, "/account/tokens", { revoke: String(id) }, { cookie });
  strictEqual(revoked.status, 303);
  strictEqual((await api(flow, "/sites", { token })).status, 401);
  match((await ask(flow.origin, "/account/tokens", { headers: { cookie } })).text, /Revoked/);
  const audit = await flow.opened.db.kysely.selectFrom("audit").select(["action", "after_json"])
    .where("action", "like", "token-%").execute();
  deepStrictEqual(audit.map(({ action }) => action), ["token-made", "token-revoked"]);
  doesNotMatch(JSON.stringify(audit), /wp_/);
}

async function wrongForms(signed: Signed): Promise<void> {
  const before = (await tokensOf(signed)).length;
  const cases = [
    { fields: { name: "" }, says: /Is missing/ },
    { fields: { name: "x".repeat(81) }, says: /at most 80/ },
    { fields: { name: "a\u202eb" }, says: /cannot be shown/ },
    { fields: { days: "0" }, says: /1 to 365 days/ },
    { fields: { days: "366" }, says: /1 to 365 days/ },
    { fields: { days: "1e1" }, says: /1 to 365 days/ },
    { fields: { scope: "everything" }, says: /Expected one of read, write/ },
    { fields: { role: "administrator" }, says: /Unknown field/ },
    { fields: { "group-99": "on" }, says: /Unknown field/ },
    { fields: { once: "again" }, says: /load it again/ },
  ];
  for (const { fields, says } of cases) {
    const answer = await send(signed, await form(signed, fields));
    strictEqual(answer.status, 422, JSON.stringify(fields));
    match(answer.text, says);
    doesNotMatch(answer.text, /wp_/);
    if (!("name" in fields)) match(answer.text, /value="Billing"/, "what was typed is kept");
  }
  strictEqual((await tokensOf(signed)).length, before);
}

async function groups(signed: Signed): Promise<void> {
  const { flow, cookie } = signed;
  await flow.opened.db.kysely.insertInto("site_group").values({ group_id: 3, name: "North <i>" }).execute();
  const page = await ask(flow.origin, NEW, { headers: { cookie } });
  match(page.text, /name="group-3"/);
  const made = await send(signed, await form(signed, { "group-3": "on", scope: "write" }));
  strictEqual(made.status, 200);
  const [token] = await tokensOf(signed);
  deepStrictEqual([token?.mayWrite, token?.reach], [true, { kind: "some", groupIds: [3], siteIds: [] }]);
}

async function others(signed: Signed): Promise<void> {
  const { flow, cookie } = signed;
  const { db } = flow.opened;
  const other = await createUser(db, {
    name: "Eve",
    email: "eve@example.org",
    role: "operator",
    passwordHash: "x",
    nowMs: flow.clock.nowMs(),
  });
  ok(other.ok);
  const token = await makeToken(flow, other.value);
  const [{ id } = { id: 0 }] = await listTokens(db, other.value.id);
  const answer = await post(flow.origin, "/account/tokens", { revoke: String(id) }, { cookie });
  strictEqual(answer.status, 404);
  strictEqual((await api(flow, "/sites", { token })).status, 200, "it works on");
  for (const revoke of ["0", "x", "9999999999", ""]) {
    strictEqual((await post(flow.origin, "/account/tokens", { revoke }, { cookie })).status, 404);
  }
  const forged = await post(flow.origin, NEW, await form(signed), { cookie, origin: "https://evil.example" });
  strictEqual(forged.status, 403, "another site cannot make one");
  strictEqual((await ask(flow.origin, "/account/tokens")).status, 303, "strangers sign in first");
  strictEqual((await post(flow.origin, NEW, {})).status, 401);
}

async function tooMany(signed: Signed): Promise<void> {
  const alive = (await tokensOf(signed)).filter(({ revokedMs }) => revokedMs === null).length;
  for (let n = alive; n < 20; n++) strictEqual((await send(signed, await form(signed))).status, 200);
  const answer = await send(signed, await form(signed));
  strictEqual(answer.status, 422);
  match(answer.text, /20 tokens in use/);
}

async function viewers({ flow, cookie }: Signed): Promise<void> {
  await flow.opened.db.kysely.updateTable("user").set({ role: 0 }).where("email", "=", ACCOUNT.email)
    .execute();
  for (const path of ["/account/tokens", NEW]) {
    strictEqual((await ask(flow.origin, path, { headers: { cookie } })).status, 403);
  }
}

Deno.test("the pages of API tokens", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const signed = { flow, cookie: await signInByHand(flow.origin) };
    await t.step("a token is shown once, works, and is revoked", () => shownOnce(signed));
    await t.step("wrong forms make nothing and keep what was typed", () => wrongForms(signed));
    await t.step("a token is cut to groups that its owner reaches", () => groups(signed));
    await t.step("another person's tokens do not exist", () => others(signed));
    await t.step("twenty are enough", () => tooMany(signed));
    await t.step("who may have no tokens does not see the pages", () => viewers(signed));
    await t.step("nothing of it was an error of ours", () => {
      doesNotMatch(JSON.stringify(flow.lines), /wp_[\w-]{40}/);
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
