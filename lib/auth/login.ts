/**
 * Signing in: throttled by address and by account, as slow for an unknown name as for a known one, and audited.
 *
 * Three limits stand side by side. An address (an IPv6 network) has 20 tries in ten minutes, whoever it tries. An
 * account has 10 from all browsers that are not known for it, under the user's id, so that spellings which the
 * database takes for the same do not multiply them. Each browser in which the user has signed in before has 10 of its
 * own, so that a stranger cannot lock the owner out. A try that nobody looked at is given back, and so is the
 * address's after a success.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { countTry, forgetTries, giveBack, type Limit, type Tried } from "../kv/limits.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type AuditSeal } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { StoreError } from "../store/errors.ts";
import { findUserByEmail, setLastSignIn, type User, type UserAccount } from "../store/users.ts";
import { knownDevice, newDevice } from "./device.ts";
import { comparedEmail } from "./email.ts";
import { originOf } from "./origin.ts";
import { type Passwords, refusalOf } from "./password.ts";
import { startSession } from "./session.ts";
import { hashOfToken } from "./token.ts";

/** Tries from one address: 20 in ten minutes. */
export const TRIES_BY_ADDRESS: Limit = { name: "sign-in-address", tries: 20, windowMs: 600_000 };

/** Tries for one account from browsers that are not known: 10 in ten minutes, wherever they come from. */
export const TRIES_BY_ACCOUNT: Limit = { name: "sign-in-account", tries: 10, windowMs: 600_000 };

/** Tries for one account in a browser that is known for it: 10 in ten minutes. */
export const TRIES_BY_DEVICE: Limit = { name: "sign-in-device", tries: 10, windowMs: 600_000 };

/** What signing in works with. */
export interface LoginServices {
  /** Users and audit. */
  readonly db: Database;
  /** Sessions and throttles. */
  readonly kv: Kv;
  /** Checks the password. */
  readonly passwords: Passwords;
  /** Seals what is written down. */
  readonly seal: AuditSeal;
  /** Told when a sign-in could not be written down; it goes on. */
  readonly onTrouble: (error: unknown) => void;
}

/** What was typed, where from and when. */
export interface Credentials {
  /** As typed. */
  readonly email: string;
  /** As typed. */
  readonly password: string;
  /** Address of the client. */
  readonly address: string;
  /** Names the request. */
  readonly requestId: string;
  /** What the browser says it is. */
  readonly agent: string;
  /** What the browser keeps from an earlier sign-in; `undefined`: nothing. */
  readonly device: string | undefined;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Why nobody was signed in; never whether it was the name or the password. */
export type LoginTrouble =
  /** Name or password. */
  | { readonly kind: "wrong" }
  /** Too many tries, or too many people at this moment. */
  | { readonly kind: "throttled"; readonly retryAfterS: number }
  /** No password can be checked now. */
  | { readonly kind: "failed" };

/** Who came in. */
export interface SignedIn {
  /** For the cookie of the session. */
  readonly token: string;
  /** For the cookie by which the browser is known next time. */
  readonly device: string;
  /** Who it is. */
  readonly user: User;
}

/** Signs in; the tokens go into cookies. */
export async function signIn(
  services: LoginServices,
  credentials: Credentials,
): Promise<Result<SignedIn, LoginTrouble>> {
  const { db, kv, passwords, seal } = services;
  const { password, address, agent, requestId, device, nowMs } = credentials;
  const email = comparedEmail(credentials.email);
  const byAddress = { limit: TRIES_BY_ADDRESS, tried: { who: originOf(address), nowMs } };
  const first = await countTry(kv, byAddress.limit, byAddress.tried);
  if (!first.allowed) return err({ kind: "throttled", retryAfterS: first.retryAfterS });
  const account = await findUserByEmail(db, email);
  const known = account && await knownDevice(kv, { cookie: device, userId: account.user.id });
  // What was typed is not kept: it may be a password in the wrong field.
  const name = await hashOfToken(email);
  const byAccount = accountTry({ account, name, known, nowMs });
  const second = await countTry(kv, byAccount.limit, byAccount.tried);
  if (!second.allowed) return err({ kind: "throttled", retryAfterS: second.retryAfterS });
  const fits = await passwords.verify(password, account?.passwordHash ?? null);
  if (!fits.ok) {
    for (const { limit, tried } of [byAddress, byAccount]) await giveBack(kv, limit, tried);
    return err(refusalOf(fits.error));
  }
  const userId = account?.user.id ?? null;
  const by = { atMs: nowMs, actor: account?.user.email ?? "-", userId, origin: address, requestId, seal };
  const subject = `user ${userId ?? "unknown"}`;
  if (!account || !fits.value || account.user.state !== "active") {
    await noted(services, () => appendAudit(db, by, { action: "sign-in-refused", subject }));
    return err({ kind: "wrong" });
  }
  const { user } = account;
  await giveBack(kv, byAddress.limit, byAddress.tried);
  await forgetTries(kv, byAccount.limit, byAccount.tried);
  await noted(services, () => setLastSignIn(db, { userId: user.id, nowMs }));
  await noted(services, () => appendAudit(db, by, { action: "sign-in", subject }));
  const token = await startSession(kv, { user, origin: address, agent, by: "password", nowMs });
  return ok({ token, device: known && device ? device : await newDevice(kv, user.id), user });
}

function accountTry({ account, name, known, nowMs }: {
  readonly account: UserAccount | null;
  readonly name: string;
  readonly known: string | null;
  readonly nowMs: number;
}): { readonly limit: Limit; readonly tried: Tried } {
  if (!account) return { limit: TRIES_BY_ACCOUNT, tried: { who: `name ${name}`, nowMs } };
  const who = `user ${account.user.id}`;
  if (known === null) return { limit: TRIES_BY_ACCOUNT, tried: { who, nowMs } };
  return { limit: TRIES_BY_DEVICE, tried: { who: `${who} ${known}`, nowMs } };
}

/** Writes down what happened; a database that cannot take it now keeps nobody out. */
async function noted({ onTrouble }: LoginServices, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    onTrouble(error);
  }
}
