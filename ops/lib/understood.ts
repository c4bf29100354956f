/**
 * Arguments that `parseArgs` does not understand, as words for people.
 *
 * @module
 */

import { err, ok, type Result } from "../../lib/result.ts";

/** What was read; the error says which argument is not understood. Anything else that is thrown is a bug. */
export function understood<T>(parse: () => T): Result<T, string> {
  try {
    return ok(parse());
  } catch (error) {
    const isTheirs = error instanceof Error && "code" in error &&
      String(error.code).startsWith("ERR_PARSE_ARGS");
    if (!isTheirs) throw error;
    return err(error.message);
  }
}
