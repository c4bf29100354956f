/**
 * What sending a link, and following one, has in common: an invitation and a forgotten password both lead to a new
 * password.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { countTry, type Limit } from "../kv/limits.ts";
import { passwordChangedMail } from "../notify/text.ts";
import type { Mailer } from "../notify/transport.ts";
import { err, ok, type Result } from "../result.ts";
import type { Author } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { findMailLink } from "../store/mail_links.ts";
import { findUserAnyState, type User, type UserState } from "../store/users.ts";
import type { LinkPurpose, LinkSigner } from "./links.ts";
import { originOf } from "./origin.ts";
import { type Passwords, refusalOf } from "./password.ts";

/** What sending links works with. */
export interface LetterServices {
  /** Users, links and audit. */
  readonly db: Database;
  /** Throttles. */
  readonly kv: Kv;
  /** Sends. */
  readonly mailer: Mailer;
  /** Makes and checks tokens. */
  readonly signLink: LinkSigner;
  /** Where Wattpost answers, without a slash at its end. */
  readonly publicUrl: string;
}

/** What following a link to a new password works with. */
export interface LinkServices extends LetterServices {
  /** Hashes the password. */
  readonly passwords: Passwords;
}

/** Why a link led to nothing. */
export type LinkTrouble =
  /** It was used, replaced or taken back, is over, or was never ours. */
  | { readonly kind: "gone" }
  /** Too many tries, or too many people at this moment. */
  | { readonly kind: "throttled"; readonly retryAfterS: number }
  /** No password can be hashed now. */
  | { readonly kind: "failed" };

/** Posts of links from one address: 30 in ten minutes. */
export const LINKS_BY_ADDRESS: Limit = { name: "link-address", tries: 30, windowMs: 600_000 };

/** Seconds until an address may follow a link again; `null`: now. */
export async function linkWaitS(
  kv: Kv,
  { origin, nowMs }: { readonly origin: string; readonly nowMs: number },
): Promise<number | null> {
  const counted = await countTry(kv, LINKS_BY_ADDRESS, { who: originOf(origin), nowMs });
  return counted.allowed ? null : counted.retryAfterS;
}

const PATHS: Readonly<Record<LinkPurpose, string>> = {
  "invite": "/invite",
  "reset": "/reset",
  "email-old": "/confirm-email",
  "email-new": "/confirm-email",
};

/** The link for a token. */
export function linkFor({ publicUrl }: LetterServices, purpose: LinkPurpose, token: string): string {
  return `${publicUrl}${PATHS[purpose]}?token=${token}`;
}

/** A link to a new password that works now. */
export interface OpenLink {
  /** What the database knows it by. */
  readonly tokenHash: string;
  /** Whose password it is about. */
  readonly user: User;
}

/** What somebody who follows a link sends. */
export interface LinkToken {
  /** The link's secret. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Links to a new password, and who may follow them. */
const FOLLOWERS = { "invite": "invited", "reset": "active" } as const satisfies Partial<
  Readonly<Record<LinkPurpose, UserState>>
>;

/** What a link to a new password is for. */
export type PasswordPurpose = keyof typeof FOLLOWERS;

/** Opens a link to a new password; `null`: it does not work (any more). */
export async function openLink(
  { db, signLink }: Pick<LetterServices, "db" | "signLink">,
  purpose: PasswordPurpose,
  { token, nowMs }: LinkToken,
): Promise<OpenLink | null> {
  const tokenHash = await signLink.read(purpose, token);
  const link = tokenHash && await findMailLink(db, { tokenHash, purpose, nowMs });
  const user = link ? await findUserAnyState(db, link.userId) : null;
  return tokenHash && user?.state === FOLLOWERS[purpose] ? { tokenHash, user } : null;
}

/** A link that was followed with a new password. */
export interface FollowedLink extends OpenLink {
  /** The new password as hashed. */
  readonly passwordHash: string;
}

/** Hashes the password that came by a link. Only who has a good one gets it hashed: the queue is for signing in. */
export async function followLink(
  services: LinkServices,
  by: Author,
  { purpose, token, password }: {
    readonly purpose: PasswordPurpose;
    readonly token: string;
    readonly password: string;
  },
): Promise<Result<FollowedLink, LinkTrouble>> {
  const waitS = await linkWaitS(services.kv, { origin: by.origin, nowMs: by.atMs });
  if (waitS !== null) return err({ kind: "throttled", retryAfterS: waitS });
  const link = await openLink(services, purpose, { token, nowMs: by.atMs });
  if (!link) return err({ kind: "gone" });
  const hashed = await services.passwords.hash(password);
  return hashed.ok ? ok({ ...link, passwordHash: hashed.value }) : err(refusalOf(hashed.error));
}

/** Tells somebody, after the answer, that their password is another one now. */
export function tellPasswordChanged(
  { mailer, publicUrl }: Pick<LetterServices, "mailer" | "publicUrl">,
  by: Author,
  { email: to, name }: Pick<User, "email" | "name">,
): void {
  const notice = passwordChangedMail({ to, name, publicUrl, atMs: by.atMs, from: by.origin });
  mailer.sendLater(() => Promise.resolve(notice));
}
