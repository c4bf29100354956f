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

/** Asks with a deadline by the machine's time, because the store is a real thing. */
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
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw error instanceof KvError ? error : new KvError(doing, error);
  } finally {
    over.abort();
  }
}

const PING_KEPT_MS = 60_000;

/** Writes a key and reads it back; rejects when the store does not answer, or takes nothing. */
export async function pingKv(kv: Kv): Promise<void> {
  await askKv("reach the sessions", async () => {
    await kv.set(["ping"], true, { expireIn: PING_KEPT_MS });
    await kv.get(["ping"]);
  });
}
