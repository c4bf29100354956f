/**
 * What a visit needs to know about its sites: addresses, ports, meters, channels and the newest series of each
 * counter, for many sites at once.
 *
 * @module
 */

import type { Channel, Unit } from "../domain/channel.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { Series } from "../domain/series.ts";
import type { Endpoint, Meter, Path, Site, SitePlan, Transformer, WeekHours } from "../domain/site.ts";
import {
  CHANNEL_KINDS,
  choiceOf,
  END_USE_CODES,
  ENDPOINT_KINDS,
  PATH_KINDS,
  SERIES_BEGINNINGS,
} from "./codes.ts";
import type { Database, Executor } from "./db.ts";
import { piecesOf } from "./ids.ts";
import { withinReach } from "./reach.ts";

/** Sites of one call at most. */
export const PLANS_LIMIT = 500;

/** Ids of one `IN` list: more could leave the optimizer without memory for ranges. */
const IDS_A_STATEMENT = 2_000;

/** The plans of sites for a half-hour, at most 500 of them; unknown ids are left out. */
export async function loadPlans(
  db: Database,
  siteIds: readonly number[],
  halfHour: HalfHour,
): Promise<ReadonlyMap<number, SitePlan>> {
  if (siteIds.length > PLANS_LIMIT) {
    throw new RangeError(`${siteIds.length} plans at once: at most ${PLANS_LIMIT}`);
  }
  if (siteIds.length === 0) return new Map();
  const [sites, paths, endpoints, meters, channels] = await Promise.all([
    sitesOf(db.reader, siteIds),
    pathsOf(db.reader, siteIds),
    endpointsOf(db.reader, siteIds),
    metersOf(db.reader, siteIds, halfHour),
    channelsOf(db.reader, siteIds, halfHour),
  ]);
  const counters = channels.filter(({ kind }) => kind === "counter").map(({ id }) => id);
  const series = await newestSeriesOf(db.reader, counters);
  const channelsBySite = Map.groupBy(channels, ({ siteId }) => siteId);
  return new Map(sites.map(({ site, since }): [number, SitePlan] => {
    const own = channelsBySite.get(site.id) ?? [];
    return [site.id, {
      site,
      paths: paths.get(site.id) ?? [],
      endpoints: endpoints.get(site.id) ?? [],
      meters: meters.get(site.id) ?? [],
      channels: own,
      series: own.flatMap(({ id }) => series.get(id) ?? []),
      since,
    }];
  }));
}

/** The plan of one site; `null`: there is no such site. */
export async function getSitePlan(
  db: Database,
  siteId: number,
  halfHour: HalfHour,
): Promise<SitePlan | null> {
  return (await loadPlans(db, [siteId], halfHour)).get(siteId) ?? null;
}

/** A meter that is registered and read from a later half-hour on. */
export interface ComingMeter {
  /** Its profile. */
  readonly profileId: string;
  /** The first half-hour that it is read in. */
  readonly since: HalfHour;
}

/** The meters of a site that begin after a half-hour, so that its plan does not have them yet. */
export async function listComingMeters(
  db: Database,
  siteId: number,
  halfHour: HalfHour,
): Promise<readonly ComingMeter[]> {
  const rows = await db.reader.selectFrom("meter").select(["profile_id", "since"])
    .where("site_id", "=", siteId).where("since", ">", halfHour).where("until", "is", null).orderBy(
      "meter_id",
    )
    .execute();
  return rows.map(({ profile_id, since }) => ({ profileId: profile_id, since }));
}

/** Ids of sites within reach in their order, at most `limit` (1 to 10,000). */
export async function listSiteIds(
  db: Database,
  { reaches, limit }: { readonly reaches: readonly Reach[]; readonly limit: number },
): Promise<readonly number[]> {
  const rows = await db.reader.selectFrom("site").select("site_id")
    .where(withinReach(reaches, { siteId: "site_id", groupId: "group_id" })).orderBy("site_id")
    .limit(Math.min(limit, 10_000)).execute();
  return rows.map(({ site_id }) => site_id);
}

/** Where a meter stands; `null`: there is no such meter. */
export async function findMeter(db: Database, meterId: number): Promise<{ readonly siteId: number } | null> {
  const row = await db.reader.selectFrom("meter").select("site_id").where("meter_id", "=", meterId)
    .executeTakeFirst();
  return row ? { siteId: row.site_id } : null;
}

interface SiteSince {
  readonly site: Site;
  readonly since: HalfHour;
}

async function sitesOf(db: Executor, siteIds: readonly number[]): Promise<readonly SiteSince[]> {
  const rows = await db.selectFrom("site")
    .select(["site_id", "name", "town", "zone", "latitude", "longitude", "hours", "collected", "since"])
    .where("site_id", "in", siteIds).execute();
  return rows.map((row) => ({
    site: {
      id: row.site_id,
      name: row.name,
      town: row.town,
      zone: row.zone,
      latitude: row.latitude,
      longitude: row.longitude,
      hours: row.hours === null ? null : JSON.parse(row.hours) as WeekHours,
      collected: row.collected === 1,
    },
    since: row.since,
  }));
}

