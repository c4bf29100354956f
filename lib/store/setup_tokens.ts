/**
 * The one-time link by which the first administrator is made.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, transaction } from "./db.ts";
import { insertUser, type User } from "./user_rows.ts";

const SETUP = "first-administrator";

/** Makes a set-up link good until an instant, in place of earlier ones. */
export async function putSetupToken(
  db: Database,
  { tokenHash, expiresMs }: { readonly tokenHash: string; readonly expiresMs: number },
): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.deleteFrom("setup_token").where("purpose", "=", SETUP).execute();
    await tx.insertInto("setup_token")
      .values({ token_hash: tokenHash, purpose: SETUP, expires_ms: expiresMs, used_ms: null }).execute();
  });
}

/** Whether a set-up link still works: not spent, not over, and nobody can sign in yet. */
export async function isSetupToken(
  db: Database,
  { tokenHash, nowMs }: { readonly tokenHash: string; readonly nowMs: number },
): Promise<boolean> {
  const row = await db.kysely.selectFrom("setup_token").select("token_hash")
    .where("token_hash", "=", tokenHash).where("purpose", "=", SETUP).where("used_ms", "is", null)
    .where("expires_ms", ">", nowMs).executeTakeFirst();
  if (!row) return false;
  return await db.kysely.selectFrom("user").select("user_id").limit(1).executeTakeFirst() === undefined;
}

/** The first administrator as made through a link. */
export interface FirstAdministrator {
  /** What people call them. */
  readonly name: string;
  /** Their address. */
  readonly email: string;
  /** As hashed. */
  readonly passwordHash: string;
  /** Hash of the link's token. */
  readonly tokenHash: string;
}

/** Spends the link and makes the first administrator, both or neither. */
export function createFirstAdministrator(
  db: Database,
  by: Author,
  { name, email, passwordHash, tokenHash }: FirstAdministrator,
): Promise<Result<User, { readonly kind: "spent" }>> {
  return transaction(db, async (tx): Promise<Result<User, { readonly kind: "spent" }>> => {
    // Whoever changes the row holds it: a second one waits, then finds it used.
    const spent = await tx.updateTable("setup_token").set({ used_ms: by.atMs })
      .where("token_hash", "=", tokenHash).where("purpose", "=", SETUP).where("used_ms", "is", null)
      .where("expires_ms", ">", by.atMs).executeTakeFirst();
    if (spent.numUpdatedRows !== 1n) return err({ kind: "spent" });
    const known = await tx.selectFrom("user").select("user_id").limit(1).executeTakeFirst();
    if (known) return err({ kind: "spent" });
    const user = await insertUser(tx, { name, email, passwordHash, role: "administrator", nowMs: by.atMs });
    const after = { email, name, role: "administrator", from: "set-up link" };
    await appendAudit(tx, by, { action: "user-created", subject: `user ${user.id}`, after });
    return ok(user);
  });
}
