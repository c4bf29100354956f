/**
 * API tokens, kept by the hash of their secret: a person makes them, they end by themselves, and their last use shows.
 *
 * @module
 */

import type { Reach } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import type { Database, Executor } from "./db.ts";
import { takeIds } from "./ids.ts";
import { isKnownReach, plainReach, readReaches, writeReach } from "./reach.ts";
import { accountsOf, holdAccount, selectUsers, type User } from "./user_rows.ts";
import { type Changing, within } from "./within.ts";

/** Tokens of one person that are alive at once, at most. */
export const TOKENS_MAX = 20;

/** Milliseconds between two notes of a token's use. */
const NOTE_EVERY_MS = 60_000;

/** Tokens of one list at most: revoked and ended ones are left out beyond it, never living ones. */
const LIST_LIMIT = 100;

/** A token, without its secret. */
export interface ApiToken {
  /** 32-bit. */
  readonly id: number;
  /** Who made it and for whom it acts. */
  readonly userId: number;
  /** What its owner calls it. */
  readonly name: string;
  /** Whether it may change anything. */
  readonly mayWrite: boolean;
  /** What it reaches, within what its owner does. */
  readonly reach: Reach;
  /** Epoch milliseconds. */
  readonly createdMs: number;
  /** Epoch milliseconds from which it is over. */
  readonly expiresMs: number;
  /** Epoch milliseconds; `null`: it was not revoked. */
  readonly revokedMs: number | null;
  /** Epoch milliseconds of its last use, to a minute; `null`: never. */
  readonly lastUsedMs: number | null;
  /** Address from which it was last used; `null`: never. */
  readonly lastUsedFrom: string | null;
}

/** A token as it is made. */
export interface TokenDraft {
  /** Hash of its secret, at most 64 characters. */
  readonly tokenHash: string;
  /** Who makes it. */
  readonly userId: number;
  /** At most 80 characters. */
  readonly name: string;
  /** Whether it may change anything. */
  readonly mayWrite: boolean;
  /** What it reaches. */
  readonly reach: Reach;
  /** Epoch milliseconds from which it is over. */
  readonly expiresMs: number;
}

/** Why no token was made: too many are alive, a group or site is not there, or nobody there may come in. */
export type TokenTrouble =
  | { readonly kind: "too-many" }
  | { readonly kind: "unknown-reach" }
  | { readonly kind: "unknown" };

interface TokenRow {
  readonly token_id: number;
  readonly user_id: number;
  readonly name: string;
  readonly may_write: number;
  readonly reach_all: number;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly revoked_ms: number | null;
  readonly last_used_ms: number | null;
  readonly last_used_from: string | null;
}

function selectTokens(executor: Executor) {
  return executor.selectFrom("api_token").select([
    "token_id",
    "user_id",
    "name",
    "may_write",
    "reach_all",
    "created_ms",
    "expires_ms",
    "revoked_ms",
    "last_used_ms",
    "last_used_from",
  ]);
}

async function tokensOf(executor: Executor, rows: readonly TokenRow[]): Promise<readonly ApiToken[]> {
  const limited = rows.filter(({ reach_all }) => reach_all === 0).map(({ token_id }) => token_id);
  const reaches = await readReaches(executor, "token", limited);
  return rows.map((row) => ({
    id: row.token_id,
    userId: row.user_id,
    name: row.name,
    mayWrite: row.may_write === 1,
    reach: row.reach_all === 1
      ? { kind: "all" }
      : reaches.get(row.token_id) ?? { kind: "some", groupIds: [], siteIds: [] },
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    revokedMs: row.revoked_ms,
    lastUsedMs: row.last_used_ms,
    lastUsedFrom: row.last_used_from,
  }));
}

/** Makes a token of somebody who may come in. */
export function createToken(
  db: Changing,
  by: Author,
  draft: TokenDraft,
): Promise<Result<ApiToken, TokenTrouble>> {
  return within(db, async (tx): Promise<Result<ApiToken, TokenTrouble>> => {
    const { tokenHash, userId, name, mayWrite, expiresMs } = draft;
    // Holding the person, two that are made at once see each other.
    const owner = await holdAccount(tx, userId);
    if (owner?.user.state !== "active") return err({ kind: "unknown" });
    const alive = await tx.selectFrom("api_token").select((eb) => eb.fn.countAll<number>().as("tokens"))
      .where("user_id", "=", userId).where("revoked_ms", "is", null).where("expires_ms", ">", by.atMs)
      .executeTakeFirstOrThrow();
    if (Number(alive.tokens) >= TOKENS_MAX) return err({ kind: "too-many" });
    const reach = plainReach(draft.reach);
    if (!await isKnownReach(tx, reach)) return err({ kind: "unknown-reach" });
    const id = await takeIds(tx, "token", 1);
    await tx.insertInto("api_token").values({
      token_id: id,
      token_hash: tokenHash,
      user_id: userId,
      name,
      may_write: mayWrite ? 1 : 0,
      reach_all: reach.kind === "all" ? 1 : 0,
      created_ms: by.atMs,
      expires_ms: expiresMs,
      revoked_ms: null,
      last_used_ms: null,
      last_used_from: null,
    }).execute();
    await writeReach(tx, { kind: "token", id }, reach);
    const after = { userId, name, mayWrite, reach: reach.kind === "all" ? "all" : reach, expiresMs };
    await appendAudit(tx, by, { action: "token-made", subject: `token ${id}`, after });
    const unused = { revokedMs: null, lastUsedMs: null, lastUsedFrom: null };
    return ok({ id, userId, name, mayWrite, reach, createdMs: by.atMs, expiresMs, ...unused });
  });
}

