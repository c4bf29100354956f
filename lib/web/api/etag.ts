/**
 * Names answers by their content, so that a program that has one already need not get it again, and that nobody
 * changes what they have not seen.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** A strong tag of a representation, or of what it is made from. */
export function etagOf(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return `"${hash.digest("base64url").slice(0, 27)}"`;
}

/** Whether `If-None-Match` names the tag; weak ones count, since a proxy that packs answers weakens ours. */
export function isKnown(headers: Headers, etag: string): boolean {
  const known = headers.get("if-none-match");
  if (known === null) return false;
  return known.trim() === "*" || tagsOf(known).some((tag) => tag.replace(/^W\//, "") === etag);
}

/** Whether `If-Match` names the tag; `null`: it names none at all. Weak ones do not count (RFC 9110, 13.1.1). */
export function isSeen(headers: Headers, etag: string): boolean | null {
  const tags = tagsOf(headers.get("if-match") ?? "");
  return tags.length === 0 ? null : tags.includes(etag);
}

function tagsOf(header: string): readonly string[] {
  return header.slice(0, 2_000).match(/(W\/)?"[^"]*"/g) ?? [];
}

/** An answer of JSON with its tag; 304 without a body where it is known. */
export function jsonAnswer(
  request: Request,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const text = JSON.stringify(value);
  const etag = etagOf(text);
  if (isKnown(request.headers, etag)) return unchanged(etag);
  return new Response(text, { headers: { ...headers, "content-type": "application/json", ...tagged(etag) } });
}

/** The answer to a program that has it already. */
export function unchanged(etag: string): Response {
  return new Response(null, { status: 304, headers: tagged(etag) });
}

/** Headers of an answer that may be kept but must be asked for again. */
export function tagged(etag: string): Readonly<Record<string, string>> {
  return { etag, "cache-control": "private, no-cache" };
}
