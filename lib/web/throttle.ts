/**
 * Bounds how much one address may change or send in a minute, whatever it is: what has no throttle of its own is held
 * by this one. It lives in memory, so that it costs nothing and holds while the sessions' store is away.
 *
 * @module
 */
import { originOf } from "../auth/origin.ts";
import type { Clock } from "../clock.ts";

/** Requests with an unsafe method that one address may send in {@link WINDOW_MS}. */
export const SENT_MAX = 300;

/** The window in milliseconds. */
export const WINDOW_MS = 60_000;

/** Addresses that are counted; beyond them the oldest are forgotten. */
const ADDRESSES_MAX = 10_000;

/** Counts what addresses send. */
export interface Throttle {
  /** Counts one; seconds to wait where it is one too many, else `null`. */
  count(address: string): number | null;
}

interface Window {
  readonly sinceMs: number;
  sent: number;
}

/** Makes a throttle. */
export function createThrottle(clock: Pick<Clock, "monotonicMs">): Throttle {
  const windows = new Map<string, Window>();
  return {
    count(from) {
      const address = originOf(from);
      const nowMs = clock.monotonicMs();
      let window = windows.get(address);
      if (!window || nowMs - window.sinceMs >= WINDOW_MS) {
        windows.delete(address); // the newest windows stand last
        window = { sinceMs: nowMs, sent: 0 };
        windows.set(address, window);
        const [oldest] = windows.keys();
        if (windows.size > ADDRESSES_MAX && oldest !== undefined) windows.delete(oldest);
      }
      window.sent += 1;
      return window.sent <= SENT_MAX ? null : Math.ceil((window.sinceMs + WINDOW_MS - nowMs) / 1000);
    },
  };
}
