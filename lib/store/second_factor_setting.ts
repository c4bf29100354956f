/**
 * Whose role must have a second factor: how many people have one, and the change that asks for it, which signs out
 * whoever is to set one up.
 *
 * @module
 */

import { type ExpressionBuilder, sql } from "kysely";
import { ALL_ROLES, type Role } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { codeIn, ROLES } from "./codes.ts";
import { conflict, type Database, type Executor } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import type { Schema } from "./schema.ts";
import { readSetting, type Setting, writeSetting } from "./settings.ts";
import { type Changing, within } from "./within.ts";

/** Name of the setting that holds the roles. */
export const SECOND_FACTOR_SETTING = "second-factor";

/** People without a second factor that are named for each role. */
export const LACKING_NAMED = 5;

/** Roles that must have a second factor, out of stored JSON (`roles`); what is not understood is none. */
export function requiredRolesOf(stored: unknown): readonly Role[] {
  const { roles }: Readonly<Record<string, unknown>> = typeof stored === "object" ? { ...stored } : {};
  return Array.isArray(roles) ? ALL_ROLES.filter((role) => roles.includes(role)) : [];
}

/** Reads which roles must have a second factor. */
export function readRequiredRoles(db: Database | Changing): Promise<Setting<readonly Role[]>> {
  return readSetting(db, SECOND_FACTOR_SETTING, requiredRolesOf);
}

/** How a role stands with second factors, among its people who may come in. */
export interface FactorStanding {
  /** The role. */
  readonly role: Role;
  /** People who have codes or a passkey. */
  readonly have: number;
  /** People who have neither. */
  readonly lack: number;
  /** The first {@link LACKING_NAMED} of those who have neither, by name. */
  readonly lacking: readonly { readonly id: number; readonly name: string }[];
}

/** How every role stands, the one who may most first. */
export async function listFactorStandings(db: Database): Promise<readonly FactorStanding[]> {
  const [all, lacking] = await Promise.all([countByRole(db.reader, false), countByRole(db.reader, true)]);
  return await Promise.all(
    [...ALL_ROLES].reverse().map(async (role): Promise<FactorStanding> => {
      const code = codeIn(ROLES, role);
      const lack = lacking.get(code) ?? 0;
      const have = Math.max(0, (all.get(code) ?? 0) - lack);
      return { role, have, lack, lacking: lack === 0 ? [] : await listLacking(db.reader, code) };
    }),
  );
}

async function countByRole(executor: Executor, lacking: boolean): Promise<ReadonlyMap<number, number>> {
  const rows = await executor.selectFrom("user").select((
    eb,
  ) => ["role", eb.fn.countAll<number>().as("people")])
    .where("disabled", "=", 0).where("password_hash", "<>", "").$if(lacking, (query) => query.where(hasNone))
    .groupBy("role").execute();
  return new Map(rows.map(({ role, people }) => [role, Number(people)]));
}

async function listLacking(executor: Executor, code: number): Promise<FactorStanding["lacking"]> {
  const rows = await executor.selectFrom("user").select(["user_id", "name"]).where("role", "=", code)
    .where("disabled", "=", 0).where("password_hash", "<>", "").where(hasNone).orderBy("name")
    .orderBy("user_id").limit(LACKING_NAMED).execute();
  return rows.map(({ user_id, name }) => ({ id: user_id, name }));
}

/** Somebody with neither codes nor a passkey. */
function hasNone(eb: ExpressionBuilder<Schema, "user">) {
  const passkey = eb.selectFrom("passkey").select("passkey.credential_hash")
    .whereRef("passkey.user_id", "=", "user.user_id");
  return eb.and([eb("totp_since_ms", "is", null), eb.not(eb.exists(passkey))]);
}

/** Which roles must have a second factor from now on. */
export interface RequiredRolesChange {
  /** All of them. */
  readonly roles: readonly Role[];
  /** The version that was seen when it was changed. */
  readonly version: number;
}

/**
 * Sets which roles must have a second factor, unless somebody else has since. Whoever has a role that newly must and
 * has none is signed out: how many they were.
 */
export function requireSecondFactor(
  db: Changing,
  by: Author,
  { roles, version }: RequiredRolesChange,
): Promise<Result<{ readonly signedOut: number }, { readonly kind: "changed" }>> {
  const required = ALL_ROLES.filter((role) => roles.includes(role));
  return within(db, async (tx): Promise<Result<{ signedOut: number }, { readonly kind: "changed" }>> => {
    // Held before people are, and people before the head of the trail, as everything that changes people does.
    const row = await tx.selectFrom("setting").select(["value", "version"])
      .where("name", "=", SECOND_FACTOR_SETTING).modifyEnd(exclusiveLock(tx)).executeTakeFirst();
    if ((row?.version ?? 0) !== version) return err({ kind: "changed" });
    const before = requiredRolesOf(row && JSON.parse(row.value) as unknown);
    const added = required.filter((role) => !before.includes(role));
    const signedOut = await signOutWithout(tx, added);
    const value = { roles: required };
    const written = await writeSetting(tx, by, { name: SECOND_FACTOR_SETTING, value, version });
    // Two who set it for the first time hold nothing: the second begins again, and learns of the first.
    if (!written.ok) throw conflict("The setting was made meanwhile");
    if (added.length > 0) {
      await appendAudit(tx, by, {
        action: "session-ended",
        subject: `setting ${SECOND_FACTOR_SETTING}`,
        after: { all: true, roles: added, people: signedOut },
      });
    }
    return ok({ signedOut });
  });
}

async function signOutWithout(tx: Executor, roles: readonly Role[]): Promise<number> {
  if (roles.length === 0) return 0;
  const codes = roles.map((role) => codeIn(ROLES, role));
  const ended = await tx.updateTable("user").set({ session_epoch: sql`session_epoch + 1` })
    .where("role", "in", codes).where("disabled", "=", 0).where("password_hash", "<>", "").where(hasNone)
    .executeTakeFirst();
  return Number(ended.numUpdatedRows);
}
