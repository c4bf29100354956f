/**
 * The pages of people over HTTP: who is invited comes in by the link and not otherwise, what is typed wrong comes back
 * with its reason, and whoever loses a right is out at once.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { setTotp } from "../../lib/store/second_factors.ts";
import { createUser, findUserAnyState, findUserByEmail, listUsers } from "../../lib/store/users.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { cookiesOf, withLetters } from "../flows/letters.ts";
import {
  ACCOUNT,
  type Answer,
  ask,
  type Flow,
  post,
  type RunningProduct,
  signInByHand,
  withFlow,
} from "../flows/running_product.ts";

type Form = Readonly<Record<string, string>>;

const PEOPLE = "/admin/people";
const NEW_PASSWORD = "quite another long sentence";
const NINA: Form = {
  email: "nina@wattpost.example",
  name: "Nina",
  role: "technician",
  reach: "all",
  find: "",
  do: "save",
};

interface Desk {
  readonly flow: RunningProduct;
  readonly cookie: string;
}

const send = ({ flow, cookie }: Desk, path: string, form: Form = {}): Promise<Answer> =>
  post(flow.origin, path, form, { cookie });
const look = ({ flow, cookie }: Desk, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });
const countPeople = async ({ flow }: Desk) =>
  (await listUsers(flow.opened.db, { page: 1, pageSize: 100 })).total;

async function idOf({ flow }: Desk, email: string): Promise<number> {
  const found = await findUserByEmail(flow.opened.db, email);
  if (!found) throw new Error(`Nobody is called ${email}`);
  return found.user.id;
}

/** Saves the form of a person as it was opened now. */
async function save(desk: Desk, id: number, form: Form): Promise<Answer> {
  const { text } = await look(desk, `${PEOPLE}/${id}`);
  return await send(desk, `${PEOPLE}/${id}`, { version: versionIn(text), ...form });
}

const versionIn = (text: string) => /name="version" value="(\w+)"/.exec(text)?.[1] ?? "";

/** Somebody who is there already, with a password nobody knows. */
async function add(desk: Desk, email: string, role: "administrator" | "viewer" = "viewer"): Promise<number> {
  const { db } = desk.flow.opened;
  const draft = { email, name: "Olu <b>", role, passwordHash: "x", nowMs: desk.flow.clock.nowMs() };
  const made = await createUser(db, draft);
  ok(made.ok);
  return made.value.id;
}

async function wrongInvitations(desk: Desk): Promise<void> {
  const before = await countPeople(desk);
  const cases: readonly { readonly form: Form; readonly says: RegExp }[] = [
    { form: { email: "" }, says: /id="email-fault".*?Is missing/s },
    { form: { email: "nina" }, says: /is no e-mail address/ },
    { form: { email: `${"n".repeat(64)}@${"a".repeat(130)}.example` }, says: /is no e-mail address/ },
    { form: { email: ACCOUNT.email.toUpperCase() }, says: /Somebody has this address already/ },
    { form: { name: "" }, says: /id="name-fault".*?Is missing/s },
    { form: { name: "x".repeat(81) }, says: /at most 80/ },
    { form: { name: "a\u0007b" }, says: /cannot be shown/ },
    { form: { name: "a\u202eb" }, says: /cannot be shown/ },
    { form: { role: "owner" }, says: /Expected one of viewer/ },
    { form: { reach: "none" }, says: /Choose all sites or only some/ },
    { form: { reach: "some" }, says: /Tick a group or a site/ },
    { form: { reach: "all", "site-1": "on" }, says: /Groups or sites are ticked/ },
    { form: { reach: "some", "site-4711": "on" }, says: /is not there any more/ },
    { form: { reach: "some", "group-4711": "on" }, says: /is not there any more/ },
    { form: { reach: "some", "site-1": "yes" }, says: /thing to put right/ },
    { form: { reach: "some", "site-9999999999": "on" }, says: /Unknown field/ },
    { form: { sessionEpoch: "0" }, says: /Unknown field/ },
    { form: { find: "x".repeat(81) }, says: /at most 80/ },
    { form: { do: "delete" }, says: /thing to put right/ },
  ];
  for (const { form, says } of cases) {
    const answer = await send(desk, `${PEOPLE}/invite`, { ...NINA, ...form });
    strictEqual(answer.status, 422, JSON.stringify(form));
    match(answer.text, says, JSON.stringify(form));
    if (!("name" in form)) match(answer.text, /name="name"[^>]*value="Nina"|value="Nina"[^>]*name="name"/);
  }
  strictEqual(await countPeople(desk), before);
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`site-${n + 1}`, "on"]));
  const answer = await send(desk, `${PEOPLE}/invite`, { ...NINA, reach: "some", ...many });
  strictEqual(answer.status, 422);
  match(answer.text, /At most 500 sites/);
}

