/**
 * The page of one's own account over HTTP, as its owner uses it.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { ACCOUNT, type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";

interface Scene {
  readonly flow: Flow;
  readonly own: Visitor;
}

const PASSWORD = ACCOUNT.password;

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

Deno.test("the page of one's own account", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const own = await makeVisitor(flow, { name: "own", role: "viewer" });
    const scene = { flow, own };
    await t.step("the password is asked for again, and it goes on where it began", () => confirms(scene));
    await t.step("it goes on to a page of ours alone", () => leadsNowhereElse(scene));
    await t.step("ten guesses are enough", () => isThrottled(scene));
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
