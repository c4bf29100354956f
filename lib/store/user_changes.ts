/**
 * How people change: what they are called, what they may do and reach, whether they may come in, and the password and
 * address by which they do. Each change is written down with it, and whatever takes a right away ends all sessions.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { isKnownReach, isSameReach, plainReach, writeReach } from "./reach.ts";
import type { Reach, Role } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { codeIn, ROLES } from "./codes.ts";
import { type Executor, isStoreError } from "./db.ts";
import { bumpEpoch, holdAccount, holdAdministrators, type User } from "./user_rows.ts";
import { type Changing, within } from "./within.ts";

/** Why a person was not changed: there is none, or nobody would be left who may change people. */
export type UserTrouble = { readonly kind: "unknown" } | { readonly kind: "last-administrator" };

/** What becomes of a person; absent: as it was. */
export interface UserChange {
  /** Who. */
  readonly userId: number;
  /** What people call them, at most 80 characters. */
  readonly name?: string;
  /** What they may do. */
  readonly role?: Role;
  /** Which sites they reach. */
  readonly reach?: Reach;
  /** How they stood when whoever changes them looked, as {@link userVersion} says; absent: whatever they are now. */
  readonly version?: string;
}

/** Why a person was not changed: also because a group or site of the reach is not there, or somebody else was first. */
export type UserChangeTrouble =
  | UserTrouble
  | { readonly kind: "unknown-reach" }
  | { readonly kind: "changed"; readonly user: User };

/** Says how somebody stands: another name, role or reach gives another one. */
export function userVersion({ name, role, reach }: Pick<User, "name" | "role" | "reach">): string {
  const standing = JSON.stringify([name, role, plainReach(reach)]);
  return createHash("sha256").update(standing).digest("hex").slice(0, 16);
}

/** Changes a person unless somebody else has since; another role or reach ends all their sessions. */
export function changeUser(
  db: Changing,
  by: Author,
  change: UserChange,
): Promise<Result<User, UserChangeTrouble>> {
  return within(db, async (tx): Promise<Result<User, UserChangeTrouble>> => {
    const { userId } = change;
    const administrators = await holdAdministrators(tx);
    const account = await holdAccount(tx, userId);
    if (!account) return err({ kind: "unknown" });
    const { user } = account;
    const role = change.role ?? user.role;
    const reach = plainReach(change.reach ?? user.reach);
    const name = change.name ?? user.name;
    const rights = role !== user.role || !isSameReach(reach, user.reach);
    if (!rights && name === user.name) return ok(user);
    if (change.version !== undefined && change.version !== userVersion(user)) {
      return err({ kind: "changed", user });
    }
    if (role !== "administrator" && isLast(administrators, userId)) {
      return err({ kind: "last-administrator" });
    }
    if (change.reach && !await isKnownReach(tx, reach)) return err({ kind: "unknown-reach" });
    await tx.updateTable("user")
      .set({ name, role: codeIn(ROLES, role), reach_all: reach.kind === "all" ? 1 : 0 })
      .where("user_id", "=", userId).execute();
    if (change.reach) await writeReach(tx, { kind: "user", id: userId }, reach);
    const sessionEpoch = rights ? await bumpEpoch(tx, userId) : user.sessionEpoch;
    const changed = { ...user, name, role, reach, sessionEpoch };
    await appendAudit(tx, by, {
      action: "user-changed",
      subject: subjectOf(userId),
      before: wordsOf(user),
      after: wordsOf(changed),
    });
    return ok(changed);
  });
}

function isLast(administrators: readonly number[], userId: number): boolean {
  return administrators.length === 1 && administrators[0] === userId;
}

/** How the trail calls a person. */
export function subjectOf(userId: number): string {
  return `user ${userId}`;
}

/** What the trail keeps of a person. */
export function wordsOf({ email, name, role, reach }: Pick<User, "email" | "name" | "role" | "reach">) {
  return { email, name, role, reach: reach.kind === "all" ? "all" : reach };
}

