/**
 * The first administrator: made through a link that stands once in the terminal, works once and for a day. There is
 * no default password anywhere.
 *
 * @module
 */

import { countTry, type Limit } from "../kv/limits.ts";
import type { Kv } from "../kv/mod.ts";
import { err, type Result } from "../result.ts";
import type { AuditSeal } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import {
  countUsers,
  createFirstAdministrator,
  isSetupToken,
  putSetupToken,
  type User,
} from "../store/users.ts";
import { originOf } from "./origin.ts";
import { type PasswordRefusal, type Passwords, refusalOf } from "./password.ts";
import { hashOfToken, looksLikeToken, newToken } from "./token.ts";

/** Milliseconds that a set-up link works: a day. */
export const SETUP_LINK_MS = 24 * 3_600_000;

/** Forms of the link from one address: 20 in ten minutes. */
export const SETUPS_BY_ADDRESS: Limit = { name: "set-up-address", tries: 20, windowMs: 600_000 };

/** Why no administrator was made. */
export type SetupTrouble = PasswordRefusal | {
  /** The link does not work (any more). */
  readonly kind: "spent";
};

/** A new link's token if nobody can sign in yet, replacing earlier ones; `null`: somebody can. */
export async function newSetupToken(db: Database, nowMs: number): Promise<string | null> {
  if (await countUsers(db) > 0) return null;
  const token = newToken();
  await putSetupToken(db, { tokenHash: await hashOfToken(token), expiresMs: nowMs + SETUP_LINK_MS });
  return token;
}

/** What the form of the link asks. */
export interface Administrator {
  /** What people call them. */
  readonly name: string;
  /** Lower case. */
  readonly email: string;
  /** As typed. */
  readonly password: string;
}

/** What making the first administrator works with. */
export interface SetupServices {
  /** Users. */
  readonly db: Database;
  /** Throttles. */
  readonly kv: Kv;
  /** Hashes the password. */
  readonly passwords: Passwords;
  /** Seals what is written down. */
  readonly seal: AuditSeal;
}

/** The form of the link as it came. */
export interface SetupRequest {
  /** The link's secret. */
  readonly token: string;
  /** Address of the client. */
  readonly address: string;
  /** Names the request. */
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Whom to make. */
  readonly administrator: Administrator;
}

/**
 * Makes the first administrator and spends the link, both or neither. Only who has a good link gets a password
 * hashed: the queue is there for people who sign in.
 */
export async function setUp(
  { db, kv, passwords, seal }: SetupServices,
  { token, address, requestId, nowMs, administrator }: SetupRequest,
): Promise<Result<User, SetupTrouble>> {
  const counted = await countTry(kv, SETUPS_BY_ADDRESS, { who: originOf(address), nowMs });
  if (!counted.allowed) return err({ kind: "throttled", retryAfterS: counted.retryAfterS });
  if (!looksLikeToken(token)) return err({ kind: "spent" });
  const tokenHash = await hashOfToken(token);
  if (!await isSetupToken(db, { tokenHash, nowMs })) return err({ kind: "spent" });
  const hashed = await passwords.hash(administrator.password);
  if (!hashed.ok) return err(refusalOf(hashed.error));
  const { name, email } = administrator;
  const by = { atMs: nowMs, actor: email, userId: null, origin: address, requestId, seal };
  const made = await createFirstAdministrator(db, by, { name, email, passwordHash: hashed.value, tokenHash });
  return made.ok ? made : err({ kind: "spent" });
}
