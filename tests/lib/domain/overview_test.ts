import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  countSites,
  fleetSentence,
  type HalfHourOutcome,
  type SiteState,
  siteStateOf,
  siteStateWords,
} from "../../../lib/domain/overview.ts";

const DUE = 1_000_000;

/** Outcomes up to the newest due half-hour, a letter each: c complete, b over the backup path, p, f, o open. */
function outcomesOf(letters: string): readonly HalfHourOutcome[] {
  return [...letters].flatMap((letter, i): HalfHourOutcome[] => {
    const halfHour = DUE - letters.length + 1 + i;
    switch (letter) {
      case "c":
        return [{ halfHour, state: "complete", reason: null, pathRank: 0 }];
      case "b":
        return [{ halfHour, state: "complete", reason: null, pathRank: 1 }];
      case "p":
        return [{ halfHour, state: "partial", reason: null, pathRank: 0 }];
      case "f":
        return [{ halfHour, state: "failed", reason: "connect-timeout", pathRank: null }];
      case "o":
        return [{ halfHour, state: "open", reason: null, pathRank: null }];
    }
    return [];
  });
}

const TIMED_OUT = "connect-timeout";
const CASES: readonly [string, SiteState][] = [
  ["", { kind: "new" }],
  ["o", { kind: "new" }],
  ["cccf", { kind: "stale", since: DUE, reason: TIMED_OUT }],
  ["ccff", { kind: "silent", since: DUE - 1, reason: TIMED_OUT }],
  ["cffo", { kind: "silent", since: DUE - 2, reason: TIMED_OUT }],
  ["ff", { kind: "silent", since: DUE - 1, reason: TIMED_OUT }],
  ["cf..", { kind: "silent", since: DUE - 2, reason: TIMED_OUT }],
  ["ccoo", { kind: "stale", since: DUE - 1, reason: null }],
  ["cc...", { kind: "silent", since: DUE - 2, reason: null }],
  ["cppo", { kind: "partial", since: DUE - 2 }],
  ["cfpp", { kind: "partial", since: DUE - 1 }],
  ["cbbb", { kind: "backup", since: DUE - 2 }],
  ["bfb", { kind: "backup", since: DUE }],
  ["ffc", { kind: "good" }],
  ["ccco", { kind: "good" }],
];
for (const [letters, want] of CASES) {
  Deno.test(`siteStateOf() calls "${letters}" ${want.kind}`, () => {
    deepStrictEqual(siteStateOf({ outcomes: outcomesOf(letters), due: DUE }), want);
  });
}

const WORDS: readonly [SiteState, string][] = [
  [{ kind: "new" }, "Waiting for its first half-hour"],
  [{ kind: "good" }, "Good"],
  [{ kind: "backup", since: DUE }, "On its backup path since 07:42"],
  [{ kind: "partial", since: DUE }, "Some devices missing since 07:42"],
  [{ kind: "stale", since: DUE, reason: null }, "Not read at 07:42"],
  [{ kind: "silent", since: DUE, reason: TIMED_OUT }, "Silent since 07:42: the router does not answer"],
];
for (const [state, want] of WORDS) {
  Deno.test(`siteStateWords() says "${want}"`, () => strictEqual(siteStateWords(state, "07:42"), want));
}

Deno.test("fleetSentence() says how many reported and what the others are", () => {
  strictEqual(fleetSentence(countSites([]), "10:30"), "No sites yet");
  strictEqual(fleetSentence(countSites([{ kind: "good" }]), "10:30"), "1 of 1 site reported 10:30");
  const states: readonly SiteState[] = [
    ...new Array(40).fill({ kind: "good" }),
    { kind: "backup", since: DUE },
    { kind: "partial", since: DUE },
    { kind: "stale", since: DUE, reason: null },
    { kind: "silent", since: DUE, reason: null },
    { kind: "new" },
  ];
  strictEqual(
    fleetSentence(countSites(states), "10:30"),
    "42 of 45 sites reported 10:30; 1 on its backup path; 1 partly; 1 late; 1 silent; " +
      "1 waiting for the first half-hour",
  );
});
