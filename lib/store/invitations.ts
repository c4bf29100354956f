/**
 * How people come: invited with a role and a reach, they choose a password through a link that works once.
 *
 * @module
 */

import type { Reach, Role } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { isStoreError } from "./db.ts";
import { deleteMailLinks, spendMailLink } from "./mail_links.ts";
import { isKnownReach, plainReach, writeReach } from "./reach.ts";
import { subjectOf, wordsOf } from "./user_changes.ts";
import { bumpEpoch, holdAccount, insertUser, type User } from "./user_rows.ts";
import { type Changing, within } from "./within.ts";

/** Whom to invite. */
export interface Invitation {
  /** Lower case, at most 190 characters. */
  readonly email: string;
  /** At most 80 characters. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** Which sites they reach. */
  readonly reach: Reach;
}

/** Why nobody was invited: somebody has the address, or a group or site of the reach is not there. */
export type InvitationTrouble = { readonly kind: "email-taken" } | { readonly kind: "unknown-reach" };

/** Makes an account without a password; who has it comes in by accepting. */
export async function inviteUser(
  db: Changing,
  by: Author,
  { email, name, role, reach }: Invitation,
): Promise<Result<User, InvitationTrouble>> {
  try {
    return await within(db, async (tx): Promise<Result<User, InvitationTrouble>> => {
      if (!await isKnownReach(tx, reach)) return err({ kind: "unknown-reach" });
      const made = await insertUser(tx, { email, name, role, passwordHash: "", nowMs: by.atMs });
      const user: User = { ...made, reach: plainReach(reach) };
      if (reach.kind !== "all") {
        await tx.updateTable("user").set({ reach_all: 0 }).where("user_id", "=", user.id).execute();
        await writeReach(tx, { kind: "user", id: user.id }, reach);
      }
      const subject = subjectOf(user.id);
      await appendAudit(tx, by, { action: "user-invited", subject, after: wordsOf(user) });
      return ok(user);
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "email-taken" });
    throw error;
  }
}

/** Takes an invitation back that was not accepted: the account and its links are gone. */
export function withdrawInvitation(
  db: Changing,
  by: Author,
  userId: number,
): Promise<Result<void, { readonly kind: "not-invited" }>> {
  return within(db, async (tx): Promise<Result<void, { readonly kind: "not-invited" }>> => {
    const account = await holdAccount(tx, userId);
    if (!account || account.passwordHash !== null) return err({ kind: "not-invited" });
    await deleteMailLinks(tx, { userId });
    await writeReach(tx, { kind: "user", id: userId }, { kind: "all" });
    await tx.deleteFrom("user").where("user_id", "=", userId).execute();
    const before = wordsOf(account.user);
    await appendAudit(tx, by, { action: "invitation-withdrawn", subject: subjectOf(userId), before });
    return ok(undefined);
  });
}

/** What somebody who was invited chose. */
export interface Acceptance {
  /** Who. */
  readonly userId: number;
  /** What they want to be called, at most 80 characters. */
  readonly name: string;
  /** Their password as hashed. */
  readonly passwordHash: string;
  /** Hash of the link's token, which is spent. */
  readonly tokenHash: string;
}

/** Spends the link and gives the account its password, both or neither. */
export function acceptInvitation(
  db: Changing,
  by: Author,
  { userId, name, passwordHash, tokenHash }: Acceptance,
): Promise<Result<User, { readonly kind: "gone" }>> {
  return within(db, async (tx): Promise<Result<User, { readonly kind: "gone" }>> => {
    const account = await holdAccount(tx, userId);
    if (account?.user.state !== "invited") return err({ kind: "gone" });
    const { user } = account;
    const link = { tokenHash, purpose: "invite", userId, nowMs: by.atMs } as const;
    if (!await spendMailLink(tx, link)) return err({ kind: "gone" });
    await tx.updateTable("user")
      .set({ name, password_hash: passwordHash, password_set_ms: by.atMs })
      .where("user_id", "=", userId).execute();
    const sessionEpoch = await bumpEpoch(tx, userId);
    await appendAudit(tx, by, {
      action: "invitation-accepted",
      subject: subjectOf(userId),
      before: { name: user.name, state: "invited" },
      after: { name, state: "active" },
    });
    return ok({ ...user, name, state: "active", passwordSetMs: by.atMs, sessionEpoch });
  });
}
