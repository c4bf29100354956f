/**
 * What the collector counts about itself, as plain data: whoever shows it decides how.
 *
 * @module
 */
import type { HalfHour } from "../lib/domain/half_hour.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { Attempt } from "../lib/domain/visit.ts";

/** A histogram: observations in each bucket (not cumulative), one more than bounds. */
export interface CollectorHistogram {
  /** Upper bounds in seconds, ascending. */
  readonly bounds: readonly number[];
  /** Observations in each bucket; the last one is for what lies beyond all bounds. */
  readonly counts: readonly number[];
  /** Sum of all observations in seconds. */
  readonly sum: number;
}

/** Counted since the process started. */
export interface CollectorMetrics {
  /** Tries to reach an endpoint by result: `ok`, or the reason. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Requests answered. */
  readonly requests: number;
  /** Bytes sent and received on TCP payload level. */
  readonly bytes: number;
  /** Visits stored. */
  readonly visitsStored: number;
  /** Visits whose claim had gone to someone else. */
  readonly visitsLost: number;
  /** Seconds a cycle took. */
  readonly cycleSeconds: CollectorHistogram;
  /** Seconds from the boundary to the read of a site's counters. */
  readonly latenessSeconds: CollectorHistogram;
}

/** One finished cycle. */
export interface CycleSummary {
  /** The half-hour that it closed. */
  readonly halfHour: HalfHour;
  /** Sites that this process visited. */
  readonly sites: number;
  /** Sites of which every channel was read. */
  readonly complete: number;
  /** Sites of which some channels were read. */
  readonly partial: number;
  /** Sites of which nothing was read. */
  readonly failed: number;
  /** Failed sites by reason. */
  readonly failedBy: Readonly<Partial<Record<ReadingReason, number>>>;
  /** Sites closed without a last visit, because their time was over. */
  readonly closed: number;
  /** Milliseconds from the first claim to the last store. */
  readonly tookMs: number;
  /** Seconds from the boundary to the read of a site's counters: the median; `null`: none was read. */
  readonly latenessP50S: number | null;
  /** The same for all but 5 of 100. */
  readonly latenessP95S: number | null;
}

/** Counts. */
export interface MetricsKeeper {
  /** Counts the tries of a visit. */
  attempted(attempts: readonly Attempt[]): void;
  /** Counts a visit that was stored, with its counters' lateness in seconds; `null`: none was read. */
  stored(latenessS: number | null): void;
  /** Counts a visit that was not, because the claim had gone. */
  lost(): void;
  /** Counts a cycle. */
  cycled(tookMs: number): void;
  /** What was counted. */
  read(): CollectorMetrics;
}

const CYCLE_BOUNDS_S = [1, 5, 15, 30, 45, 60, 120, 300, 600, 1200, 1800];
const LATENESS_BOUNDS_S = [1, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1200, 1800];

/** Starts at zero. */
export function createMetrics(): MetricsKeeper {
  const attempts: Record<string, number> = {};
  const totals = { requests: 0, bytes: 0, visitsStored: 0, visitsLost: 0 };
  const cycleSeconds = createHistogram(CYCLE_BOUNDS_S);
  const latenessSeconds = createHistogram(LATENESS_BOUNDS_S);
  return {
    attempted(tries) {
      for (const { reason, requests, bytes } of tries) {
        attempts[reason ?? "ok"] = (attempts[reason ?? "ok"] ?? 0) + 1;
        totals.requests += requests;
        totals.bytes += bytes;
      }
    },
    stored(latenessS) {
      totals.visitsStored++;
      if (latenessS !== null) latenessSeconds.observe(latenessS);
    },
    lost: () => void totals.visitsLost++,
    cycled: (tookMs) => cycleSeconds.observe(tookMs / 1000),
    read: () => ({
      attempts: { ...attempts },
      ...totals,
      cycleSeconds: cycleSeconds.read(),
      latenessSeconds: latenessSeconds.read(),
    }),
  };
}

/** The value below which `share` of all lie; `null` without values. */
export function quantileOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

function createHistogram(bounds: readonly number[]) {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  return {
    observe(seconds: number) {
      const place = bounds.findIndex((bound) => seconds <= bound);
      const index = place < 0 ? bounds.length : place;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += seconds;
    },
    read: (): CollectorHistogram => ({ bounds, counts: [...counts], sum }),
  };
}
