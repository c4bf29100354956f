/**
 * Which address of a site answered in its newest half-hours, as long as the ledger's rows are kept.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Database } from "./db.ts";
import { chunksOf, rangeOf } from "./outcomes.ts";

/** The address that answered in a half-hour. */
export interface AnsweredPath {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** The path. */
  readonly pathId: number;
}

/** Half-hours looked at at most. */
const HALF_HOURS_LIMIT = 96;

/** Sites of one call at most. */
const SITES_LIMIT = 500;

/** The paths that answered from one half-hour to another (exclusive), by site, oldest first. */
export async function listAnsweredPaths(
  db: Database,
  siteIds: readonly number[],
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<ReadonlyMap<number, readonly AnsweredPath[]>> {
  if (siteIds.length > SITES_LIMIT || to - from > HALF_HOURS_LIMIT) {
    throw new RangeError(`${siteIds.length} sites and ${to - from} half-hours are too many at once`);
  }
  const found = new Map<number, AnsweredPath[]>(siteIds.map((siteId) => [siteId, []]));
  if (siteIds.length === 0) return found;
  for (const piece of chunksOf(rangeOf(from, to), siteIds.length)) {
    const rows = await db.reader.selectFrom("ledger").select(["half_hour", "site_id", "path_id"])
      .where("half_hour", "in", piece).where("site_id", "in", siteIds).where("path_id", "is not", null)
      .orderBy("half_hour").execute();
    for (const { half_hour: halfHour, site_id, path_id: pathId } of rows) {
      if (pathId !== null) found.get(site_id)?.push({ halfHour, pathId });
    }
  }
  return found;
}
