/**
 * Rows of an import as they lie in the database: a hundred of them as JSON, compressed, so that 5,000 rows of fifty
 * cells are half a megabyte and a page reads only what it shows.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ImportRow } from "../domain/site_import.ts";
import type { Executor } from "./db.ts";

/** Rows of one part. */
export const ROWS_A_PART = 100;

/** Bytes of a part at most once it is inflated: a hundred rows of sixty cells of 200 characters, and their notes. */
const PART_BYTES_MAX = 16 * 1024 * 1024;

/** Makes the body of a part. */
export function packRows(rows: readonly ImportRow[]): string {
  return gzipSync(Buffer.from(JSON.stringify(rows))).toString("base64");
}

/** Reads the body of a part. */
export function unpackRows(body: string): readonly ImportRow[] {
  const json = gunzipSync(Buffer.from(body, "base64"), { maxOutputLength: PART_BYTES_MAX });
  return JSON.parse(json.toString()) as readonly ImportRow[];
}

/** Rows by their places in the sheet, in the order of the places. */
export async function readRows(
  executor: Executor,
  importId: number,
  places: readonly number[],
): Promise<readonly ImportRow[]> {
  const parts = [...new Set(places.map((place) => Math.floor(place / ROWS_A_PART)))];
  if (parts.length === 0) return [];
  const found = await executor.selectFrom("site_import_part").select(["part", "body"])
    .where("import_id", "=", importId).where("part", "in", parts).execute();
  const rows = new Map(found.map(({ part, body }) => [part, unpackRows(body)]));
  return places.flatMap((place) => rows.get(Math.floor(place / ROWS_A_PART))?.[place % ROWS_A_PART] ?? []);
}
