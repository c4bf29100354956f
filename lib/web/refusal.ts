/**
 * What was refused: in words for the reader, and for the audit trail.
 *
 * @module
 */

import { ALL_ROLES, type Asker, PERMISSIONS, type Role } from "../domain/permission.ts";
import { originOf } from "../auth/origin.ts";
import { countTry, type Limit } from "../kv/limits.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import type { RefusedWords } from "../ui/pages/ErrorPage.tsx";
import { authorOf } from "./author.ts";
import type { Refusal, State } from "./state.ts";

/** Refusals of one person that are written down: a page that asks again and again would fill the trail. */
const WRITTEN: Limit = { name: "refused", tries: 20, windowMs: 600_000 };

/** A refusal, and who is written down. */
export interface WrittenRefusal extends Refusal {
  /** Who; default: whoever is signed in. */
  readonly by?: Author;
}

/** Writes a refusal down, at most 20 of one person in ten minutes; what goes wrong with it lets nobody in. */
export async function writeRefusal(state: State, { action, siteId, by }: WrittenRefusal): Promise<void> {
  const { base, user } = state;
  const services = base.services();
  if (!services || !user) return;
  try {
    const tried = { who: String(user.id), nowMs: base.clock.nowMs() };
    if (!(await countTry(services.kv, WRITTEN, tried)).allowed) return;
    const subject = siteId === null ? action : `site ${siteId}`;
    const site = siteId === null ? {} : { siteId };
    const entry = { action: "refused", subject, ...site, after: { action } };
    await appendAudit(services.db, by ?? authorOf(state), entry);
  } catch (error) {
    base.log.warn("A refusal could not be written down", { action, siteId, error });
  }
}

/** Why a request was turned away before anybody asked what its sender may do. */
export type TurnedAway = "too often" | "from another site" | "link does not work";

/** Of one person or address one a reason is written down in ten minutes: it says that it went on, not how often. */
const TURNED: Limit = { name: "turned-away", tries: 1, windowMs: 600_000 };

/** Whoever they are, a hundred a reason in ten minutes. */
const TURNED_ALL: Limit = { name: "turned-away-all", tries: 100, windowMs: 600_000 };

/** A request that was turned away. */
export interface TurnedRequest {
  /** The request. */
  readonly request: Request;
  /** Why. */
  readonly why: TurnedAway;
  /** Who is written down; default: whoever is signed in. */
  readonly by?: Author;
}

/** Writes down that a request was turned away, within limits; what goes wrong with it lets nobody in. */
export async function writeTurnedAway(state: State, { request, why, by }: TurnedRequest): Promise<void> {
  const { base, user, clientAddress } = state;
  const services = base.services();
  if (!services) return;
  try {
    const nowMs = base.clock.nowMs();
    const who = user ? `user ${user.id}` : originOf(clientAddress);
    if (!(await countTry(services.kv, TURNED, { who: `${why}, ${who}`, nowMs })).allowed) return;
    if (!(await countTry(services.kv, TURNED_ALL, { who: why, nowMs })).allowed) return;
    const site = why === "from another site" ? { from: request.headers.get("origin") ?? "not said" } : {};
    // The path alone: what follows it may be the token of a link.
    const subject = new URL(request.url).pathname;
    const after = { why, method: request.method, ...site };
    await appendAudit(services.db, by ?? authorOf(state), { action: "refused", subject, after });
  } catch (error) {
    base.log.warn("A refusal could not be written down", { why, error });
  }
}

/** Why an answer of this status turned its request away; `null`: it did not. */
export function turnedAwayBy(status: number): TurnedAway | null {
  return status === 429 ? "too often" : status === 410 ? "link does not work" : null;
}

/** What a role is called in a sentence. */
const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: "a viewer",
  technician: "a technician",
  operator: "an operator",
  administrator: "an administrator",
};

/** Why something was refused, for its page; `null`: not by a role. */
export function refusedWords(refusal: Refusal | null, asker: Asker | null): RefusedWords | null {
  if (!refusal || !asker) return null;
  const { words, roles } = PERMISSIONS[refusal.action];
  const may = ALL_ROLES.filter((role) => roles.includes(role)).map((role) => ROLE_WORDS[role]);
  const last = may.at(-1) ?? "nobody";
  return {
    what: words,
    needed: may.length > 1 ? `${may.slice(0, -1).join(", ")} or ${last}` : last,
    yours: ROLE_WORDS[asker.role],
  };
}
