import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  FOREIGN_FAULTS_MAX,
  foreignHalfHours,
  type ForeignRow,
  type ForeignStatement,
  statedUnits,
} from "../../../lib/domain/foreign_intervals.ts";
import { readStamp } from "../../../lib/domain/foreign_stamps.ts";
import { HALF_HOUR_MS, halfHourOf } from "../../../lib/domain/half_hour.ts";
import { localDay } from "../../../lib/domain/local_day.ts";

const unitOf = (id: string) => {
  const unit = statedUnits("Wh").find((one) => one.id === id);
  if (!unit) throw new Error(id);
  return unit;
};

const LONDON: ForeignStatement = {
  stamp: "start",
  clock: "local",
  zone: "Europe/London",
  periodMin: 30,
  unit: unitOf("kWh"),
};
const at = (text: string) => halfHourOf(Date.parse(`${text}Z`));
const rowsOf = (cells: readonly (readonly [string, string])[]): readonly ForeignRow[] =>
  cells.map(([stamp, figure], i) => ({ row: i + 2, stamp, figure }));
const read = (cells: readonly (readonly [string, string])[], over: Partial<ForeignStatement> = {}) =>
  foreignHalfHours(rowsOf(cells), { ...LONDON, ...over });
const wall = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");

for (
  const [text, want] of [
    ["2026-03-01 00:30", "2026-03-01 00:30"],
    ["2026-03-01T00:30:00", "2026-03-01 00:30"],
    ["01/03/2026 00:30", "2026-03-01 00:30"],
    ["01.03.2026 00:30:00", "2026-03-01 00:30"],
    ["2026-03-01 24:00", "2026-03-02 00:00"],
  ] as const
) {
  Deno.test(`readStamp() takes ${text}`, () => strictEqual(wall(readStamp(text)?.wallMs ?? NaN), want));
}

for (
  const text of [
    "",
    "yesterday",
    "2026-02-30 00:00",
    "2026-03-01 24:30",
    "2026-03-01 00:60",
    "1/3/2026 0:30",
    "2026-03-01",
    "=A1",
    "2026-03-01 00:30:17",
  ]
) {
  Deno.test(`readStamp() refuses "${text}"`, () => strictEqual(readStamp(text), null));
}

Deno.test("readStamp() believes an offset that a stamp says itself", () => {
  strictEqual(readStamp("2026-07-01T00:30+01:00")?.offsetMs, 3_600_000);
  strictEqual(readStamp("2026-07-01T00:30Z")?.offsetMs, 0);
});

/** What a wall clock shows on a local day, at the start of its half-hours or at their ends. */
function dayOf(zone: string, date: string, stamp: "start" | "end") {
  const day = localDay(zone, date);
  const next = localDay(zone, new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10));
  const stamps = [
    ...day.labels.map(({ label }) => `${date} ${label}`),
    `${next.date} ${next.labels[0]?.label}`,
  ];
  const shown = stamp === "start" ? stamps.slice(0, -1) : stamps.slice(1);
  return { day, rows: shown.map((text, i) => [text, String(i + 1)] as const) };
}

for (
  const [zone, date, count] of [
    ["Europe/London", "2026-03-28", 48],
    ["Europe/London", "2026-03-29", 46],
    ["Europe/London", "2026-10-25", 50],
    ["Australia/Lord_Howe", "2026-10-04", 47],
    ["Australia/Lord_Howe", "2026-04-05", 49],
  ] as const
) {
  for (const stamp of ["start", "end"] as const) {
    Deno.test(`foreignHalfHours() brings ${count} half-hours of ${date} in ${zone} with ${stamp} stamps`, () => {
      const { day, rows } = dayOf(zone, date, stamp);
      strictEqual(rows.length, count);
      const told = read(rows, { zone, stamp });
      ok(told.ok, JSON.stringify(told));
      strictEqual(told.value.from, day.first);
      deepStrictEqual(told.value.amounts, rows.map((_, i) => (i + 1) * 1000));
      strictEqual(told.value.ambiguous, 0);
    });
  }
}

