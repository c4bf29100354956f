import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import {
  addDays,
  checkZone,
  isLocalDate,
  localDateOf,
  localDay,
  localDaysBetween,
  localLabel,
  weekdayOf,
  zoneErrorText,
} from "../../../lib/domain/local_day.ts";
import { halfHourOf, startMsOf } from "../../../lib/domain/half_hour.ts";

const REFUSED: readonly [string, string][] = [
  ["Asia/Kathmandu", "off-half-hour"],
  ["Pacific/Chatham", "off-half-hour"],
  ["Australia/Eucla", "off-half-hour"],
  ["Europe/Atlantis", "unknown-zone"],
  ["+05:45", "unknown-zone"],
  ["", "unknown-zone"],
  ["Europe/Berlin\u0000", "unknown-zone"],
  ["constructor", "unknown-zone"],
];
for (const [zone, kind] of REFUSED) {
  Deno.test(`checkZone() refuses "${zone}": ${kind}`, () => {
    const checked = checkZone(zone);
    ok(!checked.ok);
    strictEqual(checked.error.kind, kind);
  });
}

Deno.test("zoneErrorText() says why Nepal cannot be used", () => {
  const checked = checkZone("Asia/Kathmandu");
  ok(!checked.ok);
  match(zoneErrorText(checked.error), /\+05:45 from UTC.*not a whole number of half-hours/);
  match(zoneErrorText({ kind: "unknown-zone", zone: "Mars" }), /no time zone "Mars"/);
});

const TAKEN = [
  ["europe/berlin", "Europe/Berlin"],
  ["Australia/Lord_Howe", "Australia/Lord_Howe"],
  ["America/St_Johns", "America/St_Johns"],
  ["Asia/Kolkata", "Asia/Kolkata"],
  ["UTC", "UTC"],
  ["Africa/Casablanca", "Africa/Casablanca"],
] as const;
for (const [zone, name] of TAKEN) {
  Deno.test(`checkZone() takes ${zone}`, () => deepStrictEqual(checkZone(zone), { ok: true, value: name }));
}

const DATES: readonly [string, boolean][] = [
  ["2026-02-29", false],
  ["2026-13-01", false],
  ["2026-1-1", false],
  ["1999-12-31", false],
  ["2051-01-01", false],
  ["yesterday", false],
  ["2028-02-29", true],
];
for (const [text, want] of DATES) {
  Deno.test(`isLocalDate() says ${want} to ${text}`, () => strictEqual(isLocalDate(text), want));
}

const DAYS: readonly [string, string, number, string][] = [
  ["Europe/Berlin", "2026-10-25", 50, "2026-10-24T22:00Z"],
  ["Europe/Berlin", "2026-03-29", 46, "2026-03-28T23:00Z"],
  ["Europe/Berlin", "2026-07-01", 48, "2026-06-30T22:00Z"],
  ["Australia/Lord_Howe", "2026-04-05", 49, "2026-04-04T13:00Z"],
  ["Australia/Lord_Howe", "2026-10-04", 47, "2026-10-03T13:30Z"],
  ["America/St_Johns", "2026-11-01", 50, "2026-11-01T02:30Z"],
  ["America/Havana", "2026-03-08", 46, "2026-03-08T05:00Z"], // midnight itself is skipped
  ["America/Havana", "2026-11-01", 50, "2026-11-01T04:00Z"],
  ["Pacific/Kiritimati", "2026-01-01", 48, "2025-12-31T10:00Z"],
  ["Etc/GMT+12", "2026-01-01", 48, "2026-01-01T12:00Z"],
  ["UTC", "2026-01-01", 48, "2026-01-01T00:00Z"],
];
for (const [zone, date, count, start] of DAYS) {
  Deno.test(`localDay() gives ${date} in ${zone} ${count} half-hours`, () => {
    const day = localDay(zone, date);
    deepStrictEqual([day.count, day.labels.length], [count, count]);
    strictEqual(startMsOf(day.first), Date.parse(start));
    strictEqual(localDateOf(zone, day.first), date);
    strictEqual(localDateOf(zone, day.first - 1), addDays(date, -1));
    strictEqual(localDateOf(zone, day.first + count), addDays(date, 1));
    for (const [i, { label }] of day.labels.entries()) {
      strictEqual(label, localLabel(zone, startMsOf(day.first + i)));
    }
  });
}

Deno.test("localDay() marks the hour that comes again and the one after a jump", () => {
  const autumn = localDay("Europe/Berlin", "2026-10-25").labels;
  deepStrictEqual(autumn.slice(3, 9).map(({ label, mark }) => `${label} ${mark}`), [
    "01:30 plain",
    "02:00 plain",
    "02:30 plain",
    "02:00 repeated",
    "02:30 repeated",
    "03:00 plain",
  ]);
  const spring = localDay("Europe/Berlin", "2026-03-29").labels;
  deepStrictEqual(spring.slice(3, 6).map(({ label, mark }) => `${label} ${mark}`), [
    "01:30 plain",
    "03:00 after-skip",
    "03:30 plain",
  ]);
  strictEqual(localDay("America/Havana", "2026-03-08").labels[0]?.mark, "after-skip");
});

Deno.test("localDaysBetween() covers a year of every shape without a hole", () => {
  for (const zone of ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata"]) {
    const days = localDaysBetween(zone, { from: "2026-01-01", to: "2026-12-31" });
    strictEqual(days.length, 365);
    days.forEach((day, i) => {
      const before = days[i - 1];
      if (before) strictEqual(day.first, before.first + before.count, `${zone} ${day.date}`);
      ok(day.count >= 46 && day.count <= 50);
    });
  }
});

Deno.test("localDaysBetween() gives nothing backwards and refuses more than 800 days", () => {
  deepStrictEqual(localDaysBetween("UTC", { from: "2026-01-02", to: "2026-01-01" }), []);
  throws(() => localDaysBetween("UTC", { from: "2020-01-01", to: "2026-01-01" }), RangeError);
});

Deno.test("weekdayOf() begins the week on Monday", () => {
  deepStrictEqual(["2026-11-23", "2026-11-25", "2026-11-29", "2000-01-01"].map(weekdayOf), [0, 2, 6, 5]);
});

Deno.test("localDateOf() gives a half-hour to the day in which it starts", () => {
  strictEqual(localDateOf("Europe/Berlin", halfHourOf(Date.parse("2026-07-01T21:59:59Z"))), "2026-07-01");
  strictEqual(localDateOf("Europe/Berlin", halfHourOf(Date.parse("2026-07-01T22:00:00Z"))), "2026-07-02");
});
