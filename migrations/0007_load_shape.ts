// A gap is filled along the channel's own usual week, which is learned once a day and kept.
/**
 * Table of load shapes.
 *
 * @module
 */

import { type AnyKysely, tableOf } from "../lib/store/dialect.ts";

/** Makes the table; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "load_shape", ["channel_id"])
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("peak", "bigint", (c) => c.notNull())
    .addColumn("shape", "text", (c) => c.notNull())
    .addColumn("updated_ms", "bigint", (c) => c.notNull())
    .execute();
}
