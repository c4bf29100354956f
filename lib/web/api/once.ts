/**
 * Writes that are not done twice: the `Idempotency-Key` of a request, and the answer that was given to it before.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { err, ok, type Result } from "../../result.ts";
import type { Database } from "../../store/db.ts";
import { findKeptAnswer, type KeyedWrite, keyPauseMs, KEYS_MAX } from "../../store/kept_answers.ts";
import { type Refusal, wrong } from "./problem.ts";

/** The header that carries the key. */
const KEY_HEADER = "Idempotency-Key";

/** The header of an answer that was given before. */
const REPLAYED_HEADER = "idempotency-replayed";

/** Characters of a key. */
const KEY = /^[!-~]{1,200}$/;

/** What is asked under a key. */
export interface Asked {
  /** Whose token asks. */
  readonly userId: number;
  /** Such as `PATCH`. */
  readonly method: string;
  /** Where. */
  readonly path: string;
  /** What was sent, read. */
  readonly body: unknown;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The key of a write; `null`: it has none. */
export function keyedWriteOf(headers: Headers, asked: Asked): Result<KeyedWrite | null, Refusal> {
  const key = headers.get(KEY_HEADER);
  if (key === null) return ok(null);
  if (!KEY.test(key)) {
    return err(wrong({ [KEY_HEADER]: "Is not 1 to 200 visible characters without spaces" }));
  }
  const { userId, method, path, body, nowMs } = asked;
  return ok({
    keyHash: hashOf([userId, key]),
    requestHash: hashOf([method, path, body]),
    userId,
    nowMs,
  });
}

/** The answer or refusal that is known before anything is looked at; `null`: the write is new, or has no key. */
export async function knownAnswer(
  db: Database,
  write: KeyedWrite | null,
): Promise<Response | Refusal | null> {
  if (!write) return null;
  const known = await findKeptAnswer(db.reader, write);
  if (known.kind === "answered") return replayed(known.answer);
  if (known.kind === "other-request") return KEY_TAKEN;
  const pauseMs = await keyPauseMs(db, write.userId, write.nowMs);
  if (pauseMs === 0) return null;
  const headers = { "retry-after": String(Math.ceil(pauseMs / 1_000)) };
  return { status: 429, detail: `At most ${KEYS_MAX} keys a day`, headers };
}

/** The refusal of a key that another request carried. */
export const KEY_TAKEN: Refusal = wrong({ [KEY_HEADER]: "Was used for another request" }, 422);

/** What is kept of an answer. */
export interface Kept {
  /** Names what was answered. */
  readonly etag: string;
  /** The JSON of it. */
  readonly body: string;
}

/** An answer as it is kept. */
export function keptText(kept: Kept): string {
  return JSON.stringify(kept);
}

/** An answer that was given before, given again. */
export function replayed(answer: string): Response {
  const kept: Kept = JSON.parse(answer);
  const response = writtenAnswer(kept);
  response.headers.set(REPLAYED_HEADER, "true");
  return response;
}

/** The answer to a write that was done. */
export function writtenAnswer({ etag, body }: Kept): Response {
  return new Response(body, { headers: { "content-type": "application/json", etag } });
}

function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
