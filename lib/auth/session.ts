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
  getSession,
  putSession,
  renewSession,
  type SessionEntry,
  type SessionRecord,
} from "../kv/sessions.ts";
import type { Kv } from "../kv/mod.ts";
import { hashOfToken, looksLikeToken, newToken } from "./token.ts";

/** Milliseconds without a request after which a session ends: 12 hours. */
export const SESSION_IDLE_MS = 12 * 3_600_000;

/** Milliseconds after which every session ends: 14 days. */
export const SESSION_AGE_MS = 14 * 24 * 3_600_000;

const SEEN_EVERY_MS = 60_000;

/** A living session with the name that stands for it inside. */
export interface FoundSession extends SessionRecord {
  /** Hash of the token: names the session without opening it. */
  readonly key: string;
}

/** Starts a session and gives the token for the cookie. */
export async function startSession(
  kv: Kv,
  { userId, nowMs }: { readonly userId: number; readonly nowMs: number },
): Promise<string> {
  const token = newToken();
  const session: SessionRecord = { userId, createdMs: nowMs, seenMs: nowMs };
  await putSession(kv, await hashOfToken(token), { session, expireInMs: SESSION_IDLE_MS });
  return token;
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
    const expireInMs = Math.min(SESSION_IDLE_MS, session.createdMs + SESSION_AGE_MS - nowMs);
    const seen = { session: { ...session, seenMs: nowMs }, expireInMs, version };
    await renewSession(kv, key, seen).catch((error: unknown) => request.onTrouble?.(error));
  }
  return { ...session, key };
}

/** Whether a session still lives; asking does not keep it alive. */
export async function isSessionAlive(
  kv: Kv,
  { key, nowMs }: { readonly key: string; readonly nowMs: number },
): Promise<boolean> {
  const entry = await getSession(kv, key);
  return entry !== null && leftMsOf(entry, nowMs) > 0;
}

/** Ends the session of a token; gives the key under which it was known, `null`: that is no token. */
export async function endSession(kv: Kv, token: string): Promise<string | null> {
  if (!looksLikeToken(token)) return null;
  const key = await hashOfToken(token);
  await deleteSession(kv, key);
  return key;
}

function leftMsOf({ session }: SessionEntry, nowMs: number): number {
  return Math.min(session.seenMs + SESSION_IDLE_MS, session.createdMs + SESSION_AGE_MS) - nowMs;
}
