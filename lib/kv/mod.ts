/**
 * Deno KV holds what may be lost: sessions and throttles. Losing its file costs a sign-in, nothing else; the
 * database is the truth. This is the only place that opens it.
 *
 * @module
 */

/** An open key-value store. */
export type Kv = Deno.Kv;

/** Opens the store: a file path, a `denokv` address, or `:memory:` in tests. */
export function openKv(path: string): Promise<Kv> {
  return Deno.openKv(path);
}

/** Asks the store for a key that need not exist; rejects when the store does not answer. */
export async function pingKv(kv: Kv): Promise<void> {
  await kv.get(["ping"]);
}
