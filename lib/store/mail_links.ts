/**
 * Links sent by e-mail: kept by the hash of their token, good for one purpose of one person, until an instant, once.
 *
 * @module
 */

import type { Database, Executor } from "./db.ts";

/** What a link is for: to accept an invitation, to choose a password anew, to confirm an address, old and new. */
export type MailLinkPurpose = "invite" | "reset" | "email-old" | "email-new";

/** A link as it is made. */
export interface MailLinkDraft {
  /** Hash of its token, at most 64 characters. */
  readonly tokenHash: string;
  /** What it is for. */
  readonly purpose: MailLinkPurpose;
  /** Whom it is for. */
  readonly userId: number;
  /** What belongs to it, as JSON keeps it; `null`: nothing. */
  readonly detail: unknown;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Epoch milliseconds from which it is over. */
  readonly expiresMs: number;
}

/** A link that still works. */
export interface MailLink {
  /** Whom it is for. */
  readonly userId: number;
  /** What it is for. */
  readonly purpose: MailLinkPurpose;
  /** What belongs to it; to be parsed by who reads it. */
  readonly detail: unknown;
  /** Epoch milliseconds. */
  readonly createdMs: number;
  /** Epoch milliseconds from which it is over. */
  readonly expiresMs: number;
}

/** Links forgotten in one statement. */
const FORGET_AT_ONCE = 2_000;

/** Makes a link in place of open ones of the same purpose and person. */
export async function putMailLink(tx: Executor, draft: MailLinkDraft): Promise<void> {
  const { tokenHash, purpose, userId, detail, nowMs, expiresMs } = draft;
  await tx.deleteFrom("mail_link").where("user_id", "=", userId).where("purpose", "=", purpose)
    .where("used_ms", "is", null).execute();
  await tx.insertInto("mail_link").values({
    token_hash: tokenHash,
    purpose,
    user_id: userId,
    detail: detail === null || detail === undefined ? null : JSON.stringify(detail),
    created_ms: nowMs,
    expires_ms: expiresMs,
    used_ms: null,
  }).execute();
}

/** Which link is asked for. */
export interface MailLinkQuery {
  /** Hash of its token. */
  readonly tokenHash: string;
  /** What it must be for. */
  readonly purpose: MailLinkPurpose;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A link that still works; `null`: there is none, it is for something else, over or spent. */
export async function findMailLink(
  db: Database | Executor,
  { tokenHash, purpose, nowMs }: MailLinkQuery,
): Promise<MailLink | null> {
  const executor = "kysely" in db ? db.kysely : db;
  const row = await executor.selectFrom("mail_link")
    .select(["user_id", "detail", "created_ms", "expires_ms"])
    .where("token_hash", "=", tokenHash).where("purpose", "=", purpose).where("used_ms", "is", null)
    .where("expires_ms", ">", nowMs).executeTakeFirst();
  if (!row) return null;
  return {
    userId: row.user_id,
    purpose,
    detail: row.detail === null ? null : JSON.parse(row.detail) as unknown,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
  };
}

/** Spends a link; whether it was still good. Of two at once, one. */
export async function spendMailLink(
  tx: Executor,
  { tokenHash, purpose, nowMs, userId }: MailLinkQuery & { readonly userId?: number },
): Promise<boolean> {
  // Whoever changes the row holds it: a second one waits, then finds it used.
  let link = tx.updateTable("mail_link").set({ used_ms: nowMs }).where("token_hash", "=", tokenHash)
    .where("purpose", "=", purpose).where("used_ms", "is", null).where("expires_ms", ">", nowMs);
  if (userId !== undefined) link = link.where("user_id", "=", userId);
  return (await link.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Removes links of a person: of some purposes, or all. */
export async function deleteMailLinks(
  tx: Executor,
  { userId, purposes }: { readonly userId: number; readonly purposes?: readonly MailLinkPurpose[] },
): Promise<void> {
  const links = tx.deleteFrom("mail_link").where("user_id", "=", userId);
  await (purposes ? links.where("purpose", "in", purposes) : links).execute();
}

/** Forgets links that were over before an instant (epoch milliseconds), at most 2,000; how many. */
export async function forgetMailLinks(db: Database, olderThanMs: number): Promise<number> {
  const old = await db.kysely.selectFrom("mail_link").select("token_hash")
    .where("expires_ms", "<", olderThanMs).limit(FORGET_AT_ONCE).execute();
  if (old.length === 0) return 0;
  const gone = await db.kysely.deleteFrom("mail_link")
    .where("token_hash", "in", old.map(({ token_hash }) => token_hash)).executeTakeFirst();
  return Number(gone.numDeletedRows);
}
