/**
 * Reads JSON that a script of ours posts: with a limit, a deadline and a bound on how deep it goes. What it means is
 * checked by whoever asked for it.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { Clock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";
import { type BytesTrouble, readText } from "./body.ts";

/** Largest JSON body in bytes. */
export const JSON_MAX_BYTES = 64 * 1024;

/** Deepest nesting of lists and objects. */
export const JSON_MAX_DEPTH = 16;

/** Why JSON could not be read. */
export type JsonTrouble = BytesTrouble | "not-json" | "too-deep";

/** Reads the body of a request as JSON. */
export async function readJson(request: Request, clock: Clock): Promise<Result<unknown, JsonTrouble>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json *(;|$)/i.test(type)) return err("not-json");
  const text = await readText(request, { clock, maxBytes: JSON_MAX_BYTES });
  if (!text.ok) return text;
  try {
    const value: unknown = JSON.parse(text.value);
    return isDeeper(value, JSON_MAX_DEPTH) ? err("too-deep") : ok(value);
  } catch {
    return err("not-json");
  }
}

/** The JSON of a request as an object, or the error that its sender gets. */
export async function requireJson(
  request: Request,
  clock: Clock,
): Promise<Readonly<Record<string, unknown>>> {
  const read = await readJson(request, clock);
  if (!read.ok) throw new HttpError(read.error === "too-large" ? 413 : read.error === "too-slow" ? 408 : 400);
  const { value } = read;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new HttpError(400);
  return value as Readonly<Record<string, unknown>>;
}

/** Whether a value nests deeper than a limit, found without recursion. */
function isDeeper(value: unknown, limit: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= limit; depth++) {
    level = level.flatMap((one) => typeof one === "object" && one !== null ? Object.values(one) : []);
    if (level.length === 0) return false;
  }
  return true;
}

/** An answer to a script of ours; never kept by anybody. */
export function jsonAnswer(value: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json");
  headers.set("cache-control", "no-store");
  return new Response(JSON.stringify(value), { ...init, headers });
}

/** What went wrong, for a script of ours to show: `title` is a sentence for people (RFC 9457). */
export function problemAnswer(status: number, title: string, headers: HeadersInit = {}): Response {
  const answer = jsonAnswer({ type: "about:blank", status, title }, { status, headers });
  answer.headers.set("content-type", "application/problem+json");
  return answer;
}
