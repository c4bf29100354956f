import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatHours, openAt, openHalfHours, parseHours, readHours } from "../../../lib/domain/hours.ts";
import { localDay } from "../../../lib/domain/local_day.ts";
import type { WeekHours } from "../../../lib/domain/site.ts";

function weekOf(monday: string): readonly string[] {
  return [monday, "", "", "", "", "", ""];
}

const REFUSED: readonly [string, RegExp][] = [
  ["eight to six", /"eight to six" is not understood: write 08:00-18:00/],
  ["08:00", /is not understood/],
  ["08:00-18:00-20:00", /is not understood/],
  ["08:70-18:00", /is not understood/],
  ["08:00-24:30", /is not understood/],
  ["-5-18", /is not understood/],
  ["08:15-18:00", /not on the half-hour/],
  ["22:00-06:00", /ends before it starts: write 22:00-24:00 here/],
  ["08:00-08:00", /ends before it starts/],
  ["08:00-13:00, 12:00-18:00", /12:00-18:00 overlaps 08:00-13:00/],
  ["1-2,3-4,5-6,7-8,9-10", /At most 4/],
];
for (const [text, message] of REFUSED) {
  Deno.test(`parseHours() refuses "${text}"`, () => {
    const read = parseHours(weekOf(text));
    ok(!read.ok);
    strictEqual(read.error[0]?.weekday, 0);
    ok(message.test(read.error[0]?.message ?? ""), read.error[0]?.message);
  });
}

Deno.test("parseHours() tells all days that are wrong together", () => {
  const read = parseHours(["8-18", "x", "", "y", "", "", "z"]);
  deepStrictEqual(read.ok ? [] : read.error.map(({ weekday }) => weekday), [1, 3, 6]);
});

const BROKEN: readonly unknown[] = [
  null,
  {},
  [],
  [[], [], [], [], [], []],
  [null, [], [], [], [], [], []],
  [[{ fromMin: "0", toMin: 30 }], [], [], [], [], [], []],
  [[{ fromMin: 0, toMin: 1470 }], [], [], [], [], [], []],
  [[null], [], [], [], [], [], []],
  [[{ fromMin: 60, toMin: 30 }], [], [], [], [], [], []],
];
for (const value of BROKEN) {
  Deno.test(`readHours() refuses ${JSON.stringify(value)}`, () => ok(!readHours(value).ok));
}

Deno.test("formatHours() gives back what parseHours() read, and storage keeps it", () => {
  const typed = ["08:00–18:00", "8-12, 13-17", "24h", "closed", "", " 22:00-24:00 ", "13-17,8-12"];
  const read = parseHours(typed);
  ok(read.ok);
  const shown = [
    "08:00-18:00",
    "08:00-12:00, 13:00-17:00",
    "00:00-24:00",
    "closed",
    "closed",
    "22:00-24:00",
    "08:00-12:00, 13:00-17:00",
  ];
  deepStrictEqual(formatHours(read.value), shown);
  deepStrictEqual(parseHours(shown), read);
  deepStrictEqual(readHours(JSON.parse(JSON.stringify(read.value))), read);
});

const SUNDAYS: WeekHours = [[], [], [], [], [], [], [{ fromMin: 120, toMin: 180 }]];

Deno.test("openAt() opens at the first minute and is closed at the last", () => {
  deepStrictEqual(
    [119, 120, 179, 180].map((minute) => openAt(SUNDAYS, { weekday: 6, minute })),
    [false, true, true, false],
  );
  strictEqual(openAt(SUNDAYS, { weekday: 0, minute: 120 }), false);
  strictEqual(openAt([], { weekday: 3, minute: 120 }), false);
});

Deno.test("openHalfHours() opens twice in an hour that comes again and never in one that is skipped", () => {
  const count = (date: string) =>
    openHalfHours(SUNDAYS, localDay("Europe/Berlin", date))?.filter((open) => open).length;
  deepStrictEqual([count("2026-10-25"), count("2026-03-29"), count("2026-11-01"), count("2026-11-02")], [
    4,
    0,
    2,
    0,
  ]);
  strictEqual(openHalfHours(null, localDay("Europe/Berlin", "2026-11-01")), null);
});
