/**
 * Bounds how many files one person takes away from pages: each reads much and is written down for good, so that a
 * session alone could keep the database busy and bury in the audit trail what somebody looks for.
 *
 * @module
 */

import type { Limit } from "../kv/limits.ts";
import type { State } from "./state.ts";
import { countPerson } from "./too_many.ts";

/** Files of one person: 60 in ten minutes, whatever their sessions. */
export const EXPORTS_BY_PERSON: Limit = { name: "export", tries: 60, windowMs: 600_000 };

/** Counts a file; answers 429 where it is one too many. */
export function countExport(state: State): Promise<void> {
  return countPerson(state, EXPORTS_BY_PERSON);
}
