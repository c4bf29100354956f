/**
 * The geometry of heat maps: days on which clocks change, classes, missing half-hours.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { classBreaks, classOf, heatPaths, slotsOf, usualHours } from "../../../../lib/ui/charts/heat.ts";
import type { HalfHourCell, HeatDay } from "../../../../lib/ui/charts/types.ts";
import { sampleHeat } from "./sample.ts";

function day(cells: readonly HalfHourCell[]): HeatDay {
  return { label: "Mon 23", dayMonth: "23 Nov", weekStart: true, halfHours: 48, cells };
}
const cell = (label: string, amountWh: number | null): HalfHourCell => ({
  label,
  amountWh,
  quality: amountWh === null ? "missing" : "measured",
});

Deno.test("classBreaks() are round, even and start at 0", () => {
  deepStrictEqual(classBreaks([0, 10, 20, 42]), [0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5, 20]);
  deepStrictEqual(classBreaks([]), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("classOf() counts a break to the class it opens", () => {
  const breaks = classBreaks([80]);
  deepStrictEqual([0, 9.99, 10, 1e6, -3].map((kw) => classOf(kw, breaks)), [0, 0, 1, 8, 0]);
});

Deno.test("heatPaths() merges equal neighbours, breaks at a gap and never draws it as 0", () => {
  const cells = [cell("00:00", 500), cell("00:30", 500), cell("01:00", null), cell("01:30", 500)];
  const { classes, missing, about } = heatPaths([day(cells)], [0, 10]);
  strictEqual(classes[0], "m0 0v2m0 1v1");
  strictEqual(missing, "m0 2v1");
  strictEqual(about, "");
});

Deno.test("slotsOf() halves the hour that comes twice and leaves out the one that is skipped", () => {
  deepStrictEqual(
    slotsOf(["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"]).map((slot) => [slot.from, slot.to]),
    [
      [1, 2],
      [2, 2.5],
      [3, 3.5],
      [2.5, 3],
      [3.5, 4],
      [4, 5],
    ],
  );
  deepStrictEqual(slotsOf(["00:30", "02:00"]).map((slot) => slot.from), [1, 4]);
});

Deno.test("slotsOf() places Lord Howe's 47 and 49 half-hours by their clock", () => {
  deepStrictEqual(slotsOf(["01:30", "02:30"]).map((slot) => slot.from), [3, 5]);
  deepStrictEqual(slotsOf(["01:30", "01:30", "02:00"]).map((slot) => slot.to), [3.5, 4, 5]);
});

Deno.test("heatPaths() keeps the skipped hour of a 46-half-hour day empty", () => {
  const spring = sampleHeat(365).find((each) => each.halfHours === 46);
  strictEqual(spring?.cells.length, 46);
  const { classes } = heatPaths(spring ? [spring] : [], [0]);
  strictEqual(classes[0], "m0 0v2m0 2v44");
});

Deno.test("usualHours() are those of most days, and none when no hours are known", () => {
  deepStrictEqual(usualHours(sampleHeat(30)), { opens: "07:30", closes: "18:30" });
  strictEqual(usualHours([day([cell("00:00", 1)])]), undefined);
});
