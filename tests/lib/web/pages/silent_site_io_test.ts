/**
 * A site that falls silent for three half-hours and is heard again, as its own page, the first page and the files
 * tell of it: loaded from a real database, filled by what the collector stores with.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { endMsOf, type HalfHour } from "../../../../lib/domain/half_hour.ts";
import { ALL_SITES as EVERYWHERE } from "../../../../lib/domain/permission.ts";
import type { SitePlan } from "../../../../lib/domain/site.ts";
import type { Database } from "../../../../lib/store/db.ts";
import { storeVisits } from "../../../../lib/store/readings.ts";
import { siteCsv } from "../../../../lib/web/pages/site_csv.ts";
import { loadSiteView } from "../../../../lib/web/pages/site_view.ts";
import { loadSitesView } from "../../../../lib/web/pages/sites_view.ts";
import { ALL_SITES } from "../../../../lib/ui/sites_query.ts";
import { loadTodayView } from "../../../../lib/web/pages/today_view.ts";
import { onEngines } from "../../store/engines.ts";
import { channelOf, claimAll, failedVisit, H, plansOf, seriesAt, visitOf } from "../../store/estate.ts";

const findDevice = () => ({ label: "Test meter", kind: "meter" });
const nowMs = (halfHour: HalfHour) => endMsOf(halfHour) + 600_000;

/** Two sites over a half-hour that one did not answer in, unless the other read it too. */
async function collect(db: Database, plans: readonly SitePlan[], halfHour: HalfHour, silent: boolean) {
  const visits = plans.map((plan, place) => {
    if (place === 0 && silent) return failedVisit(plan, halfHour, "connect-timeout");
    return visitOf(plan, halfHour, halfHour === H ? { newSeries: [seriesAt(plan, H)] } : {});
  });
  await storeVisits(db, await claimAll(db, halfHour), visits, endMsOf(halfHour) + 30_000);
}

async function silentFor3(db: Database): Promise<readonly SitePlan[]> {
  const plans = await plansOf(db, 2);
  for (const halfHour of [H, H + 1]) await collect(db, plans, halfHour, false);
  for (const halfHour of [H + 2, H + 3, H + 4]) await collect(db, plans, halfHour, true);
  return plans;
}

async function siteAt(db: Database, siteId: number, halfHour: HalfHour) {
  const view = await loadSiteView(db, { siteId, range: "day", nowMs: nowMs(halfHour), findDevice });
  ok(view);
  return view;
}

onEngines(["sqlite"], "loadSiteView() tells of a site that is silent for three half-hours", async (db) => {
  const siteId = (await silentFor3(db))[0]?.site.id ?? 0;
  const view = await siteAt(db, siteId, H + 4);
  strictEqual(view.head.state, "critical");
  strictEqual(view.head.stateWord, "Silent since 13:30: the router does not answer"); // in Helsinki
  deepStrictEqual([view.head.lastHalfHourLabel, view.head.stale, view.head.path.kind], [
    "12:30–13:00",
    true,
    "none",
  ]);
  deepStrictEqual(view.head.complete24h, { have: 2, expected: 5 });
  const why = "the router does not answer";
  deepStrictEqual(
    view.strip.cells.slice(-5).map(({ amountWh, quality, reason }) => [amountWh, quality, reason]),
    [
      [100, "measured", undefined],
      [100, "measured", undefined],
      [null, "missing", why],
      [null, "missing", why],
      [null, "missing", why],
    ],
  );
  const [event] = view.timeline[0]?.events ?? [];
  deepStrictEqual([event?.timeLabel, event?.what], ["13:30", "Nothing read since"]);
  const [device] = view.devices;
  deepStrictEqual([device?.row.powerW, device?.row.stale, device?.row.reason], [null, true, why]);
});

