/**
 * Asked too often: says when it helps to come again.
 *
 * @module
 */

import { HttpError } from "fresh";
import { countTry, type Limit } from "../kv/limits.ts";
import { servicesOf, type State } from "./state.ts";

/** What to throw for an answer of 429 with the seconds to wait, in its words and its header. */
export function tooMany(state: Pick<State, "retryAfterS">, retryAfterS: number): HttpError {
  state.retryAfterS = retryAfterS;
  return new HttpError(429);
}

/** Counts what whoever is signed in asks for, whatever their sessions; throws an answer of 429 where it is one too many. */
export async function countPerson(state: State, limit: Limit): Promise<void> {
  const { base, user } = state;
  if (!user) throw new HttpError(401);
  const tried = { who: `user ${user.id}`, nowMs: base.clock.nowMs() };
  const { allowed, retryAfterS } = await countTry(servicesOf(state).kv, limit, tried);
  if (!allowed) throw tooMany(state, retryAfterS);
}
