/**
 * Codes that an app makes of a seed and the time (RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator
 * app takes them). The only file that uses the library.
 *
 * @module
 */

import { Secret, TOTP } from "otpauth";

/** Bytes of a seed: as many as SHA-1 gives (RFC 4226, section 4). */
const SEED_BYTES = 20;

/** Milliseconds of a step. */
const STEP_MS = 30_000;

/** Steps before and after the present one whose codes are taken, for clocks that differ and people who type. */
const WINDOW = 1;

/** A new seed in base32, 32 characters. */
export function newSeed(): string {
  return new Secret({ size: SEED_BYTES }).base32;
}

/** For whom codes are made, as their app shows it. */
export interface SeedOwner {
  /** The seed in base32. */
  readonly seed: string;
  /** The address they sign in with. */
  readonly email: string;
  /** Where the product answers. */
  readonly publicUrl: string;
}

/** What an app scans, an `otpauth:` address. */
export function seedAddress({ seed, email, publicUrl }: SeedOwner): string {
  const issuer = `Wattpost ${new URL(publicUrl).hostname}`;
  return new TOTP({ issuer, label: email, secret: Secret.fromBase32(seed) }).toString();
}

/** The step (30 s since 1970) whose code was typed; `null`: it is the code of none near now. */
export function stepOf(
  seed: string,
  { code, nowMs }: { readonly code: string; readonly nowMs: number },
): number | null {
  const secret = Secret.fromBase32(seed);
  const delta = TOTP.validate({ token: code, secret, timestamp: nowMs, window: WINDOW });
  return delta === null ? null : Math.floor(nowMs / STEP_MS) + delta;
}
