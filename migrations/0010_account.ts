// People are invited by e-mail, hold a second factor, passkeys and API tokens, and lose every session when it matters.
/**
 * Tables of links sent by e-mail, second factors, passkeys and API tokens.
 *
 * @module
 */

import { type AnyKysely, ensureColumn, ensureIndex, tableOf } from "../lib/store/dialect.ts";

/** Makes the tables; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await ensureColumn(db, "user", { name: "session_epoch", type: "integer", initial: 0 });
  await ensureColumn(db, "user", { name: "password_set_ms", type: "bigint" });
  await ensureColumn(db, "user", { name: "totp_since_ms", type: "bigint" });
  await ensureColumn(db, "user", { name: "totp_step", type: "bigint" });
  await tableOf(db, "mail_link", ["token_hash"])
    .addColumn("token_hash", "varchar(64)", (c) => c.notNull())
    .addColumn("purpose", "varchar(16)", (c) => c.notNull())
    .addColumn("user_id", "integer", (c) => c.notNull())
    .addColumn("detail", "text")
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("expires_ms", "bigint", (c) => c.notNull())
    .addColumn("used_ms", "bigint")
    .execute();
  await ensureIndex(db, "mail_link", ["user_id"]);
  await tableOf(db, "recovery_code", ["user_id", "code_hash"])
    .addColumn("user_id", "integer", (c) => c.notNull())
    .addColumn("code_hash", "varchar(64)", (c) => c.notNull())
    .addColumn("used_ms", "bigint")
    .execute();
  await makePasskeys(db);
  await makeTokens(db);
}

async function makePasskeys(db: AnyKysely): Promise<void> {
  await tableOf(db, "passkey", ["credential_hash"])
    .addColumn("credential_hash", "varchar(64)", (c) => c.notNull())
    .addColumn("user_id", "integer", (c) => c.notNull())
    .addColumn("credential", "text", (c) => c.notNull())
    .addColumn("public_key", "text", (c) => c.notNull())
    .addColumn("sign_count", "bigint", (c) => c.notNull())
    .addColumn("transports", "varchar(120)", (c) => c.notNull())
    .addColumn("name", "varchar(80)", (c) => c.notNull())
    .addColumn("backed_up", "smallint", (c) => c.notNull())
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("last_used_ms", "bigint")
    .execute();
  await ensureIndex(db, "passkey", ["user_id"]);
}

async function makeTokens(db: AnyKysely): Promise<void> {
  await tableOf(db, "api_token", ["token_id"])
    .addColumn("token_id", "integer", (c) => c.notNull())
    .addColumn("token_hash", "varchar(64)", (c) => c.notNull().unique())
    .addColumn("user_id", "integer", (c) => c.notNull())
    .addColumn("name", "varchar(80)", (c) => c.notNull())
    .addColumn("may_write", "smallint", (c) => c.notNull())
    .addColumn("reach_all", "smallint", (c) => c.notNull())
    .addColumn("created_ms", "bigint", (c) => c.notNull())
    .addColumn("expires_ms", "bigint", (c) => c.notNull())
    .addColumn("revoked_ms", "bigint")
    .addColumn("last_used_ms", "bigint")
    .addColumn("last_used_from", "varchar(64)")
    .execute();
  await ensureIndex(db, "api_token", ["user_id"]);
}
