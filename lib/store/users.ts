/**
 * People who may sign in: finding, listing and counting them. How they come, change and go stands beside this file.
 *
 * @module
 */

import { sql } from "kysely";
import type { Role } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { codeIn, ROLES } from "./codes.ts";
import { type Database, isStoreError, transaction } from "./db.ts";
import {
  accountsOf,
  insertUser,
  selectUsers,
  type User,
  type UserAccount,
  type UserState,
} from "./user_rows.ts";

export { acceptInvitation, inviteUser, withdrawInvitation } from "./invitations.ts";
export { createFirstAdministrator, isSetupToken, putSetupToken } from "./setup_tokens.ts";
export {
  changeUser,
  endAllSessions,
  lockUser,
  setEmail,
  setPassword,
  unlockUser,
  userVersion,
} from "./user_changes.ts";
export type { User, UserAccount, UserState } from "./user_rows.ts";

/** A user as it is made by a command; people are invited. */
export interface UserDraft {
  /** Unique, whatever its case, at most 190 characters. */
  readonly email: string;
  /** At most 80 characters. */
  readonly name: string;
  /** What they may do; they reach all sites. */
  readonly role: Role;
  /** As hashed; empty: they are invited only. */
  readonly passwordHash: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** How many users there are. */
export async function countUsers(db: Database): Promise<number> {
  const row = await db.kysely.selectFrom("user").select((eb) => eb.fn.countAll<number>().as("users"))
    .executeTakeFirstOrThrow();
  return Number(row.users);
}

/** How many administrators may come in. */
export async function countActiveAdministrators(db: Database): Promise<number> {
  const row = await db.reader.selectFrom("user").select((eb) => eb.fn.countAll<number>().as("users"))
    .where("role", "=", codeIn(ROLES, "administrator")).where("disabled", "=", 0)
    .where("password_hash", "<>", "").executeTakeFirstOrThrow();
  return Number(row.users);
}

/** An account by e-mail address, whatever its case and state; `null`: there is none. */
export async function findUserByEmail(db: Database, email: string): Promise<UserAccount | null> {
  const rows = await selectUsers(db.kysely).where("email", "=", email).limit(1).execute();
  return (await accountsOf(db.kysely, rows))[0] ?? null;
}

/** An account by id, whatever its state; `null`: there is none. */
export async function findAccount(db: Database, userId: number): Promise<UserAccount | null> {
  const rows = await selectUsers(db.kysely).where("user_id", "=", userId).execute();
  return (await accountsOf(db.kysely, rows))[0] ?? null;
}

/** A user who may come in; `null`: there is none, they are locked, or have only been invited. */
export async function findUser(db: Database, userId: number): Promise<User | null> {
  const user = await findUserAnyState(db, userId);
  return user?.state === "active" ? user : null;
}

/** A user, whatever their state; `null`: there is none. */
export async function findUserAnyState(db: Database, userId: number): Promise<User | null> {
  const rows = await selectUsers(db.reader).where("user_id", "=", userId).execute();
  return (await accountsOf(db.reader, rows))[0]?.user ?? null;
}

/** Which people to list. */
export interface UserListQuery {
  /** Part of a name or e-mail address, whatever its case; default: any. */
  readonly search?: string;
  /** Their role; default: any. */
  readonly role?: Role;
  /** Their state; default: any. */
  readonly state?: UserState;
  /** Page, 1 at first. */
  readonly page: number;
  /** People a page, 1 to 100. */
  readonly pageSize: number;
}

/** A page of people and how many there are over all pages. */
export interface UserList {
  /** People of the page, by name. */
  readonly users: readonly User[];
  /** People over all pages. */
  readonly total: number;
}

/** People of one page at most. */
const PAGE_LIMIT = 100;

/** Lists people by name. */
export async function listUsers(
  db: Database,
  { search = "", role, state, page, pageSize }: UserListQuery,
): Promise<UserList> {
  const size = Math.max(1, Math.min(pageSize, PAGE_LIMIT));
  let chosen = selectUsers(db.reader);
  if (search.trim() !== "") {
    const pattern = `%${search.trim().replace(/[!%_]/g, "!$&")}%`;
    chosen = chosen.where(
      sql<boolean>`(lower(name) like lower(${pattern}) escape '!' or email like ${pattern} escape '!')`,
    );
  }
  if (role !== undefined) chosen = chosen.where("role", "=", codeIn(ROLES, role));
  switch (state) {
    case undefined:
      break;
    case "locked":
      chosen = chosen.where("disabled", "<>", 0);
      break;
    case "invited":
      chosen = chosen.where("disabled", "=", 0).where("password_hash", "=", "");
      break;
    case "active":
      chosen = chosen.where("disabled", "=", 0).where("password_hash", "<>", "");
      break;
  }
  const counted = await chosen.clearSelect().select((eb) => eb.fn.countAll<number>().as("users"))
    .executeTakeFirstOrThrow();
  const rows = await chosen.orderBy("name").orderBy("user_id").limit(size)
    .offset((Math.max(1, page) - 1) * size).execute();
  const accounts = await accountsOf(db.reader, rows);
  return { users: accounts.map(({ user }) => user), total: Number(counted.users) };
}

/** Makes a user who is not invited: for commands and tests; nothing is written down. */
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

/** Gives a user that a command made another password and ends their sessions; nothing is written down. */
export async function replacePassword(
  db: Database,
  { userId, passwordHash, nowMs }: {
    readonly userId: number;
    readonly passwordHash: string;
    readonly nowMs: number;
  },
): Promise<void> {
  await db.kysely.updateTable("user")
    .set({ password_hash: passwordHash, password_set_ms: nowMs, session_epoch: sql`session_epoch + 1` })
    .where("user_id", "=", userId).execute();
}

/** Notes a sign-in. */
export async function setLastSignIn(
  db: Database,
  { userId, nowMs }: { readonly userId: number; readonly nowMs: number },
): Promise<void> {
  await db.kysely.updateTable("user").set({ last_sign_in_ms: nowMs }).where("user_id", "=", userId).execute();
}
