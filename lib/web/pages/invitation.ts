/**
 * Sending an invitation from a page: not without limit, and with the link shown where no message carried it.
 *
 * @module
 */

import { sendInvitation } from "../../auth/invite.ts";
import { instantWords } from "../../domain/instant.ts";
import type { Limit } from "../../kv/limits.ts";
import type { User } from "../../store/users.ts";
import type { InvitationLinkPageProps } from "../../ui/pages/InvitePersonPage.tsx";
import { authorOf } from "../author.ts";
import { letterServicesOf } from "../letters.ts";
import type { State } from "../state.ts";
import { countPerson } from "../too_many.ts";

/** Invitations that one person sends: 60 in ten minutes. */
const INVITATIONS: Limit = { name: "invitation", tries: 60, windowMs: 600_000 };

/** Counts an invitation before anything is done for it; 429 when there were too many. */
export function countInvitation(state: State): Promise<void> {
  return countPerson(state, INVITATIONS);
}

/** Sends somebody their link; `null`: a message carries it, else what the page of the link shows. */
export async function invite(state: State, user: User): Promise<InvitationLinkPageProps | null> {
  const services = letterServicesOf(state);
  const invitedBy = state.user?.name ?? "";
  const { link, untilMs, sent } = await sendInvitation(services, authorOf(state), { user, invitedBy });
  if (sent.ok) return null;
  return {
    name: user.name,
    href: `/admin/people/${user.id}`,
    link,
    untilLabel: instantWords(untilMs),
    trouble: sent.error.kind === "not-set-up" ? null : sent.error.words,
  };
}
