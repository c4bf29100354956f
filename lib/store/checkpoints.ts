/**
 * Signed states of the audit trail. The chain shows what was changed inside it; only a state that was kept elsewhere
 * shows that its tail was cut off, or that all of it was written anew by somebody with the key. So each state goes into
 * a table, a log line and a file beside the database.
 *
 * @module
 */

import { createPublicKey, verify } from "node:crypto";
import type { Database } from "./db.ts";
import { insertMissing } from "./dialect.ts";
import type { CheckpointSigner } from "./keys.ts";

/** A signed state. */
export interface Checkpoint {
  /** Place of the newest entry in the chain, from 1. */
  readonly seq: number;
  /** Its seal. */
  readonly hash: string;
  /** When it was signed, epoch milliseconds. */
  readonly atMs: number;
  /** Names the key that signed. */
  readonly keyId: string;
  /** Over {@link checkpointText}, Ed25519, base64url. */
  readonly signature: string;
}

/** What is signed of a state. */
export function checkpointText({ seq, hash, atMs }: Pick<Checkpoint, "seq" | "hash" | "atMs">): string {
  return JSON.stringify(["wattpost-checkpoint-1", seq, hash, atMs]);
}

/** Whether a state was signed by the owner of a public key, 32 bytes in base64url. */
export function isSignedBy(publicKey: string, checkpoint: Checkpoint): boolean {
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
  const signature = Uint8Array.fromBase64(checkpoint.signature, { alphabet: "base64url" });
  return verify(null, new TextEncoder().encode(checkpointText(checkpoint)), key, signature);
}

/**
 * Signs the newest state unless it is the one signed before, and keeps it in the table.
 *
 * @param after Place of the state signed before; 0: none.
 * @returns The state; `null`: nothing was written down since.
 */
export async function signCheckpoint(
  db: Database,
  signer: CheckpointSigner,
  { after, nowMs }: { readonly after: number; readonly nowMs: number },
): Promise<Checkpoint | null> {
  const head = await db.reader.selectFrom("audit_head").select(["seq", "hash"]).where("head_id", "=", 1)
    .executeTakeFirst();
  if (!head || head.seq <= after) return null;
  const state = { seq: head.seq, hash: head.hash, atMs: nowMs };
  const checkpoint = { ...state, keyId: signer.keyId, signature: signer.sign(checkpointText(state)) };
  const { seq, hash, keyId, signature } = checkpoint;
  // Two instances may sign the same state; the first is kept.
  await insertMissing(db.kysely, "audit_checkpoint", { seq, hash, at_ms: nowMs, key_id: keyId, signature });
  return checkpoint;
}

/** Place of the newest signed state; 0: none. */
export async function newestCheckpoint(db: Database): Promise<number> {
  const row = await db.reader.selectFrom("audit_checkpoint").select("seq").orderBy("seq", "desc").limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** Signed states after a place, in order, at most `limit`. */
export async function listCheckpoints(
  db: Database,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly Checkpoint[]> {
  const rows = await db.reader.selectFrom("audit_checkpoint")
    .select(["seq", "hash", "at_ms", "key_id", "signature"])
    .where("seq", ">", after).orderBy("seq").limit(limit).execute();
  return rows.map(({ seq, hash, at_ms, key_id, signature }) => ({
    seq,
    hash,
    atMs: at_ms,
    keyId: key_id,
    signature,
  }));
}

/** A state out of a line of a log or of the file; `null`: the line holds none. */
export function checkpointOf(line: string): Checkpoint | null {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof read !== "object" || read === null) return null;
  const { seq, hash: named, head, atMs, keyId, signature } = read as Readonly<Record<string, unknown>>;
  const hash = named ?? head;
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(atMs) || typeof keyId !== "string") return null;
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return null;
  if (typeof signature !== "string" || !/^[A-Za-z0-9_-]{86}$/.test(signature)) return null;
  return { seq: Number(seq), hash, atMs: Number(atMs), keyId, signature };
}
