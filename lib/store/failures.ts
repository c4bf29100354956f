/**
 * Which sites were not heard in half-hours, and whether they were heard again: their energy is then recovered.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { piecesOf } from "./ids.ts";
import { rangeOf } from "./outcomes.ts";
import { ofSitesWithin, reachesAll } from "./reach.ts";

/** Sites without a reading in a half-hour. */
export interface HalfHourFailures {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Not heard since. */
  readonly missing: number;
  /** Heard again later. */
  readonly recovered: number;
}

/** Half-hours of one call at most. */
const HALF_HOURS_LIMIT = 96;

/** Failed sites of a half-hour that are looked up; beyond it all of them count as missing. */
const SITES_LIMIT = 5_000;

/** Ids of one `IN` list. */
const IDS_A_STATEMENT = 1_000;

const ENDED = new WeakMap<Database, Map<HalfHour, readonly number[]>>();

/** Which half-hours of which sites. */
export interface FailuresQuery {
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The one after the last. */
  readonly to: HalfHour;
  /** Sites beyond any of these are not counted. */
  readonly reaches: readonly Reach[];
}

/** Failures of the sites within reach, from one half-hour to another (exclusive), at most 96. */
export async function listFailures(
  db: Database,
  { from, to, reaches }: FailuresQuery,
): Promise<readonly HalfHourFailures[]> {
  if (to - from > HALF_HOURS_LIMIT) {
    throw new RangeError(`${to - from} half-hours: at most ${HALF_HOURS_LIMIT}`);
  }
  const failed = new Map<HalfHour, readonly number[]>();
  for (const halfHour of rangeOf(from, to)) {
    failed.set(halfHour, await failedSites(db, halfHour, { to, reaches }));
  }
  const newest = await newestHeard(db, [...new Set([...failed.values()].flat())], { from, to });
  return [...failed].map(([halfHour, siteIds]) => {
    const recovered = siteIds.filter((siteId) => (newest.get(siteId) ?? -1) > halfHour).length;
    return { halfHour, missing: siteIds.length - recovered, recovered };
  });
}

async function failedSites(
  db: Database,
  halfHour: HalfHour,
  { to, reaches }: Pick<FailuresQuery, "to" | "reaches">,
): Promise<readonly number[]> {
  // What is kept is of all sites.
  const ended = reachesAll(reaches) ? endedOf(db) : new Map<HalfHour, readonly number[]>();
  const known = ended.get(halfHour);
  if (known) return known;
  const rows = await db.reader.selectFrom("ledger").select("site_id").where("half_hour", "=", halfHour)
    .where("state", "=", 4).where(ofSitesWithin(reaches, "site_id")).orderBy("site_id").limit(SITES_LIMIT)
    .execute();
  const siteIds = rows.map(({ site_id }) => site_id);
  // Two half-hours back every row has ended for good.
  if (halfHour < to - 2) ended.set(halfHour, siteIds);
  for (const old of ended.keys()) if (old < to - 2 * HALF_HOURS_LIMIT) ended.delete(old);
  return siteIds;
}

function endedOf(db: Database): Map<HalfHour, readonly number[]> {
  const ended = ENDED.get(db) ?? new Map<HalfHour, readonly number[]>();
  ENDED.set(db, ended);
  return ended;
}

async function newestHeard(
  db: Database,
  siteIds: readonly number[],
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<ReadonlyMap<number, HalfHour>> {
  const newest = new Map<number, HalfHour>();
  for (const piece of piecesOf(siteIds, IDS_A_STATEMENT)) {
    const rows = await db.reader.selectFrom("ledger").select("site_id")
      .select((eb) => eb.fn.max("half_hour").as("newest"))
      .where("half_hour", "in", rangeOf(from, to)).where("site_id", "in", piece).where("state", "in", [2, 3])
      .groupBy("site_id").execute();
    for (const row of rows) newest.set(row.site_id, Number(row.newest));
  }
  return newest;
}
