import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  closedHalfHourAt,
  endMsOf,
  endSOf,
  firstHalfHourOf,
  halfHourOf,
  indexInDay,
  startMsOf,
  utcDayOf,
} from "../../../lib/domain/half_hour.ts";

const at = (text: string) => Date.parse(text);

const CASES: readonly [string, string, number][] = [
  ["a millisecond before the boundary", "2026-10-25T00:59:59.999Z", 0],
  ["on the boundary", "2026-10-25T01:00:00Z", 1],
  ["a millisecond after it", "2026-10-25T01:00:00.001Z", 1],
  ["where clocks in Berlin go back", "2026-10-25T01:30:00Z", 2],
];
const FIRST = halfHourOf(at("2026-10-25T00:30:00Z"));
for (const [name, instant, after] of CASES) {
  Deno.test(`halfHourOf() ${name}`, () => strictEqual(halfHourOf(at(instant)), FIRST + after));
}

Deno.test("halfHourOf() counts backwards before the epoch", () => {
  deepStrictEqual([halfHourOf(0), halfHourOf(-1)], [0, -1]);
});

Deno.test("closedHalfHourAt() is the visit of 10:00 at 10:30 and still at 10:59", () => {
  const ten = halfHourOf(at("2026-11-25T10:00:00Z"));
  strictEqual(closedHalfHourAt(at("2026-11-25T10:29:59.999Z")), ten - 1);
  strictEqual(closedHalfHourAt(at("2026-11-25T10:30:00Z")), ten);
  strictEqual(closedHalfHourAt(at("2026-11-25T10:59:59Z")), ten);
});

Deno.test("endMsOf() is where the next half-hour starts", () => {
  strictEqual(endMsOf(FIRST), startMsOf(FIRST + 1));
  strictEqual(endSOf(FIRST) * 1000, endMsOf(FIRST));
});

Deno.test("utcDayOf() gives every day 48 half-hours", () => {
  const day = utcDayOf(FIRST);
  strictEqual(startMsOf(firstHalfHourOf(day)), at("2026-10-25T00:00:00Z"));
  deepStrictEqual([indexInDay(firstHalfHourOf(day)), indexInDay(firstHalfHourOf(day + 1) - 1)], [0, 47]);
  deepStrictEqual([utcDayOf(-1), indexInDay(-1)], [-1, 47]);
});
