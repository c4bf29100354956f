/**
 * Sign-ins that are half done: the password was right and a second step is due. The key is the hash of the token, as
 * with sessions.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

/** What is due: a second factor is shown, or one is set up first. */
export type SecondStep = "enter" | "set-up";

/** A sign-in that is half done. */
export interface PendingRecord {
  /** Who. */
  readonly userId: number;
  /** The person's session epoch then; of another one it is over. */
  readonly epoch: number;
  /** What is due. */
  readonly step: SecondStep;
  /** Path to go to when it is done. */
  readonly back: string;
  /** Tries so far. */
  readonly tries: number;
  /** Epoch milliseconds from which it is over. */
  readonly expiresMs: number;
}

/** One as it was read. */
export interface PendingEntry {
  /** The sign-in. */
  readonly pending: PendingRecord;
  /** Changes with each write. */
  readonly version: string;
}

/** Keeps a new one until it expires by itself. */
export async function putPending(
  kv: Kv,
  key: string,
  { pending, expireInMs }: { readonly pending: PendingRecord; readonly expireInMs: number },
): Promise<void> {
  await askKv("keep a sign-in", () => kv.set(keyOf(key), pending, { expireIn: expireInMs }));
}

/** The one of a key; `null`: none. */
export async function getPending(kv: Kv, key: string): Promise<PendingEntry | null> {
  const entry = await askKv("look up a sign-in", () => kv.get<PendingRecord>(keyOf(key)));
  return entry.value && { pending: entry.value, version: entry.versionstamp };
}

/** Counts a try unless somebody else has done something with it since it was read; its new version, `null`: they have. */
export async function countPending(
  kv: Kv,
  key: string,
  { pending, version, expireInMs }: PendingEntry & { readonly expireInMs: number },
): Promise<PendingEntry | null> {
  const next = { ...pending, tries: pending.tries + 1 };
  const set = await askKv("count a try", () =>
    kv.atomic().check({ key: keyOf(key), versionstamp: version })
      .set(keyOf(key), next, { expireIn: expireInMs }).commit());
  return set.ok ? { pending: next, version: set.versionstamp } : null;
}

/** Ends one; whether it was as it was read. Of two at once, one. */
export async function spendPending(kv: Kv, key: string, version: string): Promise<boolean> {
  const spent = await askKv(
    "end a sign-in",
    () => kv.atomic().check({ key: keyOf(key), versionstamp: version }).delete(keyOf(key)).commit(),
  );
  return spent.ok;
}

function keyOf(key: string): Deno.KvKey {
  return ["pending", key];
}
