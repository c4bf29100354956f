/**
 * Which errors of the stores only mean "not now": they are answered with 503 and a time to come again, not as faults
 * of ours.
 *
 * @module
 */

import { KvError } from "../kv/mod.ts";
import { StoreError } from "../store/errors.ts";

/** Why waiting helps, for the log; `null`: it does not, or nobody knows. */
export function whyLater(error: unknown): string | null {
  if (error instanceof KvError) return "Sessions away";
  if (!(error instanceof StoreError)) return null;
  switch (error.kind) {
    case "unavailable":
      return "Database away";
    case "conflict":
    case "in-use":
      return "Database busy";
    case "duplicate":
      return null;
  }
}