async function sitesAreFound(desk: Desk, siteIds: readonly number[]): Promise<void> {
  const [kiln = 0, mill = 0] = siteIds;
  const form = { ...NINA, reach: "some", [`site-${kiln}`]: "on", find: "mill", do: "find", email: "" };
  const found = await send(desk, `${PEOPLE}/invite`, form);
  strictEqual(found.status, 200, "looking for a site is no mistake");
  match(found.text, new RegExp(`name="site-${kiln}"[^>]*checked|checked[^>]*name="site-${kiln}"`));
  match(found.text, new RegExp(`name="site-${mill}"`));
  doesNotMatch(found.text, /to put right/);
  match(found.text, /value="Nina"/);
  const none = await send(desk, `${PEOPLE}/invite`, { ...form, find: "%" });
  match(none.text, /No site fits/);
}

/** Invites where no mail server is set: the link is on the answer, once. */
async function linkIsShown(desk: Desk, siteIds: readonly number[]): Promise<string> {
  const { db } = desk.flow.opened;
  const before = await countPeople(desk);
  const form = { ...NINA, reach: "some", [`site-${siteIds[0]}`]: "on" };
  const made = await send(desk, `${PEOPLE}/invite`, form);
  strictEqual(made.status, 200);
  match(made.headers.get("cache-control") ?? "", /no-store/);
  const token = /\/invite\?token=([\w.-]+)/.exec(made.text)?.[1] ?? "";
  ok(token !== "");
  const id = await idOf(desk, NINA.email ?? "");
  const twice = await send(desk, `${PEOPLE}/invite`, form);
  deepStrictEqual([twice.status, twice.headers.get("location")], [303, `${PEOPLE}/${id}?done=invite`]);
  strictEqual(await countPeople(desk), before + 1, "sent twice, invited once");
  const user = await findUserAnyState(db, id);
  deepStrictEqual(user?.reach, { kind: "some", groupIds: [], siteIds: [siteIds[0]] });
  for (const path of [PEOPLE, `${PEOPLE}/${id}`]) {
    const shown = await look(desk, path);
    strictEqual(shown.status, 200);
    doesNotMatch(shown.text, /token=/, "it is shown once");
    match(shown.text, /Invited/);
  }
  doesNotMatch(JSON.stringify(await listAudit(db)), new RegExp(token));
  doesNotMatch(JSON.stringify(desk.flow.lines), new RegExp(token));
  return token;
}

async function rightsGoAtOnce(desk: Desk, token: string): Promise<void> {
  const { origin } = desk.flow;
  const accepted = await post(origin, "/invite", { token, name: "Nina", password: NEW_PASSWORD });
  strictEqual(accepted.status, 303);
  const hers = { flow: desk.flow, cookie: cookiesOf(accepted) };
  strictEqual((await look(hers, "/")).status, 200);
  for (const path of [PEOPLE, `${PEOPLE}/invite`, `${PEOPLE}/1`, "/admin"]) {
    strictEqual((await look(hers, path)).status, 403, path);
  }
  strictEqual((await send(hers, `${PEOPLE}/invite`, NINA)).status, 403);
  const id = await idOf(desk, NINA.email ?? "");
  strictEqual((await send(hers, `${PEOPLE}/${id}`, { ...NINA, role: "administrator" })).status, 403);
  match((await look(desk, `${PEOPLE}/${id}`)).text, /in 1 browser/);
  const { email: _, ...change } = NINA;
  const named = await save(desk, id, { ...change, name: "Nina T.", reach: "all" });
  deepStrictEqual([named.status, named.headers.get("location")], [303, `${PEOPLE}/${id}?done=save`]);
  strictEqual((await look(hers, "/")).status, 303, "another reach ends her sessions");
  const again = { flow: desk.flow, cookie: await signIn(desk) };
  const raised = await save(desk, id, { ...change, role: "operator" });
  strictEqual(raised.status, 303);
  strictEqual((await look(again, "/")).status, 303, "so does another role");
  const third = { flow: desk.flow, cookie: await signIn(desk) };
  match((await look(desk, `${PEOPLE}/${id}/end-sessions`)).text, /Sign Nina out everywhere\?/);
  strictEqual((await look(third, "/")).status, 200, "a question does nothing");
  strictEqual((await send(desk, `${PEOPLE}/${id}/end-sessions`)).status, 303);
  strictEqual((await look(third, "/")).status, 303);
}

