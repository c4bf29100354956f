/**
 * Forgotten passwords. The answer to a known and to an unknown address is the same and comes as soon: what differs is
 * done after it. The new password ends all sessions and API tokens; a second factor stays.
 *
 * @module
 */

import { countTry, type Limit } from "../kv/limits.ts";
import { resetMail } from "../notify/text.ts";
import type { Mail } from "../notify/transport.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import { transaction } from "../store/db.ts";
import { deleteMailLinks, putMailLink, spendMailLink } from "../store/mail_links.ts";
import { revokeTokens } from "../store/tokens.ts";
import { findUserByEmail, setPassword, type User } from "../store/users.ts";
import { comparedEmail } from "./email.ts";
import {
  followLink,
  type LetterServices,
  linkFor,
  type LinkServices,
  type LinkTrouble,
  tellPasswordChanged,
} from "./letters.ts";
import { LINK_MS } from "./links.ts";
import { originOf } from "./origin.ts";
import { hashOfToken } from "./token.ts";

/** Resets asked for from one address: 10 in ten minutes. */
export const RESETS_BY_ADDRESS: Limit = { name: "reset-address", tries: 10, windowMs: 600_000 };

/** Resets asked for with one e-mail address, known or not: 5 in an hour. */
export const RESETS_BY_NAME: Limit = { name: "reset-name", tries: 5, windowMs: 3_600_000 };

/** Links sent to one account, however its address was spelled: 5 in an hour. */
export const RESETS_BY_ACCOUNT: Limit = { name: "reset-account", tries: 5, windowMs: 3_600_000 };

/** Asked for too often. */
export interface ResetThrottled {
  /** Tells it from others. */
  readonly kind: "throttled";
  /** Seconds until the next try. */
  readonly retryAfterS: number;
}

/** Has a link sent if there is such an account; says neither whether there is nor whether it was taken. */
export async function askReset(
  services: LetterServices,
  by: Author,
  typed: string,
): Promise<Result<void, ResetThrottled>> {
  const { kv, mailer } = services;
  const nowMs = by.atMs;
  const email = comparedEmail(typed);
  const byAddress = await countTry(kv, RESETS_BY_ADDRESS, { who: originOf(by.origin), nowMs });
  if (!byAddress.allowed) return err({ kind: "throttled", retryAfterS: byAddress.retryAfterS });
  const byName = await countTry(kv, RESETS_BY_NAME, { who: await hashOfToken(email), nowMs });
  if (!byName.allowed) return err({ kind: "throttled", retryAfterS: byName.retryAfterS });
  mailer.sendLater(() => letterFor(services, by, email));
  return ok(undefined);
}

async function letterFor(services: LetterServices, by: Author, email: string): Promise<Mail | null> {
  const { db, kv, signLink, publicUrl } = services;
  const user = (await findUserByEmail(db, email))?.user;
  const action = "password-reset-asked";
  if (user?.state !== "active") {
    const subject = `user ${user?.id ?? "unknown"}`;
    await appendAudit(db, by, { action, subject, after: { sent: false } });
    return null;
  }
  const counted = await countTry(kv, RESETS_BY_ACCOUNT, { who: `user ${user.id}`, nowMs: by.atMs });
  if (!counted.allowed) return null;
  const { token, tokenHash } = await signLink.make("reset");
  const untilMs = by.atMs + LINK_MS.reset;
  await transaction(db, async (tx) => {
    const link = { tokenHash, purpose: "reset", userId: user.id, detail: null } as const;
    await putMailLink(tx, { ...link, nowMs: by.atMs, expiresMs: untilMs });
    await appendAudit(tx, by, { action, subject: `user ${user.id}`, after: { sent: true } });
  });
  const { email: to, name } = user;
  return resetMail({ to, name, publicUrl, link: linkFor(services, "reset", token), untilMs });
}

/** Spends the link, sets the password, ends all sessions and API tokens, all or nothing; a notice follows. */
export async function doReset(
  services: LinkServices,
  by: Author,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<Result<User, LinkTrouble>> {
  const followed = await followLink(services, by, { purpose: "reset", token, password });
  if (!followed.ok) return followed;
  const { user, tokenHash, passwordHash } = followed.value;
  const known = { ...by, actor: user.email, userId: user.id };
  const set = await transaction(services.db, async (tx) => {
    const link = { tokenHash, purpose: "reset", userId: user.id, nowMs: by.atMs } as const;
    if (!await spendMailLink(tx, link)) return false;
    await setPassword(tx, known, { userId: user.id, passwordHash, action: "password-reset" });
    // Whoever asked for another address may have been a stranger.
    await deleteMailLinks(tx, { userId: user.id, purposes: ["email-old", "email-new"] });
    // So may whoever made a token: a session or a password that was stolen is over, what it made must be too.
    await revokeTokens(tx, known, user.id);
    return true;
  });
  if (!set) return err({ kind: "gone" });
  tellPasswordChanged(services, by, user);
  return ok(user);
}
