// A meter is replaced, moved and retired: each is kept with its instant, and a maintenance window explains half-hours.
/**
 * Tables of what happened to devices and of maintenance windows, and how a series goes on from the one before.
 *
 * @module
 */

import { type AnyKysely, countedTableOf, ensureColumn, ensureIndex } from "../lib/store/dialect.ts";

/** Makes the tables and adds the columns; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await countedTableOf(db, "device_event", "event_id")
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("meter_id", "integer", (c) => c.notNull())
    .addColumn("kind", "smallint", (c) => c.notNull())
    .addColumn("state", "smallint", (c) => c.notNull())
    .addColumn("at_s", "bigint", (c) => c.notNull())
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("recorded_ms", "bigint", (c) => c.notNull())
    .addColumn("user_id", "integer")
    .addColumn("note", "varchar(300)", (c) => c.notNull())
    .addColumn("before_json", "text", (c) => c.notNull())
    .addColumn("after_json", "text", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "device_event", ["meter_id"]);
  await ensureIndex(db, "device_event", ["site_id"]);
  await ensureIndex(db, "device_event", ["state", "at_s"]);
  await countedTableOf(db, "maintenance", "maintenance_id")
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("meter_id", "integer")
    .addColumn("from_half_hour", "integer", (c) => c.notNull())
    .addColumn("to_half_hour", "integer", (c) => c.notNull())
    .addColumn("why", "varchar(200)", (c) => c.notNull())
    .addColumn("visited", "smallint", (c) => c.notNull())
    .addColumn("user_id", "integer")
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("ended_ms", "bigint")
    .execute();
  await ensureIndex(db, "maintenance", ["site_id"]);
  await ensureIndex(db, "maintenance", ["to_half_hour"]);
  await ensureColumn(db, "series", { name: "base", type: "bigint" });
  await ensureColumn(db, "series", { name: "begins", type: "smallint" });
}
