/**
 * When a site is visited: its phase after the boundary, how long a visit may take, when it is tried again. Loads
 * switch on the half-hour, so every second after the boundary moves energy into the wrong one.
 *
 * @module
 */

import { endMsOf, HALF_HOUR_MS, type HalfHour } from "./half_hour.ts";

/** Longest phase of a site after the boundary, in milliseconds. */
export const PHASE_MAX_MS = 30_000;

/** Pauses before the second, third, … visit of a half-hour in milliseconds; the last one repeats. */
export const RETRY_DELAYS_MS: readonly number[] = [20_000, 40_000, 80_000, 160_000, 240_000];

/** Visits of a site in one half-hour, the first included. */
export const VISITS_MAX = 9;

/** The last visit of a half-hour ends so long before the next boundary, in milliseconds. */
export const RETRIES_END_BEFORE_MS = 300_000;

/** Shortest and longest time given to a visit, in milliseconds. */
export const VISIT_MS: readonly [number, number] = [60_000, 600_000];

/** What a visit is given besides its requests: connecting and one change of path, in milliseconds. */
const VISIT_BASE_MS = 15_000;

/** Odd, near 2^32 divided by the golden ratio: neighbouring ids land far apart and fill the range evenly. */
const GOLDEN = 0x9e3779b1;

/**
 * Milliseconds after the boundary at which a site is visited, 0 to 30,000: fixed by its id, evenly spread over
 * any run of ids.
 */
export function phaseMsOf(siteId: number): number {
  const spread = Math.imul(siteId, GOLDEN) >>> 0;
  return Math.floor(spread / 2 ** 32 * (PHASE_MAX_MS + 1));
}

/** Epoch milliseconds at which the first visit of a half-hour is due at a site. */
export function dueMsOf(halfHour: HalfHour, siteId: number): number {
  return endMsOf(halfHour) + phaseMsOf(siteId);
}

/** A visit that did not bring home everything. */
export interface EndedVisit {
  /** The half-hour it was for. */
  readonly halfHour: HalfHour;
  /** Epoch milliseconds at which it ended. */
  readonly endedMs: number;
  /** Visits of the half-hour so far, this one included. */
  readonly visits: number;
  /** Milliseconds that the next one may take. */
  readonly budgetMs: number;
}

/**
 * Epoch milliseconds of the next visit of the half-hour, after a growing pause; `null`: no further one, because
 * it could not end 5 minutes before the next boundary or nine were made.
 */
export function retryAtMs(ended: EndedVisit): number | null {
  if (ended.visits >= VISITS_MAX) return null;
  const place = Math.min(ended.visits, RETRY_DELAYS_MS.length) - 1;
  const atMs = ended.endedMs + (RETRY_DELAYS_MS[Math.max(0, place)] ?? 0);
  return atMs + ended.budgetMs <= retriesEndMs(ended.halfHour) ? atMs : null;
}

/** Epoch milliseconds at which the last visit of a half-hour has ended: 5 minutes before the next boundary. */
export function retriesEndMs(halfHour: HalfHour): number {
  return endMsOf(halfHour) + HALF_HOUR_MS - RETRIES_END_BEFORE_MS;
}

/**
 * Milliseconds that a visit may take: 15 s and twice the expected time of each request, 60 s to 10 min.
 *
 * @param requestsMs Expected milliseconds of each request, pauses included.
 */
export function visitBudgetMs(requestsMs: readonly number[]): number {
  const wanted = VISIT_BASE_MS + 2 * requestsMs.reduce((sum, ms) => sum + ms, 0);
  return Math.min(VISIT_MS[1], Math.max(VISIT_MS[0], wanted));
}

/** A visit about to start. */
export interface StartingVisit {
  /** The half-hour it is for. */
  readonly halfHour: HalfHour;
  /** Epoch milliseconds at which it starts. */
  readonly startMs: number;
  /** Expected milliseconds of each of its requests. */
  readonly requestsMs: readonly number[];
}

/** Epoch milliseconds at which a visit is given up; never past the boundary that closes the next half-hour. */
export function visitDeadlineMs(visit: StartingVisit): number {
  const nextBoundaryMs = endMsOf(visit.halfHour) + HALF_HOUR_MS;
  return Math.min(visit.startMs + visitBudgetMs(visit.requestsMs), nextBoundaryMs);
}
