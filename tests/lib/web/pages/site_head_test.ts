import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { siteStateOf } from "../../../../lib/domain/overview.ts";
import { headOf, pathInUse, sinceLabel } from "../../../../lib/web/pages/site_head.ts";
import {
  DUE,
  type FactsChange,
  factsOf,
  halfHoursOf,
  meterOf,
  NOW_MS,
  outcomesOf,
  readingOf,
} from "./facts.ts";

const HOUR_MS = 3_600_000;
const SINCE = [
  ["this morning", "Europe/London", NOW_MS - 2 * HOUR_MS, "08:40"],
  ["yesterday at the same time", "Europe/London", NOW_MS - 24 * HOUR_MS, "24 Nov, 10:40"],
  ["late yesterday, which is today in Tokyo", "Asia/Tokyo", NOW_MS - 21 * HOUR_MS, "24 Nov, 22:40"],
  ["before the clocks changed", "Europe/London", NOW_MS - 40 * 24 * HOUR_MS, "16 Oct, 11:40"],
] as const;
for (const [name, zone, atMs, want] of SINCE) {
  Deno.test(`sinceLabel() names ${name}`, () => strictEqual(sinceLabel(zone, atMs, NOW_MS), want));
}

function head(letters: string, change: FactsChange = {}) {
  const outcomes = outcomesOf(letters, "connect-timeout");
  return headOf(factsOf({ outcomes, state: siteStateOf({ outcomes, due: DUE }), ...change }), null);
}

const STATES = [
  ["ccc", "good", "Good", "wired"],
  ["", "loading", "Waiting for its first half-hour", "unknown"],
  ["o", "loading", "Waiting for its first half-hour", "unknown"],
  ["ccfff", "critical", "Silent since 09:30: the router does not answer", "none"],
  ["cccf", "stale", "Not read at 10:30: the router does not answer", "none"],
  ["cbb", "warn", "On its backup path since 10:00", "cellular"],
  ["fff", "critical", "Silent since before 09:30: the router does not answer", "none"],
] as const;
for (const [letters, state, word, kind] of STATES) {
  Deno.test(`headOf() says ${word} after "${letters}"`, () => {
    const found = head(letters);
    deepStrictEqual([found.state, found.stateWord, found.path.kind], [state, word, kind]);
  });
}

Deno.test("headOf() knows no age, no half-hour and no completeness of a site never read", () => {
  const found = head("fff", { channels: [halfHoursOf(1, [null, null, null])] });
  deepStrictEqual([found.lastHalfHourLabel, found.lastAgeS, found.stale, found.devicesHeard, found.devices], [
    null,
    null,
    false,
    0,
    1,
  ]);
  deepStrictEqual(found.complete24h, { have: 0, expected: 3 });
});

Deno.test("headOf() says how old the newest reading is, and that one due is not there", () => {
  const fresh = head("cc", { latest: new Map([[1, readingOf(1, DUE)]]) });
  deepStrictEqual([fresh.lastHalfHourLabel, fresh.lastAgeS, fresh.stale], ["10:00–10:30", 595, false]);
  const old = head("cff", { latest: new Map([[1, readingOf(1, DUE - 2)]]) });
  deepStrictEqual([old.lastHalfHourLabel, old.lastAgeS, old.stale], ["09:00–09:30", 4_195, true]);
});

const TWO = [meterOf(1, "Main", { wholeSite: true, endUse: null }), meterOf(2, "Oven"), meterOf(3, "Fridge")];
const ROUTER = meterOf(9, "Router", { profileId: "router", endUse: null });

Deno.test("headOf() names the device that is silent, and counts several", () => {
  const latest = new Map([[1, readingOf(1, DUE)], [3, readingOf(3, DUE)]]);
  const one = head("cpp", { meters: [...TWO, ROUTER], latest });
  strictEqual(one.stateWord, "Oven silent since 10:00");
  deepStrictEqual([one.devicesHeard, one.devices], [2, 3]);
  const two = head("cpp", { meters: [...TWO, ROUTER], latest: new Map([[1, readingOf(1, DUE)]]) });
  strictEqual(two.stateWord, "2 devices silent since 10:00");
});

Deno.test("headOf() counts half-hours of the site, complete only where every counter is", () => {
  const channels = [halfHoursOf(1, new Array(48).fill(5)), halfHoursOf(2, [...new Array(47).fill(5), null])];
  const found = head("cc", { meters: TWO.slice(0, 2), channels });
  deepStrictEqual(found.complete24h, { have: 47, expected: 48 });
});

Deno.test("headOf() says nothing of 30 days before a site is a day old", () => {
  strictEqual(head("c", { plan: { since: DUE - 47 } }).complete30d, null);
});

const HOURS = [
  [null, null],
  [[[], [], [], [], [], [], []], "closed"],
  [
    [[], [], [{ fromMin: 450, toMin: 720 }, { fromMin: 780, toMin: 1_440 }], [], [], [], []],
    "07:30–12:00, 13:00–24:00",
  ],
] as const;
for (const [hours, want] of HOURS) {
  Deno.test(`headOf() says when it is open today: ${want}`, () => {
    strictEqual(head("c", { site: { hours } }).openTodayLabel, want);
  });
}

Deno.test("pathInUse() does not guess a path that is no longer there", () => {
  const { plan } = factsOf({ plan: { paths: [] } });
  strictEqual(pathInUse({ plan, outcomes: outcomesOf("c") }).kind, "none");
  strictEqual(pathInUse({ plan, outcomes: [] }).kind, "unknown");
});

Deno.test("pathInUse() tells of the newest half-hour that ended", () => {
  deepStrictEqual(pathInUse({ plan: factsOf().plan, outcomes: outcomesOf("bo") }), {
    kind: "cellular",
    label: "Cellular",
    backup: true,
  });
});
