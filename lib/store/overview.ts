/**
 * What pages ask about many sites at once: the list of sites with how each stands, the counts of a half-hour, the
 * completeness of a day, and who is silent.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import type { HalfHourOutcome } from "../domain/overview.ts";
import type { Reach } from "../domain/permission.ts";
import { readingCodeOf, type ReadingReason, readingReasonOf } from "../domain/reading.ts";
import type { Path, PathKind } from "../domain/site.ts";
import { choiceOf, LEDGER_STATES, type LedgerState, PATH_KINDS } from "./codes.ts";
import type { Database } from "./db.ts";
import { countExpectedSites } from "./expected.ts";
import { piecesOf } from "./ids.ts";
import { keptBySites, siteSetOf } from "./kept.ts";
import { newestWindow } from "./maintenance.ts";
import { listOutages } from "./outages.ts";
import { rangeOf } from "./outcomes.ts";
import { pathsOf } from "./plans.ts";
import { ofSitesWithin, withinReach } from "./reach.ts";

/** Sites of one page at most. */
export const PAGE_LIMIT = 100;

/** Half-hours of a strip. */
const STRIP = 48;

/** How sites are ordered: those who need you first, by name, by town, the least complete first. */
export type SiteOrder = "state" | "name" | "town" | "complete";

/** How a site stood when its half-hour last ended. */
export type SiteStanding = "silent" | "partial" | "backup" | "new" | "good";

/** Which sites to list. */
export interface SiteListQuery {
  /** Sites beyond any of these are not there. */
  readonly reaches: readonly Reach[];
  /** Part of a name or town, whatever its case; default: any. */
  readonly search?: string;
  /** How they stand; default: any. */
  readonly state?: SiteStanding;
  /** The path that answered last: a kind, any but the first, or none; default: any. */
  readonly path?: PathKind | "backup" | "none";
  /** Their order; default: by name. */
  readonly sort?: SiteOrder;
  /** Whether the order is turned round. */
  readonly reverse?: boolean;
  /** Page, 1 at first. */
  readonly page: number;
  /** Sites a page, 1 to 100. */
  readonly pageSize: number;
  /** The newest half-hour that is over. */
  readonly halfHour: HalfHour;
}

/** A site in a list. */
export interface SiteSummary {
  /** The site. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its town; may be empty. */
  readonly town: string;
  /** Its zone. */
  readonly zone: string;
  /** Whether half-hours are collected. */
  readonly collected: boolean;
  /** First half-hour that is expected. */
  readonly since: HalfHour;
  /** The last 48 half-hours that have a ledger row, oldest first. */
  readonly history: readonly HalfHourOutcome[];
  /** The path that answered last in those; `null`: none did. */
  readonly path: Path | null;
}

/** A page of sites and how many there are over all pages. */
export interface SiteList {
  /** Sites of the page. */
  readonly sites: readonly SiteSummary[];
  /** Sites over all pages. */
  readonly total: number;
}

/** Lists sites. The half-hour may still be under way: a site that has not reported stands as in the one before. */
export async function listSites(db: Database, query: SiteListQuery): Promise<SiteList> {
  const { page, halfHour } = query;
  const pageSize = Math.max(1, Math.min(query.pageSize, PAGE_LIMIT));
  const where = conditions(query);
  const counted = await sql<{ sites: number }>`select count(*) as sites ${standing(halfHour)} where ${where}`
    .execute(db.reader);
  const found = await sql<SiteRow>`select s.site_id, s.name, s.town, s.zone, s.collected, s.since
    ${standing(halfHour)} where ${where} order by ${order(query)}, s.site_id
    limit ${pageSize} offset ${(Math.max(1, page) - 1) * pageSize}`.execute(db.reader);
  const ids = found.rows.map(({ site_id }) => site_id);
  const histories = await listHistories(db, ids, halfHour);
  const paths = ids.length === 0 ? new Map<number, readonly Path[]>() : await pathsOf(db.reader, ids);
  const sites = found.rows.map((row): SiteSummary => {
    const history = histories.get(row.site_id) ?? [];
    const rank = history.findLast(({ pathRank }) => pathRank !== null)?.pathRank;
    return {
      id: row.site_id,
      name: row.name,
      town: row.town,
      zone: row.zone,
      collected: row.collected === 1,
      since: row.since,
      history,
      path: paths.get(row.site_id)?.find((path) => path.rank === rank) ?? null,
    };
  });
  return { sites, total: Number(counted.rows[0]?.sites ?? 0) };
}

