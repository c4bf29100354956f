/**
 * A database beside the running one, for a trial: an own file, or an own database on the same server, reached with the
 * same account. What runs is never touched.
 *
 * @module
 */

import { sql } from "kysely";
import { err, ok, type Result } from "../result.ts";
import { openDatabase } from "./db.ts";

/** A database for a trial. */
export interface ScratchDatabase {
  /** Its address. */
  readonly url: string;
  /** Takes it away if it was made for this trial; what a person made stays, empty. */
  remove(): Promise<void>;
}

/** Why there is none. */
export interface ScratchRefusal {
  /** What the server said. */
  readonly why: string;
  /** Name of the database that could not be made. */
  readonly name: string;
}

/** Ends the name of the database on a server. */
const SUFFIX = "_restore_drill";

/** Longest name: with what the lock of migrations is called behind it, a server takes 64 characters. */
const NAME_MAX = 64 - ".wattpost_migrate".length;

/** Makes one beside the database at an address; `file` is the path of a file where that is embedded. */
export async function openScratch(
  url: string,
  file: string,
): Promise<Result<ScratchDatabase, ScratchRefusal>> {
  if (url.startsWith("sqlite:")) {
    return ok({ url: `sqlite:${file}`, remove: () => Promise.resolve() });
  }
  const scratch = scratchUrl(url);
  const name = nameIn(scratch);
  const db = await openDatabase(url, { poolSize: 1 });
  try {
    const there = await sql`select 1 from information_schema.schemata where schema_name = ${name}`.execute(
      db.kysely,
    );
    if (there.rows.length > 0) return ok({ url: scratch, remove: () => Promise.resolve() });
    await sql`create database ${sql.id(name)}`.execute(db.kysely);
  } catch (error) {
    return err({ why: error instanceof Error ? error.message : String(error), name });
  } finally {
    await db.close();
  }
  return ok({ url: scratch, remove: () => drop(scratch) });
}

/** Address of the database for trials beside another one. */
export function scratchUrl(url: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(nameIn(url).slice(0, NAME_MAX - SUFFIX.length))}${SUFFIX}`;
  return parsed.href;
}

function nameIn(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

async function drop(url: string): Promise<void> {
  const db = await openDatabase(url, { poolSize: 1 });
  try {
    await sql`drop database ${sql.id(nameIn(url))}`.execute(db.kysely);
  } finally {
    await db.close();
  }
}
