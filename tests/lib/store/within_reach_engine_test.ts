/**
 * Whoever reaches some sites finds in every list and count those sites alone.
 *
 * @module
 */

import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { ALL_SITES, type Reach } from "../../../lib/domain/permission.ts";
import { findSitePlace } from "../../../lib/store/site_places.ts";
import type { Database } from "../../../lib/store/db.ts";
import { countExpectedSites } from "../../../lib/store/expected.ts";
import { listFailures } from "../../../lib/store/failures.ts";
import { KEPT_SETS, keptBySites, siteSetOf } from "../../../lib/store/kept.ts";
import { recordOutage } from "../../../lib/store/ledger.ts";
import { countFleet, countHalfHour, listCompleteness, listSites } from "../../../lib/store/overview.ts";
import { listSiteIds } from "../../../lib/store/plans.ts";
import { storeVisits } from "../../../lib/store/readings.ts";
import { commonestZone } from "../../../lib/store/zones.ts";
import { loadFrame } from "../../../lib/web/pages/frame.ts";
import { loadLargest } from "../../../lib/web/pages/largest.ts";
import { loadSitesView } from "../../../lib/web/pages/sites_view.ts";
import { loadTodayView } from "../../../lib/web/pages/today_view.ts";
import { onEveryEngine } from "./engines.ts";
import { claimAll, failedVisit, H, plansOf, seriesAt, visitOf } from "./estate.ts";

const NOW = endMsOf(H);

const some = (siteIds: readonly number[], groupIds: readonly number[] = []): Reach => ({
  kind: "some",
  siteIds,
  groupIds,
});

/** Five sites: read, on its backup path, silent, incomplete, waiting; the first two are of group 7. */
async function estateOf(db: Database) {
  const [good, backup, silent, half, open] = await plansOf(db, 5);
  assert(good && backup && silent && half && open);
  await storeVisits(db, await claimAll(db, H), [
    visitOf(good, H, { newSeries: [seriesAt(good, H)] }),
    visitOf(backup, H, { pathId: backup.paths[1]?.id ?? null, newSeries: [seriesAt(backup, H)] }),
    failedVisit(silent, H, "no-route"),
    visitOf(half, H, { outcome: "partial", reason: "unit-silent" }),
  ], NOW);
  const ids = [good, backup, silent, half, open].map(({ site }) => site.id);
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = ids;
  await db.kysely.insertInto("site_group").values({ group_id: 7, name: "North" }).execute();
  await db.kysely.updateTable("site").set({ group_id: 7 }).where("site_id", "in", [first, second]).execute();
  return { good: first, backup: second, silent: third, half: fourth, open: fifth, ids };
}

onEveryEngine(
  "withinReach() takes all, some by name, some by group, what two reaches share, none",
  async (db) => {
    const { good, backup, silent, ids } = await estateOf(db);
    const cases: readonly (readonly [readonly Reach[], readonly number[]])[] = [
      [[ALL_SITES], ids],
      [[some([silent])], [silent]],
      [[some([], [7])], [good, backup]],
      [[some([silent], [7])], [good, backup, silent]],
      [[ALL_SITES, some([good, silent])], [good, silent]],
      [[some([silent, good]), some([], [7])], [good]],
      [[some([silent]), some([], [7])], []],
      [[some([])], []],
      [[some([999_999], [8])], []],
      [[], []],
    ];
    for (const [reaches, want] of cases) {
      deepStrictEqual(await listSiteIds(db, { reaches, limit: 10 }), want);
      const list = await listSites(db, { reaches, page: 1, pageSize: 10, halfHour: H });
      deepStrictEqual([list.sites.map(({ id }) => id), list.total], [want, want.length]);
      const { expected } = await countHalfHour(db, { halfHour: H, reaches });
      strictEqual(expected, want.length);
      strictEqual((await countFleet(db, { halfHour: H, reaches })).expected, want.length);
      strictEqual(await countExpectedSites(db, { halfHour: H, reaches }), want.length);
      strictEqual(await commonestZone(db, reaches), want.length === 0 ? null : "Europe/Helsinki");
    }
  },
);

onEveryEngine("countFleet() says nothing of what sites beyond reach did", async (db) => {
  const { good, backup, silent } = await estateOf(db);
  const fleet = await countFleet(db, { halfHour: H, reaches: [some([good, backup])] });
  deepStrictEqual(fleet, {
    expected: 2,
    states: { open: 0, claimed: 0, complete: 2, partial: 0, failed: 0 },
    reasons: [],
    paths: { cellular: 1, wifi: 0, wired: 1 },
    onBackup: 1,
  });
  const other = await countFleet(db, { halfHour: H, reaches: [some([silent])] });
  deepStrictEqual([other.states.failed, other.reasons], [1, [{ reason: "no-route", sites: 1 }]]);
});

