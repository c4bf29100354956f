/**
 * People who may sign in, and the one-time link by which the first of them is made.
 *
 * @module
 */

import type { Role } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit } from "./audit.ts";
import { choiceOf, codeIn, ROLES } from "./codes.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { takeIds } from "./ids.ts";

/** Someone who may sign in. */
export interface User {
  /** 32-bit. */
  readonly id: number;
  /** Unique, whatever its case. */
  readonly email: string;
  /** What people call them. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** Epoch milliseconds of the last sign-in; `null`: never. */
  readonly lastSignInMs: number | null;
}

/** A user with what signing in needs. */
export interface UserAccount {
  /** The user. */
  readonly user: User;
  /** As hashed. */
  readonly passwordHash: string;
  /** Whether they may not sign in. */
  readonly disabled: boolean;
}

/** A user as it is made. */
export interface UserDraft {
  /** Unique, whatever its case, at most 190 characters. */
  readonly email: string;
  /** At most 80 characters. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** As hashed. */
  readonly passwordHash: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

const COLUMNS = ["user_id", "email", "name", "role", "password_hash", "disabled", "last_sign_in_ms"] as const;

interface UserRow {
  readonly user_id: number;
  readonly email: string;
  readonly name: string;
  readonly role: number;
  readonly password_hash: string;
  readonly disabled: number;
  readonly last_sign_in_ms: number | null;
}

/** How many users there are. */
export async function countUsers(db: Database): Promise<number> {
  const row = await db.kysely.selectFrom("user").select((eb) => eb.fn.countAll<number>().as("users"))
    .executeTakeFirstOrThrow();
  return Number(row.users);
}

/** A user by e-mail address, whatever its case; `null`: there is none. */
export async function findUserByEmail(db: Database, email: string): Promise<UserAccount | null> {
  const row = await db.kysely.selectFrom("user").select(COLUMNS).where("email", "=", email)
    .executeTakeFirst();
  return row ? accountOf(row) : null;
}

/** A user who may sign in; `null`: there is none, or they are disabled. */
export async function findUser(db: Database, userId: number): Promise<User | null> {
  const row = await db.reader.selectFrom("user").select(COLUMNS).where("user_id", "=", userId)
    .where("disabled", "=", 0).executeTakeFirst();
  return row ? accountOf(row).user : null;
}

/** Makes a user. */
export async function createUser(
  db: Database,
  draft: UserDraft,
): Promise<Result<User, { readonly kind: "email-taken" }>> {
  try {
    return ok(await transaction(db, (tx) => insertUser(tx, draft)));
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "email-taken" });
    throw error;
  }
}

/** Notes a sign-in. */
export async function setLastSignIn(
  db: Database,
  { userId, nowMs }: { readonly userId: number; readonly nowMs: number },
): Promise<void> {
  await db.kysely.updateTable("user").set({ last_sign_in_ms: nowMs }).where("user_id", "=", userId).execute();
}

/** Replaces a password. */
export async function setPassword(
  db: Database,
  { userId, passwordHash }: { readonly userId: number; readonly passwordHash: string },
): Promise<void> {
  await db.kysely.updateTable("user").set({ password_hash: passwordHash }).where("user_id", "=", userId)
    .execute();
}

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
  const row = await db.kysely.selectFrom("setup_token").select("token_hash").where(
    "token_hash",
    "=",
    tokenHash,
  )
    .where("purpose", "=", SETUP).where("used_ms", "is", null).where("expires_ms", ">", nowMs)
    .executeTakeFirst();
  return row !== undefined && await countUsers(db) === 0;
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
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Spends the link and makes the first administrator, both or neither. */
export async function createFirstAdministrator(
  db: Database,
  { name, email, passwordHash, tokenHash, nowMs }: FirstAdministrator,
): Promise<Result<User, { readonly kind: "spent" }>> {
  return await transaction(db, async (tx): Promise<Result<User, { readonly kind: "spent" }>> => {
    // Whoever changes the row holds it: a second one waits, then finds it used.
    const spent = await tx.updateTable("setup_token").set({ used_ms: nowMs }).where(
      "token_hash",
      "=",
      tokenHash,
    )
      .where("purpose", "=", SETUP).where("used_ms", "is", null).where("expires_ms", ">", nowMs)
      .executeTakeFirst();
    if (spent.numUpdatedRows !== 1n) return err({ kind: "spent" });
    const known = await tx.selectFrom("user").select("user_id").limit(1).executeTakeFirst();
    if (known) return err({ kind: "spent" });
    const user = await insertUser(tx, { name, email, passwordHash, role: "administrator", nowMs });
    const after = { email, name, role: "administrator" };
    const entry = { atMs: nowMs, actor: email, subject: `user ${user.id}`, origin: "set-up link" };
    await appendAudit(tx, { ...entry, action: "user-created", after });
    return ok(user);
  });
}

async function insertUser(
  tx: Executor,
  { email, name, role, passwordHash, nowMs }: UserDraft,
): Promise<User> {
  const id = await takeIds(tx, "user", 1);
  await tx.insertInto("user").values({
    user_id: id,
    email,
    name,
    role: codeIn(ROLES, role),
    password_hash: passwordHash,
    disabled: 0,
    created_ms: nowMs,
    last_sign_in_ms: null,
  }).execute();
  return { id, email, name, role, lastSignInMs: null };
}

function accountOf(row: UserRow): UserAccount {
  return {
    user: {
      id: row.user_id,
      email: row.email,
      name: row.name,
      role: choiceOf(ROLES, row.role),
      lastSignInMs: row.last_sign_in_ms,
    },
    passwordHash: row.password_hash,
    disabled: row.disabled === 1,
  };
}
