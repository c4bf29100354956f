/**
 * The page of one's own account over HTTP, as its owner uses it.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { findUserByEmail } from "../../lib/store/users.ts";
import { ACCOUNT, type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";

interface Scene {
  readonly flow: Flow;
  readonly own: Visitor;
}

const PASSWORD = ACCOUNT.password;

const NEXT = "quite another long sentence";

const get = ({ flow, own }: Scene, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: own.cookie } });

const send = (
  { flow, own }: Scene,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> => post(flow.origin, path, fields, { cookie: own.cookie });

const went = ({ status, headers }: Answer) => [status, headers.get("location")];

async function actionsOf({ flow }: Scene): Promise<readonly string[]> {
  return (await listAudit(flow.opened.db, 100)).map(({ action }) => action);
}

async function confirms(scene: Scene): Promise<void> {
  const path = "/account/confirm?back=%2Fsites%3Fq%3Dmill";
  match((await get(scene, path)).text, /name="back" value="\/sites\?q=mill"/);
  const back = "/sites?q=mill";
  for (const [typed, says] of [["", /Is missing/], ["wrong", /Is not your password/]] as const) {
    const refused = await send(scene, "/account/confirm", { password: typed, back });
    strictEqual(refused.status, 422);
    match(refused.text, says);
    match(refused.text, /value="\/sites\?q=mill"/, "it still leads there");
    doesNotMatch(refused.text, /value="wrong"/);
  }
  deepStrictEqual((await actionsOf(scene))[0], "confirmation-refused");
  deepStrictEqual(went(await send(scene, "/account/confirm", { password: PASSWORD, back })), [303, back]);
  const unknown = await send(scene, "/account/confirm", { password: PASSWORD, back, role: "administrator" });
  strictEqual(unknown.status, 422);
  match(unknown.text, /Unknown field/);
}

async function leadsNowhereElse(scene: Scene): Promise<void> {
  for (const back of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
    const page = await get(scene, `/account/confirm?back=${encodeURIComponent(back)}`);
    match(page.text, /name="back" value="\/"/);
    deepStrictEqual(went(await send(scene, "/account/confirm", { password: PASSWORD, back })), [303, "/"]);
  }
}

async function isThrottled(scene: Scene): Promise<void> {
  const guess = () => send(scene, "/account/confirm", { password: "a guess", back: "/account" });
  for (let n = 0; n < 10; n++) strictEqual((await guess()).status, 422);
  const { status, headers, text } = await guess();
  strictEqual(status, 429);
  match(headers.get("retry-after") ?? "", /^[1-9]\d{0,2}$/);
  match(text, /Too many tries/);
  await scene.flow.clock.advance(FRESH_MS);
  const right = await send(scene, "/account/confirm", { password: PASSWORD, back: "/account" });
  strictEqual(right.status, 303);
}

async function shows(scene: Scene): Promise<void> {
  const { text } = await get(scene, "/account");
  for (const words of ["own@wattpost.example", "Viewer", "All sites", "This is your first sign-in", "None"]) {
    match(text, new RegExp(words));
  }
  match(text, /This browser/);
  doesNotMatch(text, /Sign out there|Sign out everywhere else/, "there is no other");
  match(text, /<a class="menu-item" href="\/account">/, "the menu leads there");
  doesNotMatch(text, /href="\/account\/tokens"/, "a viewer has no tokens");
  const cookie = await signInAs(scene.flow, scene.own.user.email);
  const again = await get({ ...scene, own: { ...scene.own, cookie } }, "/account");
  match(again.text, /Your sign-in before this one was on 2 Nov 2026, 10:\d\d UTC/);
  await post(scene.flow.origin, "/sign-out", {}, { cookie });
  strictEqual((await ask(scene.flow.origin, "/account")).headers.get("location"), "/sign-in?back=%2Faccount");
}

const NAMES = [
  { typed: "", says: /Is missing/ },
  { typed: "   ", says: /Is missing/ },
  { typed: "x".repeat(81), says: /Has 81 characters, at most 80/ },
  { typed: "Ada\u202eada", says: /cannot be shown/ },
  { typed: "Ada\u0000", says: /cannot be shown/ },
];

async function names(scene: Scene): Promise<void> {
  for (const { typed, says } of NAMES) {
    const refused = await send(scene, "/account", { name: typed });
    strictEqual(refused.status, 422, typed);
    match(refused.text, says);
    match(refused.text, /aria-invalid="true"/);
    if (/^x+$/.test(typed)) match(refused.text, new RegExp(`value="${typed}"`), "what was typed is kept");
  }
  const more = await send(scene, "/account", { name: "Ada", role: "administrator" });
  strictEqual(more.status, 422);
  match(more.text, /Unknown field &quot;role&quot;/);
  const markup = `Ada <b>"L" & co`;
  deepStrictEqual(went(await send(scene, "/account", { name: markup })), [303, "/account?done=name"]);
  const { text } = await get(scene, "/account?done=name");
  match(text, /Your name is saved/);
  doesNotMatch(text, /<b>"L"/);
  strictEqual((await findUserByEmail(scene.flow.opened.db, scene.own.user.email))?.user.name, markup);
  doesNotMatch((await get(scene, "/account?done=<b>hi")).text, /<b>hi/);
  const [newest] = await listAudit(scene.flow.opened.db, 1);
  deepStrictEqual([newest?.action, newest?.actor], ["user-changed", scene.own.user.email]);
}

const passwordForm = (scene: Scene, fields: Readonly<Record<string, string>>) =>
  send(scene, "/account/password", { old: PASSWORD, password: NEXT, ...fields });

async function wrongPasswords(scene: Scene): Promise<void> {
  match((await get(scene, "/account/password")).text, /autocomplete="current-password"/);
  const cases = [
    { fields: { old: "" }, says: /Is missing/ },
    { fields: { old: "not that one" }, says: /Is not your password/ },
    { fields: { password: "short" }, says: /Needs at least 12 characters/ },
    { fields: { password: "password123456" }, says: /guessed first/ },
    { fields: { password: PASSWORD }, says: /Is the one you have/ },
    { fields: { userId: "1" }, says: /Unknown field/ },
  ];
  for (const { fields, says } of cases) {
    const refused = await passwordForm(scene, fields);
    strictEqual(refused.status, 422, JSON.stringify(fields));
    match(refused.text, says);
    for (const secret of [PASSWORD, NEXT]) strictEqual(refused.text.includes(secret), false);
  }
  const both = await passwordForm(scene, { old: "", password: "short" });
  strictEqual(both.text.match(/aria-invalid="true"/g)?.length, 2, "both at once");
}

async function changesPassword(scene: Scene): Promise<void> {
  const { flow, own } = scene;
  const elsewhere = await signInAs(flow, own.user.email);
  const stream = await listen(flow, elsewhere);
  const answer = await passwordForm(scene, {});
  deepStrictEqual(went(answer), [303, "/account?done=password"]);
  const cookie = answer.headers.getSetCookie()[0] ?? "";
  match(cookie, /^wattpost=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  notStrictEqual(cookie.split(";")[0], own.cookie, "the session is a new one");
  await stream.ended();
  for (const old of [own.cookie, elsewhere]) {
    const after = await ask(flow.origin, "/account", { headers: { cookie: old } });
    strictEqual(after.headers.get("location"), "/sign-in?back=%2Faccount");
  }
  const goesOn = { flow, own: { ...own, cookie: cookie.split(";")[0] ?? "" } };
  const { text } = await get(goesOn, "/account?done=password");
  match(text, /Your password is changed/);
  strictEqual(text.match(/This browser/g)?.length, 1);
  doesNotMatch(text, /Sign out there/);
  const device = answer.headers.getSetCookie()[1]?.split(";")[0] ?? "";
  const form = { email: own.user.email, password: NEXT, back: "/" };
  const again = await post(flow.origin, "/sign-in", form, { cookie: device });
  const kept = again.headers.getSetCookie()[1]?.split(";")[0] ?? "";
  match(device, /^wattpost-device=\d+\./);
  strictEqual(kept, device, "this browser is known still");
  const twice = await passwordForm(goesOn, {});
  strictEqual(twice.status, 422, "the old one is over");
}

/** Opens the live stream of a session. */
async function listen({ origin }: Flow, cookie: string) {
  const left = AbortSignal.timeout(10_000);
  const answer = await fetch(`${origin}/api/live`, { headers: { cookie }, signal: left });
  strictEqual(answer.status, 200);
  return { ended: () => answer.text() };
}

