// Of each local day of a site it is kept over which path it answered and what it cost, before ledger and tries are forgotten.
/**
 * The tables of links: a day of a site, how it stood last night, what a site's link is judged by, and which files
 * were made for its router.
 *
 * @module
 */

import { type AnyKysely, countedTableOf, ensureIndex, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "link_day", ["site_id", "day"])
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("day", "integer", (c) => c.notNull())
    .addColumn("first_half_hour", "integer", (c) => c.notNull())
    .addColumn("ways", "varchar(50)", (c) => c.notNull())
    .addColumn("own_b", "bigint", (c) => c.notNull())
    .addColumn("own_cellular_b", "bigint", (c) => c.notNull())
    .addColumn("requests", "integer", (c) => c.notNull())
    .addColumn("tries", "integer", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "link_day", ["day"]);
  await tableOf(db, "link_state", ["site_id"])
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("moved_m", "integer")
    .addColumn("signal_dbm", "integer")
    .addColumn("weak", "smallint", (c) => c.notNull())
    .addColumn("used_b", "bigint")
    .addColumn("forecast_b", "bigint")
    .addColumn("allowance_b", "bigint")
    .addColumn("changes", "integer", (c) => c.notNull())
    .addColumn("asks_sim", "smallint", (c) => c.notNull())
    .execute();
  await tableOf(db, "link_setting", ["site_id"])
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("radius_m", "integer", (c) => c.notNull())
    .addColumn("billing_day", "smallint", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .execute();
  await countedTableOf(db, "router_file", "file_id")
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("template", "varchar(32)", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("actor", "varchar(190)", (c) => c.notNull())
    .addColumn("digest", "char(64)", (c) => c.notNull())
    .addColumn("facts", "text", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "router_file", ["site_id", "file_id"]);
}
