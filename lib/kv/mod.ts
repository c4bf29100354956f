/**
 * Deno KV holds what may be lost: sessions and throttles. Losing its file costs a sign-in, nothing else; the
 * database is the truth. This is the only place that opens it.
 *
 * @module
 */

import { systemClock } from "../clock.ts";

/** An open key-value store. */
export type Kv = Deno.Kv;

/** Milliseconds that one question to the store may take. */
export const KV_DEADLINE_MS = 5_000;

/** The store did not do what was asked: away, full, broken or silent. Waiting may help. */
export class KvError extends Error {
  /** Says what was being done; the store's own error is the cause. */
  constructor(doing: string, cause: unknown) {
    super(`Cannot ${doing}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.name = "KvError";
  }
}

/** Opens the store: a file path, a `denokv` address, or `:memory:` in tests. */
export function openKv(path: string): Promise<Kv> {
  return Deno.openKv(path);
}

/** Asks the store and waits {@link KV_DEADLINE_MS} at most; whatever goes wrong leaves as a {@link KvError}. */
export function askKv<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  return askWithin({ doing, deadlineMs: KV_DEADLINE_MS }, ask);
}

/**
 * Asks with a deadline by the machine's time, because the store is a real thing. While another process of ours holds
 * the file, as at a switch of releases, it asks again: nothing was done then.
 */
export async function askWithin<T>(
  { doing, deadlineMs }: { readonly doing: string; readonly deadlineMs: number },
  ask: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const late = systemClock.sleep(deadlineMs, over.signal).then(() => {
    throw new KvError(doing, `no answer in ${deadlineMs} ms`);
  });
  late.catch(() => {}); // it loses the race in all but one case
  try {
    return await Promise.race([askUnlocked(ask, over.signal), late]);
  } catch (error) {
    throw error instanceof KvError ? error : new KvError(doing, error);
  } finally {
    over.abort();
  }
}

/** Milliseconds before a file that another process holds is asked again; the last one repeats. */
const HELD_PAUSES_MS = [2, 5, 10, 20, 40] as const;

async function askUnlocked<T>(ask: () => Promise<T>, over: AbortSignal): Promise<T> {
  for (let tries = 0;; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!isHeld(error) || over.aborted) throw error;
    }
    await systemClock.sleep(HELD_PAUSES_MS[Math.min(tries, HELD_PAUSES_MS.length - 1)] ?? 0, over);
  }
}

/** Whether a file could not be used only because another process was at it: `SQLITE_BUSY`, said at once. */
export function isHeld(error: unknown): boolean {
  return error instanceof Error && /database (table )?is locked/.test(error.message);
}

const PING_KEPT_MS = 60_000;

/** Writes a key and reads it back; rejects when the store does not answer, or takes nothing. */
export async function pingKv(kv: Kv): Promise<void> {
  await askKv("reach the sessions", async () => {
    await kv.set(["ping"], true, { expireIn: PING_KEPT_MS });
    await kv.get(["ping"]);
  });
}