/** What names the other session on the page. */
function otherIn({ text }: Answer): string {
  return /action="\/account\/sessions\/([\w-]{22})"/.exec(text)?.[1] ?? "";
}

async function endsThere(scene: Scene): Promise<void> {
  const { flow, own } = scene;
  const elsewhere = await signInAs(flow, own.user.email);
  const stream = await listen(flow, elsewhere);
  const id = otherIn(await get(scene, "/account"));
  const path = `/account/sessions/${id}`;
  strictEqual((await send(scene, path, { all: "yes" })).status, 422, "no other field is taken");
  deepStrictEqual(went(await send(scene, path, {})), [303, "/account?done=session#sessions"]);
  await stream.ended();
  const next = await ask(flow.origin, "/sites", { headers: { cookie: elsewhere } });
  deepStrictEqual(went(next), [303, "/sign-in?back=%2Fsites"]);
  strictEqual((await get(scene, "/account")).status, 200, "this one stays");
  strictEqual((await send(scene, path, {})).status, 404, "it is gone");
  const [newest] = await listAudit(flow.opened.db, 1);
  deepStrictEqual([newest?.action, newest?.actor], ["session-ended", own.user.email]);
}

async function endsOnlyOwn(scene: Scene): Promise<void> {
  const { flow, own } = scene;
  const theirs = await makeVisitor(flow, { name: "other", role: "viewer" });
  await signInAs(flow, theirs.user.email);
  const id = otherIn(await get({ flow, own: theirs }, "/account"));
  strictEqual(id.length, 22);
  for (const one of [id, "A".repeat(22), "none", "a".repeat(500)]) {
    strictEqual((await send(scene, `/account/sessions/${one}`, {})).status, 404, one);
  }
  strictEqual((await ask(flow.origin, "/", { headers: { cookie: theirs.cookie } })).status, 200);
  const cookie = await signInAs(flow, own.user.email);
  const current = otherIn(await get({ flow, own: { ...own, cookie } }, "/account"));
  strictEqual((await send(scene, `/account/sessions/${current}`, {})).status, 422, "this one signs out");
  strictEqual((await get(scene, "/account")).status, 200);
}

