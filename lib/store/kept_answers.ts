/**
 * Answers to writes that carried a key, kept a day in the same transaction as what was written: a program whose answer
 * got lost asks again and gets the same, whichever process it asks, and nothing is written twice.
 *
 * @module
 */

import { conflict, type Database, type Executor, isStoreError } from "./db.ts";

/** A write that carries a key. */
export interface KeyedWrite {
  /** SHA-256 of the person and the key, hexadecimal. */
  readonly keyHash: string;
  /** SHA-256 of what is asked, hexadecimal. */
  readonly requestHash: string;
  /** Who asks. */
  readonly userId: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A write that carries a key, with the answer that is kept for it. */
export interface KeptWrite<T> {
  /** The write. */
  readonly write: KeyedWrite;
  /** The answer, made of what was written. */
  readonly answerOf: (written: T) => string;
}

/** What is known of a key: nothing, the answer to the very same request, or that another one carried it. */
export type KnownKey =
  | { readonly kind: "new" }
  | { readonly kind: "answered"; readonly answer: string }
  | { readonly kind: "other-request" };

/** Milliseconds that an answer is kept: a day. */
const KEPT_MS = 24 * 3_600_000;

/** Keys of a person within that time. */
export const KEYS_MAX = 50_000;

/** Characters of an answer. */
const ANSWER_MAX = 16_000;

/** Answers forgotten in one statement, and statements of one night. */
const FORGET_AT_ONCE = 2_000;
const FORGET_BATCHES = 500;

/** What is known of the key of a write. */
export async function findKeptAnswer(db: Executor, write: KeyedWrite): Promise<KnownKey> {
  const row = await db.selectFrom("idempotency").select(["request_hash", "answer"])
    .where("key_hash", "=", write.keyHash).where("made_ms", ">", write.nowMs - KEPT_MS).executeTakeFirst();
  if (!row) return { kind: "new" };
  if (row.request_hash !== write.requestHash) return { kind: "other-request" };
  return { kind: "answered", answer: row.answer };
}

/** Keeps an answer in the transaction that writes; where another process was quicker, the transaction begins again. */
export async function keepAnswer(tx: Executor, write: KeyedWrite, answer: string): Promise<void> {
  if (answer.length > ANSWER_MAX) {
    throw new RangeError(`Cannot keep an answer of ${answer.length} characters`);
  }
  const { keyHash, requestHash, userId, nowMs } = write;
  await tx.deleteFrom("idempotency").where("key_hash", "=", keyHash).where("made_ms", "<=", nowMs - KEPT_MS)
    .execute();
  try {
    await tx.insertInto("idempotency")
      .values({ key_hash: keyHash, request_hash: requestHash, user_id: userId, made_ms: nowMs, answer })
      .execute();
  } catch (error) {
    if (!isStoreError(error, "duplicate")) throw error;
    throw conflict("Cannot keep an answer: its key was used at the same time");
  }
}

/** Milliseconds after which a person may use a new key again; 0: at once. */
export async function keyPauseMs(db: Database, userId: number, nowMs: number): Promise<number> {
  const oldest = await db.reader.selectFrom("idempotency").select("made_ms").where("user_id", "=", userId)
    .where("made_ms", ">", nowMs - KEPT_MS).orderBy("made_ms", "desc").offset(KEYS_MAX - 1).limit(1)
    .executeTakeFirst();
  return oldest ? Math.max(1, oldest.made_ms + KEPT_MS - nowMs) : 0;
}

/** Forgets answers that are older than a day, at most a million; how many. */
export async function forgetKeptAnswers(db: Database, nowMs: number): Promise<number> {
  let forgotten = 0;
  for (let batch = 0; batch < FORGET_BATCHES; batch++) {
    const old = await db.kysely.selectFrom("idempotency").select("key_hash")
      .where("made_ms", "<=", nowMs - KEPT_MS).limit(FORGET_AT_ONCE).execute();
    if (old.length === 0) return forgotten;
    const gone = await db.kysely.deleteFrom("idempotency")
      .where("key_hash", "in", old.map(({ key_hash }) => key_hash)).executeTakeFirst();
    forgotten += Number(gone.numDeletedRows);
    if (old.length < FORGET_AT_ONCE) return forgotten;
  }
  return forgotten;
}
