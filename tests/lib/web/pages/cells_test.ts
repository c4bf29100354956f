import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { HalfHourReason } from "../../../../lib/store/half_hours.ts";
import { axisOf } from "../../../../lib/web/pages/axis.ts";
import { cellQualityOf, cellsOf, reasonsOf, reasonText } from "../../../../lib/web/pages/cells.ts";
import { DUE, halfHoursOf } from "./facts.ts";

const AXIS = axisOf("Europe/London", { from: DUE - 1, to: DUE + 1, hours: null });
const NONE = new Map<number, string>();

const QUALITIES = [
  ["m", 40, "measured"],
  ["r", 40, "recovered"],
  ["a", 40, "estimated"],
  ["s", 40, "suspect"],
  ["e", 40, "edited"],
  ["m", 0, "measured"],
  ["x", null, "missing"],
  ["m", null, "missing"],
  ["r", null, "missing"],
  ["s", null, "missing"],
  ["-", null, "none"],
] as const;
for (const [letter, amount, quality] of QUALITIES) {
  Deno.test(`cellsOf() draws ${letter} with ${amount ?? "no amount"} as ${quality}`, () => {
    const cells = cellsOf({ from: DUE, amounts: [amount], quality: letter }, AXIS, NONE);
    strictEqual(cells[1]?.quality, quality);
    strictEqual(cells[1]?.amountWh, amount);
    strictEqual(cells[1]?.reason, quality === "missing" ? "no data" : undefined);
  });
}

Deno.test("cellsOf() draws nothing where nothing is stored, never a 0", () => {
  const cells = cellsOf({ from: DUE + 5, amounts: [1], quality: "m" }, AXIS, NONE);
  deepStrictEqual(cells.map(({ amountWh, quality }) => [amountWh, quality]), [[null, "none"], [
    null,
    "none",
  ]]);
});

Deno.test("cellsOf() says why beside what is missing and not beside what is there", () => {
  const reasons = new Map([[DUE - 1, "the router does not answer"], [DUE, "too late"]]);
  const cells = cellsOf({ from: DUE - 1, amounts: [null, 8], quality: "xr" }, AXIS, reasons);
  deepStrictEqual(cells.map(({ reason }) => reason), ["the router does not answer", undefined]);
});

Deno.test("cellQualityOf() draws nothing for letters it does not know", () => {
  deepStrictEqual([undefined, "-", "?"].map(cellQualityOf), ["none", "none", "none"]);
});

const REASONS: readonly (readonly [string, HalfHourReason, number | undefined, string])[] = [
  [
    "the reading's reason, its cause, before the amount's",
    {
      index: 0,
      readingReason: "unit-silent",
      amountReason: "no-later-reading-yet",
    },
    11,
    "router answers, unit 11 silent",
  ],
  [
    "a meter without a unit",
    { index: 0, readingReason: "unit-silent" },
    undefined,
    "router answers, the meter silent",
  ],
  ["no reason", { index: 0 }, 11, "no data"],
];
for (const [name, reason, unitId, want] of REASONS) {
  Deno.test(`reasonText() words ${name}`, () => strictEqual(reasonText(reason, unitId), want));
}

Deno.test("reasonsOf() takes the first channel's reason and names each one's own unit", () => {
  const first = halfHoursOf(1, [null, 5], { reasons: [{ index: 0, readingReason: "unit-silent" }] });
  const second = halfHoursOf(2, [null, null], {
    reasons: [{ index: 0, readingReason: "closed" }, { index: 1, readingReason: "unit-silent" }],
  });
  deepStrictEqual([...reasonsOf([first, second], new Map([[1, 11], [2, 12]]))], [
    [DUE - 1, "router answers, unit 11 silent"],
    [DUE, "router answers, unit 12 silent"],
  ]);
});
