/**
 * Counts tries in a window of time, so that guessing passwords takes years. Counting is exact under concurrency:
 * it is a compare-and-set on the window's key.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

/** How often something may be tried. */
export interface Limit {
  /** What is limited, e.g. `sign-in-address`. */
  readonly name: string;
  /** Tries allowed in a window. */
  readonly tries: number;
  /** Length of the window in ms. */
  readonly windowMs: number;
}

/** Whose tries are counted, and when. */
export interface Tried {
  /** An address, an account, a browser. */
  readonly who: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Whether a try is allowed now. */
export interface LimitVerdict {
  /** Whether it may go on. */
  readonly allowed: boolean;
  /** Seconds until the window ends, at least 1. */
  readonly retryAfterS: number;
  /** Tries that are left in the window. */
  readonly left: number;
}

/** Tries to write a count before somebody is told to come again: each one lost means that another one was counted. */
const RACES = 64;

/** Counts one try of `who`; a try beyond the limit is not allowed and says when the next one is. */
export async function countTry(kv: Kv, limit: Limit, tried: Tried): Promise<LimitVerdict> {
  const endsMs = windowEndMs(limit, tried);
  const retryAfterS = Math.max(1, Math.ceil((endsMs - tried.nowMs) / 1000));
  return await askKv("count a try", async () => {
    for (let race = 0; race < RACES; race++) {
      const entry = await kv.get<number>(keyOf(limit, tried));
      const tries = entry.value ?? 0;
      if (tries >= limit.tries) return { allowed: false, retryAfterS, left: 0 };
      const set = await kv.atomic().check(entry)
        .set(entry.key, tries + 1, { expireIn: endsMs - tried.nowMs + 1000 }).commit();
      if (set.ok) return { allowed: true, retryAfterS, left: limit.tries - tries - 1 };
    }
    return { allowed: false, retryAfterS: 1, left: 0 };
  });
}

/** Gives one counted try back: it was not a guess, because it was right or nobody looked at it. */
export async function giveBack(kv: Kv, limit: Limit, tried: Tried): Promise<void> {
  const endsMs = windowEndMs(limit, tried);
  await askKv("give a try back", async () => {
    for (let race = 0; race < RACES; race++) {
      const entry = await kv.get<number>(keyOf(limit, tried));
      if (entry.value === null) return;
      const change = kv.atomic().check(entry);
      const set = entry.value <= 1
        ? change.delete(entry.key)
        : change.set(entry.key, entry.value - 1, { expireIn: endsMs - tried.nowMs + 1000 });
      if ((await set.commit()).ok) return;
    }
  });
}

/** Forgets the tries of `who` in the running window, after a success. */
export async function forgetTries(kv: Kv, limit: Limit, tried: Tried): Promise<void> {
  await askKv("forget tries", () => kv.delete(keyOf(limit, tried)));
}

function keyOf({ name, windowMs }: Limit, { who, nowMs }: Tried): Deno.KvKey {
  return ["limit", name, who, Math.floor(nowMs / windowMs)];
}

function windowEndMs({ windowMs }: Limit, { nowMs }: Tried): number {
  return (Math.floor(nowMs / windowMs) + 1) * windowMs;
}
