/**
 * How a site is, told by how its last visits ended: the word that lists, heads of pages and the first sentence of
 * the day are made from.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";
import type { ReadingReason } from "./reading.ts";
import { siteReasonWords } from "./words.ts";

/** Failed half-hours in a row after which a site is silent and no longer only late. */
export const SILENT_AFTER = 2;

/** How the half-hour of a site stands in the ledger. */
export interface HalfHourOutcome {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Not visited yet, being visited, or how it ended. */
  readonly state: "open" | "claimed" | "complete" | "partial" | "failed";
  /** Why it failed as a whole; `null`: it did not, or not yet. */
  readonly reason: ReadingReason | null;
  /** Rank of the path that answered, 0 the main one; `null`: none did. */
  readonly pathRank: number | null;
}

/** How a site is. `since` is the first half-hour of the present state as far as outcomes were given. */
export type SiteState =
  /** No half-hour has ended yet. */
  | { readonly kind: "new" }
  /** Everything was read over the main path. */
  | { readonly kind: "good" }
  /** Everything was read, over another path than the main one. */
  | { readonly kind: "backup"; readonly since: HalfHour }
  /** It answers, some of its channels do not. */
  | { readonly kind: "partial"; readonly since: HalfHour }
  /** The newest half-hour that is due is not there. */
  | { readonly kind: "stale"; readonly since: HalfHour; readonly reason: ReadingReason | null }
  /** Two or more half-hours in a row are not there. */
  | { readonly kind: "silent"; readonly since: HalfHour; readonly reason: ReadingReason | null };

/** What a site's state is told from. */
export interface SiteHistory {
  /** Outcomes, oldest first; 48 are enough. */
  readonly outcomes: readonly HalfHourOutcome[];
  /** The newest half-hour that is over. */
  readonly due: HalfHour;
}

/**
 * How a site is. A half-hour that is still open or being visited says nothing yet; what the ledger lacks between
 * its last ended half-hour and the one before the newest due counts as not there.
 */
export function siteStateOf({ outcomes, due }: SiteHistory): SiteState {
  const ended = outcomes.filter(({ state }) => state !== "open" && state !== "claimed");
  const newest = ended.at(-1);
  if (newest === undefined) return { kind: "new" };
  const lagging = due - 1 - newest.halfHour;
  if (newest.state === "failed" || lagging > 0) {
    const failed = runAtEnd(ended, ({ state }) => state === "failed");
    const since = failed[0]?.halfHour ?? newest.halfHour + 1;
    const missing = failed.length + Math.max(0, lagging);
    return { kind: missing >= SILENT_AFTER ? "silent" : "stale", since, reason: newest.reason };
  }
  if (newest.state === "partial") {
    const since = runAtEnd(ended, ({ state }) => state === "partial")[0] ?? newest;
    return { kind: "partial", since: since.halfHour };
  }
  if (newest.pathRank === null || newest.pathRank === 0) return { kind: "good" };
  const onBackup = runAtEnd(ended, ({ state, pathRank }) => state !== "failed" && (pathRank ?? 0) > 0);
  return { kind: "backup", since: onBackup[0]?.halfHour ?? newest.halfHour };
}

/**
 * The state in words, such as `On its backup path since 07:42`.
 *
 * @param sinceLabel When it began, in the site's own time; not used for `new` and `good`.
 */
export function siteStateWords(state: SiteState, sinceLabel: string): string {
  switch (state.kind) {
    case "new":
      return "Waiting for its first half-hour";
    case "good":
      return "Good";
    case "backup":
      return `On its backup path since ${sinceLabel}`;
    case "partial":
      return `Some devices missing since ${sinceLabel}`;
    case "stale":
      return `Not read at ${sinceLabel}${because(state.reason)}`;
    case "silent":
      return `Silent since ${sinceLabel}${because(state.reason)}`;
  }
}

/** Sites counted by how they are. */
export type SiteCounts = Readonly<Record<SiteState["kind"], number>>;

/** Counts sites by how they are. */
export function countSites(states: readonly SiteState[]): SiteCounts {
  const counts = { new: 0, good: 0, backup: 0, partial: 0, stale: 0, silent: 0 };
  for (const { kind } of states) counts[kind]++;
  return counts;
}

/**
 * The first sentence of the day: `42 of 43 sites reported 10:30; 1 on its backup path; 2 silent`.
 *
 * @param label The newest half-hour, as people name it.
 */
export function fleetSentence(counts: SiteCounts, label: string): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (all === 0) return "No sites yet";
  const reported = counts.good + counts.backup + counts.partial;
  const more = [
    counts.backup > 0 ? `${counts.backup} on ${counts.backup === 1 ? "its" : "their"} backup path` : "",
    counts.partial > 0 ? `${counts.partial} partly` : "",
    counts.stale > 0 ? `${counts.stale} late` : "",
    counts.silent > 0 ? `${counts.silent} silent` : "",
    counts.new > 0 ? `${counts.new} waiting for the first half-hour` : "",
  ];
  const first = `${reported} of ${all} ${all === 1 ? "site" : "sites"} reported ${label}`;
  return [first, ...more].filter((part) => part !== "").join("; ");
}

function because(reason: ReadingReason | null): string {
  return reason === null ? "" : `: ${siteReasonWords(reason).short}`;
}

/** The outcomes at the end for which the test holds without interruption, oldest first. */
function runAtEnd(
  outcomes: readonly HalfHourOutcome[],
  holds: (outcome: HalfHourOutcome) => boolean,
): readonly HalfHourOutcome[] {
  const last = outcomes.findLastIndex((outcome) => !holds(outcome));
  return outcomes.slice(last + 1);
}
