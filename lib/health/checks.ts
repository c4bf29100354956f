/**
 * The health checks: each a function from what was seen to a verdict, so that a test can show every one of them
 * failing.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import { endMsOf, halfHourOf } from "../domain/half_hour.ts";
import type { Verdict } from "./verdict.ts";

/** What came of asking something for a sign of life. */
export type Ping =
  | { readonly kind: "answered"; readonly tookMs: number }
  /** The reason is for the log alone: it may name hosts and users. */
  | { readonly kind: "away"; readonly why: string };

/** An answer slower than this in ms is worth a look. */
const SLOW_MS = 1000;

/** Whether the database answers a real query. */
export function databaseVerdict(ping: Ping): Verdict {
  return pingVerdict("database:responseTime", ping, "Readings are kept in memory until it is back");
}

/** Whether the key-value store answers. */
export function kvVerdict(ping: Ping): Verdict {
  return pingVerdict("kv:responseTime", ping, "Nobody can sign in until it is back");
}

function pingVerdict(name: string, ping: Ping, meanwhile: string): Verdict {
  switch (ping.kind) {
    case "away":
      return { name, status: "fail", output: `No answer. ${meanwhile}`, detail: ping.why };
    case "answered": {
      const observed = Math.round(ping.tookMs * 10) / 10;
      if (ping.tookMs < SLOW_MS) return { name, status: "pass", observed, unit: "ms" };
      return { name, status: "warn", observed, unit: "ms", output: "Answers slowly" };
    }
  }
}

/** How the worker is that checks passwords: `recovering` after a failure, `down` while no more are started. */
export type PasswordsSeen = "works" | "recovering" | "down";

/** Whether passwords are checked. */
export function passwordsVerdict(seen: PasswordsSeen): Verdict {
  const name = "passwords:worker";
  switch (seen) {
    case "works":
      return { name, status: "pass" };
    case "recovering":
      return { name, status: "warn", output: "It failed and was started again" };
    case "down":
      return { name, status: "fail", output: "It fails again and again: nobody can sign in for a minute" };
  }
}

/** Where the collection stands. */
export interface CollectionFacts {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Whether this process collects: configured, and its release is the promoted one. */
  readonly collects: boolean;
  /** Epoch milliseconds of the last tick, which the start counts as; `null`: still starting. */
  readonly tickedMs: number | null;
  /** Newest half-hour of which a site was stored; `null`: none among the last twelve. */
  readonly newestStored: HalfHour | null;
  /** First half-hour that any site is expected in; `null`: there is no site. */
  readonly since: HalfHour | null;
  /** Sites with a reading in the newest half-hour that is over for every site. */
  readonly reported: number;
  /** Sites that should have reported it, whether or not anybody went to see. */
  readonly expected: number;
}

/** Half-hours among which the newest stored one is looked for. */
export const LOOK_BACK = 12;

const TICK_LATE_MS = 31 * 60_000;
const LAG_WARN_S = 45 * 60;
const LAG_FAIL_S = 3 * 3600;
const COMPLETE_WARN = 0.98;
const COMPLETE_FAIL = 0.5;

/** Whether the half-hourly tick still comes. */
export function cronVerdict({ nowMs, collects, tickedMs }: CollectionFacts): Verdict {
  const name = "cron:lastTick";
  if (!collects || tickedMs === null) return { name, status: "pass", output: "Nothing is collected here" };
  const observed = Math.round((nowMs - tickedMs) / 1000);
  if (nowMs - tickedMs <= TICK_LATE_MS) return { name, status: "pass", observed, unit: "s" };
  return { name, status: "fail", observed, unit: "s", output: "The half-hourly tick did not come: restart" };
}

/** Seconds from the boundary of the newest stored half-hour to now; at least from the first expected one. */
export function lagVerdict({ nowMs, collects, newestStored, since, expected }: CollectionFacts): Verdict {
  const name = "collector:slotLag";
  if (!collects || since === null || expected === 0) {
    return { name, status: "pass", output: "Nothing is collected here" };
  }
  const fromMs = endMsOf(newestStored ?? Math.max(since - 1, halfHourOf(nowMs) - 1 - LOOK_BACK));
  const observed = Math.max(0, Math.round((nowMs - fromMs) / 1000));
  const status = observed >= LAG_FAIL_S ? "fail" : observed >= LAG_WARN_S ? "warn" : "pass";
  const output = status === "pass"
    ? {}
    : { output: "The newest half-hour is old: see the log of the collector" };
  return { name, status, observed, unit: "s", ...output };
}

/** Share of sites that reported the newest half-hour that is over. */
export function completenessVerdict({ collects, reported, expected }: CollectionFacts): Verdict {
  const name = "collector:completeness";
  if (!collects || expected === 0) return { name, status: "pass", output: "No site expected" };
  const share = reported / expected;
  const observed = Math.round(share * 1000) / 10;
  const status = share < COMPLETE_FAIL ? "fail" : share < COMPLETE_WARN ? "warn" : "pass";
  const output = status === "pass"
    ? {}
    : { output: `${expected - reported} of ${expected} sites did not report` };
  return { name, status, observed, unit: "percent", ...output };
}