/** Ids of the sites that a list finds over all its pages, by name, at most `limit`. */
export async function listFoundIds(
  db: Database,
  { limit, ...query }: Omit<SiteListQuery, "page" | "pageSize"> & { readonly limit: number },
): Promise<readonly number[]> {
  const { halfHour } = query;
  const whole = { ...query, page: 1, pageSize: 1 };
  const found = await sql<{ readonly site_id: number }>`select s.site_id ${standing(halfHour)}
    where ${conditions(whole)} order by s.name, s.site_id limit ${limit}`.execute(db.reader);
  return found.rows.map(({ site_id }) => site_id);
}

interface SiteRow {
  readonly site_id: number;
  readonly name: string;
  readonly town: string;
  readonly zone: string;
  readonly collected: number;
  readonly since: number;
}

/** Ended rows of the half-hour, else of the one before. */
function standing(halfHour: HalfHour): RawBuilder<unknown> {
  return sql`from site s
    left join ledger n on n.half_hour = ${halfHour} and n.site_id = s.site_id and n.state >= 2
    left join ledger b on b.half_hour = ${halfHour - 1} and b.site_id = s.site_id and b.state >= 2
    left join path p on p.path_id = coalesce(n.path_id, b.path_id)`;
}

const STATE = sql`coalesce(n.state, b.state)`;

const STANDINGS: Readonly<Record<SiteStanding, RawBuilder<boolean>>> = {
  silent: sql<boolean>`${STATE} = 4`,
  partial: sql<boolean>`${STATE} = 3`,
  backup: sql<boolean>`(${STATE} = 2 and p.place > 0)`,
  new: sql<boolean>`${STATE} is null`,
  good: sql<boolean>`(${STATE} = 2 and coalesce(p.place, 0) = 0)`,
};

function conditions({ reaches, search, state, path }: SiteListQuery): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" })];
  if (search !== undefined && search.trim() !== "") {
    const pattern = `%${search.trim().replace(/[!%_]/g, "!$&")}%`;
    all.push(sql`(s.name like ${pattern} escape '!' or s.town like ${pattern} escape '!')`);
  }
  if (state !== undefined) all.push(STANDINGS[state]);
  if (path === "none") all.push(sql`p.path_id is null`);
  else if (path === "backup") all.push(sql`p.place > 0`);
  else if (path !== undefined) all.push(sql`p.kind = ${PATH_KINDS.indexOf(path)}`);
  return sql.join(all, sql` and `);
}

function order({ sort = "name", reverse = false, halfHour }: SiteListQuery): RawBuilder<unknown> {
  const down = reverse ? sql`desc` : sql`asc`;
  switch (sort) {
    case "name":
      return sql`s.name ${down}`;
    case "town":
      return sql`s.town ${down}, s.name`;
    case "state":
      return sql`case when ${STANDINGS.silent} then 0 when ${STANDINGS.partial} then 1
        when ${STANDINGS.backup} then 2 when ${STANDINGS.new} then 3 else 4 end ${down}, s.name`;
    case "complete":
      return sql`(select count(*) from ledger c where c.site_id = s.site_id and c.state = 2
        and c.half_hour in (${sql.join(stripOf(halfHour))})) ${down}, s.name`;
  }
}

function stripOf(halfHour: HalfHour): readonly HalfHour[] {
  return Array.from({ length: STRIP }, (_, i) => halfHour - STRIP + 1 + i);
}

