/**
 * Tokens of claims. Visits of one token share a transaction, so a token serves for some seconds; and it serves no
 * longer, so that a site's next try never carries the token of the one before: what was committed could otherwise
 * not be told from what was not.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";

/** Milliseconds that a token serves: less than the shortest pause between two tries. */
const TOKEN_MS = 10_000;

/** Largest token: 31 bits. */
const TOKEN_MAX = 2 ** 31 - 1;

/** A random number of 31 bits, never 0. */
export function randomToken(random: () => number): number {
  return 1 + Math.floor(random() * TOKEN_MAX);
}

/** Gives the token for a claim made now. */
export function createClaimTokens(clock: Clock, random: () => number): () => number {
  let token = randomToken(random);
  let sinceMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - sinceMs >= TOKEN_MS) [token, sinceMs] = [randomToken(random), nowMs];
    return token;
  };
}
