/**
 * Seeds of second factors that are being set up, sealed, for whoever began: a session or a sign-in that is half done.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

/** Milliseconds in which a second factor must have been set up: 15 minutes. */
export const SEED_DRAFT_MS = 15 * 60_000;

/** A seed as it was read. */
export interface SeedDraft {
  /** As sealed. */
  readonly sealed: string;
  /** Changes with each write. */
  readonly version: string;
}

interface KeptSeed {
  readonly sealed: string;
  readonly expiresMs: number;
}

/** The seed that a holder has begun with; `null`: none, or it is over. */
export async function getSeedDraft(
  kv: Kv,
  { holder, nowMs }: { readonly holder: string; readonly nowMs: number },
): Promise<SeedDraft | null> {
  const entry = await askKv("look up a seed", () => kv.get<KeptSeed>(keyOf(holder)));
  if (!entry.value || entry.value.expiresMs <= nowMs) return null;
  return { sealed: entry.value.sealed, version: entry.versionstamp };
}

/** Keeps a seed for {@link SEED_DRAFT_MS}, in place of one before. */
export async function putSeedDraft(
  kv: Kv,
  { holder, sealed, nowMs }: { readonly holder: string; readonly sealed: string; readonly nowMs: number },
): Promise<void> {
  const kept: KeptSeed = { sealed, expiresMs: nowMs + SEED_DRAFT_MS };
  await askKv("keep a seed", () => kv.set(keyOf(holder), kept, { expireIn: SEED_DRAFT_MS }));
}

/** Forgets a seed; whether it was as it was read. Of two at once, one. */
export async function spendSeedDraft(
  kv: Kv,
  { holder, version }: { readonly holder: string; readonly version: string },
): Promise<boolean> {
  const spent = await askKv(
    "forget a seed",
    () => kv.atomic().check({ key: keyOf(holder), versionstamp: version }).delete(keyOf(holder)).commit(),
  );
  return spent.ok;
}

function keyOf(holder: string): Deno.KvKey {
  return ["seed-draft", holder];
}
