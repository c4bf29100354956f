/**
 * How the last tries to make a backup ended, beside the backups: what failed is told to the app, and until it works again
 * how often it failed.
 *
 * @module
 */

import { BackupError } from "./backup_error.ts";
import { readPlainFile } from "./plain_file.ts";

/** How it ended last. */
export interface LastTry {
  /** When it ended, epoch milliseconds. */
  readonly atMs: number;
  /** Tries that failed since the last one that worked; 0: the last one worked. */
  readonly failures: number;
  /** Why the last one failed, at most 600 characters; `null`: it worked. */
  readonly words: string | null;
}

/** Its file in the folder of backups. */
const FILE = "last-try.json";
const BYTES_MAX = 10_000;
const WORDS_MAX = 600;

/** Reads it; `null`: nobody tried yet, or it says nothing. */
export async function readLastTry(backups: string): Promise<LastTry | null> {
  const read = await readPlainFile(`${backups}/${FILE}`, BYTES_MAX);
  if (!read.ok) throw new BackupError(`Cannot read "${backups}/${FILE}": it ${read.error}`);
  if (read.value === null) return null;
  try {
    const { atMs, failures, words } = JSON.parse(new TextDecoder().decode(read.value));
    const fits = Number.isSafeInteger(atMs) && Number.isSafeInteger(failures) && failures >= 0 &&
      (words === null || typeof words === "string");
    return fits ? { atMs, failures, words: words?.slice(0, WORDS_MAX) ?? null } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

/** Remembers how a try ended; a disk on which even this cannot be written is said by whoever tried. */
export async function rememberTry(
  backups: string,
  { atMs, words }: { readonly atMs: number; readonly words: string | null },
): Promise<void> {
  const before = await readLastTry(backups).catch(() => null);
  const last: LastTry = {
    atMs,
    failures: words === null ? 0 : (before?.failures ?? 0) + 1,
    // deno-lint-ignore no-control-regex
    words: words?.replaceAll(/[\x00-\x1f\x7f]+/g, " ").slice(0, WORDS_MAX) ?? null,
  };
  const path = `${backups}/${FILE}`;
  try {
    await Deno.writeTextFile(`${path}.new`, `${JSON.stringify(last)}\n`, { mode: 0o600 });
    await Deno.rename(`${path}.new`, path);
  } catch {
    await Deno.remove(`${path}.new`).catch(() => undefined);
  }
}