async function signIn({ flow }: Desk): Promise<string> {
  const form = { email: NINA.email ?? "", password: NEW_PASSWORD, back: "/" };
  const answer = await post(flow.origin, "/sign-in", form);
  strictEqual(answer.status, 303);
  return cookiesOf(answer);
}

async function lockedOut(desk: Desk): Promise<void> {
  const { origin } = desk.flow;
  const id = await idOf(desk, NINA.email ?? "");
  const hers = { flow: desk.flow, cookie: await signIn(desk) };
  match((await look(desk, `${PEOPLE}/${id}/lock`)).text, /Lock Nina\?/);
  const forged = await post(origin, `${PEOPLE}/${id}/lock`, {}, {
    cookie: desk.cookie,
    origin: "https://evil.example",
  });
  strictEqual(forged.status, 403, "another site cannot lock anybody");
  strictEqual((await look(hers, "/")).status, 200);
  const extra = await send(desk, `${PEOPLE}/${id}/lock`, { role: "administrator" });
  strictEqual(extra.status, 422, "an unknown field");
  const locked = await send(desk, `${PEOPLE}/${id}/lock`);
  strictEqual(locked.headers.get("location"), `${PEOPLE}/${id}?done=lock`);
  strictEqual((await look(hers, "/")).status, 303);
  strictEqual((await send(desk, `${PEOPLE}/${id}/lock`)).status, 303, "sent twice");
  const form = { email: NINA.email ?? "", password: NEW_PASSWORD, back: "/" };
  strictEqual((await post(origin, "/sign-in", form)).status, 422);
  match((await look(desk, `${PEOPLE}?state=locked`)).text, /nina@wattpost/);
  match((await look(desk, `${PEOPLE}/${id}?done=lock`)).text, /signed out everywhere/);
  strictEqual((await send(desk, `${PEOPLE}/${id}/unlock`)).status, 303);
  await signIn(desk);
  doesNotMatch((await look(desk, `${PEOPLE}/${id}?done=lock`)).text, /signed out everywhere/);
  const { db, keys } = desk.flow.opened;
  const seed = {
    userId: id,
    nowMs: desk.flow.clock.nowMs(),
    codeHashes: [],
    box: keys.box,
    seed: "JBSWY3DP",
  };
  ok((await setTotp(db, authorAt(desk.flow.clock.nowMs(), { seal: keys.seal }), seed)).ok);
  match((await look(desk, `${PEOPLE}/${id}`)).text, /Remove second factor/);
  strictEqual((await send(desk, `${PEOPLE}/${id}/remove-second-factor`)).status, 303);
  strictEqual((await findUserAnyState(db, id))?.secondFactor, false);
  const actions = (await listAudit(db)).map(({ action }) => action);
  for (const action of ["user-locked", "user-unlocked", "second-factor-removed", "session-ended"]) {
    ok(actions.includes(action), action);
  }
}