/** How the last 48 half-hours of sites went, oldest first; at most 100 sites. */
export async function listHistories(
  db: Database,
  siteIds: readonly number[],
  halfHour: HalfHour,
): Promise<ReadonlyMap<number, readonly HalfHourOutcome[]>> {
  if (siteIds.length > PAGE_LIMIT) throw new RangeError(`${siteIds.length} sites: at most ${PAGE_LIMIT}`);
  if (siteIds.length === 0) return new Map();
  const rows = await db.reader.selectFrom("ledger as l").leftJoin("path as p", "p.path_id", "l.path_id")
    .select(["l.half_hour", "l.site_id", "l.state", "l.reason", "p.place"])
    .where("l.half_hour", "in", stripOf(halfHour)).where("l.site_id", "in", siteIds)
    .orderBy("l.half_hour").execute();
  const outcomes = rows.map((row) => ({
    siteId: row.site_id,
    outcome: {
      halfHour: row.half_hour,
      state: choiceOf(LEDGER_STATES, row.state),
      reason: row.reason === null ? null : readingReasonOf(row.reason),
      pathRank: row.place,
    },
  }));
  const bySite = Map.groupBy(outcomes, ({ siteId }) => siteId);
  return new Map([...bySite].map(([siteId, list]) => [siteId, list.map(({ outcome }) => outcome)]));
}

/** A half-hour of the sites within reach. */
export interface HalfHourOfReach {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Sites beyond any of these are not counted. */
  readonly reaches: readonly Reach[];
}

/** A half-hour over all sites within reach. */
export interface FleetCounts {
  /** Sites expected: those with a ledger row, but for those that were not read because of maintenance. */
  readonly expected: number;
  /** Sites by how they stand. */
  readonly states: Readonly<Record<LedgerState, number>>;
  /** Sites that did not read everything, by reason, most first; at most 50. */
  readonly reasons: readonly { readonly reason: ReadingReason; readonly sites: number }[];
  /** Sites by kind of the path that answered. */
  readonly paths: Readonly<Record<PathKind, number>>;
  /** Sites that answered on another path than their first. */
  readonly onBackup: number;
}

/** Counts a half-hour over all sites within reach. */
export async function countFleet(
  db: Database,
  { halfHour, reaches }: HalfHourOfReach,
): Promise<FleetCounts> {
  const rows = await db.reader.selectFrom("ledger as l").leftJoin("path as p", "p.path_id", "l.path_id")
    .select(["l.state", "l.reason", "p.kind"])
    .select(sql<number>`case when p.place > 0 then 1 else 0 end`.as("backup"))
    .select((eb) => eb.fn.countAll<number>().as("sites"))
    .where("l.half_hour", "=", halfHour).where(ofSitesWithin(reaches, "l.site_id"))
    .groupBy(["l.state", "l.reason", "p.kind", sql`case when p.place > 0 then 1 else 0 end`]).execute();
  const states = { open: 0, claimed: 0, complete: 0, partial: 0, failed: 0 };
  const paths = { cellular: 0, wifi: 0, wired: 0 };
  const reasons = new Map<number, number>();
  let onBackup = 0;
  for (const { state, reason, kind, backup, sites } of rows) {
    const count = Number(sites);
    if (choiceOf(LEDGER_STATES, state) === "failed" && reason === MAINTENANCE) continue;
    states[choiceOf(LEDGER_STATES, state)] += count;
    if (kind !== null) paths[choiceOf(PATH_KINDS, kind)] += count;
    if (Number(backup) === 1) onBackup += count;
    if (state > 2 && reason !== null && reason !== MAINTENANCE) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    }
  }
  const expected = Object.values(states).reduce((sum, count) => sum + count, 0);
  const sorted = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 50);
  return {
    expected,
    states,
    reasons: sorted.map(([code, sites]) => ({ reason: readingReasonOf(code), sites })),
    paths,
    onBackup,
  };
}

const MAINTENANCE = readingCodeOf("maintenance");

/** Whether a row failed and maintenance explains that. */
const EXPLAINED = sql<number>`case when state = 4 and reason = ${sql.lit(MAINTENANCE)} then 1 else 0 end`;

/** How complete a half-hour is, in sites. */
export interface HalfHourCompleteness extends Readonly<Record<LedgerState, number>> {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Sites with a ledger row, but for those that maintenance explains. */
  readonly expected: number;
  /** Sites that were not read because of maintenance: neither read nor missing. */
  readonly maintenance: number;
}

const COMPLETENESS_LIMIT = 192;

/** Half-hours that one statement counts: a large fleet has many rows in each. */
const HALF_HOURS_A_STATEMENT = 24;

/** Half-hours that have ended, as they were counted for the sites within reach. */
const endedOf = keptBySites(() => new Map<HalfHour, HalfHourCompleteness>());

