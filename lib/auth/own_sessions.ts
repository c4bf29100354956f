/**
 * Ending all sessions of a person but one.
 *
 * @module
 */

import { deleteSession, listSessionHashes } from "../kv/sessions.ts";
import type { Kv } from "../kv/mod.ts";

/** Times that the list is looked at, 1,000 sessions each: more than a person can have. */
const ROUNDS = 10;

/** Ends all sessions of a person but the one at hand, also those that were over already; their keys. */
export async function endOtherSessions(
  kv: Kv,
  { userId, keep }: { readonly userId: number; readonly keep: string },
): Promise<readonly string[]> {
  const ended = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const others = (await listSessionHashes(kv, userId)).filter((key) => key !== keep && !ended.has(key));
    if (others.length === 0) break;
    for (const key of others) {
      await deleteSession(kv, key);
      ended.add(key);
    }
  }
  return [...ended];
}
