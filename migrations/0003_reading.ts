// Readings lie in two shapes: by half-hour while they are written, by day once they are only read (ADR 0011).
/**
 * Tables of readings: recent rows, packed days, the state of each day, open gaps and texts.
 *
 * @module
 */

import { type AnyKysely, countedTableOf, letters, tableOf, wordBytes } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await recentTables(db);
  await dayTables(db);
  await countedTableOf(db, "text_value", "text_id")
    .addColumn("text", "varchar(250)", (c) => c.notNull().unique())
    .execute();
}

async function recentTables(db: AnyKysely): Promise<void> {
  await tableOf(db, "recent", ["half_hour", "channel_id"])
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("words", wordBytes(db))
    .addColumn("read_s", "smallint")
    .addColumn("profile_version", "smallint", (c) => c.notNull())
    .addColumn("value", "bigint")
    .addColumn("boundary", "bigint")
    .addColumn("amount", "integer")
    .addColumn("quality", letters(db, 1), (c) => c.notNull())
    .addColumn("reading_reason", "smallint")
    .addColumn("amount_reason", "smallint")
    .execute();
  await tableOf(db, "open_gap", ["channel_id"])
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("at_s", "bigint", (c) => c.notNull())
    .addColumn("value", "bigint", (c) => c.notNull())
    .addColumn("words", wordBytes(db))
    .addColumn("series_id", "integer", (c) => c.notNull())
    .addColumn("boundary", "bigint")
    .execute();
}

async function dayTables(db: AnyKysely): Promise<void> {
  await tableOf(db, "day_state", ["day"])
    .addColumn("day", "integer", (c) => c.notNull())
    .addColumn("state", "smallint", (c) => c.notNull())
    .addColumn("token", "integer")
    .addColumn("until_ms", "bigint")
    .addColumn("packed_ms", "bigint")
    .execute();
  await tableOf(db, "day", ["day", "channel_id"])
    .addColumn("day", "integer", (c) => c.notNull())
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("amounts", "text", (c) => c.notNull())
    .addColumn("qualities", letters(db, 48), (c) => c.notNull())
    .addColumn("reasons", "text", (c) => c.notNull())
    .addColumn("boundaries", "text", (c) => c.notNull())
    .execute();
  await tableOf(db, "day_word", ["day", "channel_id"])
    .addColumn("day", "integer", (c) => c.notNull())
    .addColumn("channel_id", "integer", (c) => c.notNull())
    .addColumn("words", "text", (c) => c.notNull())
    .addColumn("read_s", "text", (c) => c.notNull())
    .addColumn("counter_values", "text", (c) => c.notNull())
    .addColumn("versions", "text", (c) => c.notNull())
    .execute();
}
