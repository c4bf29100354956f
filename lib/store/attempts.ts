/**
 * Tries to reach the endpoints of sites, kept for some days so that people see what was tried.
 *
 * @module
 */

import { HALF_HOURS_A_DAY, type HalfHour } from "../domain/half_hour.ts";
import { readingReasonOf } from "../domain/reading.ts";
import type { Attempt } from "../domain/visit.ts";
import type { Database } from "./db.ts";
import { chunksOf, rangeOf } from "./outcomes.ts";

/** A try with the half-hour it was for. */
export interface KeptAttempt extends Attempt {
  /** The half-hour. */
  readonly halfHour: HalfHour;
}

/** Attempts of one call at most. */
const ATTEMPTS_LIMIT = 500;

/** Days that are looked back at most. */
const DAYS_LIMIT = 14;

/** The newest tries at a site, newest first. */
export async function listAttempts(
  db: Database,
  { siteId, limit }: { readonly siteId: number; readonly limit: number },
): Promise<readonly KeptAttempt[]> {
  const bounds = await db.reader.selectFrom("attempt")
    .select((eb) => [eb.fn.min("half_hour").as("oldest"), eb.fn.max("half_hour").as("newest")])
    .executeTakeFirst();
  const attempts: KeptAttempt[] = [];
  if (bounds?.oldest == null) return attempts;
  const wanted = Math.min(limit, ATTEMPTS_LIMIT);
  const oldest = Math.max(bounds.oldest, bounds.newest - DAYS_LIMIT * HALF_HOURS_A_DAY);
  const halfHours = rangeOf(oldest, bounds.newest + 1).toReversed();
  for (const piece of chunksOf(halfHours, 100)) {
    const rows = await db.reader.selectFrom("attempt")
      .select(["half_hour", "at_ms", "endpoint_id", "path_id", "took_ms", "requests", "bytes", "reason"])
      .where("half_hour", "in", piece).where("site_id", "=", siteId)
      .orderBy("at_ms", "desc").limit(wanted).execute();
    attempts.push(...rows.map((row) => ({
      halfHour: row.half_hour,
      atMs: row.at_ms,
      endpointId: row.endpoint_id,
      pathId: row.path_id,
      tookMs: row.took_ms,
      requests: row.requests,
      bytes: row.bytes,
      reason: row.reason === null ? null : readingReasonOf(row.reason),
    })));
    if (attempts.length >= wanted) break;
  }
  return attempts.slice(0, wanted);
}
