import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  indexInWeek,
  learnLoadShape,
  SHAPE_WEIGHT_MIN,
  weightedSeconds,
} from "../../../lib/domain/load_shape.ts";
import { halfHourOf } from "../../../lib/domain/half_hour.ts";

const MONDAY = halfHourOf(Date.parse("2026-11-23T00:00:00Z"));

Deno.test("indexInWeek() begins on Monday, before the epoch too", () => {
  strictEqual(indexInWeek(MONDAY), 0);
  strictEqual(indexInWeek(MONDAY - 1), 335);
  strictEqual(indexInWeek(0), 144);
  strictEqual(indexInWeek(-145), 335);
});

/** A week that draws 1,000 from 07:00 to 19:00 and nothing else. */
const WEEK = Array.from({ length: 336 }, (_, i) => i % 48 >= 14 && i % 48 < 38 ? 1_000 : 0);

Deno.test("learnLoadShape() has none before a week is measured", () => {
  const short = WEEK.slice(0, 335);
  strictEqual(learnLoadShape({ from: MONDAY, amounts: short, quality: "m".repeat(335) }), null);
  for (const letter of ["r", "a", "s", "e", "x"]) {
    strictEqual(learnLoadShape({ from: MONDAY, amounts: WEEK, quality: letter + "m".repeat(335) }), null);
  }
  strictEqual(learnLoadShape({ from: MONDAY, amounts: [], quality: "" }), null);
});

Deno.test("learnLoadShape() has none of a channel that draws nothing", () => {
  strictEqual(
    learnLoadShape({ from: MONDAY, amounts: new Array(336).fill(0), quality: "m".repeat(336) }),
    null,
  );
});

Deno.test("learnLoadShape() learns day and night and leaves no half-hour empty", () => {
  const shape = learnLoadShape({ from: MONDAY, amounts: WEEK, quality: "m".repeat(336) });
  ok(shape);
  deepStrictEqual([shape.weights.length, shape.samples], [336, 336]);
  deepStrictEqual([shape.weights[0], shape.weights[14]], [SHAPE_WEIGHT_MIN, 2_000]);
});

Deno.test("learnLoadShape() leaves recovered half-hours out and asks the other days for them", () => {
  const amounts = [...WEEK, ...WEEK].map((amount, i) => i % 336 === 20 ? 50_000 : amount);
  const quality = Array.from({ length: 672 }, (_, i) => i % 336 === 20 ? "r" : "m").join("");
  const shape = learnLoadShape({ from: MONDAY, amounts, quality });
  strictEqual(shape?.weights[20], shape?.weights[21]);
  strictEqual(shape?.samples, 670);
});

Deno.test("learnLoadShape() learns a peak that one spike does not move, and three do", () => {
  const peakOf = (spikes: number) => {
    const amounts = WEEK.map((amount, i) => i >= 330 && i < 330 + spikes ? 9_000 : amount);
    const quality = "m".repeat(336 - 6) + "s".repeat(spikes) + "m".repeat(6 - spikes);
    return learnLoadShape({
      from: MONDAY,
      amounts: [...WEEK, ...amounts],
      quality: "m".repeat(336) + quality,
    })?.peak;
  };
  deepStrictEqual([peakOf(0), peakOf(1), peakOf(3)], [1_000, 1_000, 9_000]);
});

const SHAPE = { weights: Array.from({ length: 336 }, (_, i) => i + 1), samples: 400, peak: 336 };
const T = MONDAY * 1800;

Deno.test("weightedSeconds() is plain seconds without a shape", () => {
  strictEqual(weightedSeconds(null, { fromS: T + 10, toS: T + 4_000_010 }), 4_000_000);
});

Deno.test("weightedSeconds() adds up however a stretch is cut", () => {
  const whole = weightedSeconds(SHAPE, { fromS: T + 100, toS: T + 2_000_000 });
  for (const cut of [T + 101, T + 1_800, T + 604_900, T + 1_999_999]) {
    const parts = weightedSeconds(SHAPE, { fromS: T + 100, toS: cut }) +
      weightedSeconds(SHAPE, { fromS: cut, toS: T + 2_000_000 });
    strictEqual(parts, whole);
  }
  strictEqual(weightedSeconds(SHAPE, { fromS: T, toS: T }), 0);
  strictEqual(weightedSeconds(SHAPE, { fromS: T + 1_000, toS: T + 1_900 }), 800 * 1 + 100 * 2);
});
