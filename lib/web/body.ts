/**
 * Reads the body of a request: never more than a limit, never longer than a deadline.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";

/** Milliseconds in which a body must have arrived. */
export const BODY_DEADLINE_MS = 20_000;

/** Why a body could not be read; `broken-off`: the client went away. */
export type BytesTrouble = "too-large" | "too-slow" | "broken-off";

/** How a body is read. */
export interface BodyBounds {
  /** The time. */
  readonly clock: Clock;
  /** Bytes at most. */
  readonly maxBytes: number;
  /** Milliseconds in which it must have arrived; default {@link BODY_DEADLINE_MS}. */
  readonly deadlineMs?: number;
}

/** The text of a body of at most `maxBytes`; empty where there is none. */
export async function readText(request: Request, bounds: BodyBounds): Promise<Result<string, BytesTrouble>> {
  const body = await readBlob(request, bounds);
  return body.ok ? ok(await body.value.text()) : body;
}

/** A body of at most `maxBytes`; empty where there is none. */
export async function readBlob(
  request: Request,
  { clock, maxBytes, deadlineMs = BODY_DEADLINE_MS }: BodyBounds,
): Promise<Result<Blob, BytesTrouble>> {
  if (Number(request.headers.get("content-length") ?? "0") > maxBytes) return err("too-large");
  if (!request.body) return ok(new Blob([]));
  const reader = request.body.getReader();
  const over = new AbortController();
  const late = clock.sleep(deadlineMs, over.signal).then((): "late" => "late");
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size <= maxBytes) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") return err("too-slow");
      if (next.done) return ok(new Blob(chunks as BlobPart[]));
      size += next.value.byteLength;
      chunks.push(next.value);
    }
    return err("too-large");
  } catch {
    return err("broken-off");
  } finally {
    over.abort();
    await reader.cancel().catch(() => {});
  }
}
