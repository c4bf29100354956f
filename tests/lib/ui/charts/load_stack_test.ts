/**
 * Stacking by end use.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { dayRows, lastKnown, layersOf, loadFrom } from "../../../../lib/ui/charts/load_stack.ts";
import { sampleLoad } from "./sample.ts";

Deno.test("layersOf() stacks what never stops lowest, and draws no layer where the half-hour is missing", () => {
  const layers = layersOf(sampleLoad(1));
  deepStrictEqual(layers.map((layer) => layer.use.use), [
    "server",
    "ups",
    "other",
    "water",
    "lighting",
    "cooling",
    "heating",
  ]);
  layers.forEach((layer) => deepStrictEqual([layer.from[6], layer.to[6]], [null, null]));
  layers.slice(1).forEach((layer, index) => deepStrictEqual(layer.from, layers[index]?.to));
});

Deno.test("loadFrom() keeps instants, days and amounts together", () => {
  const load = sampleLoad(3);
  const part = loadFrom(load, 60);
  strictEqual(part.firstMs, load.firstMs + 60 * 1_800_000);
  strictEqual(part.halfHours.length, load.halfHours.length - 60);
  deepStrictEqual(part.days.map((day) => [day.label, day.from]), [["Sun 22", 0], ["Mon 23", 36]]);
  strictEqual(part.uses[0]?.amountsWh[0], load.uses[0]?.amountsWh[60]);
});

Deno.test("dayRows() marks an incomplete day with ~ and says how complete it is", () => {
  const row = dayRows(sampleLoad(1))[0] ?? [];
  strictEqual(row[0], "Mon 23 Nov");
  strictEqual(row.at(-1), "19 of 21 half-hours");
  strictEqual(row.slice(1, -1).every((text) => text.startsWith("~")), true);
});

Deno.test("lastKnown() is undefined when nothing is known", () => {
  const load = sampleLoad(1);
  strictEqual(lastKnown(load), 20);
  strictEqual(
    lastKnown({ ...load, halfHours: load.halfHours.map((each) => ({ ...each, quality: "missing" })) }),
    undefined,
  );
});
