/**
 * Sessions of signed-in people. The key is the hash of the token, so that who reads the file cannot take over a
 * session.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

/** One signed-in browser. */
export interface SessionRecord {
  /** Who signed in. */
  readonly userId: number;
  /** Epoch milliseconds of signing in. */
  readonly createdMs: number;
  /** Epoch milliseconds of the last request, at most a minute old. */
  readonly seenMs: number;
}

/** A session and how long it lives. */
export interface KeptSession {
  /** The session. */
  readonly session: SessionRecord;
  /** Milliseconds until it is forgotten, above 0. */
  readonly expireInMs: number;
}

/** A session as it was read. */
export interface SessionEntry {
  /** The session. */
  readonly session: SessionRecord;
  /** Changes with each write. */
  readonly version: string;
}

/** Keeps a new session until it expires by itself. */
export async function putSession(kv: Kv, tokenHash: string, kept: KeptSession): Promise<void> {
  const options = { expireIn: kept.expireInMs };
  await askKv("start a session", () => kv.set(keyOf(tokenHash), kept.session, options));
}

/** Keeps a session anew unless it was changed or ended since it was read; one that has ended is never revived. */
export async function renewSession(
  kv: Kv,
  tokenHash: string,
  { version, ...kept }: KeptSession & Pick<SessionEntry, "version">,
): Promise<void> {
  const key = keyOf(tokenHash);
  const options = { expireIn: kept.expireInMs };
  const change = kv.atomic().check({ key, versionstamp: version }).set(key, kept.session, options);
  await askKv("renew a session", () => change.commit());
}

/** The session of a token hash; `null`: none. */
export async function getSession(kv: Kv, tokenHash: string): Promise<SessionEntry | null> {
  const entry = await askKv("look up a session", () => kv.get<SessionRecord>(keyOf(tokenHash)));
  return entry.value && { session: entry.value, version: entry.versionstamp };
}

/** Ends a session; ending it twice is no error. */
export async function deleteSession(kv: Kv, tokenHash: string): Promise<void> {
  await askKv("end a session", () => kv.delete(keyOf(tokenHash)));
}

function keyOf(tokenHash: string): Deno.KvKey {
  return ["session", tokenHash];
}
