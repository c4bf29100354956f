/**
 * The configuration of a site's router over HTTP: who sees it, who takes its files away, and what a site's name cannot do.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { TEMPLATES } from "../../lib/routers/templates.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { EXPORTS_BY_PERSON } from "../../lib/web/export_limit.ts";
import { siteSpec } from "../collector/simulated.ts";
import { ask, type Flow, post, signInByHand, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";

const ATTACK = `Kiln'; touch pwned; "$(id)"`;
const SPLIT = "Kiln\r\nset-cookie: a=1\r\n\r\n<b>";
const SPECS = [siteSpec(), siteSpec({ name: ATTACK }), siteSpec({ name: SPLIT })];

interface Scene extends Flow {
  readonly look: (path: string, visitor: Pick<Visitor, "cookie">) => Promise<
    { readonly status: number; readonly text: string; readonly headers: Headers }
  >;
  readonly operator: Visitor;
  readonly viewer: Visitor;
}

async function withScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFlow({ specs: SPECS, env: { COLLECT: "off" } }, async (flow) => {
    const operator = await makeVisitor(flow, { name: "operator", role: "operator" });
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const look: Scene["look"] = (path, { cookie }) => ask(flow.origin, path, { headers: { cookie } });
    await body({ ...flow, look, operator, viewer });
  });
}

const fileOf = (siteId: number | undefined, id: string) => `/sites/${siteId}/router/${id}`;

async function saveOwn({ origin }: Flow, own: string, version: string) {
  const cookie = await signInByHand(origin);
  return await post(origin, "/admin/networks", { own, version }, { cookie });
}

async function takesFiles(scene: Scene): Promise<void> {
  const { look, operator, siteIds, opened } = scene;
  const shown = await look(`/sites/${siteIds[0]}/router`, operator);
  strictEqual(shown.status, 200);
  match(shown.text, /127\.0\.0\.1/);
  match(shown.text, /Set the addresses of Wattpost first/);
  for (const { id, ending, title, version } of TEMPLATES) {
    ok(shown.text.includes(fileOf(siteIds[0], id)));
    const file = await look(fileOf(siteIds[0], id), operator);
    strictEqual(file.status, 200);
    strictEqual(file.headers.get("content-type"), "text/plain; charset=utf-8");
    strictEqual(file.headers.get("content-disposition"), `attachment; filename="kiln-lane-${id}.${ending}"`);
    ok(file.text.includes(title), "it says what it is");
    ok(file.text.includes(`version ${version}`));
    match(file.text, /Set the addresses of Wattpost first/);
    doesNotMatch(file.text, /target=ACCEPT|'ACCEPT'/);
  }
  const rows = (await listAudit(opened.db)).filter(({ action }) => action === "router-template");
  deepStrictEqual(
    rows.map(({ subject, actor }) => [subject, actor]),
    [0, 1, 2].map(() => [
      `site ${siteIds[0]}`,
      operator.user.email,
    ]),
  );
}

async function admitsWhatWasSet(scene: Scene): Promise<void> {
  const { look, operator, siteIds } = scene;
  const wrong = await saveOwn(scene, "0.0.0.0/0\n$(reboot)", "0");
  strictEqual(wrong.status, 422);
  match(wrong.text, /is too wide/);
  ok(wrong.text.includes("0.0.0.0/0"), "what was typed is kept");
  const right = await saveOwn(scene, "8.8.8.8/32\n10.8.7.6/24", "0");
  deepStrictEqual([right.status, right.headers.get("location")], [303, "/admin/networks?saved=own"]);
  strictEqual((await saveOwn(scene, "", "0")).status, 409, "somebody else was quicker");
  const script = await look(fileOf(siteIds[0], "rutos-commands"), operator);
  match(script.text, /^OWN='8\.8\.8\.8 10\.8\.7\.0\/24'/m);
  doesNotMatch(script.text, /Set the addresses/);
  doesNotMatch((await look(`/sites/${siteIds[0]}/router`, operator)).text, /Set the addresses/);
}

async function refuses(scene: Scene): Promise<void> {
  const { look, operator, viewer, siteIds } = scene;
  const shown = await look(`/sites/${siteIds[0]}/router`, viewer);
  strictEqual(shown.status, 200);
  doesNotMatch(shown.text, /127\.0\.0\.1|8\.8\.8\.8|\/router\/rutos/);
  const named = { kind: "some" as const, groupIds: [], siteIds: [siteIds[1] ?? 0] };
  const far = await makeVisitor(scene, { name: "far", role: "operator", reach: named });
  strictEqual((await look(`/sites/${siteIds[0]}/router`, far)).status, 404);
  for (const { id } of TEMPLATES) {
    strictEqual((await look(fileOf(siteIds[0], id), viewer)).status, 403);
    strictEqual((await look(fileOf(siteIds[0], id), far)).status, 404);
    strictEqual((await look(fileOf(siteIds[1], id), far)).status, 200);
  }
  for (const id of ["rutos", "__proto__", "..%2F..%2Fetc%2Fpasswd", "rutos-file%0d%0aset-cookie:%20a=1"]) {
    strictEqual((await look(fileOf(siteIds[0], id), operator)).status, 404);
  }
}

async function namesAreNames({ look, operator, siteIds }: Scene): Promise<void> {
  const script = await look(fileOf(siteIds[1], "rutos-commands"), operator);
  ok(script.text.includes(`'Kiln'\\''; touch pwned; "$(id)"'`), "the name stands between quotes");
  strictEqual(
    script.headers.get("content-disposition"),
    'attachment; filename="kiln-touch-pwned-id-rutos-commands.sh"',
  );
  const split = await look(fileOf(siteIds[2], "rutos-commands"), operator);
  strictEqual(split.status, 422);
  strictEqual(split.headers.get("set-cookie"), null);
  match(split.text, /^No file can be made\nThe site's name: /);
  const shown = await look(`/sites/${siteIds[2]}/router`, operator);
  strictEqual(shown.status, 200);
  match(shown.text, /No file can be made/);
  doesNotMatch(shown.text, /\/router\/rutos-commands"|\n<b>/);
}

async function knowsTheSim(scene: Scene): Promise<void> {
  const { look, operator, viewer, siteIds, opened } = scene;
  const sim = { iccid: null, number: "+447700900123", operator: "Op", apn: "iot'$(id)", allowanceMB: 500 };
  await opened.db.kysely.insertInto("router").values({
    site_id: siteIds[0] ?? 0,
    profile_id: null,
    model: "RUT956",
    serial: "1122334455",
    user_name: null,
    sim: JSON.stringify(sim),
  }).onConflict((conflict) =>
    conflict.column("site_id").doUpdateSet({ model: "RUT956", sim: JSON.stringify(sim) })
  )
    .execute();
  const script = await look(fileOf(siteIds[0], "rutos-commands"), operator);
  ok(
    script.text.includes(`uci set "network.$CELLULAR.apn"='iot'\\''$(id)'`),
    "the APN stands between quotes",
  );
  match(script.text, /# Router: RUT956, serial /);
  const page = `/sites/${siteIds[0]}/router`;
  match((await look(page, operator)).text, /500 MB/);
  doesNotMatch((await look(page, viewer)).text, /7700900123|\$\(id\)/);
}

async function saysWhatDiffers(scene: Scene): Promise<void> {
  const { look, operator, viewer, siteIds, opened } = scene;
  const page = `/sites/${siteIds[0]}/router`;
  const before = await look(page, operator);
  match(before.text, /Nothing has changed since/);
  match(before.text, new RegExp(`by ${operator.user.email}, version \\d+, SHA-256 [0-9a-f]{12}`));
  doesNotMatch((await look(page, viewer)).text, /SHA-256|Nothing has changed since/);
  const row = await opened.db.kysely.selectFrom("router").select("sim").where("site_id", "=", siteIds[0] ?? 0)
    .executeTakeFirstOrThrow();
  const sim: unknown = { ...JSON.parse(row.sim ?? "{}"), apn: "m2m.example" };
  await opened.db.kysely.updateTable("router").set({ sim: JSON.stringify(sim) })
    .where("site_id", "=", siteIds[0] ?? 0).execute();
  const after = await look(page, operator);
  match(after.text, /What it was made from has changed/);
  match(after.text, /APN: was [^<]+, is m2m\.example/);
}

async function isThrottled(scene: Scene): Promise<void> {
  const { look, siteIds } = scene;
  const eager = await makeVisitor(scene, { name: "eager", role: "operator" });
  const path = fileOf(siteIds[0], "general-sheet");
  for (let n = 0; n < EXPORTS_BY_PERSON.tries; n++) strictEqual((await look(path, eager)).status, 200);
  strictEqual((await look(path, eager)).status, 429);
  strictEqual((await look(`/sites/${siteIds[0]}/router`, eager)).status, 200, "looking is not counted");
}

Deno.test("the configuration of a router", async (t) => {
  await withScene(async (scene) => {
    await t.step(
      "its files are taken away by an operator, and each is written down",
      () => takesFiles(scene),
    );
    await t.step("it admits what an administrator set", () => admitsWhatWasSet(scene));
    await t.step(
      "viewers look without addresses, and what is out of reach is not there",
      () => refuses(scene),
    );
    await t.step("a site's name breaks out of no script and no header", () => namesAreNames(scene));
    await t.step("it knows the SIM as it is registered", () => knowsTheSim(scene));
    await t.step("it says what differs since a file was taken", () => saysWhatDiffers(scene));
    await t.step("files are counted with the other exports", () => isThrottled(scene));
  });
});
