// Sites lie in groups, and a person or a token reaches all sites, some groups, or sites by name.
/**
 * Tables of groups of sites and of who reaches what.
 *
 * @module
 */

import {
  type AnyKysely,
  ensureColumn,
  ensureIndex,
  foldedText,
  insertMissing,
  tableOf,
} from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  for (const kind of ["group", "token"]) await insertMissing(db, "allocation", { kind, next_id: 1 });
  await tableOf(db, "site_group", ["group_id"])
    .addColumn("group_id", "integer", (c) => c.notNull())
    .addColumn("name", foldedText(db, 80), (c) => c.notNull().unique())
    .execute();
  await ensureColumn(db, "site", { name: "group_id", type: "integer" });
  await ensureIndex(db, "site", ["group_id"]);
  await tableOf(db, "reach", ["holder_kind", "holder_id", "target_kind", "target_id"])
    .addColumn("holder_kind", "smallint", (c) => c.notNull())
    .addColumn("holder_id", "integer", (c) => c.notNull())
    .addColumn("target_kind", "smallint", (c) => c.notNull())
    .addColumn("target_id", "integer", (c) => c.notNull())
    .execute();
  await ensureColumn(db, "user", { name: "reach_all", type: "smallint", initial: 1 });
}
