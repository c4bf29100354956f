/**
 * Lets many probes share one look: whoever asks while it is under way waits for the same answer, and a good answer is
 * believed for some seconds. Anybody may ask for health, and each look costs the database queries.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** Milliseconds that a good answer is believed. */
export const KEPT_MS = 5_000;

/** Milliseconds that a bad answer is believed: people wait for the good one. */
export const KEPT_BAD_MS = 1_000;

interface Kept {
  readonly answer: Promise<unknown>;
  /** On the clock that never jumps; Infinity while it is under way. */
  untilMs: number;
}

const KEPT = new WeakMap<object, Map<string, Kept>>();

/** What is looked at. */
export interface SharedLook<T> {
  /** What it is of; answers are kept as long as it lives. */
  readonly of: object;
  /** Names the look; the same name always gives the same type. */
  readonly name: string;
  /** Whether an answer is a good one; default: all are. A rejection is not kept. */
  readonly isGood?: (answer: T) => boolean;
}

/** Looks, or takes the answer of a look that is under way or fresh. */
export function shareLook<T>(clock: Clock, look: SharedLook<T>, ask: () => Promise<T>): Promise<T> {
  const looks = KEPT.get(look.of) ?? new Map<string, Kept>();
  KEPT.set(look.of, looks);
  const known = looks.get(look.name);
  if (known && clock.monotonicMs() < known.untilMs) return known.answer as Promise<T>;
  const answer = ask();
  const kept: Kept = { answer, untilMs: Infinity };
  looks.set(look.name, kept);
  answer.then((value) => {
    const good = look.isGood?.(value) ?? true;
    kept.untilMs = clock.monotonicMs() + (good ? KEPT_MS : KEPT_BAD_MS);
  }, () => kept.untilMs = -Infinity);
  return answer;
}