onEveryEngine(
  "listCompleteness() and listFailures() keep what is of all sites from who reaches some",
  async (db) => {
    const { good, silent } = await estateOf(db);
    const span = { from: H, to: H + 5 };
    const failuresOf = async (reaches: readonly Reach[]) =>
      (await listFailures(db, { ...span, reaches }))[0]?.missing;
    // Whatever was asked before is kept in memory, in either order.
    for (const _ of [1, 2]) {
      strictEqual((await listCompleteness(db, { ...span, reaches: [ALL_SITES] }))[0]?.expected, 5);
      strictEqual((await listCompleteness(db, { ...span, reaches: [some([good])] }))[0]?.expected, 1);
      strictEqual(await failuresOf([ALL_SITES]), 1);
      strictEqual(await failuresOf([some([good])]), 0);
      strictEqual(await failuresOf([some([silent])]), 1);
    }
  },
);

onEveryEngine(
  "a site that changes its group changes every count of who reaches the group at once",
  async (db) => {
    const { good, backup, silent } = await estateOf(db);
    const span = { from: H, to: H + 6 };
    const reaches = [some([], [7])];
    const counted = async () => {
      const [complete] = await listCompleteness(db, { ...span, reaches });
      const [failures] = await listFailures(db, { ...span, reaches });
      const { largest } = await loadLargest(db, { reaches, nowMs: endMsOf(H + 48) });
      return [complete?.expected, complete?.failed, failures?.missing, largest.map(({ id }) => id).sort()];
    };
    const move = (siteId: number, groupId: number | null) =>
      db.kysely.updateTable("site").set({ group_id: groupId }).where("site_id", "=", siteId).execute();
    deepStrictEqual(await counted(), [2, 0, 0, [good, backup]]);
    await move(silent, 7);
    deepStrictEqual(await counted(), [3, 1, 1, [good, backup]]);
    await move(good, null);
    deepStrictEqual(await counted(), [2, 1, 1, [backup]]);
    await move(good, 7);
    await move(silent, null);
    deepStrictEqual(await counted(), [2, 0, 0, [good, backup]]);
  },
);

onEveryEngine("keptBySites() keeps of each set its own, and of so many sets only the newest", async (db) => {
  const { good, silent } = await estateOf(db);
  const nameOf = async (reach: Reach) => await siteSetOf(db, [reach]) ?? "";
  const [north, named] = [await nameOf(some([], [7])), await nameOf(some([good, silent]))];
  strictEqual(new Set([north, named, await nameOf(ALL_SITES), await nameOf(some([]))]).size, 4);
  strictEqual(await nameOf(some([silent, good])), named);
  let made = 0;
  const keptOf = keptBySites(() => ++made);
  deepStrictEqual([keptOf(db, north), keptOf(db, named), keptOf(db, north)], [1, 2, 1]);
  for (let i = 0; i < KEPT_SETS - 1; i++) keptOf(db, `set ${i}`);
  strictEqual(keptOf(db, north), 1);
  strictEqual(keptOf(db, named), made);
});

onEveryEngine("listCompleteness() counts an outage for the sites within reach", async (db) => {
  const { good, silent } = await estateOf(db);
  await recordOutage(db, { from: H + 1, to: H + 3, reason: "we-were-down" });
  const reaches = [some([good, silent])];
  const found = await listCompleteness(db, { from: H, to: H + 3, reaches });
  deepStrictEqual(found.map(({ expected, failed }) => [expected, failed]), [[2, 1], [2, 2], [2, 2]]);
});

onEveryEngine("the pages of who reaches two sites know no third", async (db) => {
  const { good, backup, silent } = await estateOf(db);
  const reaches = [some([good], [7])];
  const nowMs = NOW + 60_000;
  // Somebody who reaches all has asked before.
  await loadTodayView(db, { reaches: [ALL_SITES], nowMs });
  const today = await loadTodayView(db, { reaches, nowMs });
  deepStrictEqual([today.siteCount, today.expected, today.silent, today.triage?.silent], [2, 2, [], 0]);
  deepStrictEqual(today.completeness?.paths.map(({ kind, count }) => [kind, count]), [["wired", 1], [
    "cellular",
    1,
  ], ["backup", 1]]);
  strictEqual(today.cells.reduce((sum, { missing }) => sum + missing, 0), 0);
  const query = { q: "", state: "any", path: "any", sort: "name", reverse: false, page: 1 } as const;
  const list = await loadSitesView(db, { query: { ...query, q: "Site 00" }, reaches, nowMs });
  deepStrictEqual([list.siteCount, list.found, list.rows.map(({ row }) => row.id)], [2, 2, [good, backup]]);
  const frame = await loadFrame(db, { path: "/", adminHref: null, reaches, nowMs });
  deepStrictEqual([frame.cycle?.reported, frame.cycle?.expected], [2, 2]);
  const nextDay = endMsOf(H + 48);
  const names = async (them: readonly Reach[]) =>
    (await loadLargest(db, { reaches: them, nowMs: nextDay })).largest.map(({ id }) => id).sort();
  deepStrictEqual((await names([ALL_SITES])).length > 2, true);
  deepStrictEqual(await names(reaches), [good, backup]);
  deepStrictEqual(await names([some([silent])]), []);
});

onEveryEngine("findSitePlace() knows the group of a site, and none of an id that nothing has", async (db) => {
  const { good, silent } = await estateOf(db);
  deepStrictEqual(await findSitePlace(db, good), { id: good, groupId: 7 });
  deepStrictEqual(await findSitePlace(db, silent), { id: silent, groupId: null });
  strictEqual(await findSitePlace(db, 2_147_483_647), null);
});
