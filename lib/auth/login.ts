/**
 * Signing in: throttled by address and by account, as slow for an unknown name as for a known one, and audited.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { countTry, forgetTries, type Limit } from "../kv/limits.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { findUserByEmail, setLastSignIn, type User } from "../store/users.ts";
import type { Passwords } from "./password.ts";
import { startSession } from "./session.ts";

/** Tries from one address: 20 in ten minutes. */
export const TRIES_BY_ADDRESS: Limit = { name: "sign-in-address", tries: 20, windowMs: 600_000 };

/** Tries for one account: 10 in ten minutes, wherever they come from. */
export const TRIES_BY_ACCOUNT: Limit = { name: "sign-in-account", tries: 10, windowMs: 600_000 };

/** What signing in works with. */
export interface LoginServices {
  /** Users and audit. */
  readonly db: Database;
  /** Sessions and throttles. */
  readonly kv: Kv;
  /** Checks the password. */
  readonly passwords: Passwords;
}

/** What was typed, where from and when. */
export interface Credentials {
  /** Lower case. */
  readonly email: string;
  /** As typed. */
  readonly password: string;
  /** Address of the client. */
  readonly address: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Why nobody was signed in; never whether it was the name or the password. */
export type LoginTrouble =
  | { readonly kind: "wrong" }
  | { readonly kind: "throttled"; readonly retryAfterS: number };

/** Signs in; the token goes into the cookie. */
export async function signIn(
  services: LoginServices,
  credentials: Credentials,
): Promise<Result<{ readonly token: string; readonly user: User }, LoginTrouble>> {
  const { db, kv, passwords } = services;
  const { email, password, address, nowMs } = credentials;
  for (const [limit, who] of [[TRIES_BY_ADDRESS, address], [TRIES_BY_ACCOUNT, email]] as const) {
    const verdict = await countTry(kv, limit, { who, nowMs });
    if (!verdict.allowed) return err({ kind: "throttled", retryAfterS: verdict.retryAfterS });
  }
  const account = await findUserByEmail(db, email);
  const fits = await passwords.verify(password, account?.passwordHash ?? null);
  if (!fits.ok) return err({ kind: "throttled", retryAfterS: 2 });
  const entry = {
    atMs: nowMs,
    actor: email,
    subject: `user ${account?.user.id ?? "unknown"}`,
    origin: address,
  };
  if (!account || !fits.value || account.disabled) {
    await appendAudit(db, { ...entry, action: "sign-in-refused" });
    return err({ kind: "wrong" });
  }
  await forgetTries(kv, TRIES_BY_ACCOUNT, { who: email, nowMs });
  await setLastSignIn(db, { userId: account.user.id, nowMs });
  await appendAudit(db, { ...entry, action: "sign-in" });
  return ok({ token: await startSession(kv, { userId: account.user.id, nowMs }), user: account.user });
}
