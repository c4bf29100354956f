/**
 * Passkeys of people: what a browser's authenticator promised when it was added, and how often it has signed since.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, isStoreError } from "./db.ts";
import { holdAccount } from "./user_rows.ts";
import { type Changing, within } from "./within.ts";

/** Passkeys of one person at most. */
export const PASSKEYS_MAX = 10;

/** A passkey as it is added. */
export interface PasskeyDraft {
  /** SHA-256 of the credential id, at most 64 characters. */
  readonly credentialHash: string;
  /** Whose it is. */
  readonly userId: number;
  /** The credential id, base64url. */
  readonly credential: string;
  /** The public key, base64url. */
  readonly publicKey: string;
  /** Signatures so far as the authenticator counts; 0: it may not count. */
  readonly signCount: number;
  /** Ways to the authenticator, such as `internal`; at most 120 characters with their commas. */
  readonly transports: readonly string[];
  /** What its owner calls it, at most 80 characters. */
  readonly name: string;
  /** Whether it is kept outside of one device. */
  readonly backedUp: boolean;
}

/** A passkey as it is added by somebody who is signed in. */
export interface PasskeyAddition extends PasskeyDraft {
  /** The session epoch of the person then: of another one they are not who added it. Absent: it does not matter. */
  readonly epoch?: number;
}

/** A passkey. */
export interface Passkey extends PasskeyDraft {
  /** Epoch milliseconds. */
  readonly createdMs: number;
  /** Epoch milliseconds; `null`: never. */
  readonly lastUsedMs: number | null;
}

/** Why a passkey was not added: it is there, there are ten, or there is nobody like that. */
export type PasskeyTrouble =
  | { readonly kind: "known" }
  | { readonly kind: "too-many" }
  | { readonly kind: "unknown" };

function selectPasskeys(executor: Executor) {
  return executor.selectFrom("passkey").select([
    "credential_hash",
    "user_id",
    "credential",
    "public_key",
    "sign_count",
    "transports",
    "name",
    "backed_up",
    "created_ms",
    "last_used_ms",
  ]);
}

type PasskeyRow = Awaited<ReturnType<ReturnType<typeof selectPasskeys>["execute"]>>[number];

function passkeyOf(row: PasskeyRow): Passkey {
  return {
    credentialHash: row.credential_hash,
    userId: row.user_id,
    credential: row.credential,
    publicKey: row.public_key,
    signCount: row.sign_count,
    transports: row.transports === "" ? [] : row.transports.split(","),
    name: row.name,
    backedUp: row.backed_up === 1,
    createdMs: row.created_ms,
    lastUsedMs: row.last_used_ms,
  };
}

/** Passkeys of a person, oldest first. */
export async function listPasskeys(db: Database, userId: number): Promise<readonly Passkey[]> {
  const rows = await selectPasskeys(db.reader).where("user_id", "=", userId).orderBy("created_ms")
    .orderBy("credential_hash").limit(PASSKEYS_MAX).execute();
  return rows.map(passkeyOf);
}

/** A passkey by the hash of its credential id; `null`: there is none. */
export async function findPasskey(db: Database, credentialHash: string): Promise<Passkey | null> {
  const row = await selectPasskeys(db.kysely).where("credential_hash", "=", credentialHash)
    .executeTakeFirst();
  return row ? passkeyOf(row) : null;
}

/** Adds a passkey. */
export async function addPasskey(
  db: Changing,
  by: Author,
  draft: PasskeyAddition,
): Promise<Result<Passkey, PasskeyTrouble>> {
  try {
    return await within(db, (tx) => insertPasskey(tx, by, draft));
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "known" });
    throw error;
  }
}

