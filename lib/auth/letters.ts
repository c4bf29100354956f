/**
 * What sending a link, and following one, works with.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { countTry, type Limit } from "../kv/limits.ts";
import type { Mailer } from "../notify/transport.ts";
import type { Database } from "../store/db.ts";
import type { LinkPurpose, LinkSigner } from "./links.ts";
import { originOf } from "./origin.ts";
import type { Passwords } from "./password.ts";

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
