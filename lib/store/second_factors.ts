/**
 * The second factor of people: a sealed seed for time-based codes of which each works once, and recovery codes, kept
 * hashed, of which each works once too.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import type { Database, Executor } from "./db.ts";
import type { SecretBox } from "./secret_box.ts";
import { deleteSecret, putSecret, readSecret } from "./secrets.ts";
import { bumpEpoch, holdAccount, type User } from "./user_rows.ts";
import { type Changing, within } from "./within.ts";

/** Recovery codes of one person at most. */
export const RECOVERY_CODES_MAX = 20;

/** A second factor as it is set up. */
export interface TotpDraft {
  /** Whose. */
  readonly userId: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** The step (30 s since 1970) of the code that confirmed it, which is used up; absent: none was. */
  readonly step?: number;
  /** Hashes of the recovery codes, at most 20, each at most 64 characters. */
  readonly codeHashes: readonly string[];
  /** Seals the seed. */
  readonly box: SecretBox;
  /** The seed as text. */
  readonly seed: string;
  /** How the person was seen; absent: it does not matter. */
  readonly seen?: Pick<User, "sessionEpoch" | "secondFactor">;
}

/** Why a second factor was not set or removed. */
export type FactorTrouble =
  /** There is nobody like that, or nothing to remove. */
  | { readonly kind: "unknown" }
  /** The person is not as they were seen any more: signed out, locked, or another factor was set up. */
  | { readonly kind: "changed" };

/** Sets the second factor of somebody up, in place of one before. */
export function setTotp(
  db: Changing,
  by: Author,
  { userId, nowMs, step, codeHashes, box, seed, seen }: TotpDraft,
): Promise<Result<void, FactorTrouble>> {
  return within(db, async (tx): Promise<Result<void, FactorTrouble>> => {
    const account = await holdAccount(tx, userId);
    if (!account) return err({ kind: "unknown" });
    if (seen && !isAsSeen(account.user, seen)) return err({ kind: "changed" });
    await putSecret(tx, box, { name: seedName(userId), plain: seed, nowMs });
    await tx.updateTable("user").set({ totp_since_ms: nowMs, totp_step: step ?? null })
      .where("user_id", "=", userId).execute();
    await replaceCodes(tx, userId, codeHashes);
    await appendAudit(tx, by, {
      action: "second-factor-set",
      subject: `user ${userId}`,
      before: { secondFactor: account.user.secondFactor },
      after: { secondFactor: true, recoveryCodes: codeHashes.length },
    });
    return ok(undefined);
  });
}

function isAsSeen(user: User, seen: Pick<User, "sessionEpoch" | "secondFactor">): boolean {
  return user.state === "active" && user.sessionEpoch === seen.sessionEpoch &&
    user.secondFactor === seen.secondFactor;
}

function seedName(userId: number): string {
  return `totp:${userId}`;
}

async function replaceCodes(tx: Executor, userId: number, codeHashes: readonly string[]): Promise<void> {
  if (codeHashes.length > RECOVERY_CODES_MAX) {
    throw new RangeError(`${codeHashes.length} recovery codes are too many`);
  }
  await tx.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
  if (codeHashes.length === 0) return;
  await tx.insertInto("recovery_code")
    .values(codeHashes.map((code_hash) => ({ user_id: userId, code_hash, used_ms: null }))).execute();
}

/** The seed of somebody and the newest step whose code was used; `null`: no second factor is set up. */
export async function readTotp(
  db: Database,
  box: SecretBox,
  userId: number,
): Promise<{ readonly seed: string; readonly step: number | null } | null> {
  const row = await db.kysely.selectFrom("user").select(["totp_since_ms", "totp_step"])
    .where("user_id", "=", userId).executeTakeFirst();
  if (!row || row.totp_since_ms === null) return null;
  const seed = await readSecret(db, box, seedName(userId));
  return seed === null ? null : { seed, step: row.totp_step };
}

/** Uses the code of a step up; whether it and all later ones were unused. Of two at once, one. */
export async function useTotpStep(
  db: Changing,
  { userId, step }: { readonly userId: number; readonly step: number },
): Promise<boolean> {
  return await within(db, async (tx) => {
    const used = await tx.updateTable("user").set({ totp_step: step }).where("user_id", "=", userId)
      .where("totp_since_ms", "is not", null)
      .where((eb) => eb.or([eb("totp_step", "is", null), eb("totp_step", "<", step)])).executeTakeFirst();
    return used.numUpdatedRows === 1n;
  });
}

