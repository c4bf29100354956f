// Sites come first: everything else hangs on premises, their router, its addresses and its ports.
/**
 * Tables of sites and of what stands at them, and the one that gives out ids.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, foldedText, insertMissing, tableOf } from "../lib/store/dialect.ts";

const KINDS = ["site", "path", "endpoint", "meter", "channel", "series", "user"];

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "allocation", ["kind"])
    .addColumn("kind", "varchar(16)", (c) => c.notNull())
    .addColumn("next_id", "integer", (c) => c.notNull())
    .execute();
  for (const kind of KINDS) await insertMissing(db, "allocation", { kind, next_id: 1 });
  await tableOf(db, "site", ["site_id"])
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("name", foldedText(db, 80), (c) => c.notNull().unique())
    .addColumn("town", foldedText(db, 80), (c) => c.notNull())
    .addColumn("zone", "varchar(64)", (c) => c.notNull())
    .addColumn("latitude", "double precision")
    .addColumn("longitude", "double precision")
    .addColumn("hours", "text")
    .addColumn("collected", "smallint", (c) => c.notNull())
    .addColumn("since", "integer", (c) => c.notNull())
    .execute();
  await tableOf(db, "router", ["site_id"])
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("profile_id", "varchar(64)")
    .addColumn("model", "varchar(80)")
    .addColumn("serial", "varchar(80)")
    .execute();
  await tableOf(db, "path", ["path_id"])
    .addColumn("path_id", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("place", "smallint", (c) => c.notNull())
    .addColumn("kind", "smallint", (c) => c.notNull())
    .addColumn("host", "varchar(255)", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "path", ["site_id"]);
  await tableOf(db, "endpoint", ["endpoint_id"])
    .addColumn("endpoint_id", "integer", (c) => c.notNull())
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("port", "integer", (c) => c.notNull())
    .addColumn("kind", "smallint", (c) => c.notNull())
    .addColumn("pause_ms", "integer", (c) => c.notNull())
    .addColumn("response_timeout_ms", "integer")
    .execute();
  await ensureIndex(db, "endpoint", ["site_id"]);
}
