/**
 * Signing in: throttled by address and by account, as slow for an unknown name as for a known one, and audited.
 *
 * Three limits stand side by side. An address (an IPv6 network) has 20 tries in ten minutes, whoever it tries. An
 * account has 10 from all browsers that are not known for it, under the user's id, so that spellings which the
 * database takes for the same do not multiply them. Each browser in which the user has signed in before has 10 of its
 * own, whatever its address, so that neither a stranger nor an office behind one address locks the owner out. A try
 * that nobody looked at is given back, and so is the address's after a success; an account comes in 30 times in ten
 * minutes, and two at once, so that nobody keeps the passwords busy with their own. A known browser has 30 of its own:
 * a stranger who has the password and not the second factor uses up none of them.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import { countTry, forgetTries, giveBack, type Limit, type Tried } from "../kv/limits.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type AuditSeal } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { findUserByEmail, type UserAccount } from "../store/users.ts";
import { type Admission, admit, type DoorServices } from "./admit.ts";
import { knownDevice } from "./device.ts";
import { comparedEmail } from "./email.ts";
import { originOf } from "./origin.ts";
import { type Passwords, refusalOf } from "./password.ts";
import { hashOfToken } from "./token.ts";

/** Tries from one address: 20 in ten minutes. */
export const TRIES_BY_ADDRESS: Limit = { name: "sign-in-address", tries: 20, windowMs: 600_000 };

/** Tries for one account from browsers that are not known: 10 in ten minutes, wherever they come from. */
export const TRIES_BY_ACCOUNT: Limit = { name: "sign-in-account", tries: 10, windowMs: 600_000 };

/** Tries for one account in a browser that is known for it: 10 in ten minutes. */
export const TRIES_BY_DEVICE: Limit = { name: "sign-in-device", tries: 10, windowMs: 600_000 };

/** Right passwords for one account from browsers that are not known: 30 in ten minutes. */
export const SUCCESSES_BY_ACCOUNT: Limit = { name: "sign-in-success", tries: 30, windowMs: 600_000 };

/** Right passwords for one account in a browser that is known for it: 30 in ten minutes. */
export const SUCCESSES_BY_DEVICE: Limit = { name: "sign-in-success-device", tries: 30, windowMs: 600_000 };

/** What signing in works with. */
export interface LoginServices extends DoorServices {
  /** Checks the password. */
  readonly passwords: Passwords;
  /** Seals what is written down. */
  readonly seal: AuditSeal;
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
  /** Path to go to. */
  readonly back: string;
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

interface CountedTry {
  readonly limit: Limit;
  readonly tried: Tried;
}

/** Somebody, and when. */
export interface UserAt {
  /** Who. */
  readonly userId: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Checks name and password, then asks the door. */
export async function signIn(
  services: LoginServices,
  credentials: Credentials,
): Promise<Result<Admission, LoginTrouble>> {
  const { db, kv, passwords, seal } = services;
  const { password, address, agent, requestId, device, back, nowMs } = credentials;
  const email = comparedEmail(credentials.email);
  const byAddress = { limit: TRIES_BY_ADDRESS, tried: { who: originOf(address), nowMs } };
  // Only who brings the cookie of a known browser has the account looked up before the address is counted.
  const early = device === undefined ? null : await accountOf(db, email);
  const known = early && await knownDevice(kv, { cookie: device, owner: early.user });
  const counted: CountedTry[] = [];
  const count = async (one: CountedTry) => {
    counted.push(one);
    const { allowed, retryAfterS } = await countTry(kv, one.limit, one.tried);
    return allowed ? null : err({ kind: "throttled", retryAfterS } as const);
  };
  const late = known === null ? await count(byAddress) : null;
  if (late) return late;
  const account = early ?? await accountOf(db, email);
  // What was typed is not kept: it may be a password in the wrong field.
  const name = await hashOfToken(email);
  const byAccount = accountTry({ account, name, known, nowMs });
  const userId = account?.user.id ?? null;
  const success = known === null
    ? { limit: SUCCESSES_BY_ACCOUNT, tried: { who: `user ${userId}`, nowMs } }
    : { limit: SUCCESSES_BY_DEVICE, tried: { who: `user ${userId} ${known}`, nowMs } };
  const often = await count(byAccount) ?? (userId === null ? null : await count(success));
  if (often) return often;
  const who = userId === null ? `name ${name}` : `user ${userId}${known === null ? "" : " known"}`;
  const turn = { who, known: known !== null };
  const fits = await passwords.verify(password, account?.passwordHash ?? null, turn);
  if (!fits.ok) {
    for (const { limit, tried } of counted) await giveBack(kv, limit, tried);
    return err(refusalOf(fits.error));
  }
  const by = { atMs: nowMs, actor: account?.user.email ?? "-", userId, origin: address, requestId, seal };
  const subject = `user ${userId ?? "unknown"}`;
  if (!account || !fits.value || account.user.state !== "active") {
    if (userId !== null) await giveBack(kv, success.limit, success.tried);
    await appendAudit(db, by, { action: "sign-in-refused", subject });
    return err({ kind: "wrong" });
  }
  if (known === null) await giveBack(kv, byAddress.limit, byAddress.tried);
  await forgetTries(kv, byAccount.limit, byAccount.tried);
  return ok(await admit(services, by, { user: account.user, how: "password", agent, device, back }));
}

/** Forgets what strangers tried at an account, and how often they had it right: its password is another one now. */
export async function forgetStrangers(kv: Kv, { userId, nowMs }: UserAt): Promise<void> {
  const tried = { who: `user ${userId}`, nowMs };
  await forgetTries(kv, TRIES_BY_ACCOUNT, tried);
  await forgetTries(kv, SUCCESSES_BY_ACCOUNT, tried);
}

/** The account of a name; MySQL and MariaDB find one without its accents too, which would say that it is there. */
async function accountOf(db: Database, email: string): Promise<UserAccount | null> {
  const account = await findUserByEmail(db, email);
  return account !== null && comparedEmail(account.user.email) === email ? account : null;
}

function accountTry({ account, name, known, nowMs }: {
  readonly account: UserAccount | null;
  readonly name: string;
  readonly known: string | null;
  readonly nowMs: number;
}): CountedTry {
  if (!account) return { limit: TRIES_BY_ACCOUNT, tried: { who: `name ${name}`, nowMs } };
  const who = `user ${account.user.id}`;
  if (known === null) return { limit: TRIES_BY_ACCOUNT, tried: { who, nowMs } };
  return { limit: TRIES_BY_DEVICE, tried: { who: `${who} ${known}`, nowMs } };
}
