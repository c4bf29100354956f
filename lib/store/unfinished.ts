/**
 * The mark of a database that a restore is filling, or was when it was killed: nobody may work with it, and it must not
 * be made one of Wattpost by migrating it.
 *
 * @module
 */

import { type Kysely, sql } from "kysely";
import { dialectOf } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** The table that is there until everything is restored and compared. */
export const UNFINISHED_TABLE = "unfinished_restore";

/** Whether the mark is there. */
export async function isUnfinished(db: Kysely<Schema>): Promise<boolean> {
  const found = dialectOf(db) === "sqlite"
    ? sql`select 1 from sqlite_master where type = 'table' and name = ${UNFINISHED_TABLE}`
    : sql`select 1 from information_schema.tables where table_schema = database()
        and table_name = ${UNFINISHED_TABLE}`;
  return (await found.execute(db)).rows.length > 0;
}
