/**
 * Asked too often: says when it helps to come again.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { State } from "./state.ts";

/** What to throw for an answer of 429 with the seconds to wait, in its words and its header. */
export function tooMany(state: Pick<State, "retryAfterS">, retryAfterS: number): HttpError {
  state.retryAfterS = retryAfterS;
  return new HttpError(429);
}