/** All living tokens of a person, and of the others as many as there is room for up to 100; newest first. */
export async function listTokens(db: Database, userId: number): Promise<readonly ApiToken[]> {
  // Of those not revoked the living ones end last: whatever was made and revoked since, none of them falls off.
  const rows = await selectTokens(db.reader).where("user_id", "=", userId)
    .orderBy((eb) => eb.case().when("revoked_ms", "is", null).then(0).else(1).end())
    .orderBy("expires_ms", "desc").orderBy("token_id", "desc").limit(LIST_LIMIT).execute();
  return (await tokensOf(db.reader, rows)).toSorted((a, b) => b.id - a.id);
}

/** A token that is alive and its owner, who may come in; `null`: there is none. */
export async function findToken(
  db: Database,
  { tokenHash, nowMs }: { readonly tokenHash: string; readonly nowMs: number },
): Promise<{ readonly token: ApiToken; readonly user: User } | null> {
  const rows = await selectTokens(db.reader).where("token_hash", "=", tokenHash)
    .where("revoked_ms", "is", null).where("expires_ms", ">", nowMs).execute();
  const [token] = await tokensOf(db.reader, rows);
  if (!token) return null;
  const owners = await selectUsers(db.reader).where("user_id", "=", token.userId).execute();
  const [owner] = await accountsOf(db.reader, owners);
  return owner?.user.state === "active" ? { token, user: owner.user } : null;
}

/** Revokes a token of a person; what it reached is forgotten, so that its groups may go. One that was revoked stays so. */
export function revokeToken(
  db: Changing,
  by: Author,
  { tokenId, userId }: { readonly tokenId: number; readonly userId: number },
): Promise<Result<void, { readonly kind: "unknown" }>> {
  return within(db, async (tx): Promise<Result<void, { readonly kind: "unknown" }>> => {
    if (await revoke(tx, by, { tokenId, userId })) return ok(undefined);
    const there = await tx.selectFrom("api_token").select("token_id")
      .where("token_id", "=", tokenId).where("user_id", "=", userId).executeTakeFirst();
    return there ? ok(undefined) : err({ kind: "unknown" });
  });
}

/** Revokes all tokens of a person that are alive; how many. */
export function revokeTokens(db: Changing, by: Author, userId: number): Promise<number> {
  return within(db, async (tx) => {
    // Holding the person: one that is made at once is either seen here, or made after this.
    await holdAccount(tx, userId);
    const alive = await tx.selectFrom("api_token").select("token_id").where("user_id", "=", userId)
      .where("revoked_ms", "is", null).where("expires_ms", ">", by.atMs).orderBy("token_id")
      .limit(TOKENS_MAX).execute();
    let revoked = 0;
    for (const { token_id: tokenId } of alive) if (await revoke(tx, by, { tokenId, userId })) revoked++;
    return revoked;
  });
}

async function revoke(
  tx: Executor,
  by: Author,
  { tokenId, userId }: { readonly tokenId: number; readonly userId: number },
): Promise<boolean> {
  const revoked = await tx.updateTable("api_token").set({ revoked_ms: by.atMs })
    .where("token_id", "=", tokenId).where("user_id", "=", userId).where("revoked_ms", "is", null)
    .executeTakeFirst();
  if (revoked.numUpdatedRows !== 1n) return false;
  const [row] = await selectTokens(tx).where("token_id", "=", tokenId).execute();
  await writeReach(tx, { kind: "token", id: tokenId }, { kind: "some", groupIds: [], siteIds: [] });
  const before = { userId, name: row?.name };
  await appendAudit(tx, by, { action: "token-revoked", subject: `token ${tokenId}`, before });
  return true;
}

/** Notes the use of a token, at most once a minute. */
export async function noteTokenUse(
  db: Database,
  { tokenId, nowMs, origin }: { readonly tokenId: number; readonly nowMs: number; readonly origin: string },
): Promise<void> {
  await db.kysely.updateTable("api_token").set({ last_used_ms: nowMs, last_used_from: origin.slice(0, 64) })
    .where("token_id", "=", tokenId)
    .where((eb) => eb.or([eb("last_used_ms", "is", null), eb("last_used_ms", "<=", nowMs - NOTE_EVERY_MS)]))
    .execute();
}
