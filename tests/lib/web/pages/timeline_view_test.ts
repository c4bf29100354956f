import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { timelineOf } from "../../../../lib/web/pages/timeline_view.ts";
import { factsOf, halfHoursOf, outcomesOf } from "./facts.ts";

const timeline = (letters: string) =>
  timelineOf(factsOf({ outcomes: outcomesOf(letters, "connect-timeout") }));

const CASES = [
  [
    "ccfff",
    "critical",
    "Nothing read since",
    "The router does not answer. 3 half-hours. Tried each half-hour.",
  ],
  [
    "cfffc",
    "stale",
    "Nothing read until 10:30",
    "The router does not answer. 3 half-hours. The energy of this time is not known in full.",
  ],
  [
    "fff",
    "critical",
    "Nothing read since",
    "The router does not answer. At least 3 half-hours. Tried each half-hour.",
  ],
  ["cb", "warn", "On its backup path", "Wired path does not answer. Readings are complete, 1 half-hour."],
  [
    "cbbc",
    "info",
    "On its backup path until 10:30",
    "Wired path does not answer. Readings are complete, 2 half-hours.",
  ],
  ["cp", "partial", "Some devices are missing", "1 half-hour. The other devices were read."],
  ["cpc", "partial", "Some devices were missing until 10:30", "1 half-hour. The other devices were read."],
] as const;
for (const [letters, state, what, more] of CASES) {
  Deno.test(`timelineOf() tells of "${letters}": ${what}`, () => {
    const [event] = timeline(letters)[0]?.events ?? [];
    deepStrictEqual([event?.state, event?.what, event?.more], [state, what, more]);
  });
}

Deno.test("timelineOf() says that the energy was recovered only where every half-hour has some", () => {
  const outcomes = outcomesOf("cfffc", "connect-timeout");
  const more = (amounts: readonly (number | null)[]) =>
    timelineOf(factsOf({ outcomes, channels: [halfHoursOf(1, amounts, { quality: "mrrrm" })] }))[0]?.events[0]
      ?.more;
  match(`${more([10, 11, 12, 13, 14])}`, /recovered from the counters\.$/);
  match(`${more([10, 11, null, 13, 14])}`, /not known in full\.$/);
});

Deno.test("timelineOf() has nothing to tell of a good day, nor of half-hours that did not end", () => {
  deepStrictEqual([timeline("cccc"), timeline("oo"), timeline("")], [[], [], []]);
});

Deno.test("timelineOf() goes back day by day, newest first", () => {
  const days = timeline(`f${"c".repeat(40)}fc`);
  deepStrictEqual(days.map(({ label, events }) => [label, events.map(({ timeLabel }) => timeLabel)]), [
    ["Today", ["10:00"]],
    ["Yesterday", ["13:30"]],
  ]);
});

Deno.test("timelineOf() shows at most eight events", () => {
  strictEqual(timeline("fc".repeat(20)).flatMap(({ events }) => events).length, 8);
});
