import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { checkRow, packDay, unpackDay } from "../../../lib/domain/packing.ts";
import type { ReadingRow } from "../../../lib/domain/visit.ts";

const DAY = 20_000;
const CHANNEL = 3;

function rowAt(index: number, change: Partial<ReadingRow> = {}): ReadingRow {
  return {
    halfHour: DAY * 48 + index,
    channelId: CHANNEL,
    words: "0001E240",
    readS: 7,
    profileVersion: 2,
    value: 123_456 + index,
    boundary: 1_000 + index * 10,
    amount: 10,
    quality: "measured",
    readingReason: null,
    amountReason: null,
    ...change,
  };
}

const BAD: readonly [string, Partial<ReadingRow>][] = [
  ["an amount of 33 bits", { amount: 2 ** 31 }],
  ["half a watt-hour", { amount: 0.5 }],
  ["a value that is not a number", { value: NaN }],
  ["a value beyond 53 bits", { value: 2 ** 53 }],
  ["a boundary below 0", { boundary: -1 }],
  ["seconds past the next boundary", { readS: 1800 }],
  ["no profile version", { profileVersion: 0 }],
  ["half a register", { words: "00A" }],
  ["thirteen registers", { words: "0".repeat(52) }],
  ["a half-hour before time began", { halfHour: -1 }],
];
for (const [name, change] of BAD) {
  Deno.test(`checkRow() refuses ${name}`, () => throws(() => checkRow(rowAt(0, change)), RangeError));
}

Deno.test("packDay() refuses rows of another day, another channel or twice the same", () => {
  for (const rows of [[rowAt(48)], [rowAt(-1)], [rowAt(1, { channelId: 4 })], [rowAt(1), rowAt(1)]]) {
    throws(() => packDay({ day: DAY, channelId: CHANNEL, kind: "counter", rows }), /no place in day/);
  }
});

Deno.test("unpackDay() refuses a list that is not a day", () => {
  const packed = packDay({ day: DAY, channelId: CHANNEL, kind: "counter", rows: [rowAt(0)] });
  throws(() => unpackDay({ ...packed, amounts: "[1,2]" }, "counter"), RangeError);
});

const DARK: Partial<ReadingRow> = { words: null, readS: null, value: null };
const COUNTER_ROWS: readonly ReadingRow[] = [
  rowAt(2, { amount: null, boundary: null, quality: "missing", amountReason: "first-reading" }),
  rowAt(3, { amount: null, quality: "missing", amountReason: "first-reading" }),
  rowAt(4),
  rowAt(5, { ...DARK, quality: "recovered", readingReason: "response-timeout" }),
  rowAt(6, { ...DARK, quality: "recovered", readingReason: "response-timeout" }),
  rowAt(7, { ...DARK, quality: "recovered", readingReason: "exception-4" }),
  rowAt(8, { profileVersion: 3, words: "40C81CD000000000".repeat(3) }),
  rowAt(9, {
    words: "FFFFFFFF",
    amount: null,
    boundary: null,
    quality: "missing",
    amountReason: "implausible",
  }),
  rowAt(10, { amount: null, boundary: 50, quality: "missing", amountReason: "new-series" }),
  rowAt(11, { boundary: 62, amount: 12, quality: "suspect" }),
  rowAt(12, { boundary: null, amount: 7, quality: "edited" }),
  rowAt(13, { boundary: 90, amount: 9, quality: "estimated" }),
  ...Array.from({ length: 34 }, (_, i) =>
    rowAt(14 + i, {
      ...DARK,
      amount: null,
      boundary: null,
      quality: "missing",
      readingReason: "no-route",
      amountReason: "no-later-reading-yet",
    })),
];

Deno.test("unpackDay() gives back every row of a counter's day as it was", () => {
  const packed = packDay({
    day: DAY,
    channelId: CHANNEL,
    kind: "counter",
    rows: [...COUNTER_ROWS].reverse(),
  });
  deepStrictEqual(unpackDay(packed, "counter"), COUNTER_ROWS);
  strictEqual(packed.quality, "--xxmrrrmxxsea" + "x".repeat(34));
  deepStrictEqual(packDay({ day: DAY, channelId: CHANNEL, kind: "counter", rows: COUNTER_ROWS }), packed);
});

Deno.test("unpackDay() gives back the rows of a gauge", () => {
  const rows = COUNTER_ROWS.map((row): ReadingRow => ({
    ...row,
    value: row.words === null ? null : 2305,
    boundary: null,
    amount: null,
    quality: row.words === null ? "missing" : "measured",
    amountReason: null,
  }));
  const packed = packDay({ day: DAY, channelId: CHANNEL, kind: "gauge", rows });
  deepStrictEqual(unpackDay(packed, "gauge"), rows);
});

Deno.test("unpackDay() still knows amounts, boundaries and reasons when the words are forgotten", () => {
  const packed = packDay({ day: DAY, channelId: CHANNEL, kind: "counter", rows: COUNTER_ROWS });
  deepStrictEqual(
    unpackDay({ ...packed, raw: null }, "counter"),
    COUNTER_ROWS.map((row) => ({ ...row, words: null, readS: null, value: null, profileVersion: 1 })),
  );
});

Deno.test("packDay() keeps a day of good half-hours small and readable for SQL users", () => {
  const rows = Array.from({ length: 48 }, (_, i) => rowAt(i));
  const packed = packDay({ day: DAY, channelId: CHANNEL, kind: "counter", rows });
  deepStrictEqual(JSON.parse(packed.amounts), new Array(48).fill(10));
  deepStrictEqual([packed.quality, packed.reasons, packed.boundaries], ["m".repeat(48), "[]", "[[0,1000]]"]);
  ok(packed.amounts.length + packed.quality.length < 276);
});

Deno.test("packDay() packs a day in which nothing was expected", () => {
  const packed = packDay({ day: DAY, channelId: CHANNEL, kind: "counter", rows: [] });
  deepStrictEqual([packed.quality, packed.raw, unpackDay(packed, "counter")], ["-".repeat(48), null, []]);
});
