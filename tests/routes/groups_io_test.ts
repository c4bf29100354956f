/**
 * The pages of groups of sites over HTTP: made, renamed, filled and removed, with what is typed wrong told beside it,
 * and in reach of people at once.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup, listGroups, searchSites } from "../../lib/store/groups.ts";
import { createUser, inviteUser } from "../../lib/store/users.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, signInByHand, withFlow } from "../flows/running_product.ts";

type Form = Readonly<Record<string, string>>;

const GROUPS = "/admin/groups";

interface Desk {
  readonly flow: Flow;
  readonly cookie: string;
}

const send = ({ flow, cookie }: Desk, path: string, form: Form = {}): Promise<Answer> =>
  post(flow.origin, path, form, { cookie });
const look = ({ flow, cookie }: Desk, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });
const authorOf = ({ flow }: Desk) => authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });

async function sitesIn({ flow }: Desk, groupId: number | null): Promise<readonly number[]> {
  const { sites } = await searchSites(flow.opened.db, { search: "", limit: 200, groupId });
  return sites.map(({ id }) => id).sort((a, b) => a - b);
}

async function made(desk: Desk): Promise<number> {
  match((await look(desk, GROUPS)).text, /No groups yet/);
  const cases: readonly { readonly form: Form; readonly says: RegExp }[] = [
    { form: {}, says: /id="name-fault".*?Is missing/s },
    { form: { name: "  " }, says: /Is missing/ },
    { form: { name: "x".repeat(81) }, says: /at most 80/ },
    { form: { name: "a\u0000b" }, says: /cannot be shown/ },
    { form: { name: "a\u2066b" }, says: /cannot be shown/ },
    { form: { name: "North", siteCount: "3" }, says: /Unknown field.*?value="North"/s },
  ];
  for (const { form, says } of cases) {
    const answer = await send(desk, GROUPS, form);
    strictEqual(answer.status, 422, JSON.stringify(form));
    match(answer.text, says, JSON.stringify(form));
  }
  const right = await send(desk, GROUPS, { name: "North <i>" });
  const [group] = await listGroups(desk.flow.opened.db);
  ok(group);
  strictEqual(right.status, 303);
  strictEqual(right.headers.get("location"), `${GROUPS}/${group.id}?show=all&done=made`);
  const twice = await send(desk, GROUPS, { name: "north <i>" });
  strictEqual(twice.status, 422, "sent twice, made once");
  match(twice.text, /Another group is called so/);
  strictEqual((await listGroups(desk.flow.opened.db)).length, 1);
  const list = await look(desk, GROUPS);
  match(list.text, /North &lt;i/);
  doesNotMatch(list.text, /North <i>/);
  return group.id;
}

async function renamed(desk: Desk, id: number): Promise<void> {
  const path = `${GROUPS}/${id}`;
  ok((await createGroup(desk.flow.opened.db, authorOf(desk), { name: "South" })).ok);
  const cases: readonly { readonly form: Form; readonly says: RegExp }[] = [
    { form: { name: "" }, says: /id="name-fault".*?Is missing/s },
    { form: { name: "SOUTH" }, says: /Another group is called so/ },
    { form: { name: "a\u202eb" }, says: /cannot be shown/ },
    { form: { name: "N", id: "2" }, says: /Unknown field/ },
    { form: { name: "N", "site-1": "on" }, says: /Unknown field/ },
  ];
  for (const { form, says } of cases) {
    const answer = await send(desk, path, { do: "rename", seen: "North <i>", ...form });
    strictEqual(answer.status, 422, JSON.stringify(form));
    match(answer.text, says, JSON.stringify(form));
  }
  const right = await send(desk, path, { do: "rename", name: "North", seen: "North <i>" });
  deepStrictEqual([right.status, right.headers.get("location")], [303, `${path}?done=rename`]);
  const late = await send(desk, path, { do: "rename", name: "Nord", seen: "North <i>" });
  strictEqual(late.status, 422, "somebody else was first");
  match(late.text, /id="name-fault".*?Somebody else has called it &quot;North&quot; meanwhile/s);
  match(late.text, /value="Nord"/);
  match(late.text, /name="seen" value="North"/);
  match((await look(desk, `${path}?done=rename`)).text, /Renamed/);
}

async function filled(desk: Desk, id: number): Promise<void> {
  const path = `${GROUPS}/${id}`;
  const { siteIds } = desk.flow;
  const [kiln = 0, mill = 0] = siteIds;
  const form = { q: "", show: "all", page: "1", do: "put" };
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`site-${n + 1}`, "on"]));
  const cases: readonly { readonly form: Form; readonly says: RegExp }[] = [
    { form: {}, says: /Tick a site first/ },
    { form: { "site-4711": "on", [`site-${kiln}`]: "on" }, says: /not there any more/ },
    { form: many, says: /At most 200 sites/ },
    { form: { [`site-${kiln}`]: "on", groupId: "2" }, says: /Kiln Lane/ },
    { form: { [`site-${kiln}`]: "on", do: "delete" }, says: /Kiln Lane/ },
  ];
  for (const { form: more, says } of cases) {
    const answer = await send(desk, path, { ...form, ...more });
    strictEqual(answer.status, 422);
    match(answer.text, says);
  }
  const kept = await send(desk, path, { ...form, [`site-${kiln}`]: "on", "site-4711": "on" });
  match(
    kept.text,
    new RegExp(`name="site-${kiln}"[^>]*checked|checked[^>]*name="site-${kiln}"`),
    "ticks are kept",
  );
  deepStrictEqual(await sitesIn(desk, id), [], "all or none");
  const put = await send(desk, path, { ...form, q: "kiln", [`site-${kiln}`]: "on" });
  deepStrictEqual([put.status, put.headers.get("location")], [
    303,
    `${path}?show=all&q=kiln&done=put&count=1`,
  ]);
  deepStrictEqual(await sitesIn(desk, id), [kiln]);
  match((await look(desk, `${path}?show=all`)).text, /this one/);
  doesNotMatch((await look(desk, path)).text, new RegExp(`site-${mill}"`));
  match((await look(desk, `${path}?q=%25&show=all`)).text, /No site fits/);
  const other = await send(desk, path, { ...form, show: "in", do: "take", [`site-${mill}`]: "on" });
  strictEqual(other.status, 422, "what is not in it cannot be taken out of it");
  const take = await send(desk, path, { ...form, show: "in", do: "take", [`site-${kiln}`]: "on" });
  deepStrictEqual([take.status, take.headers.get("location")], [303, `${path}?done=take&count=1`]);
  deepStrictEqual(await sitesIn(desk, id), []);
  strictEqual((await send(desk, path, { ...form, [`site-${kiln}`]: "on" })).status, 303);
}

async function removed(desk: Desk, id: number): Promise<void> {
  const path = `${GROUPS}/${id}`;
  const { db } = desk.flow.opened;
  const reach = { kind: "some", groupIds: [id], siteIds: [] } as const;
  const person = { email: "nina@wattpost.example", name: "Nina", role: "viewer", reach } as const;
  ok((await inviteUser(db, authorOf(desk), person)).ok);
  match((await look(desk, path)).text, /reached by 1 person/);
  match((await look(desk, `${path}/remove`)).text, /Remove North\?/);
  const refused = await send(desk, `${path}/remove`);
  strictEqual(refused.status, 422);
  match(refused.text, /1 person reaches sites by it/);
  strictEqual((await send(desk, `${path}/remove`, { force: "1" })).status, 422, "an unknown field");
  await db.kysely.deleteFrom("reach").execute();
  const gone = await send(desk, `${path}/remove`);
  deepStrictEqual([gone.status, gone.headers.get("location")], [303, `${GROUPS}?done=removed`]);
  deepStrictEqual(await sitesIn(desk, null), [...desk.flow.siteIds], "its sites stay");
  strictEqual((await send(desk, `${path}/remove`)).status, 404, "sent twice");
  const actions = (await listAudit(db)).map(({ action }) => action);
  for (const action of ["group-made", "group-changed", "group-removed"]) ok(actions.includes(action), action);
}

async function doors(desk: Desk): Promise<void> {
  const { origin, opened, clock } = desk.flow;
  for (const path of ["0", "x", "4711", "9999999999", "4711/remove"]) {
    strictEqual((await look(desk, `${GROUPS}/${path}`)).status, 404, path);
  }
  const put = { q: "", show: "all", page: "1", [`site-${desk.flow.siteIds[0]}`]: "on" };
  strictEqual((await send(desk, `${GROUPS}/4711`, { ...put, do: "put" })).status, 404);
  strictEqual((await send(desk, `${GROUPS}/4711`, { ...put, do: "take" })).status, 404);
  strictEqual((await send(desk, `${GROUPS}/4711`, { do: "rename", name: "X" })).status, 404);
  strictEqual((await ask(origin, GROUPS)).status, 303, "strangers sign in first");
  strictEqual((await post(origin, GROUPS, { name: "X" })).status, 401);
  const forged = await post(origin, GROUPS, { name: "X" }, {
    cookie: desk.cookie,
    origin: "https://evil.example",
  });
  strictEqual(forged.status, 403, "another site makes none");
  const hashed = await opened.passwords.hash("quite another long sentence");
  ok(hashed.ok);
  const eve = {
    email: "eve@wattpost.example",
    name: "Eve",
    role: "operator",
    passwordHash: hashed.value,
  } as const;
  ok((await createUser(opened.db, { ...eve, nowMs: clock.nowMs() })).ok);
  const signed = await post(origin, "/sign-in", {
    email: eve.email,
    password: "quite another long sentence",
    back: "/",
  });
  const hers = { flow: desk.flow, cookie: signed.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
  for (const path of [GROUPS, `${GROUPS}/1`, `${GROUPS}/1/remove`]) {
    strictEqual((await look(hers, path)).status, 403, path);
    strictEqual((await send(hers, path, { name: "X" })).status, 403, path);
  }
}

const SITES = { specs: [siteSpec(), siteSpec({ name: "Mill <i>", seed: 8 })], env: { COLLECT: "off" } };

Deno.test("the pages of groups of sites", async (t) => {
  await withFlow(SITES, async (flow) => {
    const desk = { flow, cookie: await signInByHand(flow.origin) };
    let id = 0;
    await t.step("a group is made once, by a name that nothing else has", async () => {
      id = await made(desk);
    });
    await t.step("a group is renamed", () => renamed(desk, id));
    await t.step("sites are put into it and taken out, all or none", () => filled(desk, id));
    await t.step("a group by which somebody reaches sites stays", () => removed(desk, id));
    await t.step("other ids do not exist, and only administrators come here", () => doors(desk));
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
