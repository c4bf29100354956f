/**
 * Invitations: a link by e-mail that works once and for seven days, behind which somebody chooses a password. Whoever
 * invites sees whether the message was taken, and the link if it was not.
 *
 * @module
 */

import type { Result } from "../result.ts";
import type { MailTrouble } from "../notify/transport.ts";
import { invitationMail } from "../notify/text.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import { transaction } from "../store/db.ts";
import { putMailLink } from "../store/mail_links.ts";
import { acceptInvitation as acceptStored, type User } from "../store/users.ts";
import { followLink, type LetterServices, linkFor, type LinkServices, type LinkTrouble } from "./letters.ts";
import { LINK_MS } from "./links.ts";

/** An invitation that was sent, or was to be. */
export interface SentInvitation {
  /** What was sent: to be shown once where {@link sent} says that the message was not taken. */
  readonly link: string;
  /** Epoch milliseconds until which it works. */
  readonly untilMs: number;
  /** The server's word. */
  readonly sent: Result<void, MailTrouble>;
}

/** Sends somebody who was invited their link, in place of earlier ones; waits for the server's word. */
export async function sendInvitation(
  services: LetterServices,
  by: Author,
  { user, invitedBy }: { readonly user: User; readonly invitedBy: string },
): Promise<SentInvitation> {
  const { db, mailer, signLink, publicUrl } = services;
  const { token, tokenHash } = await signLink.make("invite");
  const untilMs = by.atMs + LINK_MS.invite;
  await transaction(db, async (tx) => {
    const link = { tokenHash, purpose: "invite", userId: user.id, detail: null } as const;
    await putMailLink(tx, { ...link, nowMs: by.atMs, expiresMs: untilMs });
    await appendAudit(tx, by, {
      action: "invitation-sent",
      subject: `user ${user.id}`,
      after: { email: user.email },
    });
  });
  const link = linkFor(services, "invite", token);
  const { email: to, name } = user;
  const sent = await mailer.send(invitationMail({ to, name, publicUrl, link, untilMs, invitedBy }));
  return { link, untilMs, sent };
}

/** Spends the link and gives the account its name and password, all or nothing. */
export async function acceptInvitation(
  services: LinkServices,
  by: Author,
  { token, name, password }: { readonly token: string; readonly name: string; readonly password: string },
): Promise<Result<User, LinkTrouble>> {
  const followed = await followLink(services, by, { purpose: "invite", token, password });
  if (!followed.ok) return followed;
  const { user: { id: userId, email }, tokenHash, passwordHash } = followed.value;
  const known = { ...by, actor: email, userId };
  return await acceptStored(services.db, known, { userId, name, passwordHash, tokenHash });
}
