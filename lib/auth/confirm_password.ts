/**
 * The password of somebody who is signed in, asked for again: before it is changed, and before what would let somebody
 * else take the account over.
 *
 * @module
 */

import { countTry, forgetTries, giveBack, type Limit } from "../kv/limits.ts";
import type { Kv } from "../kv/mod.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { findAccount, type User } from "../store/users.ts";
import { type PasswordRefusal, type Passwords, refusalOf } from "./password.ts";

/** Old passwords that somebody may try: 10 in ten minutes, so that an open browser gives nothing away. */
export const OLD_PASSWORDS: Limit = { name: "old-password", tries: 10, windowMs: 600_000 };

/** What asking for a password again works with. */
export interface ConfirmServices {
  /** The account, and the audit trail. */
  readonly db: Database;
  /** Throttles. */
  readonly kv: Kv;
  /** Checks what was typed. */
  readonly passwords: Passwords;
}

/** Why a password typed again did not do: it is not the one in force, or none can be checked now. */
export type ConfirmPasswordTrouble = { readonly kind: "wrong-old" } | PasswordRefusal;

/** Whether somebody who is signed in knows their password; a wrong one is written down. */
export async function confirmPassword(
  { db, kv, passwords }: ConfirmServices,
  by: Author,
  { user, password }: { readonly user: Pick<User, "id">; readonly password: string },
): Promise<Result<void, ConfirmPasswordTrouble>> {
  const tried = { who: `user ${user.id}`, nowMs: by.atMs };
  const counted = await countTry(kv, OLD_PASSWORDS, tried);
  if (!counted.allowed) return err({ kind: "throttled", retryAfterS: counted.retryAfterS });
  const account = await findAccount(db, user.id);
  const fits = await passwords.verify(password, account?.passwordHash ?? null);
  if (!fits.ok) {
    await giveBack(kv, OLD_PASSWORDS, tried);
    return err(refusalOf(fits.error));
  }
  if (!fits.value) {
    await appendAudit(db, by, { action: "confirmation-refused", subject: `user ${user.id}` });
    return err({ kind: "wrong-old" });
  }
  await forgetTries(kv, OLD_PASSWORDS, tried);
  return ok(undefined);
}
