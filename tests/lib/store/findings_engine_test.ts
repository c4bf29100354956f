import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Finding, findingKey } from "../../../lib/domain/finding.ts";
import { ALL_SITES, type Reach } from "../../../lib/domain/permission.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import {
  listDueDevices,
  noteChecked,
  noteIdentities,
  readIdentities,
  readUnpacked,
} from "../../../lib/store/checked_devices.ts";
import {
  bringFindingBack,
  countFindings,
  forgetFindings,
  listFindings,
  putFindingAside,
  readFinding,
  saveChecks,
} from "../../../lib/store/findings.ts";
import { storeVisits } from "../../../lib/store/readings.ts";
import { onEveryEngine } from "./engines.ts";
import { claimAll, H, plansOf, visitOf } from "./estate.ts";

const NIGHT = Date.UTC(2026, 10, 21, 1, 20);
const DAY_MS = 86_400_000;
const BY = {
  atMs: NIGHT + 8 * 3_600_000,
  actor: "anna@example.org",
  userId: 3,
  origin: "192.0.2.7",
  requestId: null,
  seal: () => "0".repeat(64),
};

const REVERSED: Finding = { kind: "reversed", phases: [2], evidence: { broken: 44, judged: 48 } };
const CHANGED: Finding = {
  kind: "meter-changed",
  quantity: "serial",
  read: "1204418",
  known: "1204417",
  registered: true,
};
const LOOKED = ["reversed", "meter-changed"] as const;

onEveryEngine(
  "findings are kept, put aside with a reason, come back when they change, and are cleared",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    const siteId = plan?.site.id ?? 0;
    const meterId = plan?.meters[0]?.id ?? 0;
    const night = (n: number, findings: readonly Finding[]) =>
      saveChecks(db, [{ meterId, findings, looked: LOOKED }], NIGHT + n * DAY_MS);
    const seen = async (state: "open" | "aside", nowMs = NIGHT + DAY_MS) =>
      (await listFindings(db, { reaches: [ALL_SITES], nowMs, state })).map(({ finding }) => finding.kind);
    deepStrictEqual(await night(0, [REVERSED, CHANGED]), { opened: 2, cleared: 0 });
    deepStrictEqual(await night(0, [REVERSED, CHANGED]), { opened: 0, cleared: 0 }, "a repeated night");
    deepStrictEqual(await seen("open"), ["meter-changed", "reversed"]);
    const [first] = await listFindings(db, { reaches: [ALL_SITES], nowMs: NIGHT, state: "open" });
    deepStrictEqual(first?.finding, CHANGED);
    deepStrictEqual([first?.siteName, first?.meterName, first?.groupName], ["Site 001", "Main", null]);

    const place = { siteId, meterId, kind: "reversed" as const };
    const wish = {
      ...place,
      reason: "PV on the roof",
      untilMs: NIGHT + 5 * DAY_MS,
      key: findingKey(REVERSED),
    };
    deepStrictEqual(await putFindingAside(db, BY, { ...wish, key: "3" }), { ok: false, error: "changed" });
    strictEqual((await putFindingAside(db, BY, wish)).ok, true);
    deepStrictEqual([await seen("open"), await seen("aside")], [["meter-changed"], ["reversed"]]);
    deepStrictEqual(
      await seen("open", NIGHT + 5 * DAY_MS),
      ["meter-changed", "reversed"],
      "when its time is over",
    );
    strictEqual((await readFinding(db, place))?.aside?.reason, "PV on the roof");
    strictEqual((await listAudit(db, 1))[0]?.action, "finding-put-aside");
    deepStrictEqual(await night(1, [REVERSED, CHANGED]), { opened: 0, cleared: 0 });
    deepStrictEqual(await night(2, [{ ...REVERSED, phases: [1] }, CHANGED]), { opened: 1, cleared: 0 });
    deepStrictEqual(await seen("aside"), []);

    strictEqual((await putFindingAside(db, BY, { ...wish, untilMs: null, key: "1" })).ok, true);
    strictEqual((await bringFindingBack(db, BY, place)).ok, true);
    strictEqual((await listAudit(db, 1))[0]?.action, "finding-brought-back");
    deepStrictEqual(await seen("open"), ["meter-changed", "reversed"]);
    deepStrictEqual(await night(3, []), { opened: 0, cleared: 2 });
    deepStrictEqual(await seen("open"), []);
    strictEqual(await readFinding(db, place), null);
    deepStrictEqual(await putFindingAside(db, BY, { ...wish, key: "1" }), { ok: false, error: "gone" });
    strictEqual(await forgetFindings(db, NIGHT + 300 * DAY_MS), 0);
    strictEqual(await forgetFindings(db, NIGHT + 500 * DAY_MS), 2);
  },
);

