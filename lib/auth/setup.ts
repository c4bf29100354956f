/**
 * The first administrator: made through a link that stands once in the terminal, works once and for a day. There is
 * no default password anywhere.
 *
 * @module
 */

import { err, type Result } from "../result.ts";
import type { Database } from "../store/db.ts";
import { countUsers, createFirstAdministrator, putSetupToken, type User } from "../store/users.ts";
import type { Passwords } from "./password.ts";
import { hashOfToken, looksLikeToken, newToken } from "./token.ts";

/** Milliseconds that a set-up link works: a day. */
export const SETUP_LINK_MS = 24 * 3_600_000;

/** Why no administrator was made. */
export type SetupTrouble = "spent" | "busy";

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
  /** Hashes the password. */
  readonly passwords: Passwords;
}

/** Makes the first administrator and spends the link, both or neither. */
export async function setUp(
  { db, passwords }: SetupServices,
  { token, nowMs, administrator }: {
    readonly token: string;
    readonly nowMs: number;
    readonly administrator: Administrator;
  },
): Promise<Result<User, SetupTrouble>> {
  if (!looksLikeToken(token)) return err("spent");
  const hashed = await passwords.hash(administrator.password);
  if (!hashed.ok) return err("busy");
  const { name, email } = administrator;
  const tokenHash = await hashOfToken(token);
  const made = await createFirstAdministrator(db, {
    name,
    email,
    passwordHash: hashed.value,
    tokenHash,
    nowMs,
  });
  return made.ok ? made : err("spent");
}
