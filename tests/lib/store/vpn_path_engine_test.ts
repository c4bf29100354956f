import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { PATHS_MAX } from "../../../lib/domain/registration.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import { type Database, transaction } from "../../../lib/store/db.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { listSecretNames } from "../../../lib/store/secrets.ts";
import { removeSites } from "../../../lib/store/site_removal.ts";
import { putVpnPathFirst } from "../../../lib/store/vpn_path.ts";
import { issueVpnPeer, listVpnPeers } from "../../../lib/store/vpn_peers.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { HOSTS, linkPlans, MIDNIGHT } from "./link_estate.ts";

const by = authorAt(endMsOf(MIDNIGHT));
const VPN = "10.8.0.2";

async function pathsOf(db: Database, siteId: number) {
  const plan = await getSitePlan(db, siteId, MIDNIGHT);
  return plan?.paths.map(({ id, kind, host }) => ({ id, kind, host })) ?? [];
}

onEveryEngine("the VPN becomes the first way in, and the others keep their ids", async (db) => {
  const [plan, other] = await linkPlans(db, 2, MIDNIGHT);
  ok(plan && other);
  const { id: siteId } = plan.site;
  const before = await pathsOf(db, siteId);
  deepStrictEqual(await putVpnPathFirst(db, by, { siteId, host: VPN }), { ok: true, value: true });
  const [first, ...rest] = await pathsOf(db, siteId);
  deepStrictEqual([first?.host, first?.kind], [VPN, "cellular"]);
  deepStrictEqual(rest, before, "half-hours that named them still do");
  deepStrictEqual(await putVpnPathFirst(db, by, { siteId, host: VPN }), { ok: true, value: false });
  strictEqual((await pathsOf(db, siteId)).length, 3, "once is enough");
  deepStrictEqual((await pathsOf(db, other.site.id)).map(({ host }) => host), [...HOSTS]);
  const trail = await listAudit(db);
  deepStrictEqual(trail.map(({ action, before, after }) => [action, before, after]), [
    ["site-changed", { paths: [...HOSTS] }, { paths: [VPN, ...HOSTS] }],
  ]);
});

onEveryEngine("the VPN moves to the front where it was a further way", async (db) => {
  const [plan] = await linkPlans(db, 1, MIDNIGHT);
  const siteId = plan?.site.id ?? 0;
  const before = await pathsOf(db, siteId);
  ok((await putVpnPathFirst(db, by, { siteId, host: HOSTS[1] })).ok);
  deepStrictEqual(await pathsOf(db, siteId), before.toReversed());
});

onEveryEngine("a site with all the addresses it may have, or that is gone, is left as it is", async (db) => {
  const [plan] = await linkPlans(db, 1, MIDNIGHT);
  const siteId = plan?.site.id ?? 0;
  for (let i = HOSTS.length; i < PATHS_MAX; i++) {
    await putVpnPathFirst(db, by, { siteId, host: `10.9.0.${i}` });
  }
  const full = await pathsOf(db, siteId);
  deepStrictEqual(await putVpnPathFirst(db, by, { siteId, host: VPN }), { ok: false, error: "too-many" });
  deepStrictEqual(await pathsOf(db, siteId), full);
  deepStrictEqual(await putVpnPathFirst(db, by, { siteId: 99_999, host: VPN }), { ok: false, error: "gone" });
});

onEveryEngine(
  "a site that is removed takes its peer and keys along, and its place is nobody's again",
  async (db) => {
    const [plan, other] = await linkPlans(db, 2, MIDNIGHT);
    const siteId = plan?.site.id ?? 0;
    const box = await createSecretBox([newRingKey()]);
    const networks = { network: "10.8.0.0/16", network6: null };
    const issued = await issueVpnPeer(db, by, { siteId, version: 0, box, networks });
    ok(issued.ok);
    await transaction(db, (tx) => removeSites(tx, { siteIds: [siteId], from: MIDNIGHT, to: MIDNIGHT }));
    deepStrictEqual(await listVpnPeers(db), []);
    deepStrictEqual(await listSecretNames(db, { prefix: "vpn-" }), []);
    const next = await issueVpnPeer(db, by, { siteId: other?.site.id ?? 0, version: 0, box, networks });
    ok(next.ok && next.value.place > issued.value.place);
  },
);
