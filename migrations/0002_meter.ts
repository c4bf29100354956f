// Meters and their channels say what is expected in a half-hour, series how a counter counts.
/**
 * Tables of meters, channels and counter series.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "meter", ["meter_id"])
    .addColumn("meter_id", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("endpoint_id", "integer", (c) => c.notNull())
    .addColumn("unit_id", "smallint", (c) => c.notNull())
    .addColumn("profile_id", "varchar(64)", (c) => c.notNull())
    .addColumn("name", "varchar(80)", (c) => c.notNull())
    .addColumn("end_use", "smallint")
    .addColumn("whole_site", "smallint", (c) => c.notNull())
    .addColumn("max_power_w", "integer")
    .addColumn("transformer", "varchar(255)")
    .addColumn("since", "integer", (c) => c.notNull())
    .addColumn("until", "integer")
    .execute();
  await ensureIndex(db, "meter", ["site_id"]);
  await tableOf(db, "channel", ["channel_id"])
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("meter_id", "integer", (c) => c.notNull())
    .addColumn("quantity", "varchar(64)", (c) => c.notNull())
    .addColumn("kind", "smallint", (c) => c.notNull())
    .addColumn("unit", "varchar(8)", (c) => c.notNull())
    .addColumn("decimals", "smallint", (c) => c.notNull())
    .addColumn("profile_version", "smallint", (c) => c.notNull())
    .addColumn("since", "integer", (c) => c.notNull())
    .addColumn("until", "integer")
    .execute();
  await ensureIndex(db, "channel", ["site_id"]);
  await tableOf(db, "series", ["channel_id", "since_s"])
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("since_s", "bigint", (c) => c.notNull())
    .addColumn("series_id", "integer", (c) => c.notNull())
    .addColumn("numerator", "bigint", (c) => c.notNull())
    .addColumn("denominator", "bigint", (c) => c.notNull())
    .addColumn("origin", "bigint", (c) => c.notNull())
    .addColumn("modulus", "bigint")
    .execute();
}
