// An amount that is replaced is kept beside the act that replaced it, so that a report can be made again as it was.
/**
 * The table of amounts that were replaced when a device's counters were derived again.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, tableOf } from "../lib/store/dialect.ts";

/** Makes the table; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "correction", ["event_id", "channel_id", "half_hour"])
    .addColumn("event_id", "integer", (c) => c.notNull())
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("amount_was", "integer")
    .addColumn("amount_is", "integer")
    .execute();
  await ensureIndex(db, "correction", ["channel_id", "half_hour"]);
}
