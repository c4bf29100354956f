/**
 * Who does what a request changes, as it is written down in the audit trail.
 *
 * @module
 */

import type { Author } from "../store/audit.ts";
import type { State } from "./state.ts";

/** The author of what a request does; somebody not signed in is `-` until a page knows better. */
export function authorOf(state: State): Author {
  const { base, user, clientAddress, requestId } = state;
  const services = base.services();
  if (!services) throw new Error("Nothing is written down before the services are there");
  return {
    atMs: base.clock.nowMs(),
    actor: user?.email ?? "-",
    userId: user?.id ?? null,
    origin: clientAddress,
    requestId,
    seal: services.seal,
  };
}
