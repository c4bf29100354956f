/**
 * Names beside a stack, and how high an incomplete half-hour reaches.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endPlaces, loadAxis } from "../../../../lib/ui/charts/end_places.ts";
import { layersOf, reachOf } from "../../../../lib/ui/charts/load_stack.ts";
import type { LoadByUse } from "../../../../lib/ui/charts/types.ts";
import { loadSummary } from "../../../../lib/ui/charts/words.ts";

const MAST: LoadByUse = {
  firstMs: 0,
  halfHours: [{ label: "00:00", quality: "measured" }, { label: "00:30", quality: "suspect" }],
  uses: [
    { use: "server", name: "Server", amountsWh: [1600, 1600] },
    { use: "ups", name: "UPS", amountsWh: [1100, null] },
    { use: "cooling", name: "Cooling", amountsWh: [300, 200] },
  ],
  siteWh: [3000, 15_150],
  days: [{ from: 0, label: "Mon 23", long: "Mon 23 Nov" }],
  baseloadKw: 5.7,
};
const WHOLE: LoadByUse = {
  ...MAST,
  halfHours: MAST.halfHours.slice(0, 1),
  uses: MAST.uses.map((use) => ({ ...use, amountsWh: use.amountsWh.slice(0, 1) })),
};

Deno.test("endPlaces() puts the baseload where its line is, not below everything", () => {
  const names = endPlaces(WHOLE, { gapPx: 24 });
  deepStrictEqual(names.map(({ of }) => of), ["cooling", "baseload", "ups", "server"]);
  const server = names.find(({ of }) => of === "server");
  strictEqual(server?.fromPx, server?.toPx);
});

Deno.test("endPlaces() keeps names a finger apart", () => {
  const names = endPlaces(WHOLE, { gapPx: 24 });
  names.slice(1).forEach((name, index) => ok(name.toPx - (names[index]?.toPx ?? 0) >= 24));
});

Deno.test("endPlaces() names nothing while nothing is known", () => {
  const nothing = { ...WHOLE, halfHours: [{ label: "00:00", quality: "missing" as const }] };
  deepStrictEqual(endPlaces(nothing, { gapPx: 24 }), []);
});

Deno.test("reachOf() reaches what the site drew where an end use is silent", () => {
  deepStrictEqual(reachOf(MAST, layersOf(MAST)), [3000, 15_150]);
  deepStrictEqual(reachOf({ ...MAST, siteWh: [3000, null] }, layersOf(MAST)), [3000, 1800]);
  deepStrictEqual(reachOf(MAST, layersOf({ ...MAST, uses: MAST.uses.slice(0, 1) })), [1600, 1600]);
});

Deno.test("loadSummary() counts what the site drew although an end use is silent", () => {
  ok(loadSummary(MAST).includes("Peak 30.3 kW"), loadSummary(MAST));
});

Deno.test("loadAxis() wastes no third of its height on a peak just above a step", () => {
  strictEqual(loadAxis(MAST).max, 32);
});
