// Routers are reached through a VPN: which peer a site has, by a place that never is another site's.
/**
 * The table of VPN peers. Private keys lie sealed among the secrets.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, insertMissing, letters, tableOf } from "../lib/store/dialect.ts";

/** Makes the table; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  // The host has the first address.
  await insertMissing(db, "allocation", { kind: "vpn", next_id: 2 });
  await tableOf(db, "vpn_peer", ["site_id"])
    .addColumn("site_id", "integer", (c) => c.notNull())
    .addColumn("place", "integer", (c) => c.notNull())
    .addColumn("state", "smallint", (c) => c.notNull())
    .addColumn("public_key", letters(db, 44))
    .addColumn("next_key", letters(db, 44))
    .addColumn("until_ms", "bigint")
    .addColumn("made_ms", "bigint", (c) => c.notNull())
    .addColumn("taken_ms", "bigint")
    .addColumn("version", "integer", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "vpn_peer", ["place"], { unique: true });
}
