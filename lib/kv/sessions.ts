/**
 * Sessions of signed-in people. The key is the hash of the token, so that who reads the file cannot take over a
 * session.
 *
 * @module
 */

import type { Kv } from "./mod.ts";

/** One signed-in browser. */
export interface SessionRecord {
  /** Who signed in. */
  readonly userId: number;
  /** Epoch milliseconds of signing in. */
  readonly createdMs: number;
  /** Epoch milliseconds of the last request, at most a minute old. */
  readonly seenMs: number;
}

/** Keeps a session until it expires by itself. */
export async function putSession(kv: Kv, tokenHash: string, kept: KeptSession): Promise<void> {
  await kv.set(["session", tokenHash], kept.session, { expireIn: kept.expireInMs });
}

/** A session and how long it lives. */
export interface KeptSession {
  /** The session. */
  readonly session: SessionRecord;
  /** Milliseconds until it is forgotten, above 0. */
  readonly expireInMs: number;
}

/** The session of a token hash; `null`: none. */
export async function getSession(kv: Kv, tokenHash: string): Promise<SessionRecord | null> {
  return (await kv.get<SessionRecord>(["session", tokenHash])).value;
}

/** Ends a session; ending it twice is no error. */
export async function deleteSession(kv: Kv, tokenHash: string): Promise<void> {
  await kv.delete(["session", tokenHash]);
}