/** Half-hours of the sites within reach. */
export interface HalfHoursOfReach {
  /** The first of them. */
  readonly from: HalfHour;
  /** The one after the last. */
  readonly to: HalfHour;
  /** Sites beyond any of these are not counted. */
  readonly reaches: readonly Reach[];
}

/** How complete half-hours are from one to another (exclusive), at most 192; those never opened count 0, but for
 * those of an outage. */
export async function listCompleteness(
  db: Database,
  { from, to, reaches }: HalfHoursOfReach,
): Promise<readonly HalfHourCompleteness[]> {
  if (to - from > COMPLETENESS_LIMIT) {
    throw new RangeError(`${to - from} half-hours: at most ${COMPLETENESS_LIMIT}`);
  }
  const siteSet = await siteSetOf(db, reaches);
  const window = await newestWindow(db.reader); // what it explains was counted as missing before
  const ended = siteSet === null
    ? new Map<HalfHour, HalfHourCompleteness>()
    : endedOf(db, `${siteSet}/${window}`);
  const list: HalfHourCompleteness[] = [];
  const outages = await listOutages(db.reader, { from, to });
  const halfHours = rangeOf(from, to).filter((halfHour) => !ended.has(halfHour));
  const fresh = await countHalfHours(db, { halfHours, reaches });
  for (let halfHour = from; halfHour < to; halfHour++) {
    const known = ended.get(halfHour);
    const opened = known ?? fresh.get(halfHour) ?? noneOf(halfHour);
    const hidden = opened.expected === 0 && outages.some((it) => it.from <= halfHour && halfHour < it.to);
    const counted = hidden ? await countHidden(db, opened, reaches) : opened;
    // Rows that have ended stay as they are, so only the newest half-hours are counted again.
    if (!known && counted.expected > 0 && counted.open + counted.claimed === 0 && halfHour < to - 2) {
      ended.set(halfHour, counted);
    }
    list.push(counted);
  }
  for (const halfHour of ended.keys()) if (halfHour < to - 2 * COMPLETENESS_LIMIT) ended.delete(halfHour);
  return list;
}

/** Nobody opened it because nobody was there: every site that was expected failed. */
async function countHidden(
  db: Database,
  none: HalfHourCompleteness,
  reaches: readonly Reach[],
): Promise<HalfHourCompleteness> {
  const expected = await countExpectedSites(db, { halfHour: none.halfHour, reaches });
  return { ...none, expected, failed: expected };
}

/** How complete a half-hour is as the ledger has it, of the sites within reach. */
export async function countHalfHour(
  db: Database,
  { halfHour, reaches }: HalfHourOfReach,
): Promise<HalfHourCompleteness> {
  const counted = await countHalfHours(db, { halfHours: [halfHour], reaches });
  return counted.get(halfHour) ?? noneOf(halfHour);
}

/** How complete half-hours are as the ledger has them; those without rows are left out. */
async function countHalfHours(
  db: Database,
  { halfHours, reaches }: { readonly halfHours: readonly HalfHour[]; readonly reaches: readonly Reach[] },
): Promise<ReadonlyMap<HalfHour, HalfHourCompleteness>> {
  const found = new Map<HalfHour, HalfHourCompleteness>();
  for (const piece of piecesOf(halfHours, HALF_HOURS_A_STATEMENT)) {
    const rows = await db.reader.selectFrom("ledger")
      .select((eb) => ["half_hour", "state", EXPLAINED.as("explained"), eb.fn.countAll<number>().as("sites")])
      .where("half_hour", "in", piece).where(ofSitesWithin(reaches, "site_id"))
      .groupBy(["half_hour", "state", sql`explained`]).execute();
    for (const { half_hour: halfHour, state, explained, sites } of rows) {
      const before = found.get(halfHour) ?? noneOf(halfHour);
      const name = choiceOf(LEDGER_STATES, state);
      const count = Number(sites);
      if (Number(explained) === 1) {
        found.set(halfHour, { ...before, maintenance: before.maintenance + count });
        continue;
      }
      found.set(halfHour, { ...before, [name]: before[name] + count, expected: before.expected + count });
    }
  }
  return found;
}

function noneOf(halfHour: HalfHour): HalfHourCompleteness {
  return { halfHour, expected: 0, open: 0, claimed: 0, complete: 0, partial: 0, failed: 0, maintenance: 0 };
}
