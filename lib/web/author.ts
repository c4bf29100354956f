/**
 * Who does what a request changes, as it is written down in the audit trail.
 *
 * @module
 */

import { appendAudit, type Author } from "../store/audit.ts";
import { servicesOf, type State } from "./state.ts";

/** The author of what a request does; somebody not signed in is `-` until a page knows better. */
export function authorOf(state: State): Author {
  const { base, user, clientAddress, requestId } = state;
  return {
    atMs: base.clock.nowMs(),
    actor: user?.email ?? "-",
    userId: user?.id ?? null,
    origin: clientAddress,
    requestId,
    seal: servicesOf(state).seal,
  };
}

/** Something that was done and changes no row of ours: an export, a live reading, a refusal. */
export interface Done {
  /** What, such as `export`. */
  readonly action: string;
  /** To what, such as `site 7`. */
  readonly subject: string;
  /** The site it was done to; absent: none in particular. */
  readonly siteId?: number;
  /** More about it; absent: nothing. */
  readonly after?: unknown;
}

/** Writes down what changes nothing of ours; changes are written down by the store with the change itself. */
export async function writeDown(state: State, done: Done): Promise<void> {
  await appendAudit(servicesOf(state).db, authorOf(state), done);
}
