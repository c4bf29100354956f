/**
 * Counts tries in a window of time, so that guessing passwords takes years. Counting is exact under concurrency:
 * it is a compare-and-set on the window's key.
 *
 * @module
 */

import type { Kv } from "./mod.ts";

/** How often something may be tried. */
export interface Limit {
  /** What is limited, e.g. `sign-in-address`. */
  readonly name: string;
  /** Tries allowed in a window. */
  readonly tries: number;
  /** Length of the window in ms. */
  readonly windowMs: number;
}

/** Whether a try is allowed now. */
export interface LimitVerdict {
  /** Whether it may go on. */
  readonly allowed: boolean;
  /** Seconds until the window ends, at least 1. */
  readonly retryAfterS: number;
}

const RACES = 16;

/** Counts one try of `who`; a try beyond the limit is not allowed and says when the next one is. */
export async function countTry(
  kv: Kv,
  limit: Limit,
  { who, nowMs }: { readonly who: string; readonly nowMs: number },
): Promise<LimitVerdict> {
  const window = Math.floor(nowMs / limit.windowMs);
  const endsMs = (window + 1) * limit.windowMs;
  const retryAfterS = Math.max(1, Math.ceil((endsMs - nowMs) / 1000));
  const key = ["limit", limit.name, who, window];
  for (let race = 0; race < RACES; race++) {
    const entry = await kv.get<number>(key);
    const tries = entry.value ?? 0;
    if (tries >= limit.tries) return { allowed: false, retryAfterS };
    const set = await kv.atomic().check(entry)
      .set(key, tries + 1, { expireIn: endsMs - nowMs + 1000 }).commit();
    if (set.ok) return { allowed: true, retryAfterS };
  }
  return { allowed: false, retryAfterS: 1 };
}

/** Forgets the tries of `who` in the running window, after a success. */
export async function forgetTries(
  kv: Kv,
  limit: Limit,
  { who, nowMs }: { readonly who: string; readonly nowMs: number },
): Promise<void> {
  await kv.delete(["limit", limit.name, who, Math.floor(nowMs / limit.windowMs)]);
}
