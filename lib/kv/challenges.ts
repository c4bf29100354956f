/**
 * Challenges that a passkey signs: each is used once, by the one it was made for, within five minutes.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

/** Milliseconds that a challenge can be answered: 5 minutes. */
export const CHALLENGE_MS = 5 * 60_000;

/** What a challenge was made for. */
export type ChallengePurpose =
  /** To add a passkey; held by a session. */
  | "add"
  /** As second factor; held by a sign-in that is half done. */
  | "second-factor"
  /** To sign in by a passkey alone; held by a cookie of nobody in particular. */
  | "sign-in";

/** A challenge with the one who may answer it. */
export interface HeldChallenge {
  /** As the browser signs it, in base64url. */
  readonly challenge: string;
  /** What it is for. */
  readonly purpose: ChallengePurpose;
  /** Name of the session, the half-done sign-in or the cookie it was made for. */
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

interface KeptChallenge {
  readonly purpose: ChallengePurpose;
  readonly holder: string;
  readonly expiresMs: number;
}

/** Keeps a challenge for {@link CHALLENGE_MS}. */
export async function putChallenge(kv: Kv, held: HeldChallenge): Promise<void> {
  const { challenge, purpose, holder, nowMs } = held;
  const kept: KeptChallenge = { purpose, holder, expiresMs: nowMs + CHALLENGE_MS };
  await askKv("keep a challenge", () => kv.set(keyOf(challenge), kept, { expireIn: CHALLENGE_MS }));
}

/** Whether a challenge can be answered by whoever holds it; it is not spent by asking. */
export async function isChallengeHeld(kv: Kv, held: HeldChallenge): Promise<boolean> {
  const { value } = await askKv("look at a challenge", () => kv.get<KeptChallenge>(keyOf(held.challenge)));
  return value !== null && isOf(value, held);
}

/** Spends a challenge; false: it was never made, is spent or over, or was made for something or somebody else. */
export async function takeChallenge(kv: Kv, held: HeldChallenge): Promise<boolean> {
  return await askKv("spend a challenge", async () => {
    const entry = await kv.get<KeptChallenge>(keyOf(held.challenge));
    if (entry.value === null) return false;
    const { ok: spent } = await kv.atomic().check(entry).delete(entry.key).commit();
    return spent && isOf(entry.value, held);
  });
}

function isOf(kept: KeptChallenge, { purpose, holder, nowMs }: HeldChallenge): boolean {
  return kept.expiresMs > nowMs && kept.purpose === purpose && kept.holder === holder;
}

function keyOf(challenge: string): Deno.KvKey {
  return ["challenge", challenge];
}
