import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../../../lib/domain/half_hour.ts";
import { localDay } from "../../../../lib/domain/local_day.ts";
import type { WeekHours } from "../../../../lib/domain/site.ts";
import { axisOf, dayMonth, longDay, shortDay } from "../../../../lib/web/pages/axis.ts";

const DAYS = [
  {
    name: "a day in spring",
    zone: "Europe/London",
    date: "2026-03-29",
    count: 46,
    at: 2,
    labels: ["02:00", "02:30"],
  },
  {
    name: "a day in autumn",
    zone: "Europe/London",
    date: "2026-10-25",
    count: 50,
    at: 4,
    labels: ["01:00", "01:30"],
  },
  {
    name: "a usual day",
    zone: "Europe/London",
    date: "2026-11-25",
    count: 48,
    at: 2,
    labels: ["01:00", "01:30"],
  },
  {
    name: "Lord Howe in spring",
    zone: "Australia/Lord_Howe",
    date: "2026-10-04",
    count: 47,
    at: 3,
    labels: ["01:30", "02:30"],
  },
  {
    name: "Lord Howe in autumn",
    zone: "Australia/Lord_Howe",
    date: "2026-04-05",
    count: 49,
    at: 3,
    labels: ["01:30", "01:30"],
  },
] as const;
for (const { name, zone, date, count, at, labels } of DAYS) {
  Deno.test(`axisOf() labels ${name} as the clock on the wall does`, () => {
    const { first } = localDay(zone, date);
    const axis = axisOf(zone, { from: first, to: first + count, hours: null });
    strictEqual(axis.localDays.length, 1);
    strictEqual(axis.labels.length, count);
    deepStrictEqual(axis.labels.slice(at, at + 2), labels);
    deepStrictEqual([axis.labels[0], axis.labels.at(-1)], ["00:00", "23:30"]);
    deepStrictEqual(axis.open, new Array(count).fill(undefined));
  });
}

const MORNINGS: WeekHours = [[], [], [{ fromMin: 540, toMin: 600 }], [], [], [], []];

Deno.test("axisOf() marks where days begin and when the site is open", () => {
  const from = halfHourOf(Date.UTC(2026, 10, 24, 23));
  const axis = axisOf("Europe/London", { from, to: from + 24, hours: MORNINGS });
  deepStrictEqual(axis.days, [
    { from: 0, label: "Tue 24", long: "Tue 24 Nov" },
    { from: 2, label: "Wed 25", long: "Wed 25 Nov" },
  ]);
  deepStrictEqual(axis.labels.filter((_, i) => axis.open[i]), ["09:00", "09:30"]);
  strictEqual(axis.open.length, 24);
});

Deno.test("axisOf() lists nothing for no half-hours", () => {
  const axis = axisOf("Europe/London", { from: 100, to: 100, hours: null });
  deepStrictEqual([axis.count, axis.labels, axis.open], [0, [], []]);
});

Deno.test("shortDay(), longDay() and dayMonth() name days", () => {
  const day = localDay("Asia/Tokyo", "2026-03-01");
  deepStrictEqual([shortDay(day), longDay(day), dayMonth(day.date)], ["Sun 1", "Sun 1 Mar", "1 Mar"]);
});
