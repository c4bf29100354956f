/**
 * Which releases still need what a migration would take away. A release says which migrations it knows when it starts
 * (`release_seen`); it may run, or be rolled back to, until it is retired.
 *
 * @module
 */

import { type Kysely, sql } from "kysely";
import { dialectOf } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** Releases named at most. */
const NAMED_MAX = 20;

/**
 * The releases that may still run and do not know a migration; none: what its contract names may go. A release that
 * works but never said what it knows is from before that was asked, so it counts.
 *
 * @param needs Name of the migration that must be known.
 */
export async function contractKeepers(kysely: Kysely<Schema>, needs: string): Promise<readonly string[]> {
  const unknown = await unknownReleases(kysely);
  if (!await isThere(kysely, "release_seen")) return unknown;
  const older = await sql<{ release_name: string }>`select release_name from release_seen
    where retired_ms is null and newest_migration < ${needs} order by seen_ms desc limit ${
    sql.lit(NAMED_MAX)
  }`.execute(kysely);
  return [...older.rows.map(({ release_name }) => release_name), ...unknown];
}

/** The release that works, unless it said what it knows. */
async function unknownReleases(kysely: Kysely<Schema>): Promise<readonly string[]> {
  if (!await isThere(kysely, "active_release")) return [];
  const seen = await isThere(kysely, "release_seen")
    ? sql`select 1 from release_seen s where s.release_name = a.release_name`
    : sql`select 1 from active_release where 1 = 0`;
  const found = await sql<{ release_name: string }>`select a.release_name from active_release a
    where a.release_name <> '' and not exists (${seen})`.execute(kysely);
  return found.rows.map(({ release_name }) => release_name);
}

async function isThere(kysely: Kysely<Schema>, table: string): Promise<boolean> {
  const found = dialectOf(kysely) === "sqlite"
    ? sql`select 1 from sqlite_master where type = 'table' and name = ${table}`
    : sql`select 1 from information_schema.tables where table_schema = database() and table_name = ${table}`;
  return (await found.execute(kysely)).rows.length > 0;
}
