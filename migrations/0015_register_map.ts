// People make register maps of their own: one copy of each is worked on, and what is published never changes.
/**
 * The tables of register maps and their versions, and an index to find the devices that use one.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, foldedText, insertMissing, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables and the index; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await insertMissing(db, "allocation", { kind: "register-map", next_id: 1 });
  await tableOf(db, "register_map", ["map_id"])
    .addColumn("map_id", "integer", (c) => c.notNull())
    .addColumn("name", foldedText(db, 80), (c) => c.notNull().unique())
    .addColumn("vendor", "varchar(80)", (c) => c.notNull())
    .addColumn("model", "varchar(80)", (c) => c.notNull())
    .addColumn("kind", "varchar(16)", (c) => c.notNull())
    .addColumn("row_count", "integer", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("published", "integer", (c) => c.notNull())
    .addColumn("published_edit", "integer", (c) => c.notNull())
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("changed_ms", "bigint", (c) => c.notNull())
    .addColumn("changed_by", "varchar(190)", (c) => c.notNull())
    .execute();
  await tableOf(db, "register_map_version", ["map_id", "version"])
    .addColumn("map_id", "integer", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("note", "varchar(200)", (c) => c.notNull())
    .addColumn("author", "varchar(190)", (c) => c.notNull())
    .addColumn("published_ms", "bigint", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "meter", ["profile_id"]);
}
