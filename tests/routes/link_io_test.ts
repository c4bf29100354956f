/**
 * The link of a site over HTTP: who sees it, who changes what it is judged by, who takes its days away.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { keepLinks } from "../../lib/store/link_night.ts";
import { siteSpec } from "../collector/simulated.ts";
import { ask, FIRST, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";

const SPECS = [siteSpec({ hosts: ["127.0.0.1", "127.0.0.2"] }), siteSpec({ name: '=HYPERLINK("x")' })];

interface Scene extends Flow {
  readonly look: (path: string, visitor: Pick<Visitor, "cookie">) => Promise<
    { readonly status: number; readonly text: string; readonly headers: Headers }
  >;
  readonly operator: Visitor;
  readonly viewer: Visitor;
}

async function shows({ look, operator, siteIds, opened, clock }: Scene): Promise<void> {
  const path = `/sites/${siteIds[0]}/link`;
  const shown = await look(path, operator);
  strictEqual(shown.status, 200);
  for (
    const words of [
      /Answers over cellular/,
      /Way in/,
      /Signal/,
      /Position not registered/,
      /What it is judged by/,
    ]
  ) {
    match(shown.text, words);
  }
  for (const days of ["2", "60", "7", "__proto__", "%00"]) {
    strictEqual((await look(`${path}?days=${days}`, operator)).status, 200);
  }
  match((await look(`/sites/${siteIds[0]}`, operator)).text, new RegExp(`href="${path}"`));
  await keepLinks(opened.db, { nowMs: clock.nowMs(), signal: new AbortController().signal });
  const list = await look("/sites/links?all", operator);
  match(list.text, /Kiln Lane/);
  match(list.text, new RegExp(`href="${path}"`));
  strictEqual((await look("/sites/links?page=9999", operator)).status, 200);
}

async function saves({ look, operator, siteIds, opened, origin }: Scene): Promise<void> {
  const path = `/sites/${siteIds[0]}/link`;
  const send = (form: Readonly<Record<string, string>>) =>
    post(origin, path, form, { cookie: operator.cookie });
  const bad = await send({ radius: "12", billingDay: "32", version: "0" });
  strictEqual(bad.status, 422);
  match(bad.text, /&quot;12&quot; is no whole number from 50 to 100,000/);
  match(bad.text, /&quot;32&quot; is no whole number from 1 to 31/);
  match(bad.text, /value="12"/);
  strictEqual(
    (await send({ radius: "500", billingDay: "15", version: "0", own: "1" })).status,
    422,
    "unknown field",
  );
  const good = await send({ radius: "1,500", billingDay: "15", version: "0" });
  deepStrictEqual([good.status, good.headers.get("location")], [303, `${path}?saved#judged`]);
  strictEqual(
    (await send({ radius: "600", billingDay: "15", version: "0" })).status,
    409,
    "somebody was quicker",
  );
  match((await look(path, operator)).text, /value="1500"/);
  const [entry] = (await listAudit(opened.db)).filter(({ action }) => action === "link-changed");
  deepStrictEqual(entry?.after, { radiusM: 1_500, billingDay: 15 });
}

async function takesDays({ look, operator, siteIds }: Scene): Promise<void> {
  const csv = await look(`/sites/${siteIds[0]}/link.csv`, operator);
  strictEqual(csv.status, 200);
  strictEqual(csv.headers.get("content-type"), "text/csv; charset=utf-8");
  const lines = csv.text.trim().split("\r\n");
  strictEqual(lines.length, 61);
  match(lines[0] ?? "", /^local_date,main_path_half_hours,/);
  match(lines.at(-1) ?? "", /^2026-11-02,1,0,0,0,/);
  const odd = await look(`/sites/${siteIds[1]}/link.csv`, operator);
  match(odd.headers.get("content-disposition") ?? "", /filename="hyperlink-x-link-2026-11-02\.csv"/);
}

async function refuses(scene: Scene): Promise<void> {
  const { look, viewer, siteIds, origin } = scene;
  const path = `/sites/${siteIds[0]}/link`;
  const shown = await look(path, viewer);
  strictEqual(shown.status, 200);
  doesNotMatch(shown.text, /What it is judged by/);
  strictEqual(
    (await post(origin, path, { radius: "500", billingDay: "1", version: "1" }, { cookie: viewer.cookie }))
      .status,
    403,
  );
  const named = { kind: "some" as const, groupIds: [], siteIds: [siteIds[1] ?? 0] };
  const far = await makeVisitor(scene, { name: "far", role: "operator", reach: named });
  for (const one of [path, `${path}.csv`]) strictEqual((await look(one, far)).status, 404);
  strictEqual(
    (await post(origin, path, { radius: "500", billingDay: "1", version: "1" }, { cookie: far.cookie }))
      .status,
    404,
  );
  doesNotMatch((await look("/sites/links?all", far)).text, /Kiln Lane/);
  for (const id of ["0", "999999", "-1", "x"]) {
    strictEqual((await look(`/sites/${id}/link`, far)).status, 404);
  }
}

Deno.test("the link of a site", async (t) => {
  await withFlow({ specs: SPECS }, async (flow) => {
    const operator = await makeVisitor(flow, { name: "operator", role: "operator" });
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const look: Scene["look"] = (path, { cookie }) => ask(flow.origin, path, { headers: { cookie } });
    const scene = { ...flow, look, operator, viewer };
    await flow.collect(FIRST);
    ok(flow.siteIds.length === 2);
    await t.step("is shown, and stands in the list of links", () => shows(scene));
    await t.step("is judged by what an operator says, with what was typed kept", () => saves(scene));
    await t.step("is taken away as days", () => takesDays(scene));
    await t.step("is out of reach for others, and viewers change nothing", () => refuses(scene));
  });
});
