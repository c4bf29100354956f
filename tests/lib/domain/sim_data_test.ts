import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  CONNECTION_OVERHEAD_B,
  otherTrafficOf,
  ownBytesOf,
  REQUEST_OVERHEAD_B,
} from "../../../lib/domain/own_data.ts";
import {
  billingMonthOf,
  type DataRead,
  type DataStretch,
  type DayData,
  daysBetween,
  daysOfData,
  type Forecast,
  forecastOf,
  monthUseOf,
  stretchesOf,
  usedUpOf,
} from "../../../lib/domain/sim_data.ts";

const DAY = 86_400;
const MB = 1e6;

/** Daily readings, each MB received; half as much is sent. `-` stands for one that was not read. */
function reads(...mb: readonly (number | "-")[]): readonly DataRead[] {
  return mb.map((each, day) =>
    each === "-"
      ? { atS: day * DAY, receivedB: null, sentB: null }
      : { atS: day * DAY, receivedB: each * MB, sentB: each * MB / 2 }
  );
}

/** Stretches as MB, `~` where at least; a long one with its days. */
function told(stretches: readonly DataStretch[]): readonly string[] {
  return stretches.map(({ fromS, toS, bytes, atLeast }) =>
    `${bytes / MB}${atLeast ? "~" : ""}${toS - fromS === DAY ? "" : ` in ${(toS - fromS) / DAY}`}`
  );
}

const STRETCHES: readonly [string, readonly DataRead[], readonly string[]][] = [
  ["nothing", reads(), []],
  ["one reading is no stretch", reads(5), []],
  ["it grows", reads(2, 4, 8), ["3", "6"]],
  ["nothing was used", reads(2, 2), ["0"]],
  ["a day was not read", reads(2, "-", 6), ["6 in 2"]],
  ["it began again", reads(100, 104, 2), ["6", "3~"]],
  ["it begins again each day", reads(4, 3, 5, 2, 4, 3, 2), ["4.5~", "7.5~", "3~", "6~", "4.5~", "3~"]],
  ["it wraps at 2^32", [{ atS: 0, receivedB: 2 ** 32 - 1e6, sentB: 0 }, {
    atS: DAY,
    receivedB: 2e6,
    sentB: 0,
  }], ["3"]],
  ["it fell from far below its end", [{ atS: 0, receivedB: 3e9, sentB: 0 }, {
    atS: DAY,
    receivedB: 2e6,
    sentB: 0,
  }], ["2~"]],
  ["one of the two began again", [{ atS: 0, receivedB: 5e6, sentB: 5e6 }, {
    atS: DAY,
    receivedB: 1e6,
    sentB: 6e6,
  }], ["2~"]],
  [
    "the same instant twice",
    [{ atS: 0, receivedB: 1e6, sentB: 0 }, { atS: 0, receivedB: 2e6, sentB: 0 }],
    [],
  ],
];
for (const [name, given, want] of STRETCHES) {
  Deno.test(`stretchesOf(): ${name}`, () => deepStrictEqual(told(stretchesOf(given)), want));
}

Deno.test("stretchesOf() takes a counter that fell over the turn of a month to have begun with it", () => {
  const turned = stretchesOf(reads(100, 104, 2), [1.75 * DAY]);
  deepStrictEqual(told(turned), ["6", "0~ in 0.75", "3 in 0.25"]);
  strictEqual(monthUseOf(turned, 1.75 * DAY).atLeast, false, "the new month is whole");
});

const SPANS = [0, 1, 2, 3].map((day) => ({
  date: `2026-11-0${day + 1}`,
  fromS: day * DAY,
  toS: (day + 1) * DAY,
}));

Deno.test("daysOfData() shares stretches among days, and says which are covered", () => {
  const stretches: readonly DataStretch[] = [
    { fromS: 0.25 * DAY, toS: 1.25 * DAY, bytes: 8 * MB, atLeast: false },
    { fromS: 1.25 * DAY, toS: 3.25 * DAY, bytes: 16 * MB, atLeast: true },
  ];
  deepStrictEqual(
    daysOfData(stretches, SPANS).map(({ bytes, atLeast, whole }) => [bytes, atLeast, whole]),
    [[6 * MB, true, false], [8 * MB, true, true], [8 * MB, true, true], [2 * MB, true, false]],
  );
  deepStrictEqual(daysOfData([], SPANS)[0], {
    date: "2026-11-01",
    bytes: null,
    atLeast: true,
    covered: 0,
    whole: false,
  });
});

