// A program whose answer got lost asks again under the same key: what it changed is not changed twice.
/**
 * The table of answers to writes over the API.
 *
 * @module
 */

import { type AnyKysely, ensureIndex, tableOf } from "../lib/store/dialect.ts";

/** Makes the table; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "idempotency", ["key_hash"])
    .addColumn("key_hash", "char(64)", (c) => c.notNull())
    .addColumn("user_id", "integer", (c) => c.notNull())
    .addColumn("request_hash", "char(64)", (c) => c.notNull())
    .addColumn("made_ms", "bigint", (c) => c.notNull())
    .addColumn("answer", "text", (c) => c.notNull())
    .execute();
  await ensureIndex(db, "idempotency", ["user_id", "made_ms"]);
  await ensureIndex(db, "idempotency", ["made_ms"]);
}
