/**
 * A site's place in the VPN over HTTP: given, taken away as a file, changed and ended; and what an administrator sees.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { formatHostVpn, type HostVpn, parsePeers } from "../../lib/domain/vpn_exchange.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { VPN_TEMPLATES } from "../../lib/routers/vpn_templates.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { readDialPlaces } from "../../lib/store/dial_places.ts";
import { getVpnPeer } from "../../lib/store/vpn_peers.ts";
import { siteSpec } from "../collector/simulated.ts";
import { eventually } from "../flows/product_process.ts";
import { ask, FIRST, type Flow, post, signInByHand, withFlow, withFolder } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";

const HOST_KEY = new Uint8Array(32).fill(9).toBase64();

interface Scene extends Flow {
  readonly hostDir: string;
  readonly operator: Visitor;
  readonly viewer: Visitor;
  readonly siteId: number;
  readonly get: (path: string, who?: Pick<Visitor, "cookie">) => ReturnType<typeof ask>;
  readonly act: (path: string, form: Readonly<Record<string, string>>) => ReturnType<typeof post>;
  readonly tell: (change?: Partial<HostVpn>) => Promise<void>;
}

async function withScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFolder(async (hostDir) => {
    const env = { COLLECT: "off", HOST_DIR: hostDir };
    await withFlow({ specs: [siteSpec(), siteSpec({ name: "Harbour" })], env }, async (flow) => {
      const operator = await makeVisitor(flow, { name: "operator", role: "operator" });
      const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
      const [siteId = 0] = flow.siteIds;
      await body({
        ...flow,
        hostDir,
        operator,
        viewer,
        siteId,
        get: (path, { cookie } = operator) => ask(flow.origin, path, { headers: { cookie } }),
        act: (path, form) => post(flow.origin, path, form, { cookie: operator.cookie }),
        async tell(change = {}) {
          const text = formatHostVpn({
            interfaceName: "wattpost0",
            publicKey: HOST_KEY,
            endpoint: "energy.example.com",
            port: 51_820,
            network: "10.8.0.0/16",
            network6: "fd12:3456:789a::/64",
            atMs: flow.clock.nowMs(),
            heard: new Map(),
            refused: null,
            ...change,
          });
          await Deno.writeTextFile(`${hostDir}/vpn.json`, text);
        },
      });
    });
  });
}

const pageOf = ({ siteId }: Scene) => `/sites/${siteId}/router/vpn`;

async function saysHow({ get, act, ...scene }: Scene): Promise<void> {
  const page = pageOf({ get, act, ...scene });
  match((await get(page)).text, /This server has no VPN yet.*deno task host apply/s);
  strictEqual((await act(page, { do: "issue:0" })).status, 422);
  strictEqual(await getVpnPeer(scene.opened.db, scene.siteId), null);
  const cookie = await signInByHand(scene.origin);
  match((await get("/admin/networks", { cookie })).text, /This server has no VPN yet/);
  match((await get(`/sites/${scene.siteId}/router`, scene.viewer)).text, /This machine/);
}

const peersAsked = async ({ opened: _, ...scene }: Scene, folder: string) => {
  const networks = { network: "10.8.0.0/16", network6: "fd12:3456:789a::/64" };
  const read = parsePeers(await Deno.readTextFile(`${folder}/requests/peers.json`), networks);
  if (!read.ok) throw new Error(`${scene.siteId}: ${read.error}`);
  return read.value;
};

async function isGiven(scene: Scene, folder: string): Promise<void> {
  const { get, act, tell, siteId, opened } = scene;
  await tell();
  const page = pageOf(scene);
  const issued = await act(page, { do: "issue:0" });
  deepStrictEqual([issued.status, issued.headers.get("location")], [303, `${page}?done=issue`]);
  strictEqual((await act(page, { do: "issue:0" })).status, 409, "once is enough");
  const peer = await getVpnPeer(opened.db, siteId);
  ok(peer?.publicKey);
  deepStrictEqual(await peersAsked(scene, folder), [
    { keys: [peer.publicKey], addresses: ["10.8.0.2", "fd12:3456:789a::2"] },
  ]);
  const shown = (await get(page)).text;
  match(shown, /Planned: no file was taken away/);
  for (const { id, ending } of VPN_TEMPLATES) {
    const file = await get(`${page}/${id}`);
    strictEqual(file.status, 200);
    strictEqual(file.headers.get("cache-control"), "no-store");
    strictEqual(
      file.headers.get("content-disposition"),
      `attachment; filename="kiln-lane-vpn-${id}.${ending}"`,
    );
    ok(file.text.includes(HOST_KEY) && file.text.includes("10.8.0.2/32"));
    const [, key = "-"] = /^PrivateKey = (.*)$/m.exec((await get(`${page}/wg-quick`)).text) ?? [];
    ok(file.text.includes(key));
    for (const path of [page, `/sites/${siteId}/router`, `${page}/revoke`]) {
      ok(!(await get(path)).text.includes(key), `${path} shows no key`);
    }
    ok(!JSON.stringify(await listAudit(opened.db)).includes(key), "nor does the trail");
  }
  match((await get(page)).text, /Issued: the router was not heard yet/);
}

async function isReadFirst(scene: Scene): Promise<void> {
  const { act, get, opened, siteId, hostDir } = scene;
  const page = pageOf(scene);
  strictEqual((await act(page, { do: "first:1" })).status, 303);
  const plan = await getSitePlan(opened.db, siteId, FIRST);
  deepStrictEqual(plan?.paths.map(({ host }) => host), ["10.8.0.2", "127.0.0.1"]);
  const { places, own } = await readDialPlaces(opened.db, hostDir);
  deepStrictEqual(places.networks, ["10.8.0.0/16", "fd12:3456:789a::/64"]);
  deepStrictEqual(own[0], { address: "10.8.0.1", port: null }, "the host is no site");
  deepStrictEqual((await readDialPlaces(opened.db)).places.networks, [], "nobody had to type it");
  match((await get(`/sites/${siteId}/router`)).text, /Nobody on the way can read it/);
}

async function isChanged(scene: Scene, folder: string): Promise<void> {
  const { act, get, tell, opened, siteId } = scene;
  const page = pageOf(scene);
  const first = await getVpnPeer(opened.db, siteId);
  const atS = Math.floor(scene.clock.nowMs() / 1_000) - 40;
  await tell({ heard: new Map([[first?.publicKey ?? "", atS]]) });
  const shown = (await get(page)).text;
  match(shown, /Active/);
  match(shown, /40 s ago/);
  // The page shows what follows from the handshake; the step of the half-hour writes it down.
  scene.product.tick();
  const stored = async () => await getVpnPeer(opened.db, siteId);
  await eventually("the step wrote it down", async () => (await stored())?.state === "active");
  strictEqual((await act(page, { do: "rotate:1" })).status, 409, "it was heard meanwhile");
  strictEqual((await act(page, { do: `rotate:${(await stored())?.version}` })).status, 303);
  match((await get(page)).text, /The old key holds until the router is heard with the new one/);
  const rotating = await stored();
  deepStrictEqual((await peersAsked(scene, folder))[0]?.keys, [first?.publicKey, rotating?.nextKey]);
}

async function isNotUnderstood(scene: Scene): Promise<void> {
  const { get, hostDir, tell } = scene;
  await Deno.writeTextFile(`${hostDir}/vpn.json`, "<script>");
  const { text } = await get(pageOf(scene));
  match(text, /What the host tells of its VPN is not understood/);
  match(text, /journalctl -u wattpost-requests/);
  match(text, /None can be made now/);
  match(text, /Revoke…/, "a stolen router does not wait");
  match((await get(`${pageOf(scene)}/revoke`)).text, /As soon as it tells of its VPN again/);
  await tell();
}

async function refusesOthers(scene: Scene): Promise<void> {
  const { get, origin, siteId, viewer, operator, clock } = scene;
  const page = pageOf(scene);
  for (const path of [page, `${page}/wg-quick`, `${page}/revoke`]) {
    strictEqual((await get(path, viewer)).status, 403);
  }
  const named = { kind: "some" as const, groupIds: [], siteIds: [scene.siteIds[1] ?? 0] };
  const far = await makeVisitor(scene, { name: "far", role: "operator", reach: named });
  strictEqual((await get(`${page}/wg-quick`, far)).status, 404);
  for (const id of ["rutos", "__proto__", "..%2Fwg-quick"]) {
    strictEqual((await get(`${page}/${id}`)).status, 404);
  }
  doesNotMatch((await get(`/sites/${siteId}/router`, viewer)).text, /10\.8\.0\.2|VPN of this router/);
  await clock.advance(FRESH_MS + 1_000);
  for (const path of [page, `${page}/wg-quick`, `${page}/revoke`]) {
    const answer = await get(path);
    strictEqual(answer.status, 303, "an open browser is not enough");
    match(answer.headers.get("location") ?? "", /^\/account\/confirm\?back=/);
  }
  for (const [path, form] of [[page, { do: "rotate:1" }], [`${page}/revoke`, { version: "1" }]] as const) {
    const answer = await post(origin, path, form, { cookie: operator.cookie });
    match(answer.headers.get("location") ?? "", /^\/account\/confirm/);
  }
}

async function isEnded(scene: Scene, folder: string): Promise<void> {
  const { opened, siteId, origin, operator, tell } = scene;
  await tell();
  const cookie = await signInAs(scene, operator.user.email);
  const page = pageOf(scene);
  const version = String((await getVpnPeer(opened.db, siteId))?.version);
  match((await scene.get(`${page}/revoke`, { cookie })).text, /Revoke the VPN of Kiln Lane\?/);
  strictEqual((await post(origin, `${page}/revoke`, { version: "1" }, { cookie })).status, 409);
  const ended = await post(origin, `${page}/revoke`, { version }, { cookie });
  deepStrictEqual([ended.status, ended.headers.get("location")], [303, `${page}?done=revoked`]);
  deepStrictEqual(await peersAsked(scene, folder), []);
  strictEqual((await scene.get(`${page}/wg-quick`, { cookie })).status, 404);
  const administrator = await signInByHand(origin);
  match((await scene.get("/admin/networks", { cookie: administrator })).text, /Revoked/);
  const actions = (await listAudit(opened.db)).map(({ action }) => action);
  for (const action of ["vpn-issued", "vpn-rotated", "vpn-revoked", "site-changed"]) {
    strictEqual(actions.filter((one) => one === action).length, 1, action);
  }
}

Deno.test("a site's place in the VPN", async (t) => {
  await withScene(async (scene) => {
    const folder = scene.folder;
    await t.step("without a VPN of the server the pages say who sets one up", () => saysHow(scene));
    await t.step("it is given once, and only the files hold the key", () => isGiven(scene, folder));
    await t.step("it is read first, and its network needs no leave", () => isReadFirst(scene));
    await t.step("its key is changed while the old one holds", () => isChanged(scene, folder));
    await t.step("what the host tells and nobody understands is said", () => isNotUnderstood(scene));
    await t.step("it is nobody else's, and not of an open browser", () => refusesOthers(scene));
    await t.step("it is revoked, and the host is told", () => isEnded(scene, folder));
  });
});
