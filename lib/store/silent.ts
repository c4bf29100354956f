/**
 * Who is silent: sites whose last half-hour brought nothing, with their last reading and the next try.
 *
 * @module
 */

import { sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import { type ReadingReason, readingReasonOf } from "../domain/reading.ts";
import type { Database } from "./db.ts";

/** A site that is silent. */
export interface SilentSite {
  /** The site. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its zone. */
  readonly zone: string;
  /** Why its last half-hour failed. */
  readonly reason: ReadingReason | null;
  /** Epoch seconds of the last accepted reading of a counter; `null`: there never was one. */
  readonly lastReadS: number | null;
  /** Visits of the half-hour under way. */
  readonly tries: number;
  /** Epoch milliseconds of its next try; `null`: none in this half-hour. */
  readonly nextTryMs: number | null;
}

/** Sites looked at, of which the longest silent are given. */
const SITES_LIMIT = 1_000;

/** The sites that are silent, longest first: the half-hour failed, or is under way and failed so far, or has not
 * been tried and the one before failed. */
export async function listSilentSites(
  db: Database,
  { halfHour, limit }: { readonly halfHour: HalfHour; readonly limit: number },
): Promise<readonly SilentSite[]> {
  const rows = await sql<SilentRow>`select s.site_id, s.name, s.zone, coalesce(n.reason, b.reason) as reason,
      coalesce(n.tries, 0) as tries, case when n.state = 0 then n.due_at_ms end as next_ms,
      (select max(g.at_s) from channel c join open_gap g on g.channel_id = c.channel_id
        where c.site_id = s.site_id) as last_s
    from site s
    left join ledger n on n.half_hour = ${halfHour} and n.site_id = s.site_id
    left join ledger b on b.half_hour = ${halfHour - 1} and b.site_id = s.site_id
    where n.state = 4 or (coalesce(n.state, 0) < 2 and coalesce(n.has_reading, 0) = 0 and b.state = 4)
    order by s.site_id limit ${SITES_LIMIT}`.execute(db.reader);
  return rows.rows
    .toSorted((a, b) => (a.last_s ?? 0) - (b.last_s ?? 0))
    .slice(0, limit)
    .map((row) => ({
      id: row.site_id,
      name: row.name,
      zone: row.zone,
      reason: row.reason === null ? null : readingReasonOf(row.reason),
      lastReadS: row.last_s,
      tries: row.tries,
      nextTryMs: row.next_ms,
    }));
}

interface SilentRow {
  readonly site_id: number;
  readonly name: string;
  readonly zone: string;
  readonly reason: number | null;
  readonly tries: number;
  readonly next_ms: number | null;
  readonly last_s: number | null;
}