/** Locks somebody out at once and ends all their sessions; who is locked stays it. */
export function lockUser(db: Changing, by: Author, userId: number): Promise<Result<User, UserTrouble>> {
  return setLocked(db, by, { userId, locked: true });
}

/** Lets somebody in again. */
export function unlockUser(db: Changing, by: Author, userId: number): Promise<Result<User, UserTrouble>> {
  return setLocked(db, by, { userId, locked: false });
}

function setLocked(
  db: Changing,
  by: Author,
  { userId, locked }: { readonly userId: number; readonly locked: boolean },
): Promise<Result<User, UserTrouble>> {
  return within(db, async (tx): Promise<Result<User, UserTrouble>> => {
    const administrators = await holdAdministrators(tx);
    const account = await holdAccount(tx, userId);
    if (!account) return err({ kind: "unknown" });
    const { user, passwordHash } = account;
    if (locked === (user.state === "locked")) return ok(user);
    if (locked && isLast(administrators, userId)) return err({ kind: "last-administrator" });
    await tx.updateTable("user").set({ disabled: locked ? 1 : 0 }).where("user_id", "=", userId).execute();
    const sessionEpoch = locked ? await bumpEpoch(tx, userId) : user.sessionEpoch;
    const state = locked ? "locked" : passwordHash === null ? "invited" : "active";
    await appendAudit(tx, by, {
      action: locked ? "user-locked" : "user-unlocked",
      subject: subjectOf(userId),
      before: { state: user.state },
      after: { state },
    });
    return ok({ ...user, state, sessionEpoch });
  });
}

/** A new password. */
export interface PasswordChange {
  /** Whose; somebody there is. */
  readonly userId: number;
  /** As hashed. */
  readonly passwordHash: string;
  /** Whether they knew the old one. */
  readonly action: "password-changed" | "password-reset";
}

/** Replaces a password and ends all sessions; the new epoch, in which the browser at hand gets a new one. */
export function setPassword(
  db: Changing,
  by: Author,
  { userId, passwordHash, action }: PasswordChange,
): Promise<number> {
  return within(db, async (tx) => {
    await tx.updateTable("user").set({ password_hash: passwordHash, password_set_ms: by.atMs })
      .where("user_id", "=", userId).execute();
    const epoch = await bumpEpoch(tx, userId);
    await appendAudit(tx, by, { action, subject: subjectOf(userId) });
    return epoch;
  });
}

/** Why an address was not changed. */
export type EmailTrouble = { readonly kind: "unknown" } | { readonly kind: "email-taken" };

/** Gives somebody another address to sign in with. */
export async function setEmail(
  db: Changing,
  by: Author,
  { userId, email }: { readonly userId: number; readonly email: string },
): Promise<Result<User, EmailTrouble>> {
  try {
    return await within(db, (tx) => replaceEmail(tx, by, { userId, email }));
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "email-taken" });
    throw error;
  }
}

async function replaceEmail(
  tx: Executor,
  by: Author,
  { userId, email }: { readonly userId: number; readonly email: string },
): Promise<Result<User, EmailTrouble>> {
  const account = await holdAccount(tx, userId);
  if (!account) return err({ kind: "unknown" });
  await tx.updateTable("user").set({ email }).where("user_id", "=", userId).execute();
  const [action, subject] = ["email-changed", subjectOf(userId)];
  await appendAudit(tx, by, { action, subject, before: { email: account.user.email }, after: { email } });
  return ok({ ...account.user, email });
}

/** Ends all sessions of somebody there is; the new epoch. */
export function endAllSessions(db: Changing, by: Author, userId: number): Promise<number> {
  return within(db, async (tx) => {
    const epoch = await bumpEpoch(tx, userId);
    await appendAudit(tx, by, { action: "session-ended", subject: subjectOf(userId), after: { all: true } });
    return epoch;
  });
}
