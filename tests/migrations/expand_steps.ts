/**
 * What releases to come may do to the tables while this one still runs: every table gets columns and an index, and
 * there are tables and a view that nobody knows.
 *
 * @module
 */

import { sql } from "kysely";
import { type AnyKysely, dialectOf, ensureColumn, ensureIndex, tableOf } from "../../lib/store/dialect.ts";
import type { MigrationSet } from "../../lib/store/migrator.ts";

/** Steps that only add; each can be repeated. */
export const expandSteps: MigrationSet = {
  "9001_columns": {
    async up(db) {
      for (const table of await tablesOf(db)) {
        await ensureColumn(db, table, { name: "later_note", type: "varchar(80)" });
        await ensureColumn(db, table, { name: "later_count", type: "integer", initial: 0 });
      }
    },
  },
  "9002_indexes": {
    async up(db) {
      for (const table of ["site", "recent", "day", "ledger", "attempt", "user", "audit"]) {
        await ensureIndex(db, table, ["later_count"]);
      }
    },
  },
  "9003_tables": {
    async up(db) {
      await tableOf(db, "later", ["later_id"])
        .addColumn("later_id", "integer", (c) => c.notNull())
        .addColumn("site_id", "integer", (c) => c.notNull())
        .execute();
      await sql`drop view if exists later_view`.execute(db);
      await sql`create view later_view as select site_id, name, later_note from site`.execute(db);
    },
  },
};

/** Tables of the product, but for the migrator's own. */
async function tablesOf(db: AnyKysely): Promise<readonly string[]> {
  const named = dialectOf(db) === "sqlite"
    ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
    : sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = database() and table_type = 'BASE TABLE'`;
  const { rows } = await named.execute(db);
  return rows.map(({ name }) => name).filter((name) => !name.startsWith("migration")).sort();
}
