/**
 * A site that was registered a moment ago, as its own page tells of it: how many devices there are and from when they
 * are read, instead of none and of charts with nothing in them.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { endMsOf, type HalfHour } from "../../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../../lib/domain/site.ts";
import type { Database } from "../../../../lib/store/db.ts";
import { storeVisits } from "../../../../lib/store/readings.ts";
import { SitePage } from "../../../../lib/ui/pages/SitePage.tsx";
import { loadSiteView, type SiteView } from "../../../../lib/web/pages/site_view.ts";
import { onEngines } from "../../store/engines.ts";
import { claimAll, H, plansOf, seriesAt, visitOf } from "../../store/estate.ts";

const findDevice = () => ({ label: "Test meter", kind: "meter" });

/** The page some minutes from the end of a half-hour. */
async function viewAt(db: Database, siteId: number, nowMs: number): Promise<SiteView> {
  const view = await loadSiteView(db, { siteId, range: "day", nowMs, findDevice });
  ok(view);
  return view;
}

async function registered(db: Database): Promise<SitePlan> {
  const [plan] = await plansOf(db, 1);
  ok(plan);
  return plan;
}

async function read(db: Database, plan: SitePlan, halfHour: HalfHour): Promise<void> {
  const visit = visitOf(plan, halfHour, { newSeries: [seriesAt(plan, H)] });
  await storeVisits(db, await claimAll(db, halfHour), [visit], endMsOf(halfHour) + 30_000);
}

function pageOf({ head }: SiteView): string {
  const chart = <p>A chart</p>;
  const page = (
    <SitePage head={head} figures={[]} strip={chart} load={chart} heat={chart} devices={[]} router={null} />
  );
  return render(page).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

onEngines(
  ["sqlite"],
  "a site's page before its first half-hour counts its device and says when",
  async (db) => {
    const { site } = await registered(db);
    const view = await viewAt(db, site.id, endMsOf(H) - 900_000);
    strictEqual(view.head.state, "loading");
    deepStrictEqual(view.head.waiting, { devices: 1, fromLabel: "12:30" }); // in Helsinki
    const text = pageOf(view);
    match(text, /Devices 1, read from 12:30/);
    match(text, /The first half-hour is read at 12:30/);
    doesNotMatch(text, /A chart|Devices 0|0 of 0/);
  },
);

onEngines(["sqlite"], "a site's page promises no time that is over already", async (db) => {
  const { site } = await registered(db);
  const text = pageOf(await viewAt(db, site.id, endMsOf(H) + 10_000));
  match(text, /Devices 1, not read yet/);
  match(text, /The charts stand here as soon as the first half-hour is read/);
  doesNotMatch(text, /A chart|silent/);
});

onEngines(["sqlite"], "a site's page shows its charts from its first half-hour on", async (db) => {
  const plan = await registered(db);
  await read(db, plan, H);
  const view = await viewAt(db, plan.site.id, endMsOf(H) + 60_000);
  strictEqual(view.head.waiting, undefined);
  strictEqual(pageOf(view).match(/A chart/g)?.length, 3);
});
