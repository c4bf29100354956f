/**
 * Changes of the address somebody signs in with. The old and the new address must both agree, in any order; the old
 * one may stop it, and is told when it has happened.
 *
 * @module
 */

import { countTry, type Limit } from "../kv/limits.ts";
import { emailChangedMail, emailChangeNewMail, emailChangeOldMail } from "../notify/text.ts";
import { err, ok, type Result } from "../result.ts";
import type { Author } from "../store/audit.ts";
import {
  type Agreed,
  agreeToEmail,
  type AgreeTrouble,
  type EmailChange,
  type EmailSide,
  findEmailLink,
  putEmailChange,
  stopEmailChange,
} from "../store/email_changes.ts";
import { findUserByEmail, type User } from "../store/users.ts";
import { type LetterServices, linkFor, linkWaitS } from "./letters.ts";
import { LINK_MS } from "./links.ts";

/** Changes asked for by one person: 5 in an hour, so that nobody is flooded with our messages. */
export const CHANGES_BY_ACCOUNT: Limit = { name: "email-change", tries: 5, windowMs: 3_600_000 };

/** Why no change was asked for. */
export type EmailChangeTrouble =
  /** It is the address that is used already. */
  | { readonly kind: "same" }
  /** Somebody has the address. */
  | { readonly kind: "email-taken" }
  /** Without a mail server nothing can be confirmed. */
  | { readonly kind: "not-set-up" }
  /** Asked for too often. */
  | { readonly kind: "throttled"; readonly retryAfterS: number };

/** Sends both addresses a link, in place of earlier ones. `newEmail` is lower case; the password was asked for. */
export async function askEmailChange(
  services: LetterServices,
  by: Author,
  { user, newEmail }: { readonly user: User; readonly newEmail: string },
): Promise<Result<void, EmailChangeTrouble>> {
  const { db, kv, mailer, signLink, publicUrl } = services;
  const { id: userId, email: oldEmail, name } = user;
  if (newEmail === oldEmail) return err({ kind: "same" });
  if (!await mailer.ready()) return err({ kind: "not-set-up" });
  const counted = await countTry(kv, CHANGES_BY_ACCOUNT, { who: `user ${userId}`, nowMs: by.atMs });
  if (!counted.allowed) return err({ kind: "throttled", retryAfterS: counted.retryAfterS });
  const holder = await findUserByEmail(db, newEmail);
  if (holder && holder.user.id !== userId) return err({ kind: "email-taken" });
  const [old, fresh] = [await signLink.make("email-old"), await signLink.make("email-new")];
  const untilMs = by.atMs + LINK_MS["email-old"];
  const tokenHashes = { "email-old": old.tokenHash, "email-new": fresh.tokenHash };
  await putEmailChange(db, by, { userId, oldEmail, newEmail, tokenHashes, expiresMs: untilMs });
  const letter = { name, publicUrl, untilMs };
  const toOld = { ...letter, to: oldEmail, newEmail, link: linkFor(services, "email-old", old.token) };
  const toNew = { ...letter, to: newEmail, oldEmail, link: linkFor(services, "email-new", fresh.token) };
  mailer.sendLater(() => Promise.resolve(emailChangeOldMail(toOld)));
  mailer.sendLater(() => Promise.resolve(emailChangeNewMail(toNew)));
  return ok(undefined);
}

/** A link that was followed. */
export interface FollowedEmailLink {
  /** To which address it was sent. */
  readonly side: EmailSide;
  /** What it is about. */
  readonly change: EmailChange;
}

interface ReadLink {
  readonly tokenHash: string;
  readonly side: EmailSide;
}

async function readLink(
  { signLink }: Pick<LetterServices, "signLink">,
  token: string,
): Promise<ReadLink | null> {
  for (const side of ["email-old", "email-new"] as const) {
    const tokenHash = await signLink.read(side, token);
    if (tokenHash !== null) return { tokenHash, side };
  }
  return null;
}

/** What a link is about; `null`: it does not work (any more). */
export async function findFollowed(
  services: Pick<LetterServices, "db" | "signLink">,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): Promise<FollowedEmailLink | null> {
  const link = await readLink(services, token);
  const change = link && await findEmailLink(services.db, { ...link, nowMs });
  return link && change ? { side: link.side, change } : null;
}

/** Why following a link came to nothing. */
export type ConfirmTrouble = AgreeTrouble | { readonly kind: "throttled"; readonly retryAfterS: number };

/** Agrees by a link; when both have, the address is changed, all sessions end, and the old address is told. */
export async function confirmEmail(
  services: LetterServices,
  by: Author,
  token: string,
): Promise<Result<Agreed, ConfirmTrouble>> {
  const { db, kv, mailer, publicUrl } = services;
  const waitS = await linkWaitS(kv, { origin: by.origin, nowMs: by.atMs });
  if (waitS !== null) return err({ kind: "throttled", retryAfterS: waitS });
  const link = await readLink(services, token);
  if (!link) return err({ kind: "gone" });
  const agreed = await agreeToEmail(db, by, link);
  if (agreed.ok && agreed.value.kind === "changed") {
    const { oldEmail: to, newEmail } = agreed.value.change;
    const notice = emailChangedMail({ to, name: "", publicUrl, newEmail, atMs: by.atMs });
    mailer.sendLater(() => Promise.resolve(notice));
  }
  return agreed;
}

/** Stops a change by the link to the old address; the address that stays. */
export async function stopByLink(
  services: LetterServices,
  by: Author,
  token: string,
): Promise<Result<string, ConfirmTrouble>> {
  const waitS = await linkWaitS(services.kv, { origin: by.origin, nowMs: by.atMs });
  if (waitS !== null) return err({ kind: "throttled", retryAfterS: waitS });
  const followed = await findFollowed(services, { token, nowMs: by.atMs });
  if (followed?.side !== "email-old") return err({ kind: "gone" });
  const { userId, oldEmail } = followed.change;
  const known = { ...by, actor: oldEmail, userId };
  return await stopEmailChange(services.db, known, userId) ? ok(oldEmail) : err({ kind: "gone" });
}
