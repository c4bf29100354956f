/**
 * Sessions of signed-in people. The key is the hash of the token, so that who reads the file cannot take over a
 * session.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

/** By what somebody came in. */
export type SignedInBy = "password" | "second-factor" | "passkey";

/** One signed-in browser. */
export interface SessionRecord {
  /** Who signed in. */
  readonly userId: number;
  /** The person's session epoch then; of another one it is over. */
  readonly epoch: number;
  /** Names the session to its owner, and opens nothing; 22 characters. */
  readonly publicId: string;
  /** By what they came in. */
  readonly by: SignedInBy;
  /** Address of the client then. */
  readonly origin: string;
  /** What the browser said it was, at most 200 printable characters. */
  readonly agent: string;
  /** Epoch milliseconds of the sign-in before this one; `null`: there was none. */
  readonly beforeMs: number | null;
  /** Epoch milliseconds at which the owner was last known to be there: signing in, or the password typed again. */
  readonly confirmedMs: number;
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

/** Sessions of one person that are looked at, at most: many times what they may have. */
const SESSIONS_LIMIT = 1_000;

/** Keeps a new session until it expires by itself. */
export async function putSession(kv: Kv, tokenHash: string, kept: KeptSession): Promise<void> {
  const options = { expireIn: kept.expireInMs };
  const change = kv.atomic().set(keyOf(tokenHash), kept.session, options)
    .set(ownKeyOf(kept.session), tokenHash, options);
  await askKv("start a session", () => change.commit());
}

/** Keeps a session anew unless it was changed or ended since it was read; one that has ended is never revived. */
export async function renewSession(
  kv: Kv,
  tokenHash: string,
  { version, ...kept }: KeptSession & Pick<SessionEntry, "version">,
): Promise<void> {
  const key = keyOf(tokenHash);
  const options = { expireIn: kept.expireInMs };
  const change = kv.atomic().check({ key, versionstamp: version }).set(key, kept.session, options)
    .set(ownKeyOf(kept.session), tokenHash, options);
  await askKv("renew a session", () => change.commit());
}

/** The session of a token hash; `null`: none. */
export async function getSession(kv: Kv, tokenHash: string): Promise<SessionEntry | null> {
  const entry = await askKv("look up a session", () => kv.get<SessionRecord>(keyOf(tokenHash)));
  return entry.value && { session: entry.value, version: entry.versionstamp };
}

/** Ends a session; ending it twice is no error. */
export async function deleteSession(kv: Kv, tokenHash: string): Promise<void> {
  await askKv("end a session", async () => {
    const { value } = await kv.get<SessionRecord>(keyOf(tokenHash));
    const change = kv.atomic().delete(keyOf(tokenHash));
    await (value ? change.delete(ownKeyOf(value)) : change).commit();
  });
}

/** Token hashes of a person's sessions, also of those that are over and not yet forgotten; at most 1,000. */
export async function listSessionHashes(kv: Kv, userId: number): Promise<readonly string[]> {
  return await askKv("list sessions", async () => {
    const hashes: string[] = [];
    const prefix = ["session-of", userId];
    for await (const { value } of kv.list<string>({ prefix }, { limit: SESSIONS_LIMIT })) hashes.push(value);
    return hashes;
  });
}

/** The token hash of a person's session by the name it has for them; `null`: they have none such. */
export async function findSessionHash(
  kv: Kv,
  own: Pick<SessionRecord, "userId" | "publicId">,
): Promise<string | null> {
  return (await askKv("look up a session", () => kv.get<string>(ownKeyOf(own)))).value;
}

function keyOf(tokenHash: string): Deno.KvKey {
  return ["session", tokenHash];
}

function ownKeyOf({ userId, publicId }: Pick<SessionRecord, "userId" | "publicId">): Deno.KvKey {
  return ["session-of", userId, publicId];
}
