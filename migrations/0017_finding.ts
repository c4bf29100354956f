// Every device is checked at night: what was found is kept with who put it aside, and what a device said of itself.
/**
 * Tables of findings, of what devices say of themselves, and of when each was checked.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "finding", ["meter_id", "kind"])
    .addColumn("meter_id", "integer", (c) => c.notNull())
    .addColumn("kind", "varchar(24)", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("first_ms", "bigint", (c) => c.notNull())
    .addColumn("last_ms", "bigint", (c) => c.notNull())
    .addColumn("cleared_ms", "bigint")
    .addColumn("aside_ms", "bigint")
    .addColumn("aside_user_id", "integer")
    .addColumn("aside_reason", "varchar(200)")
    .addColumn("aside_until_ms", "bigint")
    .addColumn("aside_key", "text")
    .execute();
  await ensureIndex(db, "finding", ["cleared_ms"]);
  await tableOf(db, "device_identity", ["meter_id", "quantity"])
    .addColumn("meter_id", "integer", (c) => c.notNull())
    .addColumn("quantity", "varchar(80)", (c) => c.notNull())
    .addColumn("first_text", "varchar(250)", (c) => c.notNull())
    .addColumn("first_ms", "bigint", (c) => c.notNull())
    .addColumn("read_text", "varchar(250)", (c) => c.notNull())
    .addColumn("read_ms", "bigint", (c) => c.notNull())
    .execute();
  await tableOf(db, "device_check", ["meter_id"])
    .addColumn("meter_id", "integer", (c) => c.notNull())
    .addColumn("checked_ms", "bigint", (c) => c.notNull())
    .execute();
}
