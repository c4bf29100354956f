import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { EndUse } from "../../../lib/domain/end_use.ts";
import type { AmountHistory } from "../../../lib/domain/load_shape.ts";
import {
  baseloadWOf,
  energyOver,
  leastTrusted,
  type Load,
  outOfHoursShareOf,
  peakOf,
  siteTotals,
  stackByEndUse,
  usualOf,
} from "../../../lib/domain/usage.ts";

const H = 1_000_000;

function history(amounts: readonly (number | null)[], quality?: string): AmountHistory {
  return {
    from: H,
    amounts,
    quality: quality ?? amounts.map((amount) => amount === null ? "x" : "m").join(""),
  };
}

function load(endUse: EndUse | null, amounts: readonly (number | null)[], quality?: string): Load {
  return { endUse, wholeSite: false, history: history(amounts, quality) };
}

function whole(amounts: readonly (number | null)[], quality?: string): Load {
  return { endUse: null, wholeSite: true, history: history(amounts, quality) };
}

Deno.test("siteTotals() has no sum with a missing part, and says when it is partial", () => {
  const loads = [load("heating", [10, null, null, 5]), load("server", [1, 2, null, 3], "mmxr")];
  deepStrictEqual(siteTotals(loads, { from: H, count: 4 }), {
    from: H,
    amounts: [11, null, null, 8],
    quality: "mxxr",
    partial: [false, true, false, false],
  });
});

Deno.test("siteTotals() believes the whole-site meter, and the end uses before it was there", () => {
  const loads = [load("heating", [10, 10, 10]), whole([null, 25, null], "-mx")];
  const totals = siteTotals(loads, { from: H, count: 3 });
  deepStrictEqual([totals.amounts, totals.quality], [[10, 25, null], "mmx"]);
});

Deno.test("siteTotals() adds two incomers and leaves routers out", () => {
  const totals = siteTotals([whole([10]), whole([20]), load(null, [7])], { from: H, count: 1 });
  deepStrictEqual(totals.amounts, [30]);
});

Deno.test("siteTotals() knows nothing of half-hours in which nothing was expected", () => {
  deepStrictEqual(siteTotals([load("server", [1])], { from: H - 1, count: 3 }), {
    from: H - 1,
    amounts: [null, 1, null],
    quality: "-m-",
    partial: [false, false, false],
  });
  deepStrictEqual(siteTotals([], { from: H, count: 1 }).amounts, [null]);
});

Deno.test("stackByEndUse() lays what never stops lowest and puts the rest into other, never below 0", () => {
  const loads = [
    load("heating", [50, 50, 50, null]),
    load("server", [10, 10, 10, 10]),
    load("other", [5, 5, 5, 5]),
    whole([100, 60, null, 100], "mmxm"),
  ];
  const stack = stackByEndUse(loads, { from: H, count: 4 });
  deepStrictEqual(stack.layers.map(({ endUse, totals }) => [endUse, totals.amounts]), [
    ["server", [10, 10, 10, 10]],
    ["other", [40, 5, 5, 5]],
    ["heating", [50, 50, 50, null]],
  ]);
  deepStrictEqual(stack.total.amounts, [100, 60, null, 100]);
  deepStrictEqual(stack.layers[1]?.totals.quality, "mmxx");
  deepStrictEqual(stack.layers[1]?.totals.partial, [false, false, true, true]);
});

Deno.test("stackByEndUse() adds up to the total wherever all of it is known", () => {
  const loads = [load("ups", [7, 8]), load("lighting", [1, 2]), load("lighting", [3, 4]), whole([20, 30])];
  const { layers, total } = stackByEndUse(loads, { from: H, count: 2 });
  for (const i of [0, 1]) {
    strictEqual(layers.reduce((sum, { totals }) => sum + (totals.amounts[i] ?? NaN), 0), total.amounts[i]);
  }
});

Deno.test("stackByEndUse() claims no rest while an end use is silent and other has no meter", () => {
  const { layers } = stackByEndUse([load("heating", [null]), whole([100])], { from: H, count: 1 });
  const other = layers.find(({ endUse }) => endUse === "other")?.totals;
  deepStrictEqual([other?.amounts, other?.quality, other?.partial], [[null], "x", [false]]);
});

Deno.test("stackByEndUse() has nothing of other while one of its own meters is silent", () => {
  const loads = [load("other", [5]), load("other", [null]), whole([100])];
  const other = stackByEndUse(loads, { from: H, count: 1 }).layers[0]?.totals;
  deepStrictEqual([other?.amounts, other?.quality, other?.partial], [[null], "x", [false]]);
});

Deno.test("stackByEndUse() invents no other without a whole-site meter", () => {
  const { layers } = stackByEndUse([load("ups", [7])], { from: H, count: 1 });
  deepStrictEqual(layers.map(({ endUse }) => endUse), ["ups"]);
});

Deno.test("baseloadWOf() needs a day of measured half-hours and looks back seven", () => {
  strictEqual(baseloadWOf(history(new Array(47).fill(10))), null);
  strictEqual(baseloadWOf(history(new Array(100).fill(10), "r".repeat(100))), null);
  const day = Array.from({ length: 100 }, (_, i) => i + 1);
  strictEqual(baseloadWOf(history(day)), 10);
  strictEqual(baseloadWOf(history([...new Array(100).fill(1), ...new Array(336).fill(500)])), 1_000);
  strictEqual(baseloadWOf(history([...new Array(3).fill(0), ...new Array(97).fill(500)])), 1_000);
});

Deno.test("peakOf() finds the first of the largest, and none in nothing", () => {
  strictEqual(peakOf(history([null, null])), null);
  deepStrictEqual(peakOf(history([1, 9, null, 9])), { halfHour: H + 1, amount: 9 });
});

Deno.test("energyOver() says how much of a day is there", () => {
  const day = history([null, 10, 20, null], "-mrx");
  deepStrictEqual(energyOver(day, { from: H, count: 4 }), {
    amount: 30,
    completeness: { have: 2, expected: 3 },
  });
  deepStrictEqual(energyOver(day, { from: H + 3, count: 2 }), {
    amount: null,
    completeness: { have: 0, expected: 2 },
  });
});

Deno.test("outOfHoursShareOf() leaves unknown half-hours out on both sides", () => {
  strictEqual(outOfHoursShareOf(history([null, 0]), [true, false]), null);
  strictEqual(outOfHoursShareOf(history([30, 10, null, 5]), [true, false, false]), 0.25);
});

Deno.test("usualOf() takes the middle of at least three", () => {
  strictEqual(usualOf([1, 2, null]), null);
  strictEqual(usualOf([9, 1, null, 2]), 2);
  strictEqual(usualOf([9, 1, 4, 2]), 3);
});

Deno.test("leastTrusted() passes over what was not expected", () => {
  strictEqual(leastTrusted([]), "-");
  strictEqual(leastTrusted(["-", "m", "e", "r"]), "r");
  strictEqual(leastTrusted(["m", "x", "s"]), "x");
});
