/**
 * The description that tasks of a host work by: the one that was applied last, or the one that is named.
 *
 * @module
 */

import { err, type Result } from "../../../lib/result.ts";
import { formatFieldErrors } from "../fields.ts";
import { readDescription } from "./describe.ts";
import type { HostDescription } from "./description.ts";
import { PATHS } from "./layout.ts";
import type { Host } from "./step.ts";

/** Reads it; the error says in words why there is none. */
export async function describedAt(
  { read }: Pick<Host, "read">,
  path: string = PATHS.description,
): Promise<Result<HostDescription, string>> {
  const text = await read(path);
  if (text === null) {
    return err(
      path === PATHS.description
        ? `This host was not set up: there is no ${path}. See deno task host --help`
        : `There is no description "${path}"`,
    );
  }
  const described = readDescription(text);
  return described.ok
    ? described
    : err(`The description "${path}" is not understood:\n${formatFieldErrors(described.error)}`);
}
