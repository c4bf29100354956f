/**
 * Sessions: made at sign-in, found by the cookie's token, ended by sign-out, idleness or age.
 *
 * Any request keeps a session alive, also those by which an open, visible page brings itself up to date: a screen on
 * a wall stays signed in until the session's age ends it. Hidden pages ask for nothing, and the event stream itself
 * does not count.
 *
 * @module
 */

import {
  deleteSession,
  findSessionHash,
  getSession,
  listSessionHashes,
  putSession,
  renewSession,
  type SessionEntry,
  type SessionRecord,
  type SignedInBy,
} from "../kv/sessions.ts";
import type { Kv } from "../kv/mod.ts";
import type { User } from "../store/users.ts";
import { hashOfToken, looksLikeToken, newToken } from "./token.ts";

/** Milliseconds without a request after which a session ends: 12 hours. */
export const SESSION_IDLE_MS = 12 * 3_600_000;

/** Milliseconds after which every session ends: 14 days. */
export const SESSION_AGE_MS = 14 * 24 * 3_600_000;

/** Living sessions of one person at most: a further one ends the one that was last seen longest ago. */
export const SESSIONS_MAX = 50;

/** Milliseconds after signing in, or typing the password again, in which sensitive changes ask for nothing: 10 min. */
export const FRESH_MS = 10 * 60_000;

const SEEN_EVERY_MS = 60_000;

/** Longest part of what a browser says it is that is kept, in characters. */
const AGENT_MAX = 200;

/** A living session with the name that stands for it inside. */
export interface FoundSession extends SessionRecord {
  /** Hash of the token: names the session without opening it. */
  readonly key: string;
}

/** A sign-in that starts a session. */
export interface SessionStart {
  /** Who: as they were before this sign-in was noted. */
  readonly user: Pick<User, "id" | "sessionEpoch" | "lastSignInMs">;
  /** Address of the client. */
  readonly origin: string;
  /** What the browser says it is. */
  readonly agent: string;
  /** By what they came in. */
  readonly by: SignedInBy;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Starts a session and gives the token for the cookie. */
export async function startSession(kv: Kv, start: SessionStart): Promise<string> {
  const { user, origin, agent, by, nowMs } = start;
  const token = newToken();
  const session: SessionRecord = {
    userId: user.id,
    epoch: user.sessionEpoch,
    publicId: newToken().slice(0, 22),
    by,
    origin,
    agent: agent.replaceAll(/[^\x20-\x7e]/g, "").slice(0, AGENT_MAX),
    beforeMs: user.lastSignInMs,
    createdMs: nowMs,
    seenMs: nowMs,
    confirmedMs: nowMs,
  };
  await makeRoom(kv, start);
  await putSession(kv, await hashOfToken(token), { session, expireInMs: SESSION_IDLE_MS });
  return token;
}

/** Ends what was last seen longest ago, so that a further session has room. */
async function makeRoom(kv: Kv, { user, nowMs }: Pick<SessionStart, "user" | "nowMs">): Promise<void> {
  const living = await listSessions(kv, user, nowMs);
  for (const { key } of living.slice(SESSIONS_MAX - 1)) await deleteSession(kv, key);
}

/** A request with a token. */
export interface SessionRequest {
  /** As the cookie has it. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Told when it could not be remembered that the session was seen; the request goes on. */
  readonly onTrouble?: (error: unknown) => void;
}

/** The living session of a token; `null`: none, or it has ended. Remembers that it was seen. */
export async function findSession(kv: Kv, request: SessionRequest): Promise<FoundSession | null> {
  const { token, nowMs } = request;
  if (!looksLikeToken(token)) return null;
  const key = await hashOfToken(token);
  const entry = await getSession(kv, key);
  if (!entry) return null;
  if (leftMsOf(entry, nowMs) <= 0) {
    await deleteSession(kv, key);
    return null;
  }
  const { session, version } = entry;
  if (nowMs - session.seenMs >= SEEN_EVERY_MS) {
    const expireInMs = expireInMsOf(session, nowMs);
    const seen = { session: { ...session, seenMs: nowMs }, expireInMs, version };
    await renewSession(kv, key, seen).catch((error: unknown) => request.onTrouble?.(error));
  }
  return { ...session, key };
}

/** Whether a session still lives, in the person's epoch of now; asking does not keep it alive. */
export async function isSessionAlive(
  kv: Kv,
  { key, epoch, nowMs }: { readonly key: string; readonly epoch: number; readonly nowMs: number },
): Promise<boolean> {
  const entry = await getSession(kv, key);
  return entry !== null && entry.session.epoch === epoch && leftMsOf(entry, nowMs) > 0;
}

/** Living sessions of a person, the one last seen first; forgets those that are over. */
export async function listSessions(
  kv: Kv,
  user: Pick<User, "id" | "sessionEpoch">,
  nowMs: number,
): Promise<readonly FoundSession[]> {
  const found: FoundSession[] = [];
  for (const key of await listSessionHashes(kv, user.id)) {
    const entry = await getSession(kv, key);
    if (!entry) continue;
    const { epoch } = entry.session;
    // An epoch that is ahead belongs to somebody who has read the person later than we.
    if (epoch < user.sessionEpoch || leftMsOf(entry, nowMs) <= 0) await deleteSession(kv, key);
    else if (epoch === user.sessionEpoch) found.push({ ...entry.session, key });
  }
  return found.sort((one, other) => other.seenMs - one.seenMs || other.createdMs - one.createdMs);
}

/** Ends a person's session by the name it has for them; its key, `null`: they have none such. */
export async function endSessionByPublicId(
  kv: Kv,
  own: Pick<SessionRecord, "userId" | "publicId">,
): Promise<string | null> {
  const key = await findSessionHash(kv, own);
  if (key !== null) await deleteSession(kv, key);
  return key;
}

/** Whether the owner was known to be there a short while ago. */
export async function isFresh(
  kv: Kv,
  { key, nowMs }: { readonly key: string; readonly nowMs: number },
): Promise<boolean> {
  const entry = await getSession(kv, key);
  return entry !== null && nowMs - entry.session.confirmedMs < FRESH_MS;
}

/** Remembers that the owner is there: the password was typed again. */
export async function confirmSession(
  kv: Kv,
  { key, nowMs }: { readonly key: string; readonly nowMs: number },
): Promise<void> {
  const entry = await getSession(kv, key);
  if (!entry) return;
  const { version } = entry;
  const session = { ...entry.session, confirmedMs: nowMs, seenMs: nowMs };
  await renewSession(kv, key, { session, version, expireInMs: expireInMsOf(session, nowMs) });
}

/** Ends the session of a token; gives the key under which it was known, `null`: that is no token. */
export async function endSession(kv: Kv, token: string): Promise<string | null> {
  if (!looksLikeToken(token)) return null;
  const key = await hashOfToken(token);
  await deleteSession(kv, key);
  return key;
}

function expireInMsOf({ createdMs }: SessionRecord, nowMs: number): number {
  return Math.min(SESSION_IDLE_MS, createdMs + SESSION_AGE_MS - nowMs);
}

function leftMsOf({ session }: SessionEntry, nowMs: number): number {
  return Math.min(session.seenMs + SESSION_IDLE_MS, session.createdMs + SESSION_AGE_MS) - nowMs;
}