async function lastAdministrator(desk: Desk): Promise<void> {
  const { db } = desk.flow.opened;
  const own = await idOf(desk, ACCOUNT.email);
  const form = { name: ACCOUNT.name, role: "viewer", reach: "all", find: "", do: "save" };
  const demoted = await save(desk, own, form);
  strictEqual(demoted.status, 422);
  match(demoted.text, /id="role-fault".*?last administrator/s);
  const locked = await send(desk, `${PEOPLE}/${own}/lock`);
  strictEqual(locked.status, 422);
  match(locked.text, /this is the last administrator/);
  strictEqual((await findUserAnyState(db, own))?.state, "active");
  strictEqual((await findUserAnyState(db, own))?.role, "administrator");
  strictEqual((await look(desk, PEOPLE)).status, 200, "still signed in");
}

async function twoAtOnce(desk: Desk, siteIds: readonly number[]): Promise<void> {
  const id = await add(desk, "two@wattpost.example");
  const path = `${PEOPLE}/${id}`;
  const version = versionIn((await look(desk, path)).text);
  const form = { name: "Olu", role: "viewer", reach: "all", find: "", do: "save", version };
  const tick = `site-${siteIds[1]}`;
  const found = await send(desk, path, { ...form, find: "mill", do: "find" });
  strictEqual(versionIn(found.text), version, "looking for a site is no new look at the person");
  const first = await send(desk, path, { ...form, role: "operator", reach: "some", [tick]: "on" });
  strictEqual(first.status, 303);
  strictEqual(
    (await send(desk, path, { ...form, role: "operator", reach: "some", [tick]: "on" })).status,
    303,
  );
  const second = await send(desk, path, { ...form, name: "Olu A.", role: "technician" });
  strictEqual(second.status, 422);
  match(second.text, /Somebody else changed this person meanwhile/);
  match(second.text, /Now: Olu, operator, reaches Mill &lt;i(>|&gt;)/);
  match(second.text, /value="Olu A\."/);
  match(
    second.text,
    /<option[^>]*value="technician"[^>]*selected|<option[^>]*selected[^>]*value="technician"/,
  );
  strictEqual((await findUserAnyState(desk.flow.opened.db, id))?.role, "operator");
  const blind = await send(desk, path, { ...form, version: "" });
  strictEqual(blind.status, 422, "nobody changes whom they did not look at");
  const again = { ...form, name: "Olu A.", role: "technician", version: versionIn(second.text) };
  strictEqual((await send(desk, path, again)).status, 303);
  strictEqual((await findUserAnyState(desk.flow.opened.db, id))?.role, "technician");
}

async function lists(desk: Desk): Promise<void> {
  for (let n = 0; n < 26; n++) await add(desk, `olu${n}@wattpost.example`);
  const first = await look(desk, PEOPLE);
  match(first.text, /1–25 of/);
  match(first.text, /Olu &lt;b(>|&gt;)/);
  doesNotMatch(first.text, /Olu <b>/);
  match((await look(desk, `${PEOPLE}?page=2`)).text, /26–/);
  match((await look(desk, `${PEOPLE}?q=olu7&role=viewer`)).text, /1–1 of 1/);
  match((await look(desk, `${PEOPLE}?q=%25`)).text, /Nobody fits/);
  match((await look(desk, `${PEOPLE}?q=%3Cscript%3E&page=-1&role=owner`)).text, /“&lt;script/);
  for (const path of ["0", "x", "999999", "9999999999", "1%00", "999999/lock", "1/delete", "1/toString"]) {
    strictEqual((await look(desk, `${PEOPLE}/${path}`)).status, 404, path);
  }
  for (const path of ["999999/lock", "999999", "1/delete", "1/__proto__"]) {
    strictEqual((await send(desk, `${PEOPLE}/${path}`)).status, 404, path);
  }
  const { origin } = desk.flow;
  strictEqual((await ask(origin, PEOPLE)).status, 303, "strangers sign in first");
  strictEqual((await post(origin, `${PEOPLE}/invite`, NINA)).status, 401);
  const begin = await look(desk, "/admin");
  deepStrictEqual([begin.status, begin.headers.get("location")], [303, PEOPLE]);
}

const SITES = { specs: [siteSpec(), siteSpec({ name: "Mill <i>", seed: 8 })], env: { COLLECT: "off" } };

