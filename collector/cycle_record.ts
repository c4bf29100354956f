/**
 * What a cycle remembers of its sites, for the one line it ends with.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { HalfHour } from "../lib/domain/half_hour.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { VisitOutcome } from "../lib/domain/visit.ts";
import { type CycleSummary, quantileOf } from "./metrics.ts";

/** How a site's newest visit ended. */
export interface SiteEnd {
  /** The site. */
  readonly siteId: number;
  /** How. */
  readonly outcome: VisitOutcome;
  /** Why nothing was read; `null` unless it failed. */
  readonly reason: ReadingReason | null;
  /** Seconds from the boundary to the read of its counters; `null`: none was read. */
  readonly latenessS: number | null;
}

/** Remembers the sites of one cycle. */
export interface CycleRecord {
  /** Visits of a site so far. */
  visits(siteId: number): number;
  /** Notes that a visit starts. */
  started(siteId: number): void;
  /** Notes how a visit ended that was stored; a later one of the site replaces it. */
  ended(end: SiteEnd): void;
  /** Notes sites that were closed without a last visit. */
  closed(sites: number): void;
  /** All of it. */
  summary(): CycleSummary;
}

/** Starts with no site. */
export function createCycleRecord(clock: Clock, halfHour: HalfHour): CycleRecord {
  const visits = new Map<number, number>();
  const ends = new Map<number, SiteEnd>();
  const lateness: number[] = [];
  const startMs = clock.monotonicMs();
  let lastMs = startMs;
  let closed = 0;
  return {
    visits: (siteId) => visits.get(siteId) ?? 0,
    started: (siteId) => void visits.set(siteId, (visits.get(siteId) ?? 0) + 1),
    ended(end) {
      ends.set(end.siteId, end);
      if (end.latenessS !== null) lateness.push(end.latenessS);
      lastMs = clock.monotonicMs();
    },
    closed: (sites) => void (closed += sites),
    summary() {
      const all = [...ends.values()];
      const count = (outcome: VisitOutcome) => all.filter((end) => end.outcome === outcome).length;
      const failedBy: Partial<Record<ReadingReason, number>> = {};
      for (const { reason, outcome } of all) {
        if (outcome === "failed" && reason !== null) failedBy[reason] = (failedBy[reason] ?? 0) + 1;
      }
      return {
        halfHour,
        sites: visits.size,
        complete: count("complete"),
        partial: count("partial"),
        failed: count("failed"),
        failedBy,
        closed,
        tookMs: Math.round(lastMs - startMs),
        latenessP50S: quantileOf(lateness, 0.5),
        latenessP95S: quantileOf(lateness, 0.95),
      };
    },
  };
}
