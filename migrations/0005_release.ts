// Of several processes only those of the promoted release work: one row names it.
/**
 * Table of the active release.
 *
 * @module
 */

import { type AnyKysely, tableOf } from "../lib/store/dialect.ts";

/** Makes the table; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "active_release", ["release_id"])
    .addColumn("release_id", "integer", (c) => c.notNull())
    .addColumn("release_name", "varchar(64)", (c) => c.notNull())
    .addColumn("token", "varchar(64)", (c) => c.notNull())
    .addColumn("heartbeat_ms", "bigint", (c) => c.notNull())
    .execute();
}
