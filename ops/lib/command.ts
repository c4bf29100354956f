/**
 * How operators' commands begin and end: the settings, the database with all its migrations, and an exit code with
 * words where either is not to be had.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Config } from "../../lib/config.ts";
import { type Database, openDatabase, type OpenOptions } from "../../lib/store/db.ts";
import { openForReading } from "../../lib/store/db_reading.ts";
import { pendingMigrations } from "../../lib/store/migrator.ts";
import { migrations } from "../../migrations/mod.ts";
import { databaseTroubleText, openSettings } from "./settings.ts";

/**
 * Runs a command with the settings of this process; the exit code: 2 where they are wrong, 1 without a database. One
 * that only looks makes no folder.
 */
export async function runCommand(
  doing: string,
  run: (settings: Config) => Promise<number>,
  { looks = false }: { readonly looks?: boolean } = {},
): Promise<number> {
  const settings = await openSettings(console.error, { makes: !looks });
  if (!settings) return 2;
  try {
    return await run(settings);
  } catch (error) {
    const trouble = databaseTroubleText(error, doing);
    if (trouble === undefined) throw error;
    console.error(trouble);
    return 1;
  }
}

/**
 * Opens a database to look at it while others may work on it. A file of SQLite that is not there yet is made by the
 * first start: it is looked at as an empty one, and not made.
 */
export async function openToLook(databaseUrl: string, options: OpenOptions = {}): Promise<Database> {
  return await openForReading(isNewFile(databaseUrl) ? "sqlite::memory:" : databaseUrl, options);
}

function isNewFile(url: string): boolean {
  const [, path] = /^sqlite:([^:].*)$/.exec(url) ?? [];
  try {
    if (path !== undefined) Deno.statSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/** What is done on a database. */
export interface DatabaseWork {
  /** Says why nothing is done; the exit code. */
  readonly refuse: (why: string) => number;
  /** Does it; the exit code. */
  readonly work: (db: Database) => Promise<number>;
}

/** Works on a database that lacks no migration, and closes it. */
export async function onDatabase(databaseUrl: string, { refuse, work }: DatabaseWork): Promise<number> {
  const db = await openDatabase(databaseUrl);
  try {
    const { length } = await pendingMigrations(db, migrations);
    return length > 0
      ? refuse(`The database lacks ${length} migrations: deno task db:migrate`)
      : await work(db);
  } finally {
    await db.close();
  }
}

/** A path as it was meant: from the folder in which the command was typed, which `deno task` leaves. */
export function typedPath(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}