Deno.test("foreignHalfHours() reads the same half-hours from stamps of the start and of the end", () => {
  const start = read([["2026-07-01 00:00", "1"], ["2026-07-01 00:30", "2"]]);
  const end = read([["2026-07-01 00:30", "1"], ["2026-07-01 01:00", "2"]], { stamp: "end" });
  deepStrictEqual(start, end);
  ok(start.ok);
  strictEqual(start.value.from, at("2026-06-30T23:00"));
});

Deno.test("foreignHalfHours() takes UTC and standard time for what they are, in summer too", () => {
  const cells = [["2026-07-01 12:00", "1"]] as const;
  const from = (over: Partial<ForeignStatement>) => {
    const told = read(cells, over);
    return told.ok ? told.value.from : null;
  };
  strictEqual(from({ clock: "utc" }), at("2026-07-01T12:00"));
  strictEqual(from({ clock: "standard" }), at("2026-07-01T12:00"));
  strictEqual(from({ clock: "local" }), at("2026-07-01T11:00"));
  strictEqual(from({ clock: "standard", zone: "Europe/Berlin" }), at("2026-07-01T11:00"));
  strictEqual(from({ clock: "standard", zone: "Australia/Lord_Howe" }), at("2026-07-01T01:30"));
});

Deno.test("foreignHalfHours() refuses an hour that clocks skipped, by row and field", () => {
  const told = read([["2026-03-29 00:30", "1"], ["2026-03-29 01:30", "2"]]);
  deepStrictEqual(told, {
    ok: false,
    error: [{
      row: 3,
      field: "stamp",
      value: "2026-03-29 01:30",
      expected: "a time that clocks showed: they were put forward over this one",
    }],
  });
});

for (const stamp of ["start", "end"] as const) {
  Deno.test(`foreignHalfHours() leaves out what came twice and is told once, with ${stamp} stamps`, () => {
    const hours = Array.from({ length: 8 }, (_, i) => wall(Date.UTC(2026, 9, 25) + i * HALF_HOUR_MS));
    const told = read(hours.map((text) => [text, "1"] as const), { stamp });
    ok(told.ok, JSON.stringify(told));
    ok(told.value.ambiguous >= 2);
    const known = told.value.amounts.flatMap((amount, i) => amount === null ? [] : [told.value.from + i]);
    const first = halfHourOf(Date.UTC(2026, 9, 25));
    ok(known.every((halfHour) => halfHour < first || halfHour >= first + 4), "nothing of the hours in doubt");
  });
}

Deno.test("foreignHalfHours() knows twins by their offsets, in any zone", () => {
  const told = read([["2026-10-25T01:30+01:00", "1"], ["2026-10-25T01:30+00:00", "2"]]);
  ok(told.ok);
  deepStrictEqual(told.value.amounts, [1000, null, 2000]);
});

Deno.test("foreignHalfHours() sums quarter-hours, and leaves out a half-hour of one quarter", () => {
  const cells = [["2026-01-05 00:00", "0.4"], ["2026-01-05 00:15", "0.6"], [
    "2026-01-05 00:30",
    "1",
  ]] as const;
  const told = read(cells, { periodMin: 15 });
  ok(told.ok);
  deepStrictEqual(told.value.amounts, [1000, null]);
});

Deno.test("foreignHalfHours() makes energy of mean power", () => {
  const half = read([["2026-01-05 00:00", "10"]], { unit: unitOf("kW-mean") });
  ok(half.ok);
  deepStrictEqual(half.value.amounts, [5000]);
  const quarters = [["2026-01-05 00:00", "10"], ["2026-01-05 00:15", "20"]] as const;
  const told = read(quarters, { unit: unitOf("kW-mean"), periodMin: 15 });
  ok(told.ok);
  deepStrictEqual(told.value.amounts, [7500]);
});

