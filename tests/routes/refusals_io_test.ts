/**
 * How the product refuses: in words that say who may, as if what is out of reach were not there, not more often than
 * is worth writing down, and on open streams too.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { Reach } from "../../lib/domain/permission.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { appendChange } from "../../lib/store/changes.ts";
import { assignSites, createGroup } from "../../lib/store/groups.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { until } from "../fakes/manual_clock.ts";
import { type Answer, ask, FIRST, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";

const SITES = [siteSpec(), siteSpec({ name: "Mill", seed: 8 })];

const only = (siteId: number): Reach => ({ kind: "some", groupIds: [], siteIds: [siteId] });

async function deviceOf({ opened }: Flow, siteId: number): Promise<number> {
  const plan = await getSitePlan(opened.db, siteId, FIRST);
  return plan?.meters[0]?.id ?? 0;
}

async function words(flow: Flow, viewer: Visitor): Promise<void> {
  const { origin, siteIds: [near = 0] } = flow;
  const { cookie } = viewer;
  const read = `/sites/${near}/devices/${await deviceOf(flow, near)}/read`;
  const cases = [
    {
      answer: await post(origin, read, {}, { cookie }),
      says: /Read a meter now: this needs a technician, an operator or an administrator/,
    },
    {
      answer: await ask(origin, "/admin/networks", { headers: { cookie } }),
      says: /See settings of the system: this needs an administrator/,
    },
    {
      answer: await ask(origin, "/account/tokens", { headers: { cookie } }),
      says: /Make and revoke own API tokens: this needs an operator or an administrator/,
    },
  ];
  for (const { answer, says } of cases) {
    strictEqual(answer.status, 403);
    match(answer.text, says);
    match(answer.text, /You are a viewer\. An administrator can change your role/);
    doesNotMatch(answer.text, /\.tsx?:\d/);
  }
  const forged = await post(origin, read, {}, { cookie, origin: "https://evil.example" });
  strictEqual(forged.status, 403);
  doesNotMatch(forged.text, /You are a/, "another site is told nothing about who is signed in");
}

async function fewAreWrittenDown(flow: Flow, viewer: Visitor): Promise<void> {
  await flow.clock.advance(600_000);
  const refused = async () =>
    (await listAudit(flow.opened.db, 200)).filter(({ action, actor }) =>
      action === "refused" && actor === viewer.user.email
    ).length;
  const before = await refused();
  for (let n = 0; n < 25; n++) {
    await ask(flow.origin, "/admin/people", { headers: { cookie: viewer.cookie } });
  }
  strictEqual(await refused() - before, 20);
}

/** An answer without what differs between any two of the same page. */
function alike({ status, headers, text }: Answer, siteId: number): unknown {
  const id = headers.get("x-request-id") ?? "none";
  const nonce = /'nonce-([0-9a-f]+)'/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "no nonce";
  const plain = (part: string) =>
    part.replaceAll(id, "ID").replaceAll(nonce, "NONCE").replaceAll(`/${siteId}`, "/SITE");
  const fields = [...headers].filter(([name]) => !["content-length", "date", "ratelimit"].includes(name));
  return { status, text: plain(text), headers: fields.map(([name, value]) => [name, plain(value)]) };
}

async function sameAsUnknown(flow: Flow): Promise<void> {
  const { origin, siteIds: [near = 0, far = 0] } = flow;
  const { cookie, token } = await makeVisitor(flow, { name: "near", role: "operator", reach: only(near) });
  const unknown = far + 1_000;
  const device = await deviceOf(flow, far);
  const paths = (site: number) => [
    `/sites/${site}`,
    `/sites/${site}/load?range=day`,
    `/sites/${site}/half-hours.csv`,
    `/sites/${site}/devices/${device}/read`,
    `/api/live?site=${site}`,
    `/api/v1/sites/${site}`,
    `/api/v1/sites/${site}/devices`,
    `/api/v1/readings?site=${site}&from=2026-11-01&to=2026-11-02`,
    `/api/v1/interval-readings?site=${site}&from=2026-11-01&to=2026-11-02&format=wide`,
  ];
  const headers = { cookie, authorization: `Bearer ${token}` };
  for (const [at, path] of paths(far).entries()) {
    const hidden = await ask(origin, path, { headers });
    strictEqual(hidden.status, 404, path);
    const nothing = await ask(origin, paths(unknown)[at] ?? "", { headers });
    deepStrictEqual(alike(hidden, far), alike(nothing, unknown), path);
  }
  const sent = (site: number) => post(origin, `/sites/${site}/devices/${device}/read`, {}, { cookie });
  deepStrictEqual(alike(await sent(far), far), alike(await sent(unknown), unknown));
  const patch = (site: number) =>
    ask(origin, `/api/v1/sites/${site}`, {
      method: "PATCH",
      body: '{"town":"Oulu"}',
      headers: { ...headers, "content-type": "application/json", "if-match": '"x"' },
    });
  deepStrictEqual(alike(await patch(far), far), alike(await patch(unknown), unknown));
  const own = `/sites/${near}/devices/${device}/read`;
  strictEqual(
    (await post(origin, own, {}, { cookie })).status,
    404,
    "a device of another site by the own site",
  );
}