async function endsOthers(scene: Scene): Promise<void> {
  const { flow, own } = scene;
  const elsewhere = [await signInAs(flow, own.user.email), await signInAs(flow, own.user.email)];
  const stream = await listen(flow, elsewhere[0] ?? "");
  for (const fields of [{}, { end: "all" }, { end: "others", user: "1" }]) {
    strictEqual((await send(scene, "/account/sessions", fields)).status, 422, JSON.stringify(fields));
  }
  match((await get(scene, "/account")).text, /Sign out everywhere else/);
  deepStrictEqual(went(await send(scene, "/account/sessions", { end: "others" })), [
    303,
    "/account?done=sessions#sessions",
  ]);
  await stream.ended();
  for (const cookie of elsewhere) {
    strictEqual((await ask(flow.origin, "/", { headers: { cookie } })).status, 303);
  }
  const { text } = await get(scene, "/account?done=sessions");
  match(text, /You are signed out everywhere else/);
  doesNotMatch(text, /Sign out there/);
}

Deno.test("the page of one's own account", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const own = await makeVisitor(flow, { name: "own", role: "viewer" });
    const scene = { flow, own };
    await t.step("the password is asked for again, and it goes on where it began", () => confirms(scene));
    await t.step("it goes on to a page of ours alone", () => leadsNowhereElse(scene));
    await t.step("ten guesses are enough", () => isThrottled(scene));
    await t.step("it shows who one is and how one signed in", () => shows(scene));
    await t.step("a name is changed, a bad one is kept as typed with what is wrong", () => names(scene));
    await t.step("signing out there ends that session and its live stream at once", () => endsThere(scene));
    await t.step("a session of somebody else does not exist", () => endsOnlyOwn(scene));
    await t.step("signing out everywhere else keeps this browser", () => endsOthers(scene));
    await t.step("a password that does not do is refused beside its field", () => wrongPasswords(scene));
    await t.step(
      "another password ends all other sessions, this browser goes on",
      () => changesPassword(scene),
    );
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