onEveryEngine("findings are seen by whoever reaches the site alone, and counted so", async (db) => {
  const plans = await plansOf(db, 3);
  const results = plans.map(({ meters }) => ({
    meterId: meters[0]?.id ?? 0,
    findings: [REVERSED],
    looked: LOOKED,
  }));
  await saveChecks(db, results, NIGHT);
  const some: Reach = { kind: "some", groupIds: [], siteIds: [plans[1]?.site.id ?? 0] };
  const query = { nowMs: NIGHT, state: "open" as const };
  const names = async (reaches: readonly Reach[], more = {}) =>
    (await listFindings(db, { ...query, reaches, ...more })).map(({ siteName }) => siteName);
  deepStrictEqual(await names([ALL_SITES]), ["Site 001", "Site 002", "Site 003"]);
  deepStrictEqual(await names([some]), ["Site 002"]);
  deepStrictEqual(await names([]), []);
  deepStrictEqual(await names([ALL_SITES], { kind: "voltage" }), []);
  deepStrictEqual(await names([ALL_SITES], { siteId: plans[2]?.site.id }), ["Site 003"]);
  deepStrictEqual([...await countFindings(db, { ...query, reaches: [ALL_SITES] })], [["reversed", 3]]);
  deepStrictEqual([...await countFindings(db, { ...query, reaches: [some] })], [["reversed", 1]]);
  await db.kysely.updateTable("meter").set({ until: H }).where("site_id", "=", plans[0]?.site.id ?? 0)
    .execute();
  deepStrictEqual(await names([ALL_SITES]), ["Site 002", "Site 003"], "a retired device has none");
  const elsewhere = {
    siteId: plans[2]?.site.id ?? 0,
    meterId: plans[1]?.meters[0]?.id ?? 0,
    kind: "reversed" as const,
  };
  strictEqual(await readFinding(db, elsewhere), null, "a device of another site");
  deepStrictEqual(await bringFindingBack(db, BY, elsewhere), { ok: false, error: "gone" });
});

onEveryEngine(
  "devices are due once a night, with what was stored and what they said of themselves",
  async (db) => {
    const plans = await plansOf(db, 3);
    const [plan] = plans;
    if (!plan) throw new Error("There is no site");
    const due = (after = 0, limit = 2) =>
      listDueDevices(db, { checkedBeforeMs: NIGHT - DAY_MS / 2, halfHour: H + 1, after, limit });
    const ids = async (after = 0) => (await due(after)).map(({ siteId }) => siteId);
    deepStrictEqual(await ids(), plans.slice(0, 2).map(({ site }) => site.id));
    deepStrictEqual(await ids(plans[1]?.meters[0]?.id), [plans[2]?.site.id]);
    await noteChecked(db, [plan.meters[0]?.id ?? 0], NIGHT);
    await noteChecked(db, [plan.meters[0]?.id ?? 0], NIGHT + 1);
    deepStrictEqual(await ids(), plans.slice(1).map(({ site }) => site.id));
    await db.kysely.updateTable("site").set({ collected: 0 }).where("site_id", "=", plans[1]?.site.id ?? 0)
      .execute();
    deepStrictEqual(await ids(), [plans[2]?.site.id], "a site that is not collected is not checked");

    const claim = await claimAll(db, H);
    await storeVisits(db, claim, [visitOf(plan, H)], NIGHT);
    const channels = plan.channels.map(({ id, quantity, kind }) => ({ id, quantity, kind }));
    const rows = await readUnpacked(db, { channels, from: H - 47, to: H + 1 });
    deepStrictEqual(rows.map(({ words, text }) => text ?? words).toSorted(), ["000f4240", "0901", "v1.2"]);

    const identity = {
      meterId: plan.meters[0]?.id ?? 0,
      quantity: "firmware",
      first: "v1.2",
      firstMs: NIGHT,
      read: "v1.2",
    };
    await noteIdentities(db, [identity], NIGHT);
    await noteIdentities(db, [{ ...identity, read: "v1.3" }], NIGHT + DAY_MS);
    deepStrictEqual(await readIdentities(db, [identity.meterId]), [{ ...identity, read: "v1.3" }]);
  },
);
