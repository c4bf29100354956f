/**
 * Where a list goes on. A cursor is opaque to whoever holds it and belongs to one question: it is checked as anything
 * else that comes from outside, and asks the database for nothing but numbers.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { z } from "zod";

const place = z.tuple([
  z.literal(1),
  z.string(),
  z.int().min(0).max(2 ** 31 - 1),
  z.int().min(0).max(2 ** 31 - 1),
]);

/** A place in a list: an id or a place among channels, and a half-hour where there is one. */
export interface CursorPlace {
  /** An id, or a place among channels; 0 or more. */
  readonly after: number;
  /** A half-hour, or 0. */
  readonly halfHour: number;
}

/** What must be asked again as it was: everything but the page's size and place. */
export function questionOf(id: string, asked: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(asked).filter(([name]) => name !== "cursor" && name !== "limit");
  const text = JSON.stringify([id, ...rest.sort(([a], [b]) => a < b ? -1 : 1)]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

/** The cursor of a place. */
export function cursorOf(question: string, { after, halfHour }: CursorPlace): string {
  return new TextEncoder().encode(JSON.stringify([1, question, after, halfHour]))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The place of a cursor; `null`: it is forged, or belongs to another question. */
export function placeOf(question: string, cursor: string): CursorPlace | null {
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(cursor, { alphabet: "base64url" }));
    const read = place.safeParse(JSON.parse(text));
    if (!read.success || read.data[1] !== question) return null;
    return { after: read.data[2], halfHour: read.data[3] };
  } catch {
    return null;
  }
}
