/**
 * What of half-hours is known, about right and missing.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  amountOf,
  gapsOf,
  halfHourLater,
  isAbout,
  isGap,
  runsOf,
  spanText,
} from "../../../../lib/ui/charts/half_hours.ts";

Deno.test("amountOf() is null for a missing half-hour even if a 0 stands in it", () => {
  strictEqual(amountOf({ amountWh: 0, quality: "missing" }), null);
  strictEqual(amountOf({ amountWh: 0, quality: "measured" }), 0);
  strictEqual(isGap({ amountWh: null, quality: "measured" }), true);
  strictEqual(isGap({ amountWh: null, quality: "none" }), false);
});

Deno.test("isAbout() holds for all that is not metered in full", () => {
  const qualities = ["measured", "edited", "recovered", "estimated", "suspect", "missing", "none"] as const;
  deepStrictEqual(qualities.filter(isAbout), ["recovered", "estimated", "suspect"]);
});

Deno.test("runsOf() finds runs at both ends", () => {
  const on = [true, false, true, true];
  deepStrictEqual(runsOf(4, (index) => on[index] === true), [{ from: 0, to: 1 }, { from: 2, to: 4 }]);
  deepStrictEqual(runsOf(0, () => true), []);
});

Deno.test("gapsOf() splits a gap where the reason changes, and names one without", () => {
  const cells = [{ reason: "refused" }, { reason: "refused" }, { reason: "closed" }, {}];
  deepStrictEqual(gapsOf(cells, () => true), [
    { from: 0, to: 2, reason: "refused" },
    { from: 2, to: 3, reason: "closed" },
    { from: 3, to: 4, reason: "no data" },
  ]);
});

Deno.test("spanText() ends with the next label, or half an hour later at the end", () => {
  const cells = ["03:00", "03:30", "23:30"].map((label) => ({ label }));
  strictEqual(spanText(cells, { from: 0, to: 2 }), "03:00–23:30");
  strictEqual(spanText(cells, { from: 2, to: 3 }), "23:30–00:00");
  strictEqual(halfHourLater("09:30"), "10:00");
});
