/**
 * Half-hours in which nobody collected, one row however long that took. What was expected then was never opened:
 * its reason is known from here.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import { type ReadingReason, readingReasonOf } from "../domain/reading.ts";
import type { Executor } from "./db.ts";

/** Half-hours in which nobody collected. */
export interface Outage {
  /** The first of them. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
  /** Why. */
  readonly reason: ReadingReason;
}

/** Outages of one call at most: each is longer than a day, so 400 days have no more. */
const OUTAGES_LIMIT = 400;

/** Outages that reach into a time from one half-hour to another (exclusive), cut to it, oldest first. */
export async function listOutages(
  db: Executor,
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<readonly Outage[]> {
  const rows = await db.selectFrom("outage").select(["from_half_hour", "to_half_hour", "reason"])
    .where("from_half_hour", "<", to).where("to_half_hour", ">", from)
    .orderBy("from_half_hour").limit(OUTAGES_LIMIT).execute();
  return rows.map((row) => ({
    from: Math.max(from, row.from_half_hour),
    to: Math.min(to, row.to_half_hour),
    reason: readingReasonOf(row.reason),
  }));
}
