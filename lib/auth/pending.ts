/**
 * A sign-in that is half done: the password was right, a second step is due. It lives for a few minutes and a few
 * tries, for the browser that holds its token, and dies when the person's sessions do.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import {
  countPending,
  getPending,
  type PendingEntry,
  putPending,
  type SecondStep,
  spendPending,
} from "../kv/pending.ts";
import type { Database } from "../store/db.ts";
import { findUser, type User } from "../store/users.ts";
import { hashOfToken, looksLikeToken, newToken } from "./token.ts";

export type { SecondStep } from "../kv/pending.ts";

/** Milliseconds that the second step may take: 5 minutes to show one, 15 to set one up. */
export const PENDING_MS: Readonly<Record<SecondStep, number>> = {
  "enter": 5 * 60_000,
  "set-up": 15 * 60_000,
};

/** Tries within one half-done sign-in: whoever sets up sees the seed, and only mistypes. */
export const PENDING_TRIES: Readonly<Record<SecondStep, number>> = { "enter": 5, "set-up": 20 };

/** A half-done sign-in as it begins. */
export interface PendingStart {
  /** Who: the password was right. */
  readonly user: Pick<User, "id" | "sessionEpoch">;
  /** What is due. */
  readonly step: SecondStep;
  /** Path to go to when it is done. */
  readonly back: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Starts one and gives the token for its cookie. */
export async function startPending(kv: Kv, { user, step, back, nowMs }: PendingStart): Promise<string> {
  const token = newToken();
  const expireInMs = PENDING_MS[step];
  const pending = {
    userId: user.id,
    epoch: user.sessionEpoch,
    step,
    back,
    tries: 0,
    expiresMs: nowMs + expireInMs,
  };
  await putPending(kv, await hashOfToken(token), { pending, expireInMs });
  return token;
}

/** A half-done sign-in that lives. */
export interface Pending extends PendingEntry {
  /** Hash of the token: names it without opening it. */
  readonly key: string;
  /** Who, as they are now. */
  readonly user: User;
}

/** Where people and half-done sign-ins are. */
export interface PendingServices {
  /** People. */
  readonly db: Database;
  /** Half-done sign-ins. */
  readonly kv: Kv;
}

/** The living one of a token; `null`: none, over, or the person may no longer come in as they did. */
export async function findPending(
  { db, kv }: PendingServices,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): Promise<Pending | null> {
  if (!looksLikeToken(token)) return null;
  const key = await hashOfToken(token);
  const entry = await getPending(kv, key);
  if (!entry || entry.pending.expiresMs <= nowMs) return null;
  const user = await findUser(db, entry.pending.userId);
  return user?.sessionEpoch === entry.pending.epoch ? { ...entry, key, user } : null;
}

/** Counts a try before it is looked at; `null`: there were too many, or another one was made at the same moment. */
export async function countPendingTry(
  kv: Kv,
  found: Pending,
  nowMs: number,
): Promise<Pending | null> {
  const { key, pending } = found;
  if (pending.tries >= PENDING_TRIES[pending.step]) {
    await spendPending(kv, key, found.version);
    return null;
  }
  const counted = await countPending(kv, key, {
    ...found,
    expireInMs: Math.max(1, pending.expiresMs - nowMs),
  });
  return counted && { ...found, ...counted };
}

/** Ends one, because it is done; whether it was there still. Of two at once, one. */
export function finishPending(kv: Kv, { key, version }: Pick<Pending, "key" | "version">): Promise<boolean> {
  return spendPending(kv, key, version);
}