/**
 * Removes every second factor of somebody, as for a lost phone that held them all: codes, recovery codes and passkeys.
 * Ends all their sessions; `unknown`: there is nobody like that, or they have none.
 */
export function removeSecondFactor(
  db: Changing,
  by: Author,
  userId: number,
): Promise<Result<void, { readonly kind: "unknown" }>> {
  return within(db, async (tx): Promise<Result<void, { readonly kind: "unknown" }>> => {
    const account = await holdAccount(tx, userId);
    if (!account) return err({ kind: "unknown" });
    const { secondFactor, passkeys } = account.user;
    if (!secondFactor && passkeys === 0) return err({ kind: "unknown" });
    await clearTotp(tx, userId);
    await tx.deleteFrom("passkey").where("user_id", "=", userId).execute();
    await bumpEpoch(tx, userId);
    await appendAudit(tx, by, {
      action: "second-factor-removed",
      subject: `user ${userId}`,
      before: { secondFactor, passkeyCount: passkeys },
      after: { secondFactor: false, passkeyCount: 0 },
    });
    return ok(undefined);
  });
}

async function clearTotp(tx: Executor, userId: number): Promise<void> {
  await tx.updateTable("user").set({ totp_since_ms: null, totp_step: null }).where("user_id", "=", userId)
    .execute();
  await deleteSecret(tx, seedName(userId));
  await replaceCodes(tx, userId, []);
}

/** Codes that are to go. */
export interface TotpRemoval {
  /** Whose, as they were seen. */
  readonly user: Pick<User, "id" | "sessionEpoch">;
  /** `keep`: they must have a second factor. `keep-unless-passkeys`: they must, and passkeys are one. */
  readonly rule: "may-go" | "keep" | "keep-unless-passkeys";
}

/**
 * Removes codes and recovery codes and leaves passkeys; ends all sessions. The new epoch; `needed`: they must have a
 * second factor, and this is the last.
 */
export function removeTotp(
  db: Changing,
  by: Author,
  { user, rule }: TotpRemoval,
): Promise<Result<number, FactorTrouble | { readonly kind: "needed" }>> {
  return within(db, async (tx): Promise<Result<number, FactorTrouble | { readonly kind: "needed" }>> => {
    const userId = user.id;
    const account = await holdAccount(tx, userId);
    if (!account?.user.secondFactor) return err({ kind: "unknown" });
    if (!isAsSeen(account.user, { ...user, secondFactor: true })) return err({ kind: "changed" });
    const isLast = rule === "keep" || rule === "keep-unless-passkeys" && account.user.passkeys === 0;
    if (isLast) return err({ kind: "needed" });
    await clearTotp(tx, userId);
    const words = { before: { secondFactor: true }, after: { secondFactor: false } };
    await appendAudit(tx, by, { action: "second-factor-removed", subject: `user ${userId}`, ...words });
    return ok(await bumpEpoch(tx, userId));
  });
}

/** Gives somebody new recovery codes in place of all before. */
export function replaceRecoveryCodes(
  db: Changing,
  by: Author,
  { userId, codeHashes }: { readonly userId: number; readonly codeHashes: readonly string[] },
): Promise<void> {
  return within(db, async (tx) => {
    await holdAccount(tx, userId);
    await replaceCodes(tx, userId, codeHashes);
    const after = { recoveryCodes: codeHashes.length };
    await appendAudit(tx, by, { action: "recovery-codes-made", subject: `user ${userId}`, after });
  });
}

/** Uses a recovery code up; whether it was there and unused. Of two at once, one. */
export function useRecoveryCode(
  db: Changing,
  by: Author,
  { userId, codeHash }: { readonly userId: number; readonly codeHash: string },
): Promise<boolean> {
  return within(db, async (tx) => {
    const used = await tx.updateTable("recovery_code").set({ used_ms: by.atMs })
      .where("user_id", "=", userId).where("code_hash", "=", codeHash).where("used_ms", "is", null)
      .executeTakeFirst();
    if (used.numUpdatedRows !== 1n) return false;
    const after = { left: await countUnused(tx, userId) };
    await appendAudit(tx, by, { action: "recovery-code-used", subject: `user ${userId}`, after });
    return true;
  });
}

/** Recovery codes of somebody that are unused. */
export function countRecoveryCodes(db: Database, userId: number): Promise<number> {
  return countUnused(db.reader, userId);
}

async function countUnused(executor: Executor, userId: number): Promise<number> {
  const row = await executor.selectFrom("recovery_code").select((eb) => eb.fn.countAll<number>().as("codes"))
    .where("user_id", "=", userId).where("used_ms", "is", null).executeTakeFirstOrThrow();
  return Number(row.codes);
}
