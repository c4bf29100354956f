// The ledger says what is expected of every half-hour before anything is read, and is the fence of every store.
/**
 * Tables of the ledger, of visit attempts, of outages and of the change feed.
 *
 * @module
 */

import { type AnyKysely, countedTableOf, letters, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await ledgerTables(db);
  await tableOf(db, "attempt", ["half_hour", "site_id", "tries", "attempt_no"])
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("tries", "smallint", (c) => c.notNull())
    .addColumn("attempt_no", "smallint", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("endpoint_id", "integer")
    .addColumn("path_id", "integer")
    .addColumn("took_ms", "integer", (c) => c.notNull())
    .addColumn("requests", "integer", (c) => c.notNull())
    .addColumn("bytes", "integer", (c) => c.notNull())
    .addColumn("reason", "smallint")
    .execute();
  await tableOf(db, "outage", ["from_half_hour"])
    .addColumn("from_half_hour", "integer", (c) => c.notNull())
    .addColumn("to_half_hour", "integer", (c) => c.notNull())
    .addColumn("reason", "smallint", (c) => c.notNull())
    .execute();
  await countedTableOf(db, "change_feed", "change_id")
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("site_ids", "text", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .execute();
}

async function ledgerTables(db: AnyKysely): Promise<void> {
  await tableOf(db, "ledger", ["half_hour", "site_id"])
    .addColumn("half_hour", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("state", "smallint", (c) => c.notNull())
    .addColumn("due_at_ms", "bigint", (c) => c.notNull())
    .addColumn("token", "integer")
    .addColumn("claim_until_ms", "bigint")
    .addColumn("mark", "integer")
    .addColumn("tries", "smallint", (c) => c.notNull())
    .addColumn("has_reading", "smallint", (c) => c.notNull())
    .addColumn("reason", "smallint")
    .addColumn("path_id", "integer")
    .addColumn("stored_at_ms", "bigint")
    .addColumn("judged", "smallint", (c) => c.notNull())
    .execute();
  await tableOf(db, "ledger_day", ["day", "site_id"])
    .addColumn("day", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("outcomes", letters(db, 48), (c) => c.notNull())
    .addColumn("reasons", "text")
    .execute();
}
