// Sites are registered on pages: a draft remembers what was written down, and a site keeps what people ask about it.
/**
 * The table of drafts, and what a site, its router and its meters keep besides.
 *
 * @module
 */

import { type AnyKysely, ensureColumn, ensureIndex, insertMissing, tableOf } from "../lib/store/dialect.ts";

/** Makes the table and adds the columns; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await insertMissing(db, "allocation", { kind: "draft", next_id: 1 });
  await tableOf(db, "site_draft", ["draft_id"])
    .addColumn("draft_id", "integer", (c) => c.notNull())
    .addColumn("owner_id", "integer", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("changed_ms", "bigint", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "site_draft", ["owner_id"]);
  await ensureColumn(db, "site", { name: "address", type: "varchar(160)" });
  await ensureColumn(db, "site", { name: "contacts", type: "text" });
  await ensureColumn(db, "router", { name: "sim", type: "text" });
  await ensureColumn(db, "meter", { name: "parent_id", type: "integer" });
  await ensureColumn(db, "meter", { name: "serial", type: "varchar(64)" });
  await ensureColumn(db, "meter", { name: "label", type: "varchar(80)" });
  await ensureColumn(db, "meter", { name: "location", type: "varchar(80)" });
}
