import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { counterOf } from "../../../lib/domain/boundary.ts";
import { judgeReading } from "../../../lib/domain/counter.ts";
import { endSOf } from "../../../lib/domain/half_hour.ts";
import { replayCounter } from "../../../lib/domain/replay.ts";
import type { Series } from "../../../lib/domain/series.ts";
import type { ReadingRow } from "../../../lib/domain/visit.ts";

const H = 900_000;
const SWAP_S = (H + 2) * 1800 + 600;
const RULES = {
  numerator: 1,
  denominator: 1,
  modulus: null,
  maxPerHour: 20_000,
  step: 1,
  forgetsWithoutPower: false,
};
const OLD: Series = {
  id: 1,
  channelId: 5,
  sinceS: H * 1800,
  numerator: 100,
  denominator: 1,
  origin: 0,
  modulus: null,
};
const NEW: Series = {
  ...OLD,
  id: 2,
  sinceS: SWAP_S,
  numerator: 1,
  base: 1_000_700,
  origin: 40,
  begins: "counted",
};

/** 3,600 Wh a half-hour, 2 a second; read 10 s after the end. */
function valueAt(halfHour: number): number {
  const atS = endSOf(halfHour) + 10;
  return 40 + 2 * (atS - SWAP_S);
}

function row(halfHour: number, changed: Partial<ReadingRow> = {}): ReadingRow {
  return {
    halfHour,
    channelId: 5,
    words: "0001",
    readS: 10,
    profileVersion: 1,
    value: valueAt(halfHour),
    boundary: null,
    amount: null,
    quality: "missing",
    readingReason: null,
    amountReason: "implausible",
    ...changed,
  };
}

/** The last reading of the old meter: 10 s after the boundary, 590 s and 1,180 Wh before the swap. */
const START = {
  halfHour: H + 1,
  atS: endSOf(H + 1) + 10,
  value: 9_995,
  words: "",
  seriesId: 1,
  boundary: 999_500,
  counter: 999_520,
};

function replay(rows: readonly ReadingRow[], begins: Partial<Series> = {}) {
  const series = [OLD, { ...NEW, ...begins } as Series];
  const rulesAt = (atS: number) => atS < SWAP_S ? { ...RULES, numerator: 100 } : RULES;
  return replayCounter({ channelId: 5, start: START, rows, series, rulesAt, shape: null, peak: null });
}

Deno.test("counterOf() goes on from the base of a series", () => {
  strictEqual(counterOf(40, NEW), 1_000_700);
  strictEqual(counterOf(1_040, NEW), 1_001_700);
});

Deno.test("replayCounter() gives the half-hour of a replacement what both counters counted", () => {
  const { rows, gap, newSeries } = replay([row(H + 2), row(H + 3), row(H + 4)]);
  const old = 1_000_700 - 999_500;
  const young = 2 * 1_200;
  deepStrictEqual(rows.map(({ amount }) => amount), [old + young, 3_600, 3_600]);
  deepStrictEqual(rows.map(({ quality }) => quality), ["measured", "measured", "measured"]);
  deepStrictEqual(rows.map(({ boundary }) => boundary), [1_003_100, 1_006_700, 1_010_300]);
  deepStrictEqual([gap, newSeries], [null, []]);
});

Deno.test("replayCounter() recovers what was not read around a replacement, to the same sum", () => {
  const silent = { value: null, readS: null, words: null, readingReason: "unit-silent" } as const;
  const { rows } = replay([row(H + 2, silent), row(H + 3, silent), row(H + 4)]);
  strictEqual(rows.reduce((sum, { amount }) => sum + (amount ?? 0), 0), 1_010_300 - 999_500);
  deepStrictEqual(rows.map(({ quality }) => quality), ["recovered", "recovered", "recovered"]);
  deepStrictEqual(rows.map(({ readingReason }) => readingReason), ["unit-silent", "unit-silent", null]);
});

Deno.test("replayCounter() says estimated where the new counter's beginning is not known", () => {
  const { base } = NEW;
  const { rows, newSeries } = replay([row(H + 2), row(H + 3)], {
    begins: "unseen",
    origin: 0,
    base: base ?? 0,
  });
  deepStrictEqual(rows.map(({ quality }) => quality), ["estimated", "measured"]);
  deepStrictEqual(newSeries.map(({ origin, base: from }) => [origin, from]), [[valueAt(H + 2), 1_000_700]]);
  strictEqual(rows[0]?.amount, 1_000_700 - 999_500);
});

Deno.test("replayCounter() says new-series where nobody read either counter", () => {
  const { begins: _, base: __, ...plain } = NEW;
  const { rows } = replayCounter({
    channelId: 5,
    start: START,
    rows: [row(H + 2), row(H + 3), row(H + 4)],
    series: [OLD, { ...plain, origin: 0 }],
    rulesAt: () => RULES,
    shape: null,
    peak: null,
  });
  deepStrictEqual(rows.map(({ amountReason }) => amountReason), ["new-series", "first-reading", null]);
});

Deno.test("replayCounter() leaves what a person edited, and keeps the last reading of a counter that is dark", () => {
  const silent = { value: null, readS: null, words: null, readingReason: "unit-silent" } as const;
  const edited = row(H + 2, { amount: 5, quality: "edited", amountReason: null });
  const { rows, gap } = replay([edited, row(H + 3, silent)]);
  strictEqual(rows[0]?.amount, 5);
  deepStrictEqual([gap?.halfHour, gap?.value], [H + 2, valueAt(H + 2)]);
});

Deno.test("judgeReading() does not believe a first reading that cannot have come from the new counter", () => {
  const judged = judgeReading({
    halfHour: H + 2,
    channelId: 5,
    rules: RULES,
    series: NEW,
    context: { channelId: 5, last: START, inGap: false, candidate: null },
    reading: { atS: endSOf(H + 2) + 10, value: 9_000_000, words: "" },
    shape: null,
  });
  deepStrictEqual([judged.accepted, judged.amountReason], [false, "implausible"]);
});

Deno.test("a counter that is replaced between a boundary and its reading loses nothing", () => {
  const late: Series = { ...NEW, sinceS: endSOf(H + 2) + 4, base: 1_003_108 };
  const value = (halfHour: number) => 40 + 2 * (endSOf(halfHour) + 10 - late.sinceS);
  const rows = [H + 2, H + 3].map((halfHour) => row(halfHour, { value: value(halfHour) }));
  const series = [OLD, late];
  const replayed = replayCounter({
    channelId: 5,
    start: START,
    rows,
    series,
    rulesAt: (atS) => atS < late.sinceS ? { ...RULES, numerator: 100 } : RULES,
    shape: null,
    peak: null,
  });
  const sum = replayed.rows.reduce((total, { amount }) => total + (amount ?? 0), 0);
  strictEqual(sum, (replayed.rows.at(-1)?.boundary ?? 0) - 999_500);
  strictEqual(replayed.rows.every(({ amount }) => amount !== null && amount > 3_500 && amount < 3_700), true);
});
