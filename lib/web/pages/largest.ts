/**
 * Who used most yesterday: each site by its own yesterday. Only where all sites can be summed for a page; a larger
 * fleet needs sums made beforehand.
 *
 * @module
 */

import { closedHalfHourAt, type HalfHour } from "../../domain/half_hour.ts";
import { openHalfHours } from "../../domain/hours.ts";
import { addDays, localDateOf, localDay } from "../../domain/local_day.ts";
import type { Reach } from "../../domain/permission.ts";
import type { SitePlan } from "../../domain/site.ts";
import { energyOver, outOfHoursShareOf, siteTotals } from "../../domain/usage.ts";
import type { Database } from "../../store/db.ts";
import { type ChannelHalfHours, readHalfHours } from "../../store/half_hours.ts";
import { keptBySites, siteSetName } from "../../store/kept.ts";
import { listSiteIds, loadPlans } from "../../store/plans.ts";
import { percentText } from "../../ui/format.ts";
import type { LargeUser } from "../../ui/pages/TodayPage.tsx";
import { type EnergyMeter, energyMetersOf, loadsOf } from "./energy.ts";

/** Sites that are summed for a page at most. */
const SITES_MAX = 300;

/** Energy counters that are read for a page at most. */
const CHANNELS_MAX = 2_000;

/** Sites shown. */
const SHOWN = 5;

/** Milliseconds for which sums are kept: a recovered half-hour may change them. */
const KEPT_MS = 300_000;

/** Yesterday's use. */
export interface Largest {
  /** Largest users, largest first; empty: not known. */
  readonly largest: readonly LargeUser[];
  /** Wh of all sites; `null`: not known. */
  readonly yesterdayWh: number | null;
}

const UNKNOWN: Largest = { largest: [], yesterdayWh: null };

/** Sums and when they were made. */
interface Kept {
  found: Largest;
  atMs: number;
}

const keptOf = keptBySites((): Kept => ({ found: UNKNOWN, atMs: -Infinity }));

/** For whom, and when. */
export interface LargestRequest {
  /** Sites within reach. */
  readonly reaches: readonly Reach[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Loads yesterday's largest users within reach; nothing while there are more sites than a page can sum. */
export async function loadLargest(db: Database, { reaches, nowMs }: LargestRequest): Promise<Largest> {
  const siteIds = await listSiteIds(db, { reaches, limit: SITES_MAX + 1 });
  if (siteIds.length > SITES_MAX) return UNKNOWN;
  const kept = keptOf(db, siteSetName(siteIds));
  if (nowMs >= kept.atMs && nowMs - kept.atMs < KEPT_MS) return kept.found;
  kept.found = await sumYesterday(db, { siteIds, nowMs });
  kept.atMs = nowMs;
  return kept.found;
}

async function sumYesterday(
  db: Database,
  { siteIds, nowMs }: { readonly siteIds: readonly number[]; readonly nowMs: number },
): Promise<Largest> {
  const due = closedHalfHourAt(nowMs);
  const plans = [...(await loadPlans(db, siteIds, due)).values()];
  const sites = plans.map((plan) => ({ plan, meters: energyMetersOf(plan), day: yesterdayOf(plan, due) }));
  const channelIds = sites.flatMap(({ meters }) => meters.map(({ channel }) => channel.id));
  if (channelIds.length === 0 || channelIds.length > CHANNELS_MAX) return UNKNOWN;
  const from = Math.min(...sites.map(({ day }) => day.first));
  const to = Math.max(...sites.map(({ day }) => day.first + day.count));
  const halfHours = await readHalfHours(db, { channelIds, from, to });
  const byChannel = new Map(halfHours.map((each) => [each.channelId, each]));
  const users = sites.flatMap((site) => userOf(site, byChannel));
  users.sort((a, b) => b.energyWh - a.energyWh);
  const yesterdayWh = users.length === 0 ? null : users.reduce((sum, { energyWh }) => sum + energyWh, 0);
  return { largest: users.slice(0, SHOWN), yesterdayWh };
}

function yesterdayOf({ site }: SitePlan, due: HalfHour) {
  return localDay(site.zone, addDays(localDateOf(site.zone, due + 1), -1));
}

interface SummedSite {
  readonly plan: SitePlan;
  readonly meters: readonly EnergyMeter[];
  readonly day: ReturnType<typeof localDay>;
}

function userOf(
  { plan, meters, day }: SummedSite,
  byChannel: ReadonlyMap<number, ChannelHalfHours>,
): readonly LargeUser[] {
  const channels = meters.flatMap(({ channel }) => byChannel.get(channel.id) ?? []);
  const span = { from: day.first, count: day.count };
  const totals = siteTotals(loadsOf(meters, channels), span);
  const { amount, completeness } = energyOver(totals, span);
  if (amount === null) return [];
  const open = openHalfHours(plan.site.hours, day);
  const share = open && outOfHoursShareOf(totals, open);
  const closed = open?.some((each) => !each) ?? false;
  return [{
    id: plan.site.id,
    name: plan.site.name,
    href: `/sites/${plan.site.id}`,
    energyWh: amount,
    estimated: completeness.have < completeness.expected || !/^[me-]*$/.test(totals.quality),
    ...(share !== null && closed ? { note: `${percentText(share)} of it out of hours` } : {}),
  }];
}
