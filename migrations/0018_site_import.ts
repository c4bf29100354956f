// Many sites come in one file: what was judged of it, what became of each site, and how each device was tested.
/**
 * The tables of imports.
 *
 * @module
 */

import { sql } from "kysely";
import {
  type AnyKysely,
  dialectOf,
  ensureIndex,
  insertMissing,
  letters,
  tableOf,
} from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await insertMissing(db, "allocation", { kind: "import", next_id: 1 });
  await tableOf(db, "site_import", ["import_id"])
    .addColumn("import_id", "integer", (c) => c.notNull())
    .addColumn("owner_id", "integer", (c) => c.notNull())
    .addColumn("file_name", "varchar(200)", (c) => c.notNull())
    .addColumn("state", "smallint", (c) => c.notNull())
    .addColumn("sheet_columns", "text", (c) => c.notNull())
    .addColumn("row_states", "text", (c) => c.notNull())
    .addColumn("row_count", "integer", (c) => c.notNull())
    .addColumn("site_count", "integer", (c) => c.notNull())
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("changed_ms", "bigint", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "site_import", ["owner_id"]);
  const long = dialectOf(db) === "sqlite" ? sql`text` : sql`mediumtext`;
  await tableOf(db, "site_import_part", ["import_id", "part"])
    .addColumn("import_id", "integer", (c) => c.notNull())
    .addColumn("part", "integer", (c) => c.notNull())
    .addColumn("body", long, (c) => c.notNull())
    .execute();
  await tableOf(db, "site_import_site", ["import_id", "place"])
    .addColumn("import_id", "integer", (c) => c.notNull())
    .addColumn("place", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer")
    .addColumn("outcome", "smallint", (c) => c.notNull())
    .addColumn("print", letters(db, 64))
    .execute();
  await tableOf(db, "site_import_test", ["import_id", "row_no"])
    .addColumn("import_id", "integer", (c) => c.notNull())
    .addColumn("row_no", "integer", (c) => c.notNull())
    .addColumn("state", "smallint", (c) => c.notNull())
    .addColumn("words", "varchar(200)", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .execute();
}
