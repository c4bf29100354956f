/**
 * How often an open page asks the server: one request under way and at most one to come, some seconds apart, so that
 * a burst of stored half-hours over hundreds of open pages is no storm. Answers come in order, because there is never
 * more than one.
 *
 * @module
 */

/** Resolves after `ms`, or at once when the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** How it is paced. */
export interface Pacing {
  /** Milliseconds from the first wish to the work: sites come in bursts. */
  readonly gatherMs: number;
  /** Milliseconds from the end of one work to the next, at least. */
  readonly leastMs: number;
  /** Milliseconds of chance on top, so that pages do not come together. */
  readonly spreadMs: number;
  /** Milliseconds after which work is given up. */
  readonly deadlineMs: number;
  /** Waits. */
  readonly wait: Wait;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
}

/** Work that is asked for. */
export interface Pace {
  /** Has it done soon; asked twice before it begins, it is done once. */
  ask(): void;
  /** Ends what is under way; nothing is done any more. */
  stop(): void;
}

/** Paces work; one that fails is done again when it is next asked for. */
export function paced(work: (signal: AbortSignal) => Promise<void>, pacing: Pacing): Pace {
  const { gatherMs, leastMs, spreadMs, deadlineMs, wait, random } = pacing;
  const leaving = new AbortController();
  const { signal } = leaving;
  let wanted = false;
  let running = false;
  const once = async () => {
    const over = new AbortController();
    const giveUp = () => over.abort();
    signal.addEventListener("abort", giveUp);
    const late = wait(deadlineMs, over.signal).then(giveUp);
    await work(over.signal).catch(() => {});
    signal.removeEventListener("abort", giveUp);
    over.abort();
    await late;
  };
  const run = async () => {
    running = true;
    await wait(gatherMs + random() * spreadMs, signal);
    while (wanted && !signal.aborted) {
      wanted = false;
      await once();
      await wait(leastMs + random() * spreadMs, signal);
    }
    running = false;
  };
  return {
    ask() {
      wanted = true;
      if (!running && !signal.aborted) run();
    },
    stop: () => leaving.abort(),
  };
}

/** Waits by the browser's timers. */
export function waitOnTimer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MOST_MS = 60_000;
const AFTER_MOST_MS = 120_000;

/**
 * Milliseconds before a broken stream is opened again: doubled with each failure up to a minute, half of it by chance,
 * and not before the server wants to be asked.
 *
 * @param failures In a row, from 1.
 * @param retryAfterMs As the server said; 0: it did not.
 */
export function backoffMs(
  failures: number,
  { retryAfterMs, random }: { readonly retryAfterMs: number; readonly random: () => number },
): number {
  const most = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(16, failures - 1));
  const mostMs = Math.max(most, Math.min(AFTER_MOST_MS, retryAfterMs) * 2);
  return mostMs / 2 + random() * mostMs / 2;
}