Deno.test("foreignHalfHours() takes differences of a counter, adding up to its own, and none where it fell", () => {
  const cells = [
    ["2026-01-05 00:00", "1000.4"],
    ["2026-01-05 00:30", "1001.1"],
    ["2026-01-05 01:00", "1001.9"],
    ["2026-01-05 01:30", "3"],
    ["2026-01-05 02:00", "4"],
    ["2026-01-05 03:00", "6"],
  ] as const;
  const told = read(cells, { unit: unitOf("kWh-counter") });
  ok(told.ok);
  deepStrictEqual(told.value.amounts, [700, 800, null, 1000, null, null]);
  strictEqual(told.value.fell, 1);
});

Deno.test("foreignHalfHours() reads a counter at the moment that clocks go forward, whatever they call it", () => {
  for (const name of ["2026-03-29 01:00", "2026-03-29 02:00"]) {
    const cells = [["2026-03-29 00:30", "1"], [name, "2"], ["2026-03-29 02:30", "4"]] as const;
    const told = read(cells, { unit: unitOf("kWh-counter") });
    ok(told.ok, JSON.stringify(told));
    deepStrictEqual(told.value.amounts, [1000, 2000], name);
  }
});

Deno.test("foreignHalfHours() rounds so that a day adds up", () => {
  const cells = Array.from(
    { length: 48 },
    (_, i) => [wall(Date.UTC(2026, 0, 5) + i * HALF_HOUR_MS), "0.0004"] as const,
  );
  const told = read(cells);
  ok(told.ok);
  strictEqual(told.value.amounts.reduce((sum: number, amount) => sum + (amount ?? 0), 0), 19);
});

for (
  const [name, cells, field, expected] of [
    ["a formula", [["2026-01-05 00:00", "=1+1"]], "figure", /a number such as 12\.5/],
    ["thousands", [["2026-01-05 00:00", "1,234.5"]], "figure", /a number/],
    ["an emoji", [["🕛", "1"]], "stamp", /2026-03-29 00:30/],
    [
      "the wrong order",
      [["2026-01-05 00:30", "1"], ["2026-01-05 00:00", "1"]],
      "stamp",
      /after the one above/,
    ],
    ["a stamp twice", [["2026-01-05 00:30", "1"], ["2026-01-05 00:30", "1"]], "stamp", /after the one above/],
    ["a stamp off the period", [["2026-01-05 00:10", "1"]], "stamp", /whole number of periods/],
    ["10,000 characters", [["2026-01-05 00:00", "9".repeat(10_000)]], "figure", /a number/],
  ] as const
) {
  Deno.test(`foreignHalfHours() refuses ${name}`, () => {
    const told = read(cells);
    ok(!told.ok);
    strictEqual(told.error[0]?.field, field);
    match(told.error[0]?.expected ?? "", expected);
    ok((told.error[0]?.value.length ?? 0) <= 60);
  });
}

Deno.test("foreignHalfHours() keeps some of very many faults, and refuses what is too long", () => {
  const many = read(Array.from({ length: 5_000 }, () => ["x", "1"] as const));
  strictEqual(!many.ok && many.error.length, FOREIGN_FAULTS_MAX);
  const long = read([["2020-01-01 00:00", "1"], ["2026-01-01 00:00", "1"]]);
  match((!long.ok && long.error[0]?.expected) || "", /400 days/);
});

Deno.test("foreignHalfHours() keeps an empty figure for none, never 0", () => {
  const told = read([["2026-01-05 00:00", ""], ["2026-01-05 00:30", "0"]]);
  ok(told.ok);
  deepStrictEqual(told.value.amounts, [null, 0]);
});

Deno.test("statedUnits() are told apart by their ids", () => {
  for (const unit of ["Wh", "varh", "L", "count"] as const) {
    const ids = statedUnits(unit).map(({ id }) => id);
    strictEqual(new Set(ids).size, ids.length);
  }
});