onEngines(
  ["sqlite"],
  "loadTodayView() lists it, and counts what it missed as recovered once it is heard",
  async (db) => {
    const plans = await silentFor3(db);
    const before = await loadTodayView(db, { reaches: [EVERYWHERE], nowMs: nowMs(H + 4) });
    deepStrictEqual(before.silent.map(({ name, why, lastLabel }) => [name, why, lastLabel]), [
      ["Site 001", "The router does not answer", "13:00"],
    ]);
    deepStrictEqual([before.triage?.reported, before.triage?.expected, before.triage?.silent], [1, 2, 1]);
    deepStrictEqual(before.cells.slice(-3).map(({ missing, recovered }) => [missing, recovered]), [[1, 0], [
      1,
      0,
    ], [1, 0]]);
    deepStrictEqual([before.completeness?.have, before.completeness?.expected], [7, 10]);
    await collect(db, plans, H + 5, false);
    const after = await loadTodayView(db, { reaches: [EVERYWHERE], nowMs: nowMs(H + 5) });
    deepStrictEqual(after.silent, []);
    deepStrictEqual(after.cells.slice(-4).map(({ missing, recovered }) => [missing, recovered]), [
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
    strictEqual(after.completeness?.have, 12);
    const view = await siteAt(db, plans[0]?.site.id ?? 0, H + 5);
    strictEqual(view.head.state, "good");
    const [event] = view.timeline[0]?.events ?? [];
    deepStrictEqual([event?.state, event?.what], ["stale", "Nothing read until 15:00"]);
  },
);

onEngines(
  ["sqlite"],
  "loadSitesView() puts the silent site first, with what it has and since when",
  async (db) => {
    await silentFor3(db);
    const at = { nowMs: nowMs(H + 4) };
    const all = await loadSitesView(db, { reaches: [EVERYWHERE], query: ALL_SITES, ...at });
    deepStrictEqual([all.siteCount, all.found], [2, 2]);
    deepStrictEqual(
      all.rows.map((
        { row },
      ) => [row.name, row.state, row.stale, row.have, row.expected, row.energyWh, row.estimated]),
      [
        ["Site 001", "critical", true, 2, 5, 200, true],
        ["Site 002", "good", false, 5, 5, 500, false],
      ],
    );
    strictEqual(all.rows[0]?.strip?.cells.at(-1)?.amountWh, null);
    const good = await loadSitesView(db, {
      reaches: [EVERYWHERE],
      query: { ...ALL_SITES, state: "good" },
      ...at,
    });
    deepStrictEqual([good.siteCount, good.found, good.rows[0]?.row.name], [2, 1, "Site 002"]);
    const none = await loadSitesView(db, {
      reaches: [EVERYWHERE],
      query: { ...ALL_SITES, q: "nobody" },
      ...at,
    });
    deepStrictEqual([none.siteCount, none.found, none.rows], [2, 0, []]);
  },
);

onEngines(["sqlite"], "siteCsv() leaves what is missing empty, with its reason", async (db) => {
  const [plan] = await silentFor3(db);
  ok(plan);
  const file = await siteCsv(db, { siteId: plan.site.id, range: "all", nowMs: nowMs(H + 4) });
  strictEqual(file?.fileName, "site-001-2026-11-20.csv");
  const lines = file?.text.split("\r\n") ?? [];
  strictEqual(lines[0], 'start_utc,local_date,local_time,"Main, Wh","Main, quality","Main, reason"');
  strictEqual(lines[1], "2026-11-20T10:00:00Z,2026-11-20,12:00,100,measured,");
  strictEqual(lines[3], "2026-11-20T11:00:00Z,2026-11-20,13:00,,missing,the router does not answer");
  strictEqual(lines.length, 7);
  strictEqual(await siteCsv(db, { siteId: 999_999, range: "all", nowMs: nowMs(H) }), null);
});

onEngines(
  ["sqlite"],
  "the pages say so before anything was collected, and with no site at all",
  async (db) => {
    const empty = await loadTodayView(db, { reaches: [EVERYWHERE], nowMs: nowMs(H) });
    deepStrictEqual([empty.siteCount, empty.triage, empty.completeness, empty.silent], [0, null, null, []]);
    strictEqual(await loadSiteView(db, { siteId: 1, range: "day", nowMs: nowMs(H), findDevice }), null);
    const [plan] = await plansOf(db, 1);
    ok(plan && channelOf(plan, "counter") > 0);
    const view = await siteAt(db, plan.site.id, H);
    match(view.head.stateWord, /^Waiting/);
    deepStrictEqual(view.timeline, []);
    ok(view.strip.cells.every(({ amountWh, quality }) => amountWh === null && quality === "none"));
  },
);