/** The addresses of sites in order of rank. */
export async function pathsOf(
  db: Executor,
  siteIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Path[]>> {
  const rows = await db.selectFrom("path").select(["path_id", "site_id", "place", "kind", "host"])
    .where("site_id", "in", siteIds).orderBy("site_id").orderBy("place").execute();
  return grouped(rows, (row) => ({
    id: row.path_id,
    rank: row.place,
    kind: choiceOf(PATH_KINDS, row.kind),
    host: row.host,
  }));
}

async function endpointsOf(
  db: Executor,
  siteIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Endpoint[]>> {
  const rows = await db.selectFrom("endpoint")
    .select(["endpoint_id", "site_id", "port", "kind", "pause_ms", "response_timeout_ms"])
    .where("site_id", "in", siteIds).orderBy("endpoint_id").execute();
  return grouped(rows, (row) => ({
    id: row.endpoint_id,
    port: row.port,
    kind: choiceOf(ENDPOINT_KINDS, row.kind),
    pauseMs: row.pause_ms,
    responseTimeoutMs: row.response_timeout_ms,
  }));
}

async function metersOf(
  db: Executor,
  siteIds: readonly number[],
  halfHour: HalfHour,
): Promise<ReadonlyMap<number, readonly Meter[]>> {
  const rows = await db.selectFrom("meter")
    .select(["meter_id", "site_id", "endpoint_id", "unit_id", "profile_id", "name", "end_use", "whole_site"])
    .select(["max_power_w", "transformer"])
    .where("site_id", "in", siteIds).where("since", "<=", halfHour)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", halfHour)]))
    .orderBy("meter_id").execute();
  return grouped(rows, (row) => ({
    id: row.meter_id,
    endpointId: row.endpoint_id,
    unitId: row.unit_id,
    profileId: row.profile_id,
    name: row.name,
    endUse: row.end_use === null ? null : choiceOf(END_USE_CODES, row.end_use),
    wholeSite: row.whole_site === 1,
    maxPowerW: row.max_power_w,
    transformer: row.transformer === null ? null : JSON.parse(row.transformer) as Transformer,
  }));
}

/** The channels of sites that are expected in a half-hour, by id. */
export async function channelsOf(
  db: Executor,
  siteIds: readonly number[],
  halfHour: HalfHour,
): Promise<readonly (Channel & { readonly profileVersion: number })[]> {
  if (siteIds.length === 0) return [];
  const rows = await db.selectFrom("channel")
    .select(["channel_id", "site_id", "meter_id", "quantity", "kind", "unit", "decimals", "profile_version"])
    .select(["since", "until"])
    .where("site_id", "in", siteIds).where("since", "<=", halfHour)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", halfHour)]))
    .orderBy("channel_id").execute();
  return rows.map((row) => ({
    id: row.channel_id,
    siteId: row.site_id,
    meterId: row.meter_id,
    quantity: row.quantity,
    kind: choiceOf(CHANNEL_KINDS, row.kind),
    unit: row.unit as Unit,
    decimals: row.decimals,
    since: row.since,
    until: row.until,
    profileVersion: row.profile_version,
  }));
}

/** The series of counters, oldest first. */
export async function seriesOf(
  db: Executor,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Series[]>> {
  const all: Series[] = [];
  for (const ids of piecesOf(channelIds, IDS_A_STATEMENT)) {
    const rows = await db.selectFrom("series")
      .select(["channel_id", "since_s", "series_id", "numerator", "denominator", "origin", "modulus"])
      .select(["base", "begins"])
      .where("channel_id", "in", ids).orderBy("channel_id").orderBy("since_s").execute();
    all.push(...rows.map((row) => ({
      id: row.series_id,
      channelId: row.channel_id,
      sinceS: row.since_s,
      numerator: row.numerator,
      denominator: row.denominator,
      origin: row.origin,
      modulus: row.modulus,
      ...(row.base === null ? {} : { base: row.base }),
      ...(row.begins === null ? {} : { begins: choiceOf(SERIES_BEGINNINGS, row.begins - 1) }),
    })));
  }
  return Map.groupBy(all, ({ channelId }) => channelId);
}

async function newestSeriesOf(db: Executor, channelIds: readonly number[]): Promise<Map<number, Series>> {
  const all = await seriesOf(db, channelIds);
  return new Map([...all].flatMap(([channelId, list]) => {
    const newest = list.at(-1);
    return newest ? [[channelId, newest] as const] : [];
  }));
}

function grouped<R extends { readonly site_id: number }, T>(
  rows: readonly R[],
  make: (row: R) => T,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.site_id);
    if (group) group.push(make(row));
    else groups.set(row.site_id, [make(row)]);
  }
  return groups;
}
