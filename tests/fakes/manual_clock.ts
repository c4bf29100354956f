/**
 * A clock in the test's hand: nothing happens before the test says how late it is.
 *
 * @module
 */
import type { Clock } from "../../lib/clock.ts";

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on and wakes whoever slept until then, the earliest first; lets each do its work before the next. */
  advance(ms: number): Promise<void>;
  /** Milliseconds until the earliest sleeper wakes; `null`: nobody sleeps. */
  nextInMs(): number | null;
  /** Sleepers now. */
  sleepers(): number;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Starts a clock at an instant in epoch milliseconds. */
export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const sleeping = new Set<Sleeper>();
  const earliest = () => [...sleeping].sort((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          sleeping.delete(sleeper);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const sleeper = { atMs: nowMs + Math.max(0, ms), wake: done };
        sleeping.add(sleeper);
        signal?.addEventListener("abort", done);
      });
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (let next = earliest(); next && next.atMs <= untilMs; next = earliest()) {
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await turns(3);
      }
      nowMs = untilMs;
      await turns(3);
    },
    nextInMs: () => {
      const next = earliest();
      return next ? next.atMs - nowMs : null;
    },
    sleepers: () => sleeping.size,
  };
}

/**
 * Waits until something is so, letting the event loop turn; for events of real sockets and databases beside a
 * clock that stands still. Gives up after 10 s of real time.
 */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!await isSo()) {
    if (performance.now() > endMs) throw new Error(`Waited 10 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Milliseconds without news after which nothing real is expected to come any more, while something is under way. */
const QUIET_MS = 250;

/** Longest that work may take in ms of the machine: many times what it does where nothing else runs. */
const WORK_MS = 180_000;

/** Milliseconds that are waited in any case: what is under way in this process goes on meanwhile. */
const CALM_MS = 10;

/**
 * Runs the clock until a promise is settled: time jumps to the next sleeper. While something real is under way, it
 * waits a good moment before, so that answers of sockets and databases come before any deadline.
 */
export async function runUntil<T>(
  clock: ManualClock,
  work: Promise<T>,
  isBusy: () => boolean = () => true,
): Promise<T> {
  let settled = false;
  const done = work.finally(() => settled = true);
  done.catch(() => {}); // it is awaited below
  const endMs = performance.now() + WORK_MS;
  while (!settled) {
    if (performance.now() > endMs) throw new Error(`Waited ${WORK_MS} ms in vain for the work to end`);
    const before = clock.nextInMs();
    const mayJump = () => settled || clock.nextInMs() !== before || !isBusy();
    for (let waitedMs = 0; waitedMs < QUIET_MS; waitedMs += 5) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (waitedMs >= CALM_MS && mayJump()) break;
    }
    const next = clock.nextInMs();
    if (!settled && next !== null && next === before) await clock.advance(next);
  }
  return await done;
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}
