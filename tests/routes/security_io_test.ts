/**
 * The page on security over HTTP: an administrator asks a role for a second factor, and whoever has none is out.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { addPasskey } from "../../lib/store/passkeys.ts";
import { readRequiredRoles } from "../../lib/store/second_factor_setting.ts";
import { findUserAnyState } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { ask, type Flow, post, signInByHand, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

const PATH = "/admin/security";

type Form = Readonly<Record<string, string>>;

async function givePasskey({ opened, clock }: Flow, userId: number): Promise<void> {
  const by = authorAt(clock.nowMs(), { seal: opened.keys.seal });
  const draft = { credential: "id", publicKey: "key", signCount: 0, transports: [], backedUp: true };
  const added = await addPasskey(opened.db, by, {
    ...draft,
    credentialHash: `of-${userId}`,
    userId,
    name: "Phone",
  });
  strictEqual(added.ok, true);
}

Deno.test("an administrator asks roles for a second factor, having one themselves", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const { origin, opened } = flow;
    const cookie = await signInByHand(origin);
    const send = (form: Form) => post(origin, PATH, form, { cookie });
    const look = (path: string, as = cookie) => ask(origin, path, { headers: { cookie: as } });
    const bo = await makeVisitor(flow, { name: "Bo", role: "technician" });
    const dee = await makeVisitor(flow, { name: "Dee", role: "technician" });
    const eve = await makeVisitor(flow, { name: "Eve", role: "viewer" });
    await givePasskey(flow, dee.user.id);

    await t.step("the page says who has none, and names keys alone", async () => {
      const { status, text } = await look(PATH);
      strictEqual(status, 200);
      match(text, /1 of 2 people has one/);
      match(text, new RegExp(`href="/admin/people/${bo.user.id}"`));
      doesNotMatch(text, new RegExp(`href="/admin/people/${dee.user.id}"`));
      match(text, /12 h/);
      match(text, new RegExp(opened.keys.box.keyId));
      strictEqual((await look(PATH, eve.cookie)).status, 403);
    });

    await t.step("nobody asks it of their own role before they have one", async () => {
      const refused = await send({ "role-administrator": "on", "role-technician": "on", version: "0" });
      strictEqual(refused.status, 422);
      match(refused.text, /id="role-administrator-fault".*?Set up your own second factor first/s);
      match(refused.text, /href="\/account\/second-factor"/);
      match(refused.text, /name="role-technician"[^>]*checked|checked[^>]*name="role-technician"/);
      deepStrictEqual((await readRequiredRoles(opened.db)).value, []);
      strictEqual((await look("/", bo.cookie)).status, 200);
    });

    await t.step("whoever has none is out at once, and nobody else", async () => {
      const saved = await send({ "role-technician": "on", version: "0" });
      deepStrictEqual([saved.status, saved.headers.get("location")], [303, `${PATH}?saved=1`]);
      match((await look(`${PATH}?saved=1`)).text, /1 person is signed out/);
      deepStrictEqual((await readRequiredRoles(opened.db)).value, ["technician"]);
      strictEqual((await look("/", bo.cookie)).status, 303);
      strictEqual((await look("/", dee.cookie)).status, 200);
      strictEqual((await look("/", eve.cookie)).status, 200);
      const [ended] = await listAudit(opened.db);
      deepStrictEqual(ended?.after, { all: true, roles: ["technician"], people: 1 });
    });

    await t.step("of two who change it at once the second learns of the first", async () => {
      const late = await send({ "role-viewer": "on", version: "0" });
      strictEqual(late.status, 409);
      match(late.text, /Somebody else changed this/);
      strictEqual((await look("/", eve.cookie)).status, 200);
      strictEqual((await send({ "role-owner": "on", version: "1" })).status, 422);
      strictEqual((await post(origin, PATH, { version: "1" }, { cookie: eve.cookie })).status, 403);
      strictEqual((await post(origin, PATH, { version: "1" })).status, 401);
    });

    await t.step("a lost phone's passkeys are removed too, and its owner is out", async () => {
      const path = `/admin/people/${dee.user.id}`;
      match((await look(path)).text, /1 passkey/);
      const question = await look(`${path}/remove-second-factor`);
      match(question.text, /Their passkey stops working at once and they are signed out everywhere/);
      const removed = await post(origin, `${path}/remove-second-factor`, {}, { cookie });
      strictEqual(removed.headers.get("location"), `${path}?done=remove-second-factor`);
      strictEqual((await findUserAnyState(opened.db, dee.user.id))?.passkeys, 0);
      strictEqual((await look("/", dee.cookie)).status, 303);
      doesNotMatch((await look(path)).text, /Remove second factor/);
    });

    await t.step("with a passkey of their own they ask it of administrators too", async () => {
      const own = (await look("/admin/people?q=ada")).text;
      const id = Number(/href="\/admin\/people\/(\d+)"/.exec(own)?.[1]);
      await givePasskey(flow, id);
      const saved = await send({ "role-administrator": "on", version: "1" });
      deepStrictEqual([saved.status, saved.headers.get("location")], [303, `${PATH}?saved=0`]);
      strictEqual((await look(PATH)).status, 200, "still signed in");
    });
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
});
