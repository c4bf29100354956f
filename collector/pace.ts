/**
 * How fast a cycle may go: so many visits at once, so many starts a second, because a mobile network that is
 * asked for a thousand connections in one second gives none.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";

/** A bounded number of places. */
export interface Slots {
  /** All places. */
  readonly count: number;
  /** Places that are free now. */
  free(): number;
  /** Takes a place; the caller has looked at {@link Slots.free}. */
  take(): void;
  /** Gives a place back. */
  give(): void;
  /** Resolves when a place is given back, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/** Makes places for `count` visits. */
export function createSlots(count: number): Slots {
  let taken = 0;
  const waiting = new Set<() => void>();
  return {
    count,
    free: () => count - taken,
    take: () => void taken++,
    give() {
      taken--;
      for (const wake of [...waiting]) wake();
    },
    changed(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        signal.addEventListener("abort", wake);
        waiting.add(wake);
      });
    },
  };
}

/** Starts that may come in one burst, as a share of a second. */
const BURST_S = 0.1;

/** Spaces starts evenly. */
export interface Pacer {
  /** Starts a second. */
  readonly perSecond: number;
  /** Resolves when the next start may happen, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>;
}

/** Lets `perSecond` starts happen each second. */
export function createPacer(clock: Clock, perSecond: number): Pacer {
  const spacingMs = 1000 / perSecond;
  const burst = Math.max(1, Math.floor(perSecond * BURST_S));
  let nextMs = -Infinity;
  return {
    perSecond,
    async next(signal) {
      const nowMs = clock.monotonicMs();
      nextMs = Math.max(nextMs + spacingMs, nowMs - (burst - 1) * spacingMs);
      if (nextMs > nowMs) await clock.sleep(nextMs - nowMs, signal);
    },
  };
}
