/**
 * People as pages know them, made from their rows.
 *
 * @module
 */

import { sql } from "kysely";
import { ALL_SITES, type Reach, type Role } from "../domain/permission.ts";
import { choiceOf, codeIn, ROLES } from "./codes.ts";
import type { Executor } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { takeIds } from "./ids.ts";
import { readReaches } from "./reach.ts";

/** Whether somebody may come in: they may, they were invited and have no password yet, or they are locked out. */
export type UserState = "active" | "invited" | "locked";

/** Someone who may sign in, will, or could once. */
export interface User {
  /** 32-bit. */
  readonly id: number;
  /** Unique, whatever its case. */
  readonly email: string;
  /** What people call them. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** Which sites they reach. */
  readonly reach: Reach;
  /** Whether they may come in. */
  readonly state: UserState;
  /** Epoch milliseconds of the last sign-in; `null`: never. */
  readonly lastSignInMs: number | null;
  /** Epoch milliseconds at which they were invited or made. */
  readonly createdMs: number;
  /** A session of an earlier epoch is over. */
  readonly sessionEpoch: number;
  /** Epoch milliseconds at which the password was last set; `null`: not since this is written down. */
  readonly passwordSetMs: number | null;
  /** Whether a second factor by time-based codes is set up. */
  readonly secondFactor: boolean;
  /** Passkeys, 0 to 10. */
  readonly passkeys: number;
}

/** A user with what signing in needs. */
export interface UserAccount {
  /** The user. */
  readonly user: User;
  /** As hashed; `null`: invited, there is none yet. */
  readonly passwordHash: string | null;
}

interface UserRow {
  readonly user_id: number;
  readonly email: string;
  readonly name: string;
  readonly role: number;
  readonly password_hash: string;
  readonly disabled: number;
  readonly created_ms: number;
  readonly last_sign_in_ms: number | null;
  readonly reach_all: number;
  readonly session_epoch: number;
  readonly password_set_ms: number | null;
  readonly totp_since_ms: number | null;
  readonly passkeys: number | null;
}

/** Begins a statement that brings rows of people for {@link accountsOf}. */
export function selectUsers(executor: Executor) {
  return executor.selectFrom("user").select([
    "user_id",
    "email",
    "name",
    "role",
    "password_hash",
    "disabled",
    "created_ms",
    "last_sign_in_ms",
    "reach_all",
    "session_epoch",
    "password_set_ms",
    "totp_since_ms",
  ]).select((eb) =>
    eb.selectFrom("passkey").whereRef("passkey.user_id", "=", "user.user_id")
      .select((count) => count.fn.countAll<number>().as("passkeys")).as("passkeys")
  );
}

/** People from their rows, at most a page of them; reaches come in one more statement where somebody needs it. */
export async function accountsOf(
  executor: Executor,
  rows: readonly UserRow[],
): Promise<readonly UserAccount[]> {
  const limited = rows.filter(({ reach_all }) => reach_all === 0).map(({ user_id }) => user_id);
  const reaches = await readReaches(executor, "user", limited);
  return rows.map((row) => ({
    user: {
      id: row.user_id,
      email: row.email,
      name: row.name,
      role: choiceOf(ROLES, row.role),
      reach: row.reach_all === 1
        ? { kind: "all" }
        : reaches.get(row.user_id) ?? { kind: "some", groupIds: [], siteIds: [] },
      state: row.disabled !== 0 ? "locked" : row.password_hash === "" ? "invited" : "active",
      lastSignInMs: row.last_sign_in_ms,
      createdMs: row.created_ms,
      sessionEpoch: row.session_epoch,
      passwordSetMs: row.password_set_ms,
      secondFactor: row.totp_since_ms !== null,
      passkeys: Number(row.passkeys ?? 0),
    },
    passwordHash: row.password_hash === "" ? null : row.password_hash,
  }));
}

/** Someone as they stand, held until the transaction is over; `null`: there is none. */
export async function holdAccount(tx: Executor, userId: number): Promise<UserAccount | null> {
  const held = await tx.selectFrom("user").select("user_id").where("user_id", "=", userId)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
  if (!held) return null;
  const [account] = await accountsOf(tx, await selectUsers(tx).where("user_id", "=", userId).execute());
  return account ?? null;
}

/** Holds every administrator who may come in, so that two who act at once see each other; their ids. */
export async function holdAdministrators(tx: Executor): Promise<readonly number[]> {
  const rows = await tx.selectFrom("user").select("user_id")
    .where("role", "=", codeIn(ROLES, "administrator")).where("disabled", "=", 0)
    .where("password_hash", "<>", "").orderBy("user_id").modifyEnd(exclusiveLock(tx)).execute();
  return rows.map(({ user_id }) => user_id);
}

/** Ends all sessions of somebody; the new epoch. The row must be held. */
export async function bumpEpoch(tx: Executor, userId: number): Promise<number> {
  await tx.updateTable("user").set({ session_epoch: sql`session_epoch + 1` }).where("user_id", "=", userId)
    .execute();
  const { session_epoch } = await tx.selectFrom("user").select("session_epoch").where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return session_epoch;
}

/** A person as their row begins. */
export interface UserRowDraft {
  /** Unique, whatever its case. */
  readonly email: string;
  /** What people call them. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** As hashed; empty: none yet. */
  readonly passwordHash: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Adds a person who reaches all sites. */
export async function insertUser(tx: Executor, draft: UserRowDraft): Promise<User> {
  const { email, name, role, passwordHash, nowMs } = draft;
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
    password_set_ms: passwordHash === "" ? null : nowMs,
  }).execute();
  return {
    id,
    email,
    name,
    role,
    reach: ALL_SITES,
    state: passwordHash === "" ? "invited" : "active",
    lastSignInMs: null,
    createdMs: nowMs,
    sessionEpoch: 0,
    passwordSetMs: passwordHash === "" ? null : nowMs,
    secondFactor: false,
    passkeys: 0,
  };
}
