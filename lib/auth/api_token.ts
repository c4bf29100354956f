/**
 * API tokens: what a program shows instead of a session. A token acts for the person who made it, never for more: it
 * has the role and the reach that they have now, cut to its own, and is dead as soon as they may have none.
 *
 * @module
 */

import { type Asker, may } from "../domain/permission.ts";
import { countTry, type Limit } from "../kv/limits.ts";
import type { Kv } from "../kv/mod.ts";
import { err, ok, type Result } from "../result.ts";
import type { Database } from "../store/db.ts";
import { type ApiToken, findToken, noteTokenUse } from "../store/tokens.ts";
import type { User } from "../store/users.ts";
import { originOf } from "./origin.ts";
import { hashOfToken, newToken } from "./token.ts";

/** How every token begins, so that scanners for leaked secrets know it. */
export const API_TOKEN_PREFIX = "wp_";

/** Shortest life of a token in days. */
export const TOKEN_DAYS_MIN = 1;

/** Longest life of a token in days. */
export const TOKEN_DAYS_MAX = 365;

/** Wrong tokens that an address may show in ten minutes. */
const WRONG: Limit = { name: "api-token-wrong", tries: 30, windowMs: 600_000 };

/** Wrong tokens of an address that are written down in ten minutes. */
const WRITTEN: Limit = { name: "api-token-written", tries: 5, windowMs: 600_000 };

/** Wrong tokens that are written down in ten minutes, whoever shows them. */
const WRITTEN_ALL: Limit = { name: "api-token-written-all", tries: 100, windowMs: 600_000 };

const SHAPE = /^wp_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;

/** A new token: shown once, its hash is kept. */
export interface NewApiToken {
  /** `wp_`, 32 random bytes and a checksum, 52 characters. */
  readonly text: string;
  /** SHA-256 in base64url. */
  readonly hash: string;
}

/** Makes a token. */
export async function newApiToken(): Promise<NewApiToken> {
  const secret = newToken();
  const text = `${API_TOKEN_PREFIX}${secret}${await checksumOf(secret)}`;
  return { text, hash: await hashOfToken(text) };
}

/** Whether a text is whole: a token that was mistyped or cut off is known without asking the database. */
export async function isWholeApiToken(text: string): Promise<boolean> {
  const [, secret, checksum] = SHAPE.exec(text) ?? [];
  return secret !== undefined && await checksumOf(secret) === checksum;
}

async function checksumOf(secret: string): Promise<string> {
  return (await hashOfToken(`${API_TOKEN_PREFIX}${secret}`)).slice(0, 6);
}

/** What an `Authorization` header shows as bearer token, at most 200 characters; `null`: it shows none. */
export function bearerOf(headers: Headers): string | null {
  const header = headers.get("authorization") ?? "";
  return /^bearer /i.test(header) ? header.slice("bearer ".length).trim().slice(0, 200) : null;
}

/** Who asks with a token. */
export interface TokenBearer {
  /** What they may do and reach: the person's now and the token's. */
  readonly asker: Asker;
  /** The token. */
  readonly token: ApiToken;
  /** The person it acts for. */
  readonly user: User;
}

/** Why a request is not let in. */
export type TokenProblem =
  /** It shows no token. */
  | { readonly kind: "no-token" }
  /** Its token is none of ours, is over, was revoked, or its owner may have none; whether to write that down. */
  | { readonly kind: "wrong-token"; readonly writeDown: boolean }
  /** Its address, or IPv6 network, has shown too many wrong ones. */
  | { readonly kind: "too-many"; readonly retryAfterS: number };

/** What authentication needs to know. */
export interface TokenRequest {
  /** Headers of the request. */
  readonly headers: Headers;
  /** Address of the client. */
  readonly origin: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Where tokens and tries are kept. */
export interface TokenStores {
  /** The tokens. */
  readonly db: Database;
  /** The tries. */
  readonly kv: Kv;
}

/** Who asks, by the bearer token of a request. Last use is noted at most once a minute. */
export async function authenticate(
  { db, kv }: TokenStores,
  { headers, origin, nowMs }: TokenRequest,
): Promise<Result<TokenBearer, TokenProblem>> {
  const text = bearerOf(headers);
  if (text === null) return err({ kind: "no-token" });
  const found = await isWholeApiToken(text)
    ? await findToken(db, { tokenHash: await hashOfToken(text), nowMs })
    : null;
  const bearer = found && bearerOfToken(found);
  if (!bearer) return err(await countWrong(kv, { origin, nowMs }));
  await noteTokenUse(db, { tokenId: bearer.token.id, nowMs, origin });
  return ok(bearer);
}

/** The person's rights now, cut to the token's; `null`: they may have no tokens any more. */
function bearerOfToken(
  { token, user }: { readonly token: ApiToken; readonly user: User },
): TokenBearer | null {
  const { role } = user;
  if (!may({ role, reaches: [user.reach], mayWrite: true }, "tokens.own")) return null;
  return { asker: { role, reaches: [user.reach, token.reach], mayWrite: token.mayWrite }, token, user };
}

async function countWrong(
  kv: Kv,
  { origin, nowMs }: { readonly origin: string; readonly nowMs: number },
): Promise<TokenProblem> {
  const who = originOf(origin);
  const { allowed, retryAfterS } = await countTry(kv, WRONG, { who, nowMs });
  if (!allowed) return { kind: "too-many", retryAfterS };
  const writeDown = (await countTry(kv, WRITTEN, { who, nowMs })).allowed &&
    (await countTry(kv, WRITTEN_ALL, { who: "everybody", nowMs })).allowed;
  return { kind: "wrong-token", writeDown };
}
