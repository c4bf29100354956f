/**
 * Changing one's own password: the old one is asked for, all sessions end, and the browser at hand gets a new one.
 *
 * @module
 */

import { countTry, forgetTries, type Limit } from "../kv/limits.ts";
import type { Kv } from "../kv/mod.ts";
import type { Mailer } from "../notify/transport.ts";
import { err, ok, type Result } from "../result.ts";
import type { Author } from "../store/audit.ts";
import { type Database, transaction } from "../store/db.ts";
import { deleteMailLinks } from "../store/mail_links.ts";
import { findAccount, setPassword, type User } from "../store/users.ts";
import { tellPasswordChanged } from "./letters.ts";
import { type Passwords, refusalOf } from "./password.ts";

/** Old passwords that somebody may try: 10 in ten minutes, so that an open browser gives nothing away. */
export const OLD_PASSWORDS: Limit = { name: "old-password", tries: 10, windowMs: 600_000 };

/** What changing works with. */
export interface OwnPasswordServices {
  /** The account. */
  readonly db: Database;
  /** Throttles. */
  readonly kv: Kv;
  /** Checks the old one, hashes the new one. */
  readonly passwords: Passwords;
  /** Tells the owner. */
  readonly mailer: Mailer;
  /** Where the product answers. */
  readonly publicUrl: string;
}

/** Why a password was not changed. */
export type OwnPasswordTrouble =
  /** The old one is not right. */
  | { readonly kind: "wrong-old" }
  /** Too many tries, or too many people at this moment. */
  | { readonly kind: "throttled"; readonly retryAfterS: number }
  /** No password can be worked on now. */
  | { readonly kind: "failed" };

/** What was typed; the new one has been judged. */
export interface OwnPasswordChange {
  /** Who. */
  readonly user: User;
  /** The old one. */
  readonly old: string;
  /** The new one. */
  readonly next: string;
}

/** Changes it; who they are then: every session of before is over. */
export async function changeOwnPassword(
  services: OwnPasswordServices,
  by: Author,
  { user, old, next }: OwnPasswordChange,
): Promise<Result<User, OwnPasswordTrouble>> {
  const { db, kv, passwords } = services;
  const tried = { who: `user ${user.id}`, nowMs: by.atMs };
  const counted = await countTry(kv, OLD_PASSWORDS, tried);
  if (!counted.allowed) return err({ kind: "throttled", retryAfterS: counted.retryAfterS });
  const account = await findAccount(db, user.id);
  const fits = await passwords.verify(old, account?.passwordHash ?? null);
  if (!fits.ok) return err(refusalOf(fits.error));
  if (!fits.value) return err({ kind: "wrong-old" });
  const hashed = await passwords.hash(next);
  if (!hashed.ok) return err(refusalOf(hashed.error));
  const change = { userId: user.id, passwordHash: hashed.value, action: "password-changed" } as const;
  const sessionEpoch = await transaction(db, async (tx) => {
    // A link to a new password that somebody else may have asked for is worth nothing any more.
    await deleteMailLinks(tx, { userId: user.id, purposes: ["reset"] });
    return await setPassword(tx, by, change);
  });
  await forgetTries(kv, OLD_PASSWORDS, tried);
  tellPasswordChanged(services, by, user);
  return ok({ ...user, sessionEpoch, passwordSetMs: by.atMs });
}