async function insertPasskey(
  tx: Executor,
  by: Author,
  { epoch, ...draft }: PasskeyAddition,
): Promise<Result<Passkey, PasskeyTrouble>> {
  const { userId, name, backedUp } = draft;
  // Holding the person, two that are added at once see each other.
  const owner = (await holdAccount(tx, userId))?.user;
  if (!owner || (epoch !== undefined && epoch !== owner.sessionEpoch)) return err({ kind: "unknown" });
  const there = await tx.selectFrom("passkey").select("credential_hash").where("user_id", "=", userId)
    .limit(PASSKEYS_MAX).execute();
  if (there.some(({ credential_hash }) => credential_hash === draft.credentialHash)) {
    return err({ kind: "known" });
  }
  if (there.length >= PASSKEYS_MAX) return err({ kind: "too-many" });
  await tx.insertInto("passkey").values({
    credential_hash: draft.credentialHash,
    user_id: userId,
    credential: draft.credential,
    public_key: draft.publicKey,
    sign_count: draft.signCount,
    transports: draft.transports.join(","),
    name,
    backed_up: backedUp ? 1 : 0,
    created_ms: by.atMs,
    last_used_ms: null,
  }).execute();
  await appendAudit(tx, by, {
    action: "passkey-added",
    subject: `user ${userId}`,
    after: { passkey: name, backedUp },
  });
  return ok({ ...draft, createdMs: by.atMs, lastUsedMs: null });
}

/** A signature by a passkey. */
export interface PasskeyUse {
  /** Which. */
  readonly credentialHash: string;
  /** Signatures as the authenticator counts now; 0: it does not. */
  readonly signCount: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Notes a signature; whether its count is later than all before it (a copied authenticator falls behind). */
export async function usePasskey(
  db: Database,
  { credentialHash, signCount, nowMs }: PasskeyUse,
): Promise<boolean> {
  const used = await db.kysely.updateTable("passkey").set({ sign_count: signCount, last_used_ms: nowMs })
    .where("credential_hash", "=", credentialHash)
    .where((eb) => signCount === 0 ? eb("sign_count", "=", 0) : eb("sign_count", "<", signCount))
    .executeTakeFirst();
  return used.numUpdatedRows === 1n;
}

/** A passkey of a person. */
export interface OwnPasskey {
  /** Which. */
  readonly credentialHash: string;
  /** Whose it must be. */
  readonly userId: number;
}

/** Calls a passkey something else. */
export function renamePasskey(
  db: Changing,
  by: Author,
  { credentialHash, userId, name }: OwnPasskey & { readonly name: string },
): Promise<Result<void, { readonly kind: "unknown" }>> {
  return within(db, async (tx): Promise<Result<void, { readonly kind: "unknown" }>> => {
    const row = await ownPasskey(tx, { credentialHash, userId });
    if (!row) return err({ kind: "unknown" });
    await tx.updateTable("passkey").set({ name }).where("credential_hash", "=", credentialHash).execute();
    await appendAudit(tx, by, {
      action: "passkey-renamed",
      subject: `user ${userId}`,
      before: { passkey: row.name },
      after: { passkey: name },
    });
    return ok(undefined);
  });
}

/** Why a passkey was not removed: there is none like that, or it is the last second factor of who must have one. */
export type RemovalTrouble = { readonly kind: "unknown" } | { readonly kind: "last" };

/** A passkey that is to go. */
export interface PasskeyRemoval extends OwnPasskey {
  /** Whether its owner must have a second factor; default: they need not. */
  readonly needed?: boolean;
}

/** Removes a passkey. */
export function removePasskey(
  db: Changing,
  by: Author,
  { credentialHash, userId, needed = false }: PasskeyRemoval,
): Promise<Result<void, RemovalTrouble>> {
  return within(db, async (tx): Promise<Result<void, RemovalTrouble>> => {
    const row = await ownPasskey(tx, { credentialHash, userId });
    if (!row) return err({ kind: "unknown" });
    // Holding the person, two that are removed at once see each other.
    if (needed && row.owner.passkeys <= 1 && !row.owner.secondFactor) return err({ kind: "last" });
    await tx.deleteFrom("passkey").where("credential_hash", "=", credentialHash).execute();
    const before = { passkey: row.name };
    await appendAudit(tx, by, { action: "passkey-removed", subject: `user ${userId}`, before });
    return ok(undefined);
  });
}

async function ownPasskey(tx: Executor, { credentialHash, userId }: OwnPasskey) {
  const account = await holdAccount(tx, userId);
  if (!account) return undefined;
  const row = await tx.selectFrom("passkey").select("name").where("credential_hash", "=", credentialHash)
    .where("user_id", "=", userId).executeTakeFirst();
  return row && { name: row.name, owner: account.user };
}