const MONTHS: readonly [string, number, string, string][] = [
  ["2026-11-29", 1, "2026-11-01", "2026-12-01"],
  ["2026-11-01", 1, "2026-11-01", "2026-12-01"],
  ["2026-11-14", 15, "2026-10-15", "2026-11-15"],
  ["2026-11-15", 15, "2026-11-15", "2026-12-15"],
  ["2026-01-05", 15, "2025-12-15", "2026-01-15"],
  ["2026-02-27", 31, "2026-01-31", "2026-02-28"],
  ["2026-02-28", 31, "2026-02-28", "2026-03-31"],
  ["2028-02-29", 30, "2028-02-29", "2028-03-30"],
  ["2026-12-31", 31, "2026-12-31", "2027-01-31"],
];
for (const [date, day, from, to] of MONTHS) {
  Deno.test(`billingMonthOf() ${date} with day ${day} is ${from} to ${to}`, () =>
    deepStrictEqual(billingMonthOf(date, day), { from, to }));
}

Deno.test("daysBetween() counts over a change of clocks", () =>
  strictEqual(daysBetween("2026-03-01", "2026-04-01"), 31));

const USES: readonly [string, readonly DataStretch[], number, readonly [number, boolean, number | null]][] = [
  ["no reading", [], 0, [0, true, null]],
  ["whole", [{ fromS: 0, toS: DAY, bytes: 4, atLeast: false }], 0, [4, false, DAY]],
  ["begun before the month", [{ fromS: -DAY, toS: DAY, bytes: 4, atLeast: false }], 0, [2, false, DAY]],
  ["first read after it began", [{ fromS: DAY, toS: 2 * DAY, bytes: 4, atLeast: false }], 0, [
    4,
    true,
    2 * DAY,
  ]],
  ["a counter began again", [{ fromS: 0, toS: DAY, bytes: 4, atLeast: true }], 0, [4, true, DAY]],
];
for (const [name, stretches, fromS, want] of USES) {
  Deno.test(`monthUseOf(): ${name}`, () => {
    const { bytes, atLeast, untilS } = monthUseOf(stretches, fromS);
    deepStrictEqual([bytes, atLeast, untilS], want);
  });
}

function dayData(...mb: readonly (number | null)[]): readonly DayData[] {
  return mb.map((each, i) => ({
    date: `2026-11-${String(i + 1).padStart(2, "0")}`,
    bytes: each === null ? null : each * MB,
    atLeast: each === null,
    covered: each === null ? 0 : 1,
    whole: each !== null,
  }));
}

const USE = { bytes: 30 * MB, atLeast: false, untilS: 10 * DAY };

Deno.test("forecastOf() goes on with the mean of the last 14 whole days", () => {
  const days = dayData(99, ...new Array<number>(14).fill(3));
  deepStrictEqual(forecastOf(USE, days, 20), {
    kind: "known",
    bytes: 90 * MB,
    lowB: 90 * MB,
    highB: 90 * MB,
    dayB: 3 * MB,
    days: 14,
    atLeast: false,
  });
});

Deno.test("forecastOf() widens with the spread of the days, and never falls below what was used", () => {
  const known = forecastOf(USE, dayData(0, 6, 0, 6), 4);
  ok(known.kind === "known" && known.bytes === 42 * MB);
  ok(known.highB > known.bytes && known.lowB === USE.bytes);
});

const EARLY: readonly [
  string,
  readonly DayData[],
  typeof USE | { bytes: number; atLeast: boolean; untilS: null },
  number,
][] = [
  ["no day", dayData(), USE, 0],
  ["two days", dayData(3, 3), USE, 2],
  ["three days, one not whole", dayData(3, null, 3), USE, 2],
  ["no reading this month", dayData(3, 3, 3), { bytes: 0, atLeast: true, untilS: null }, 3],
];
for (const [name, days, use, known] of EARLY) {
  Deno.test(`forecastOf() is too early to tell with ${name}`, () =>
    deepStrictEqual(forecastOf(use, days, 20), { kind: "too-early", days: known }));
}

