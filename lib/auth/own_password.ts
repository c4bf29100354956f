/**
 * Changing one's own password: the old one is asked for, all sessions end, and the browser at hand gets a new one.
 *
 * @module
 */

import type { Mailer } from "../notify/transport.ts";
import { err, ok, type Result } from "../result.ts";
import type { Author } from "../store/audit.ts";
import { transaction } from "../store/db.ts";
import { deleteMailLinks } from "../store/mail_links.ts";
import { setPassword, type User } from "../store/users.ts";
import { confirmPassword, type ConfirmPasswordTrouble, type ConfirmServices } from "./confirm_password.ts";
import { tellPasswordChanged } from "./letters.ts";
import { refusalOf } from "./password.ts";

/** What changing works with. */
export interface OwnPasswordServices extends ConfirmServices {
  /** Tells the owner. */
  readonly mailer: Mailer;
  /** Where the product answers. */
  readonly publicUrl: string;
}

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
): Promise<Result<User, ConfirmPasswordTrouble>> {
  const { db, passwords } = services;
  const confirmed = await confirmPassword(services, by, { user, password: old });
  if (!confirmed.ok) return confirmed;
  const hashed = await passwords.hash(next);
  if (!hashed.ok) return err(refusalOf(hashed.error));
  const change = { userId: user.id, passwordHash: hashed.value, action: "password-changed" } as const;
  const sessionEpoch = await transaction(db, async (tx) => {
    // A link to a new password that somebody else may have asked for is worth nothing any more.
    await deleteMailLinks(tx, { userId: user.id, purposes: ["reset"] });
    return await setPassword(tx, by, change);
  });
  tellPasswordChanged(services, by, user);
  return ok({ ...user, sessionEpoch, passwordSetMs: by.atMs });
}
