/**
 * Findings of the nightly check over HTTP: listed within reach, on the site's page and on Today, put aside with a
 * reason, brought back, and refused to whoever may not.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import type { Finding } from "../../lib/domain/finding.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { noteChecked } from "../../lib/store/checked_devices.ts";
import { saveChecks } from "../../lib/store/findings.ts";
import { siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";
import { type Place, placeOf } from "./places.ts";

const REVERSED: Finding = { kind: "reversed", phases: [2], evidence: { broken: 44, judged: 48 } };
const CHANGED: Finding = {
  kind: "meter-changed",
  quantity: "serial",
  read: "<b>1204418",
  known: "1204417",
  registered: true,
};

type Form = Readonly<Record<string, string>>;

interface Scene {
  readonly flow: Flow;
  readonly near: Place;
  readonly far: Place;
  readonly hands: string;
  readonly looks: string;
  readonly nearOnly: string;
}

const look = ({ flow }: Scene, cookie: string, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });
const send = ({ flow }: Scene, cookie: string, path: string, form: Form = {}): Promise<Answer> =>
  post(flow.origin, path, form, { cookie });

async function found(scene: Scene, findings: readonly Finding[]): Promise<void> {
  const { flow, near, far } = scene;
  const looked = ["reversed", "meter-changed"] as const;
  const results = [{ meterId: near.device, findings, looked }, { meterId: far.device, findings, looked }];
  await saveChecks(flow.opened.db, results, flow.clock.nowMs());
}

const pathOf = ({ id, device }: Place, kind = "reversed") => `/sites/${id}/devices/${device}/checks/${kind}`;

async function listed(scene: Scene): Promise<void> {
  const { near, far, looks, nearOnly } = scene;
  const nothing = await look(scene, looks, "/sites/checks");
  match(nothing.text, /Not checked yet/);
  await noteChecked(scene.flow.opened.db, [near.device], scene.flow.clock.nowMs());
  match((await look(scene, looks, "/sites/checks")).text, /Nothing found/);
  doesNotMatch((await look(scene, looks, "/")).text, /nightly check/);
  await found(scene, [REVERSED, CHANGED]);
  const all = await look(scene, looks, "/sites/checks");
  match(all.text, /L2 flows against the other phases/);
  match(all.text, /Serial number &lt;b>1204418 instead of 1204417, which was registered/);
  for (const place of [near, far]) match(all.text, new RegExp(`href="${pathOf(place)}"`));
  match(all.text, /4 findings of the nightly check/);
  const some = await look(scene, nearOnly, "/sites/checks");
  match(some.text, new RegExp(`href="${pathOf(near)}"`));
  doesNotMatch(some.text, new RegExp(`href="${pathOf(far)}"`));
  match(some.text, /2 findings of the nightly check/);
  const kind = await look(scene, looks, "/sites/checks?kind=meter-changed");
  doesNotMatch(kind.text, /flows against/);
  match((await look(scene, looks, "/sites/checks?kind=voltage")).text, /None of this kind/);
  match((await look(scene, looks, "/sites/checks?kind=%3Cscript%3E")).text, /flows against/);
  match((await look(scene, looks, `/sites/${near.id}`)).text, /Found at night.*?flows against/s);
  match((await look(scene, nearOnly, "/")).text, />2 findings<\/a> of the nightly check wait/);
}

async function refused(scene: Scene): Promise<void> {
  const { near, far, looks, nearOnly, hands } = scene;
  const page = await look(scene, looks, pathOf(near));
  strictEqual(page.status, 200);
  match(page.text, /in 44 of 48 readings/);
  doesNotMatch(page.text, /name="reason"/);
  const form = { reason: "PV", until: "changes", key: "2" };
  deepStrictEqual((await send(scene, looks, pathOf(near), form)).status, 403);
  deepStrictEqual((await send(scene, looks, `${pathOf(near)}/back`)).status, 403);
  const nowhere = [
    pathOf(far),
    pathOf({ ...near, device: far.device }),
    pathOf({ ...near, device: 999 }),
    pathOf(near, "voltage"),
    pathOf(near, "toString"),
    pathOf(near, "nothing-of-the-kind"),
  ];
  for (const path of nowhere) {
    const cookie = path === pathOf(far) ? nearOnly : hands;
    strictEqual((await look(scene, cookie, path)).status, 404, path);
    strictEqual((await send(scene, cookie, path, form)).status, 404, path);
    strictEqual((await send(scene, cookie, `${path}/back`)).status, 404, path);
  }
  const cases: readonly { readonly form: Form; readonly says: RegExp }[] = [
    { form: { ...form, reason: "" }, says: /id="reason-fault".*?Is missing/s },
    { form: { ...form, reason: "x".repeat(201) }, says: /at most 200/ },
    { form: { ...form, reason: "a\u202eb" }, says: /cannot be shown/ },
    { form: { ...form, until: "ever" }, says: /id="until-fault".*?Expected one of/s },
    { form: { ...form, kind: "x" }, says: /Unknown field/ },
    { form: { ...form, key: "3" }, says: /It is another one meanwhile/ },
  ];
  for (const { form, says } of cases) {
    const answer = await send(scene, hands, pathOf(near), form);
    strictEqual(answer.status, 422, JSON.stringify(form));
    match(answer.text, says);
  }
}

async function putAside(scene: Scene): Promise<void> {
  const { flow, near, hands, looks } = scene;
  const form = { reason: "PV on the roof <8 kW>", until: "week", key: "2" };
  const put = await send(scene, hands, pathOf(near), form);
  deepStrictEqual([put.status, put.headers.get("location")], [303, "/sites/checks?done=aside"]);
  match((await look(scene, hands, "/sites/checks?done=aside")).text, /3 findings.*?<h3>Put aside</s);
  match((await look(scene, looks, "/sites/checks?show=aside")).text, /PV on the roof &lt;8 kW>/);
  const page = await look(scene, hands, pathOf(near));
  match(page.text, /Put aside until .*?PV on the roof &lt;8 kW>.*?Bring it back/s);
  const [entry] = await listAudit(flow.opened.db, 1);
  strictEqual(entry?.action, "finding-put-aside");
  strictEqual(entry?.siteId, near.id);
  strictEqual((await send(scene, hands, `${pathOf(near)}/back`, { more: "1" })).status, 400);
  const back = await send(scene, hands, `${pathOf(near)}/back`);
  deepStrictEqual([back.status, back.headers.get("location")], [303, "/sites/checks?done=back"]);
  match((await look(scene, looks, "/sites/checks")).text, /4 findings/);
  strictEqual((await listAudit(flow.opened.db, 1))[0]?.action, "finding-brought-back");
}

async function looksAtNight({ flow }: Scene): Promise<void> {
  const { opened: { db }, product } = flow;
  await flow.settle(product.nightly());
  const checked = await db.kysely.selectFrom("device_check").select("meter_id").execute();
  const meters = await db.kysely.selectFrom("meter").select("meter_id").execute();
  strictEqual(checked.length, meters.length, "the nightly work looks at every device");
  const stays = await db.kysely.selectFrom("finding").select("kind").where("cleared_ms", "is", null)
    .execute();
  strictEqual(stays.length, 4, "what could not be judged is not right again");
}

Deno.test("findings are seen by whoever reaches the site, put aside with a reason, and brought back", async () => {
  await withFlow(
    { specs: [siteSpec({ name: "Kiln Lane" }), siteSpec({ name: "Mill Road" })] },
    async (flow) => {
      const [near, far] = await Promise.all(flow.siteIds.map((id) => placeOf(flow, id)));
      if (!near || !far) throw new Error("Two sites are needed");
      const reach = { kind: "some" as const, groupIds: [], siteIds: [near.id] };
      const all = { kind: "all" as const };
      const hands = await makeVisitor(flow, { name: "Hands", role: "technician", reach: all });
      const looks = await makeVisitor(flow, { name: "Looks", role: "viewer", reach: all });
      const nearOnly = await makeVisitor(flow, { name: "Near", role: "technician", reach });
      const cookies = { hands: hands.cookie, looks: looks.cookie, nearOnly: nearOnly.cookie };
      const scene: Scene = { flow, near, far, ...cookies };
      await listed(scene);
      await refused(scene);
      await putAside(scene);
      match((await ask(flow.origin, "/metrics")).text, /wattpost_findings_open\{kind="reversed"\} 2/);
      await looksAtNight(scene);
    },
  );
});
