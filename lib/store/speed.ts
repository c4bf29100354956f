/**
 * How quick a database makes indexes, tried on a small table that only this connection sees and that is gone with it.
 *
 * @module
 */

import { type Kysely, sql } from "kysely";
import type { Database } from "./db.ts";
import { bulkRows } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** Rows of the try. */
export const TRIED_ROWS = 20_000;

const TRIES = 2;

/** Milliseconds in which {@link TRIED_ROWS} rows are stored and indexed; `null`: the user may make no such table. */
export async function trySpeed(db: Database): Promise<number | null> {
  const rows = Array.from({ length: TRIED_ROWS }, (_, i) => [i, i * 7_919 % TRIED_ROWS]);
  return await db.reader.connection().execute(async (connection) => {
    let best = Infinity;
    for (let i = 0; i < TRIES; i++) {
      const table = sql.raw(`wattpost_speed_${i}`);
      try {
        const begunMs = db.clock.monotonicMs();
        await tryOnce(connection, db, { table, rows });
        best = Math.min(best, db.clock.monotonicMs() - begunMs);
        await sql`drop ${sql.raw(db.engine === "sqlite" ? "" : "temporary")} table ${table}`.execute(
          connection,
        );
      } catch {
        return null; // a right that is not given, or no room for it: how quick it is stays unknown
      }
    }
    return best;
  });
}

async function tryOnce(
  connection: Kysely<Schema>,
  db: Database,
  { table, rows }: {
    readonly table: ReturnType<typeof sql.raw>;
    readonly rows: readonly (readonly number[])[];
  },
): Promise<void> {
  await sql`create temporary table ${table} (a integer not null, b integer not null, primary key (a))`
    .execute(connection);
  const read = bulkRows(connection, { a: "int", b: "int" }, rows);
  await sql`insert into ${table} (a, b) select a, b from ${read} r`.execute(connection);
  if (db.engine === "sqlite") await sql`create index temp.${table}_b on ${table} (b)`.execute(connection);
  else await sql`create index by_b on ${table} (b)`.execute(connection);
}
