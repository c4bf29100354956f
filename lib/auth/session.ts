/**
 * Sessions: made at sign-in, found by the cookie's token, ended by sign-out, idleness or age.
 *
 * @module
 */

import { deleteSession, getSession, putSession, type SessionRecord } from "../kv/sessions.ts";
import type { Kv } from "../kv/mod.ts";
import { hashOfToken, looksLikeToken, newToken } from "./token.ts";

/** Milliseconds without a request after which a session ends: 12 hours. */
export const SESSION_IDLE_MS = 12 * 3_600_000;

/** Milliseconds after which every session ends: 14 days. */
export const SESSION_AGE_MS = 14 * 24 * 3_600_000;

const SEEN_EVERY_MS = 60_000;

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

/** The living session of a token; `null`: none, or it has ended. Remembers that it was seen. */
export async function findSession(
  kv: Kv,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): Promise<SessionRecord | null> {
  if (!looksLikeToken(token)) return null;
  const tokenHash = await hashOfToken(token);
  const session = await getSession(kv, tokenHash);
  if (!session) return null;
  const leftMs = Math.min(session.seenMs + SESSION_IDLE_MS, session.createdMs + SESSION_AGE_MS) - nowMs;
  if (leftMs <= 0) {
    await deleteSession(kv, tokenHash);
    return null;
  }
  if (nowMs - session.seenMs >= SEEN_EVERY_MS) {
    const expireInMs = Math.min(SESSION_IDLE_MS, session.createdMs + SESSION_AGE_MS - nowMs);
    await putSession(kv, tokenHash, { session: { ...session, seenMs: nowMs }, expireInMs });
  }
  return session;
}

/** Ends the session of a token. */
export async function endSession(kv: Kv, token: string): Promise<void> {
  if (looksLikeToken(token)) await deleteSession(kv, await hashOfToken(token));
}
