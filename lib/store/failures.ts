/**
 * Which sites were not heard in half-hours, and whether they were heard again: their energy is then recovered.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import { ALL_SITES, type Reach } from "../domain/permission.ts";
import { readingCodeOf } from "../domain/reading.ts";
import type { Database } from "./db.ts";
import { piecesOf } from "./ids.ts";
import { newestWindow } from "./maintenance.ts";
import { rangeOf } from "./outcomes.ts";
import { ofSitesWithin, reachesAll, withinReach } from "./reach.ts";

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

/** Half-hours that one statement looks up. */
const HALF_HOURS_A_STATEMENT = 24;

/** Sites times half-hours of one statement that looks for readings. */
const PAIRS_A_STATEMENT = 10_000;

/** What maintenance explains has not failed. */
const MAINTENANCE = readingCodeOf("maintenance");

/** The sites that failed in half-hours that have ended, whoever reaches them, as long as no window is set. */
const ENDED = new WeakMap<Database, EndedFailures>();

interface EndedFailures {
  readonly window: number;
  readonly failed: Map<HalfHour, readonly number[]>;
}

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
  const failed = await failedWithin(db, { from, to, reaches });
  const newest = await newestHeard(db, [...new Set([...failed.values()].flat())], { from, to });
  return [...failed].map(([halfHour, siteIds]) => {
    const recovered = siteIds.filter((siteId) => (newest.get(siteId) ?? -1) > halfHour).length;
    return { halfHour, missing: siteIds.length - recovered, recovered };
  });
}

/** The failed sites within reach by half-hour. */
async function failedWithin(
  db: Database,
  { from, to, reaches }: FailuresQuery,
): Promise<ReadonlyMap<HalfHour, readonly number[]>> {
  const failed = await failedAnywhere(db, { from, to });
  if (reachesAll(reaches)) return failed;
  const within = await idsWithin(db, [...new Set([...failed.values()].flat())], reaches);
  // A list that was cut short may lack sites of this reach.
  const cut = [...failed].filter(([, siteIds]) => siteIds.length >= SITES_LIMIT).map(([halfHour]) =>
    halfHour
  );
  const whole = await failedIn(db, cut, reaches);
  return new Map([...failed].map(([halfHour, siteIds]) => {
    return [halfHour, whole.get(halfHour) ?? siteIds.filter((siteId) => within.has(siteId))];
  }));
}

/** The failed sites by half-hour, whoever reaches them: kept once a half-hour has ended. */
async function failedAnywhere(
  db: Database,
  { from, to }: Pick<FailuresQuery, "from" | "to">,
): Promise<ReadonlyMap<HalfHour, readonly number[]>> {
  const ended = endedOf(db, await newestWindow(db.reader));
  const halfHours = rangeOf(from, to);
  const found = await failedIn(db, halfHours.filter((halfHour) => !ended.has(halfHour)), [ALL_SITES]);
  const failed = new Map(
    halfHours.map((halfHour) => [halfHour, ended.get(halfHour) ?? found.get(halfHour) ?? []]),
  );
  for (const [halfHour, siteIds] of found) {
    // Two half-hours back every row has ended for good.
    if (halfHour < to - 2) ended.set(halfHour, siteIds);
  }
  for (const old of ended.keys()) if (old < to - 2 * HALF_HOURS_LIMIT) ended.delete(old);
  return failed;
}

/** The failed sites within reach of each half-hour, at most 5,000 of each. */
async function failedIn(
  db: Database,
  halfHours: readonly HalfHour[],
  reaches: readonly Reach[],
): Promise<ReadonlyMap<HalfHour, readonly number[]>> {
  const found = new Map<HalfHour, number[]>(halfHours.map((halfHour) => [halfHour, []]));
  const read = async (piece: readonly HalfHour[]): Promise<void> => {
    const rows = await db.reader.selectFrom("ledger").select(["half_hour", "site_id"])
      .where("half_hour", "in", piece).where("state", "=", 4).where(ofSitesWithin(reaches, "site_id"))
      .where((eb) => eb.or([eb("reason", "is", null), eb("reason", "<>", MAINTENANCE)]))
      .orderBy("half_hour").orderBy("site_id").limit(SITES_LIMIT).execute();
    // So many that some are left out: each half-hour has a statement to itself.
    if (rows.length === SITES_LIMIT && piece.length > 1) {
      for (const halfHour of piece) await read([halfHour]);
    } else for (const { half_hour, site_id } of rows) found.get(half_hour)?.push(site_id);
  };
  for (const piece of piecesOf(halfHours, HALF_HOURS_A_STATEMENT)) await read(piece);
  return found;
}

/** Which of some sites are within reach. */
async function idsWithin(
  db: Database,
  siteIds: readonly number[],
  reaches: readonly Reach[],
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const piece of piecesOf(siteIds, IDS_A_STATEMENT)) {
    const rows = await db.reader.selectFrom("site").select("site_id").where("site_id", "in", piece)
      .where(withinReach(reaches, { siteId: "site_id", groupId: "group_id" })).execute();
    for (const { site_id } of rows) found.add(site_id);
  }
  return found;
}

function endedOf(db: Database, window: number): Map<HalfHour, readonly number[]> {
  const known = ENDED.get(db);
  const ended = known?.window === window ? known : { window, failed: new Map<HalfHour, readonly number[]>() };
  ENDED.set(db, ended);
  return ended.failed;
}

/** When sites were heard last. The newest half-hours are asked first: they know of nearly all. */
async function newestHeard(
  db: Database,
  siteIds: readonly number[],
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<ReadonlyMap<number, HalfHour>> {
  const newest = new Map<number, HalfHour>();
  let unheard = siteIds;
  for (let before = to; before > from && unheard.length > 0;) {
    const share = Math.floor(PAIRS_A_STATEMENT / Math.min(unheard.length, IDS_A_STATEMENT));
    const first = Math.max(from, before - (before === to ? 2 : share));
    for (const piece of piecesOf(unheard, IDS_A_STATEMENT)) {
      const rows = await db.reader.selectFrom("ledger").select("site_id")
        .select((eb) => eb.fn.max("half_hour").as("newest"))
        .where("half_hour", "in", rangeOf(first, before)).where("site_id", "in", piece)
        .where("state", "in", [2, 3]).groupBy("site_id").execute();
      for (const row of rows) newest.set(row.site_id, Number(row.newest));
    }
    unheard = unheard.filter((siteId) => !newest.has(siteId));
    before = first;
  }
  return newest;
}
