// People sign in, the first of them by a one-time link, and what they change is written down.
/**
 * Tables of users, one-time links and the audit trail.
 *
 * @module
 */

import { type AnyKysely, countedTableOf, foldedText, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await tableOf(db, "user", ["user_id"])
    .addColumn("user_id", "integer", (c) => c.notNull())
    .addColumn("email", foldedText(db, 190), (c) => c.notNull().unique())
    .addColumn("name", "varchar(80)", (c) => c.notNull())
    .addColumn("role", "smallint", (c) => c.notNull())
    .addColumn("password_hash", "varchar(255)", (c) => c.notNull())
    .addColumn("disabled", "smallint", (c) => c.notNull())
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("last_sign_in_ms", "bigint")
    .execute();
  await tableOf(db, "setup_token", ["token_hash"])
    .addColumn("token_hash", "varchar(64)", (c) => c.notNull())
    .addColumn("purpose", "varchar(32)", (c) => c.notNull())
    .addColumn("expires_ms", "bigint", (c) => c.notNull())
    .addColumn("used_ms", "bigint")
    .execute();
  await countedTableOf(db, "audit", "audit_id")
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("actor", "varchar(190)", (c) => c.notNull())
    .addColumn("action", "varchar(64)", (c) => c.notNull())
    .addColumn("subject", "varchar(190)", (c) => c.notNull())
    .addColumn("origin", "varchar(64)", (c) => c.notNull())
    .addColumn("before_json", "text")
    .addColumn("after_json", "text")
    .execute();
}
