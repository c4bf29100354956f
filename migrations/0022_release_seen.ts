// A table may only lose what no release that can still run asks for: each release says up to which migration it knows.
/**
 * The table of releases that ran.
 *
 * @module
 */

import { type AnyKysely, tableOf } from "../lib/store/dialect.ts";

/** Makes the table; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "release_seen", ["release_name"])
    .addColumn("release_name", "varchar(64)", (c) => c.notNull())
    .addColumn("newest_migration", "varchar(64)", (c) => c.notNull())
    .addColumn("seen_ms", "bigint", (c) => c.notNull())
    .addColumn("retired_ms", "bigint")
    .execute();
}
