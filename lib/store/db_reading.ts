/**
 * A database opened to look at it, while others work on it: nothing is written, no lock is taken. A file of SQLite may
 * belong to another process; whoever looks must run as that one's user, as SQLite makes files beside it.
 *
 * @module
 */

import { Kysely, sql } from "kysely";
import { systemClock } from "../clock.ts";
import { type Database, openDatabase, type OpenOptions } from "./db.ts";
import { StoreError } from "./errors.ts";
import type { Schema } from "./schema.ts";
import { openReader, sqliteDialect } from "./sqlite.ts";

/** Opens `sqlite:PATH` or `mysql://…` to read. Throws a StoreError where there is no file or no server. */
export async function openForReading(url: string, options: OpenOptions = {}): Promise<Database> {
  if (!url.startsWith("sqlite:") || url === "sqlite::memory:") {
    return await openDatabase(url, { poolSize: 2, ...options });
  }
  const file = openFile(url.slice("sqlite:".length));
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect(file, options.onStatement) });
  try {
    const found = await sql<{ version: string }>`select sqlite_version() as version`.execute(kysely);
    return {
      engine: "sqlite",
      version: found.rows[0]?.version ?? "",
      kysely,
      reader: kysely,
      clock: options.clock ?? systemClock,
      redial: () => {},
      close: () => kysely.destroy(),
    };
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
}

/** SQLite gives no reason in numbers for a file that it cannot open. */
function openFile(path: string): ReturnType<typeof openReader> {
  try {
    return openReader(path);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError("unavailable", `Cannot open the database file "${path}": ${why}`, { cause: error });
  }
}
