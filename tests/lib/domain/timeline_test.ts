import { deepStrictEqual } from "node:assert/strict";
import type { HalfHourOutcome } from "../../../lib/domain/overview.ts";
import { type SiteEvent, siteEvents } from "../../../lib/domain/timeline.ts";

/** Outcomes from half-hour 100 on: c complete, b complete over the backup path, p partial, f failed, o open. */
function outcomes(letters: string): readonly HalfHourOutcome[] {
  const states = { c: "complete", b: "complete", p: "partial", f: "failed", o: "open" } as const;
  return [...letters].map((letter, index) => ({
    halfHour: 100 + index,
    state: states[letter as keyof typeof states],
    reason: letter === "f" ? "connect-timeout" : null,
    pathRank: letter === "f" || letter === "o" ? null : letter === "b" ? 1 : 0,
  }));
}

const CASES: readonly { name: string; letters: string; want: readonly SiteEvent[] }[] = [
  { name: "nothing of a good day", letters: "cccc", want: [] },
  {
    name: "a silence that is over",
    letters: "ccffc",
    want: [{ kind: "silent", from: 102, to: 104, reason: "connect-timeout" }],
  },
  {
    name: "a silence that goes on, past a half-hour that is still open",
    letters: "cffo",
    want: [{ kind: "silent", from: 101, to: null, reason: "connect-timeout" }],
  },
  {
    name: "one trouble that turns into another, newest first",
    letters: "bbfp",
    want: [
      { kind: "partial", from: 103, to: null, reason: null },
      { kind: "silent", from: 102, to: 103, reason: "connect-timeout" },
      { kind: "backup", from: 100, to: 102, reason: null },
    ],
  },
];
for (const { name, letters, want } of CASES) {
  Deno.test(`siteEvents() tells ${name}`, () => deepStrictEqual(siteEvents(outcomes(letters)), want));
}