async function readNowIsSlowed(flow: Flow): Promise<void> {
  await flow.clock.advance(60_000);
  const { origin, siteIds: [near = 0] } = flow;
  const technician = await makeVisitor(flow, { name: "technician", role: "technician", reach: only(near) });
  const { cookie } = technician;
  const path = `/sites/${near}/devices/999999/read`;
  for (let n = 0; n < 30; n++) strictEqual((await post(origin, path, {}, { cookie })).status, 404);
  const slowed = await post(origin, path, {}, { cookie });
  strictEqual(slowed.status, 429);
  const retryAfterS = Number(slowed.headers.get("retry-after"));
  ok(retryAfterS >= 1 && retryAfterS <= 60);
  match(slowed.text, new RegExp(`Try again in ${retryAfterS} s`));
  const other = await makeVisitor(flow, { name: "colleague", role: "technician", reach: only(near) });
  strictEqual((await post(origin, path, {}, { cookie: other.cookie })).status, 404, "others read on");
  await flow.clock.advance(60_000);
  strictEqual((await post(origin, path, {}, { cookie })).status, 404, "and so does the reader, later");
}

interface Listener {
  /** What was said so far. */
  text(): string;
  /** Resolves when the stream ended. */
  readonly ended: Promise<void>;
}

async function listen({ origin }: Flow, cookie: string): Promise<Listener> {
  const answer = await fetch(`${origin}/api/live`, { headers: { cookie } });
  strictEqual(answer.status, 200);
  let text = "";
  const collected = async () => {
    for await (const chunk of answer.body ?? []) text += new TextDecoder().decode(chunk);
  };
  return { text: () => text, ended: collected() };
}

/** The sites of which a stream was told that a half-hour was stored. */
function toldOf({ text }: Listener, halfHour: number): readonly number[] {
  const said = new RegExp(`"halfHour":${halfHour},"sites":(\\[[\\d,]*\\])`).exec(text())?.[1] ?? "[]";
  return JSON.parse(said).toSorted((a: number, b: number) => a - b);
}

async function streamsKeepToTheirSites(flow: Flow): Promise<void> {
  const { opened, clock, siteIds: [near = 0, far = 0] } = flow;
  const by = authorAt(clock.nowMs(), { seal: opened.keys.seal });
  const group = await createGroup(opened.db, by, { name: "North" });
  if (!group.ok) throw new Error("The name is taken");
  const { id: groupId } = group.value;
  await assignSites(opened.db, by, { groupId, siteIds: [near] });
  const reach: Reach = { kind: "some", groupIds: [groupId], siteIds: [] };
  const north = await makeVisitor(flow, { name: "north", role: "viewer", reach });
  const everywhere = await makeVisitor(flow, { name: "everywhere", role: "viewer" });
  const [limited, whole] = await Promise.all([listen(flow, north.cookie), listen(flow, everywhere.cookie)]);
  const store = async (halfHour: number) => {
    await appendChange(opened.db.kysely, { halfHour, siteIds: [near, far], atMs: clock.nowMs() });
    await until(`everybody is told of ${halfHour}`, async () => {
      await clock.advance(1_000);
      return [limited, whole].every(({ text }) => text().includes(`"halfHour":${halfHour}`));
    });
  };
  await store(FIRST + 1);
  deepStrictEqual([toldOf(limited, FIRST + 1), toldOf(whole, FIRST + 1)], [[near], [near, far]]);
  await assignSites(opened.db, by, { groupId: null, siteIds: [near] });
  await assignSites(opened.db, by, { groupId, siteIds: [far] });
  const beats = () => limited.text().match(/event: beat/g)?.length ?? 0;
  const before = beats();
  await until("the reach is read anew with the beat", async () => {
    await clock.advance(1_000);
    return beats() > before + 1;
  });
  await store(FIRST + 2);
  deepStrictEqual([toldOf(limited, FIRST + 2), toldOf(whole, FIRST + 2)], [[far], [near, far]]);
  await post(flow.origin, "/sign-out", {}, { cookie: north.cookie });
  await post(flow.origin, "/sign-out", {}, { cookie: everywhere.cookie });
  await Promise.all([limited.ended, whole.ended]);
}

Deno.test("refusals", async (t) => {
  await withFlow({ specs: SITES, env: { COLLECT: "off" } }, async (flow) => {
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    await t.step("say what was refused, who may, and who one is", () => words(flow, viewer));
    await t.step("are written down, 20 of one person in ten minutes", () => fewAreWrittenDown(flow, viewer));
    await t.step("of what is out of reach are those of what is not there", () => sameAsUnknown(flow));
    await t.step(
      "reading now is refused after 30 in a minute, and says when it goes on",
      () => readNowIsSlowed(flow),
    );
    await t.step(
      "keep streams to sites within reach, which is read again at the beat",
      () => streamsKeepToTheirSites(flow),
    );
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
