/**
 * Bounds how many files one person takes away from pages: each reads much and is written down for good, so that a
 * session alone could keep the database busy and bury in the audit trail what somebody looks for.
 *
 * @module
 */

import { HttpError } from "fresh";
import { countTry, type Limit } from "../kv/limits.ts";
import { servicesOf, type State } from "./state.ts";
import { tooMany } from "./too_many.ts";

/** Files of one person: 60 in ten minutes, whatever their sessions. */
export const EXPORTS_BY_PERSON: Limit = { name: "export", tries: 60, windowMs: 600_000 };

/** Counts a file; answers 429 where it is one too many. */
export async function countExport(state: State): Promise<void> {
  const { base, user } = state;
  if (!user) throw new HttpError(401);
  const tried = { who: `user ${user.id}`, nowMs: base.clock.nowMs() };
  const { allowed, retryAfterS } = await countTry(servicesOf(state).kv, EXPORTS_BY_PERSON, tried);
  if (!allowed) throw tooMany(state, retryAfterS);
}
