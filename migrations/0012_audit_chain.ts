// The audit trail is a chain of keyed hashes with signed checkpoints, so that nobody can rewrite or cut it unseen.
/**
 * Columns of the chain, its head, and its checkpoints.
 *
 * @module
 */

import { type AnyKysely, ensureColumn, ensureIndex, insertMissing, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await ensureColumn(db, "audit", { name: "seq", type: "integer" });
  await ensureColumn(db, "audit", { name: "user_id", type: "integer" });
  await ensureColumn(db, "audit", { name: "site_id", type: "integer" });
  await ensureColumn(db, "audit", { name: "request_id", type: "varchar(40)" });
  await ensureColumn(db, "audit", { name: "hash", type: "varchar(64)" });
  await ensureIndex(db, "audit", ["seq"], { unique: true });
  await tableOf(db, "audit_head", ["head_id"])
    .addColumn("head_id", "integer", (c) => c.notNull())
    .addColumn("seq", "integer", (c) => c.notNull())
    .addColumn("hash", "varchar(64)", (c) => c.notNull())
    .execute();
  await insertMissing(db, "audit_head", { head_id: 1, seq: 0, hash: "" });
  await tableOf(db, "audit_checkpoint", ["seq"])
    .addColumn("seq", "integer", (c) => c.notNull())
    .addColumn("hash", "varchar(64)", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("key_id", "varchar(32)", (c) => c.notNull())
    .addColumn("signature", "varchar(128)", (c) => c.notNull())
    .execute();
}
