/**
 * A file of settings, `NAME=value` a line, as systemd and Docker read it: what both understand alike.
 *
 * @module
 */

import { err, ok, type Result } from "../../lib/result.ts";

/** Characters of such a file at most. */
const FILE_MAX = 262_144;

/** What was wrong with a line. */
export interface EnvFileError {
  /** Its number, from 1. */
  readonly line: number;
  /** Why it is not understood; the value is not repeated, as it may be a secret. */
  readonly why: string;
}

/** Reads the text of a file: blank lines and lines that begin with `#` or `;` say nothing, the last of a name counts. */
export function parseEnvFile(text: string): Result<ReadonlyMap<string, string>, EnvFileError> {
  if (text.length > FILE_MAX) return err({ line: 1, why: `a file of at most ${FILE_MAX} characters` });
  const found = new Map<string, string>();
  for (const [i, whole] of text.split(/\r?\n/).entries()) {
    const line = whole.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return err({ line: i + 1, why: "NAME=value is expected" });
    const plain = unquoted(value.trim());
    if (plain === undefined) return err({ line: i + 1, why: `a quote in ${name} is not closed` });
    found.set(name, plain);
  }
  return ok(found);
}

/** A value without the quotes around it; undefined: one of the two is missing. */
function unquoted(value: string): string | undefined {
  const [quote = ""] = value;
  if (quote !== '"' && quote !== "'") return value;
  const closed = value.length >= 2 && value.endsWith(quote);
  return closed ? value.slice(1, -1) : undefined;
}
