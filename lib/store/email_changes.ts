/**
 * Changes of the address somebody signs in with: asked for, agreed to from both addresses in any order, or stopped.
 * What has been agreed to stands in the link that is still open.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { deleteMailLinks, findMailLink, putMailLink, spendMailLink } from "./mail_links.ts";
import { endAllSessions, setEmail, subjectOf } from "./user_changes.ts";
import { holdAccount } from "./user_rows.ts";

/** To which of the two addresses a link was sent. */
export type EmailSide = "email-old" | "email-new";

/** A change that waits to be agreed to. */
export interface EmailChange {
  /** Whose. */
  readonly userId: number;
  /** The address that is used now. */
  readonly oldEmail: string;
  /** The address that is to be used. */
  readonly newEmail: string;
}

/** A change as it is asked for. */
export interface EmailChangeDraft extends EmailChange {
  /** Hashes of the two tokens. */
  readonly tokenHashes: Readonly<Record<EmailSide, string>>;
  /** Epoch milliseconds from which both links are over. */
  readonly expiresMs: number;
}

/** An open change as its owner sees it. */
export interface OpenEmailChange extends EmailChange {
  /** Addresses whose links are still to be followed. */
  readonly waitsFor: readonly EmailSide[];
  /** Epoch milliseconds from which it is over. */
  readonly expiresMs: number;
}

const SIDES: readonly EmailSide[] = ["email-old", "email-new"];

/** Asks for a change, in place of an earlier one. */
export async function putEmailChange(db: Database, by: Author, draft: EmailChangeDraft): Promise<void> {
  const { userId, oldEmail, newEmail, tokenHashes, expiresMs } = draft;
  await transaction(db, async (tx) => {
    for (const purpose of SIDES) {
      const detail: Detail = { oldEmail, newEmail, otherAgreed: false };
      const link = { tokenHash: tokenHashes[purpose], purpose, userId, detail, expiresMs };
      await putMailLink(tx, { ...link, nowMs: by.atMs });
    }
    await appendAudit(tx, by, {
      action: "email-change-asked",
      subject: subjectOf(userId),
      before: { email: oldEmail },
      after: { email: newEmail },
    });
  });
}

/** Which link is followed. */
export interface EmailLink {
  /** Hash of its token. */
  readonly tokenHash: string;
  /** To which address it was sent. */
  readonly side: EmailSide;
}

/** What a link is about; `null`: it does not work (any more). */
export async function findEmailLink(
  db: Database,
  { tokenHash, side, nowMs }: EmailLink & { readonly nowMs: number },
): Promise<EmailChange | null> {
  const link = await findMailLink(db, { tokenHash, purpose: side, nowMs });
  const detail = link && detailOf(link.detail);
  return link && detail
    ? { userId: link.userId, oldEmail: detail.oldEmail, newEmail: detail.newEmail }
    : null;
}

/** What agreeing came to. */
export type Agreed =
  /** The other address is still to agree. */
  | { readonly kind: "half"; readonly change: EmailChange; readonly waitsFor: string }
  /** The new address is in use, all sessions have ended. */
  | { readonly kind: "changed"; readonly change: EmailChange };

/** Why it came to nothing: the link does not work, or somebody else has the address by now. */
export type AgreeTrouble = { readonly kind: "gone" } | { readonly kind: "email-taken" };