Deno.test("forecastOf() leaves days out in which a counter began again, as long as three others are there", () => {
  const days = [...dayData(3, 3, 3), {
    date: "2026-11-04",
    bytes: 0,
    atLeast: true,
    covered: 1,
    whole: true,
  }];
  const known = forecastOf(USE, days, 1);
  ok(known.kind === "known" && known.dayB === 3 * MB && !known.atLeast);
  const rest = forecastOf(USE, days.slice(1), 1);
  ok(rest.kind === "known" && rest.dayB === 2 * MB && rest.atLeast);
});

const RATE: Forecast = {
  kind: "known",
  bytes: 90 * MB,
  lowB: 80 * MB,
  highB: 100 * MB,
  dayB: 3 * MB,
  days: 14,
  atLeast: false,
};
const WHEN = { today: "2026-11-10", month: { from: "2026-11-01", to: "2026-12-01" } };
const UP: readonly [string, number, Forecast, string][] = [
  ["within the allowance", 500, RATE, "not-this-month"],
  ["over it already", 20, RATE, "already"],
  ["exactly used", 30, RATE, "already"],
  ["in ten days", 60, RATE, "on 2026-11-20"],
  ["too early to tell", 60, { kind: "too-early", days: 1 }, "not-known"],
  ["nothing used a day", 60, { ...RATE, dayB: 0 }, "not-this-month"],
  ["on the last day", 89, RATE, "on 2026-11-29"],
];
for (const [name, allowanceMb, forecast, want] of UP) {
  Deno.test(`usedUpOf(): ${name}`, () => {
    const up = usedUpOf({ use: USE, forecast, allowanceB: allowanceMb * MB }, WHEN);
    strictEqual(up.kind === "on" ? `on ${up.date}` : up.kind, want);
  });
}

Deno.test("ownBytesOf() adds what TCP puts around, and ten meters of ours are 10 MB a month", () => {
  strictEqual(
    ownBytesOf({ connections: 1, requests: 2, contentB: 500 }),
    500 + 2 * REQUEST_OVERHEAD_B + CONNECTION_OVERHEAD_B,
  );
  const visits = 1_461;
  const month = ownBytesOf({ connections: visits * 3, requests: visits * 20, contentB: visits * 20 * 130 });
  ok(month > 8 * MB && month < 12 * MB, `${month}`);
});

const OTHER: readonly [string, number, number, number, readonly string[]][] = [
  ["nothing worth a word", 11, 10, 30, []],
  ["pings every 3 s alone", 160, 10, 30.4375, ["pings-3s", "pings-10s", "wireguard", "pings-60s"]],
  ["a keepalive", 23, 10, 30.4375, ["wireguard", "pings-60s"]],
  ["much more than any ping", 900, 10, 30, [
    "pings-3s",
    "pings-10s",
    "wireguard",
    "pings-60s",
    "behind-the-router",
  ]],
  ["the router counts in another unit", 0.02, 10, 30, ["unit-of-counter"]],
  ["a little less than ours is the estimate's fault", 9.5, 10, 30, []],
  ["half an hour is not scaled to a month", 3, 1, 0.02, []],
];
for (const [name, router, own, days, want] of OTHER) {
  Deno.test(`otherTrafficOf() names: ${name}`, () => {
    const other = otherTrafficOf({ routerB: router * MB, ownB: own * MB, days });
    deepStrictEqual(other.causes.map(({ id }) => id), want);
  });
}

Deno.test("otherTrafficOf() has the numbers of the rules of metering: 147 MB and 13 MB a month", () => {
  const { causes } = otherTrafficOf({ routerB: 1e9, ownB: 0, days: 30 });
  const mb = (id: string) => Math.round((causes.find((cause) => cause.id === id)?.monthB ?? 0) / MB);
  deepStrictEqual([mb("pings-3s"), mb("wireguard")], [147, 13]);
});
