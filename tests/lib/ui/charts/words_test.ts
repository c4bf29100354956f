/**
 * What charts say in words.
 *
 * @module
 */

import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import type { LoadByUse } from "../../../../lib/ui/charts/types.ts";
import {
  completenessSummary,
  halfHourText,
  heatSummary,
  isPart,
  loadSummary,
  signalSummary,
  stripSummary,
  totalsOf,
} from "../../../../lib/ui/charts/words.ts";
import { sampleHeat, sampleLoad, sampleStrip } from "./sample.ts";

const DAYS = [{ from: 0, label: "Mon 23", long: "Mon 23 Nov" }];
const SMALL: LoadByUse = {
  firstMs: 0,
  days: DAYS,
  baseloadKw: null,
  halfHours: [
    { label: "00:00", quality: "measured", open: false },
    { label: "00:30", quality: "missing", reason: "refused", open: false },
    { label: "01:00", quality: "measured", open: true },
    { label: "01:30", quality: "none" },
  ],
  uses: [
    { use: "heating", name: "Heating", amountsWh: [6000, 0, 12_000, null] },
    { use: "server", name: "Server", amountsWh: [2000, null, null, null] },
  ],
};

Deno.test("loadSummary() names the largest end use, what was drawn when closed, the peak and what is missing", () => {
  strictEqual(
    loadSummary(SMALL),
    "Heating drew most: ~18.0 kWh of ~20.0 kWh (90%). ~8.0 kWh outside operating hours. " +
      "Peak 24.0 kW on Mon 23 at 01:00. 2 half-hours are missing or incomplete.",
  );
});

Deno.test("loadSummary() without a single amount says so", () => {
  const empty = { ...SMALL, uses: [] };
  strictEqual(loadSummary(empty), "No half-hour of this range has an amount.");
});

Deno.test("totalsOf() of a missing half-hour is null although 0 stands in an end use", () => {
  strictEqual(totalsOf(SMALL)[1], null);
  strictEqual(isPart(SMALL, 2), true);
  strictEqual(isPart(SMALL, 1), false);
});

Deno.test("halfHourText() reads a half-hour from its largest end use, or why there is none", () => {
  strictEqual(halfHourText(SMALL, 0), "Mon 23 00:00: 16.0 kW. Heating 12.0 kW, Server 4.0 kW");
  strictEqual(halfHourText(SMALL, 1), "Mon 23 00:30: no data, refused");
  strictEqual(halfHourText(SMALL, 2), "Mon 23 01:00: 24.0 kW. Heating 24.0 kW, Server not known");
  match(halfHourText(sampleLoad(1), 8), /^Mon 23 04:00: about /);
});

Deno.test("stripSummary() counts each quality once and names the peak", () => {
  match(
    stripSummary(sampleStrip()),
    /^Peak [\d.]+ kW on Mon 23 at 07:00; 45 measured, 1 ~ estimated, 2 missing\.$/,
  );
  match(stripSummary({ cells: [], days: [] }), /^No half-hour has an amount/);
});

Deno.test("heatSummary() counts what is missing and says when the peak was", () => {
  match(
    heatSummary(sampleHeat(30)),
    /^1,415 half-hours: 9 missing, 6 estimated\. Peak [\d.]+ kW at \d\d:\d\d on \w+ \d+ \w+\.$/,
  );
});

Deno.test("completenessSummary() is quiet when all was read", () => {
  const cells = [{ label: "00:00", missing: 0, recovered: 0 }];
  strictEqual(completenessSummary({ cells, days: DAYS, sites: 2 }), "All 2 half-hours were read on time.");
  const worse = [...cells, { label: "00:30", missing: 1, recovered: 27 }];
  strictEqual(
    completenessSummary({ cells: worse, days: DAYS, sites: 40 }),
    "1 of 80 half-hours is still missing. Worst on Mon 23 at 00:30: 28 sites without a reading, 27 recovered since.",
  );
});

Deno.test("signalSummary() skips what was not read", () => {
  const cells = [{ label: "00:00", dbm: -93 }, { label: "00:30", dbm: -112 }, { label: "01:00", dbm: null }];
  const says = signalSummary(cells, -110);
  strictEqual(says, "−112 dBm at 00:30, lowest −112 at 00:30, weak in 1 half-hour, not read in 1.");
  doesNotMatch(signalSummary([{ label: "00:00", dbm: null }], -110), /\d dBm/);
});
