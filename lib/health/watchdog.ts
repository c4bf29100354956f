/**
 * Ends a process that no longer works and does not know it: whose event loop hangs, or whose cycle neither ends nor
 * moves. Whoever supervises it starts it anew, claims run out, and what they held is read again.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Beat } from "./watchdog_worker.ts";

/** What is watched, and how. */
export interface WatchdogOptions {
  /** The time. */
  readonly clock: Clock;
  /** The log. */
  readonly log: Log;
  /** Milliseconds since the cycle that moved least recently did so; `null`: none runs. */
  readonly stuckMs: () => number | null;
  /** Called once, when a cycle neither ended nor moved for too long. */
  readonly onStuck: () => void;
  /** Seconds for which the event loop may hang; default 60. */
  readonly loopLimitS?: number;
  /** Milliseconds for which a cycle may stand still; default 10 minutes. */
  readonly cycleLimitMs?: number;
}

/** Watches until it is stopped. */
export interface Watchdog {
  /** Ends it; repeatable. */
  stop(): void;
}

/** Seconds for which the event loop may hang: many times the longest that was ever measured. */
const LOOP_LIMIT_S = 60;

/** Milliseconds for which a cycle may stand still: longer than visits and statements may take. */
export const CYCLE_LIMIT_MS = 600_000;

/** Milliseconds between two words of the loop that it turns. */
const BEAT_MS = 1_000;

/** Starts to watch; not before the database is open, because an embedded one is migrated in one go. */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { clock, log, stuckMs, onStuck, loopLimitS = LOOP_LIMIT_S, cycleLimitMs = CYCLE_LIMIT_MS } = options;
  const over = new AbortController();
  const beat: Beat = { limitS: loopLimitS };
  const worker = new Worker(new URL("./watchdog_worker.ts", import.meta.url), {
    type: "module",
    name: "watchdog",
  });
  worker.onerror = (event) => {
    event.preventDefault();
    log.error("The watchdog of the event loop has ended", { error: event.message });
  };
  const watch = async () => {
    let told = false;
    while (!over.signal.aborted) {
      worker.postMessage(beat);
      const stillMs = stuckMs();
      if (!told && stillMs !== null && stillMs >= cycleLimitMs) {
        told = true;
        log.error("A cycle neither ends nor moves: the process ends, and is to be started anew", { stillMs });
        onStuck();
      }
      await clock.sleep(BEAT_MS, over.signal);
    }
  };
  watch().catch((error: unknown) => log.error("The watchdog has ended", { error }));
  return {
    stop() {
      over.abort();
      worker.terminate();
    },
  };
}
