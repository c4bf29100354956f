/**
 * The second factor: whether somebody is asked for one after their password, and whether what they typed is one.
 *
 * Whoever has codes of an app set up is asked, and whoever's role must have a second factor. A passkey stands in for
 * a code. Somebody whose role requires nothing and who has passkeys alone still comes in by their password.
 *
 * Tries are counted before they are looked at and never forgotten: 10 in ten minutes for a person from all browsers
 * that are not known for them, and 10 for each browser that is, so that a stranger who learnt the password keeps
 * nobody out of their own.
 *
 * @module
 */

import { countTry, type Limit } from "../kv/limits.ts";
import type { Kv } from "../kv/mod.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import type { SecretBox } from "../store/secret_box.ts";
import { readRequiredRoles } from "../store/second_factor_setting.ts";
import { readTotp, useRecoveryCode, useTotpStep } from "../store/second_factors.ts";
import type { User } from "../store/users.ts";
import { knownDevice } from "./device.ts";
import type { SecondStep } from "./pending.ts";
import { recoveryCodeHash, recoveryCodeOf } from "./recovery.ts";
import { relyingPartyOf } from "./relying_party.ts";
import { stepOf } from "./totp.ts";

/** Codes tried for one account in browsers that are not known: 10 in ten minutes. */
export const CODES_BY_ACCOUNT: Limit = { name: "second-factor-account", tries: 10, windowMs: 600_000 };

/** Codes tried for one account in a browser that is known for it: 10 in ten minutes. */
export const CODES_BY_DEVICE: Limit = { name: "second-factor-device", tries: 10, windowMs: 600_000 };

/** Longest text that is taken for a code, in characters. */
export const CODE_MAX_LENGTH = 40;

/** Whether the setting wants a second factor of somebody's role. */
export async function needsSecondFactor(db: Database, { role }: Pick<User, "role">): Promise<boolean> {
  return (await readRequiredRoles(db)).value.includes(role);
}

/** What is due after somebody's password; `null`: nothing, they are in. */
export async function secondStepOf(
  db: Database,
  { user, publicUrl }: { readonly user: User; readonly publicUrl: string },
): Promise<SecondStep | null> {
  if (user.secondFactor) return "enter";
  if (!await needsSecondFactor(db, user)) return null;
  return showsPasskeys(user, publicUrl) ? "enter" : "set-up";
}

/** Whether somebody has passkeys that a browser shows at this address. */
export function showsPasskeys({ passkeys }: Pick<User, "passkeys">, publicUrl: string): boolean {
  return passkeys > 0 && typeof relyingPartyOf(publicUrl) !== "string";
}

/** What looking at a code works with. */
export interface CodeServices {
  /** Second factors and audit. */
  readonly db: Database;
  /** Throttles. */
  readonly kv: Kv;
  /** Opens the seed. */
  readonly box: SecretBox;
}

/** A code as it was typed. */
export interface TypedCode {
  /** Whose. */
  readonly user: User;
  /** As typed. */
  readonly typed: string;
  /** What the browser keeps from an earlier sign-in; `undefined`: nothing. */
  readonly device: string | undefined;
}

/** Why a code was not taken. */
export type CodeTrouble =
  /** It is none of theirs, or none of now. */
  | { readonly kind: "wrong" }
  /** It was used before: each works once. */
  | { readonly kind: "used" }
  /** Too many tries. */
  | { readonly kind: "throttled"; readonly retryAfterS: number };

/** Takes a code of an app, or a recovery code, and uses it up; which of them it was. */
export async function takeCode(
  services: CodeServices,
  by: Author,
  { user, typed, device }: TypedCode,
): Promise<Result<"code" | "recovery-code", CodeTrouble>> {
  const { db, kv } = services;
  const known = await knownDevice(kv, { cookie: device, owner: user });
  const [limit, who] = known === null
    ? [CODES_BY_ACCOUNT, `user ${user.id}`]
    : [CODES_BY_DEVICE, `user ${user.id} ${known}`];
  const counted = await countTry(kv, limit, { who, nowMs: by.atMs });
  if (!counted.allowed) return err({ kind: "throttled", retryAfterS: counted.retryAfterS });
  const taken = await lookAt(services, by, { user, typed });
  if (!taken.ok) {
    const words = { subject: `user ${user.id}`, after: { why: taken.error.kind } };
    await appendAudit(db, by, { action: "second-factor-refused", ...words });
  }
  return taken;
}

async function lookAt(
  { db, box }: CodeServices,
  by: Author,
  { user, typed }: Pick<TypedCode, "user" | "typed">,
): Promise<Result<"code" | "recovery-code", CodeTrouble>> {
  const userId = user.id;
  const code = typed.slice(0, CODE_MAX_LENGTH).replaceAll(/[\s-]/g, "");
  if (/^\d{6}$/.test(code)) {
    const totp = await readTotp(db, box, userId);
    const step = totp && stepOf(totp.seed, { code, nowMs: by.atMs });
    if (step === null) return err({ kind: "wrong" });
    return await useTotpStep(db, { userId, step }) ? ok("code") : err({ kind: "used" });
  }
  if (recoveryCodeOf(code) === null) return err({ kind: "wrong" });
  const codeHash = await recoveryCodeHash(userId, code);
  return await useRecoveryCode(db, by, { userId, codeHash }) ? ok("recovery-code") : err({ kind: "wrong" });
}