Deno.test("the pages of people", async (t) => {
  await withFlow(SITES, async (flow: Flow) => {
    const desk = { flow, cookie: await signInByHand(flow.origin) };
    await t.step("wrong invitations invite nobody and keep what was typed", () => wrongInvitations(desk));
    await t.step("sites are found without losing what was typed", () => sitesAreFound(desk, flow.siteIds));
    await t.step("the last administrator stays one", () => lastAdministrator(desk));
    let token = "";
    await t.step("without a mail server the link is shown once", async () => {
      token = await linkIsShown(desk, flow.siteIds);
    });
    await t.step("whoever loses or gains a right is signed out", () => rightsGoAtOnce(desk, token));
    await t.step("whoever is locked is out at once and comes back unharmed", () => lockedOut(desk));
    await t.step(
      "the second of two who change one person is told, and keeps what was typed",
      () => twoAtOnce(desk, flow.siteIds),
    );
    await t.step("lists are paged, and other ids do not exist", () => lists(desk));
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});

Deno.test("whoever loses their second factor to an administrator is told by e-mail", async () => {
  await withLetters(async (flow) => {
    const desk = { flow, cookie: await signInByHand(flow.origin) };
    const id = await add(desk, "olu@wattpost.example");
    const { db, keys: { box } } = flow.opened;
    const seed = { userId: id, nowMs: flow.clock.nowMs(), codeHashes: [], box, seed: "JBSWY3DP" };
    ok((await setTotp(db, flow.author(), seed)).ok);
    strictEqual((await send(desk, `${PEOPLE}/${id}/remove-second-factor`)).status, 303);
    const told = await flow.smtp.arrived(0);
    deepStrictEqual(told.to, ["olu@wattpost.example"]);
    match(told.text.replaceAll(/\s+/g, " "), /An administrator removed the second factor of your account/);
    strictEqual((await send(desk, `${PEOPLE}/${id}/lock`)).status, 303);
    strictEqual((await send(desk, `${PEOPLE}/${id}/remove-second-factor`)).status, 303, "sent twice");
    strictEqual(flow.smtp.mails.length, 1, "told once");
  });
});

Deno.test("invitations by mail are sent, sent again and withdrawn", async () => {
  await withLetters(async (flow) => {
    const desk = { flow, cookie: await signInByHand(flow.origin) };
    const { db, keys } = flow.opened;
    const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
    const group = await createGroup(db, by, { name: "North <i>" });
    ok(group.ok);
    const tick = `group-${group.value.id}`;
    const form = { ...NINA, reach: "some", [tick]: "on" };
    const sent = await send(desk, `${PEOPLE}/invite`, form);
    strictEqual(sent.status, 303, sent.text.slice(0, 2000));
    const id = await idOf(desk, NINA.email ?? "");
    strictEqual(sent.headers.get("location"), `${PEOPLE}/${id}?done=invite`);
    const first = await flow.smtp.arrived(0);
    deepStrictEqual(first.to, [NINA.email]);
    match(first.text, /Ada Flow invites you/);
    match((await look(desk, `${PEOPLE}/${id}?done=invite`)).text, /The invitation is sent/);
    match((await look(desk, PEOPLE)).text, /1 group/);
    strictEqual((await send(desk, `${PEOPLE}/${id}/resend`)).status, 303);
    const second = await flow.smtp.arrived(1);
    const open = (text: string) => ask(flow.origin, /\/invite\?token=[\w.-]+/.exec(text)?.[0] ?? "/nothing");
    strictEqual((await open(first.text)).status, 410, "the older link is useless");
    strictEqual((await open(second.text)).status, 200);
    strictEqual((await look(desk, `${PEOPLE}/${id}/resend`)).status, 303, "nothing is sent by looking");
    match((await look(desk, `${PEOPLE}/${id}/withdraw`)).text, /Withdraw the invitation of Nina\?/);
    const gone = await send(desk, `${PEOPLE}/${id}/withdraw`);
    strictEqual(gone.headers.get("location"), `${PEOPLE}?done=withdraw`);
    strictEqual((await open(second.text)).status, 410);
    strictEqual((await look(desk, `${PEOPLE}/${id}`)).status, 404);
    strictEqual((await send(desk, `${PEOPLE}/${id}/withdraw`)).status, 404, "sent twice");
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
});
