/**
 * Axes and numbers of charts.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { axisTo, kwOf, kwText, niceStep, percent, tickText } from "../../../../lib/ui/charts/scale.ts";

const AXES = [
  { name: "nothing at all", largest: 0, count: 3, want: [0, 1] },
  { name: "less than a kilowatt", largest: 0.43, count: 2, want: [0, 0.25, 0.5] },
  { name: "a value on a tick", largest: 60, count: 3, want: [0, 20, 40, 60] },
  { name: "just above a tick", largest: 60.1, count: 3, want: [0, 25, 50, 75] },
  { name: "an office", largest: 51.7, count: 2, want: [0, 30, 60] },
  { name: "a large incomer", largest: 4_321, count: 3, want: [0, 1500, 3000, 4500] },
  { name: "negative values only", largest: -5, count: 3, want: [0, 1] },
];
for (const { name, largest, count, want } of AXES) {
  Deno.test(`axisTo() starts at 0 and reaches ${name}`, () =>
    deepStrictEqual(axisTo(largest, count).ticks, want));
}

Deno.test("axisTo() never ends below the largest value, whatever it is", () => {
  for (let exponent = -3; exponent < 8; exponent += 0.037) {
    const { ticks, max } = axisTo(10 ** exponent, 3);
    strictEqual(max >= 10 ** exponent * 0.999_999, true, `10^${exponent} above ${max}`);
    strictEqual(ticks.length <= 6, true);
  }
});

Deno.test("niceStep() of nonsense is 1", () => {
  for (const wanted of [0, -3, NaN, Infinity]) strictEqual(niceStep(wanted), 1);
});

Deno.test("kwOf() is twice the kWh of a half-hour", () => {
  strictEqual(kwOf(19_750), 39.5);
  strictEqual(kwText(19_750), "39.5 kW");
});

Deno.test("tickText() and percent() keep what digits mean", () => {
  deepStrictEqual([1500, 0.25, 0].map(tickText), ["1,500", "0.25", "0"]);
  deepStrictEqual([0, 1 / 3, 1].map(percent), ["0%", "33.333%", "100%"]);
});
