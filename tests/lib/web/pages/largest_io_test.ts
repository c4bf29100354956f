/**
 * Who used most yesterday, over a real database.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import { endMsOf } from "../../../../lib/domain/half_hour.ts";
import { ALL_SITES } from "../../../../lib/domain/permission.ts";
import { storeVisits } from "../../../../lib/store/readings.ts";
import { loadLargest } from "../../../../lib/web/pages/largest.ts";
import { onEngines } from "../../store/engines.ts";
import { claimAll, counterRow, failedVisit, H, plansOf, seriesAt, visitOf } from "../../store/estate.ts";

onEngines(["sqlite"], "loadLargest() knows nothing without sites", async (db) => {
  deepStrictEqual(await loadLargest(db, { reaches: [ALL_SITES], nowMs: endMsOf(H) }), {
    largest: [],
    yesterdayWh: null,
  });
});

onEngines(
  ["sqlite"],
  "loadLargest() puts who used most yesterday first, about where half-hours lack",
  async (db) => {
    const plans = await plansOf(db, 3);
    for (const halfHour of [H, H + 1, H + 2]) {
      const visits = plans.map((plan, place) => {
        if (place === 2 || (place === 0 && halfHour === H + 2)) {
          return failedVisit(plan, halfHour, "connect-timeout");
        }
        const rows = [counterRow(plan, halfHour, { amount: place === 1 ? 300 : 100 })];
        return visitOf(plan, halfHour, { rows, newSeries: halfHour === H ? [seriesAt(plan, H)] : [] });
      });
      await storeVisits(db, await claimAll(db, halfHour), visits, endMsOf(halfHour) + 30_000);
    }
    const found = await loadLargest(db, { reaches: [ALL_SITES], nowMs: endMsOf(H + 48) });
    deepStrictEqual(found.largest.map(({ name, energyWh, estimated }) => [name, energyWh, estimated]), [
      ["Site 002", 900, false],
      ["Site 001", 200, true],
    ]);
    deepStrictEqual(found.yesterdayWh, 1_100);
    deepStrictEqual(await loadLargest(db, { reaches: [ALL_SITES], nowMs: endMsOf(H + 48) + 60_000 }), found);
  },
);
