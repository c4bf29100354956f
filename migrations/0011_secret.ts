// Settings that administrators change on pages, and secrets that lie encrypted, each under its own name.
/**
 * Tables of settings and of sealed secrets.
 *
 * @module
 */

import { type AnyKysely, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "setting", ["name"])
    .addColumn("name", "varchar(40)", (c) => c.notNull())
    .addColumn("value", "text", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .execute();
  await tableOf(db, "secret", ["name"])
    .addColumn("name", "varchar(80)", (c) => c.notNull())
    .addColumn("sealed", "text", (c) => c.notNull())
    .addColumn("key_id", "varchar(32)", (c) => c.notNull())
    .addColumn("changed_ms", "bigint", (c) => c.notNull())
    .execute();
}