/** Follows one of the two links; the second one changes the address and ends all sessions. */
export async function agreeToEmail(
  db: Database,
  by: Author,
  { tokenHash, side }: EmailLink,
): Promise<Result<Agreed, AgreeTrouble>> {
  return await transaction(db, async (tx): Promise<Result<Agreed, AgreeTrouble>> => {
    const query = { tokenHash, purpose: side, nowMs: by.atMs };
    const first = await findMailLink(tx, query);
    // Both links at once would each miss the other: the account is held, then the link is looked at again.
    const account = first && await holdAccount(tx, first.userId);
    const link = account && await findMailLink(tx, query);
    const detail = link && detailOf(link.detail);
    if (!account || !link || !detail || account.user.state !== "active") return err({ kind: "gone" });
    const { oldEmail, newEmail } = detail;
    if (account.user.email !== oldEmail || !await spendMailLink(tx, query)) return err({ kind: "gone" });
    const change = { userId: link.userId, oldEmail, newEmail };
    const known = { ...by, actor: oldEmail, userId: link.userId };
    if (!detail.otherAgreed) return await agreeToHalf(tx, known, { change, side });
    await deleteMailLinks(tx, { userId: link.userId, purposes: [...SIDES, "reset"] });
    const changed = await setEmail(tx, known, { userId: link.userId, email: newEmail });
    if (!changed.ok) return err(changed.error.kind === "unknown" ? { kind: "gone" } : changed.error);
    await endAllSessions(tx, known, link.userId);
    return ok({ kind: "changed", change });
  });
}

async function agreeToHalf(
  tx: Executor,
  by: Author,
  { change, side }: { readonly change: EmailChange; readonly side: EmailSide },
): Promise<Result<Agreed, AgreeTrouble>> {
  const { userId, oldEmail, newEmail } = change;
  const other: EmailSide = side === "email-old" ? "email-new" : "email-old";
  const detail: Detail = { oldEmail, newEmail, otherAgreed: true };
  const told = await tx.updateTable("mail_link").set({ detail: JSON.stringify(detail) })
    .where("user_id", "=", userId).where("purpose", "=", other).where("used_ms", "is", null)
    .executeTakeFirst();
  if (told.numUpdatedRows !== 1n) return err({ kind: "gone" });
  await appendAudit(tx, by, {
    action: "email-change-agreed",
    subject: subjectOf(userId),
    before: { email: oldEmail },
    after: { email: newEmail, agreed: side === "email-old" ? oldEmail : newEmail },
  });
  return ok({ kind: "half", change, waitsFor: other === "email-old" ? oldEmail : newEmail });
}

/** The open change of somebody; `null`: none. */
export async function findEmailChange(
  db: Database,
  { userId, nowMs }: { readonly userId: number; readonly nowMs: number },
): Promise<OpenEmailChange | null> {
  const rows = await db.kysely.selectFrom("mail_link").select(["purpose", "detail", "expires_ms"])
    .where("user_id", "=", userId).where("purpose", "in", SIDES).where("used_ms", "is", null)
    .where("expires_ms", ">", nowMs).limit(SIDES.length).execute();
  const [first] = rows;
  const detail = first ? detailOf(JSON.parse(first.detail ?? "null")) : null;
  if (!first || !detail) return null;
  const waitsFor = SIDES.filter((side) => rows.some(({ purpose }) => purpose === side));
  const { oldEmail, newEmail } = detail;
  return { userId, oldEmail, newEmail, waitsFor, expiresMs: first.expires_ms };
}

/** Stops the open change of somebody; whether there was one. */
export async function stopEmailChange(db: Database, by: Author, userId: number): Promise<boolean> {
  return await transaction(db, async (tx) => {
    const gone = await tx.deleteFrom("mail_link").where("user_id", "=", userId)
      .where("purpose", "in", SIDES).where("used_ms", "is", null).executeTakeFirst();
    if (gone.numDeletedRows === 0n) return false;
    const [action, subject] = ["email-change-stopped", subjectOf(userId)];
    await appendAudit(tx, by, { action, subject });
    return true;
  });
}

interface Detail {
  readonly oldEmail: string;
  readonly newEmail: string;
  readonly otherAgreed: boolean;
}

function detailOf(stored: unknown): Detail | null {
  if (typeof stored !== "object" || stored === null) return null;
  const { oldEmail, newEmail, otherAgreed }: Record<string, unknown> = { ...stored };
  if (typeof oldEmail !== "string" || typeof newEmail !== "string") return null;
  return { oldEmail, newEmail, otherAgreed: otherAgreed === true };
}
