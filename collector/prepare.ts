/**
 * Before a visit: what is expected of each claimed site, what an earlier try has read already, and what is known
 * of its counters, so that an unbelievable value can be asked for again while the connection is open.
 *
 * @module
 */
import { isDailyTurn } from "../lib/domain/daily.ts";
import type { HalfHour } from "../lib/domain/half_hour.ts";
import { visitBudgetMs } from "../lib/domain/schedule.ts";
import type { SitePlan } from "../lib/domain/site.ts";
import type { CounterContext } from "../lib/domain/visit.ts";
import { piecesOf } from "../lib/store/ids.ts";
import { loadPlans } from "../lib/store/plans.ts";
import { loadCounterContexts, readHalfHours } from "../lib/store/readings.ts";
import { inPieces } from "./pieces.ts";
import type { CollectorTools } from "./tools.ts";
import { yieldToLoop } from "../lib/store/sqlite.ts";
import { isDaily, planVisit, type VisitPlan } from "./visit_plan.ts";

/** A visit that can start. */
export interface PreparedVisit {
  /** The site. */
  readonly site: SitePlan;
  /** What to ask. */
  readonly plan: VisitPlan;
  /** Milliseconds it may take. */
  readonly budgetMs: number;
  /** Channels that an earlier try has read. */
  readonly readBefore: number;
  /** What is known of its counters. */
  readonly contexts: ReadonlyMap<number, CounterContext>;
}

/** Channels of one question to the store: some milliseconds for the embedded database. */
const CHANNELS_A_QUESTION = 500;

/** Sites that are loaded or planned before the event loop turns: some milliseconds. */
const SITES_A_PIECE = 50;

/** Prepares the visits of claimed sites; a site without a plan is no longer there. */
export async function prepareVisits(
  tools: CollectorTools,
  claimed: {
    readonly halfHour: HalfHour;
    readonly siteIds: readonly number[];
    readonly mayBeRetry: readonly number[];
  },
): Promise<readonly PreparedVisit[]> {
  const { halfHour, siteIds } = claimed;
  const plans = await plansOf(tools, { siteIds, halfHour });
  const sites = siteIds.flatMap((siteId) => plans.get(siteId) ?? []);
  const profileIds = sites.flatMap(({ meters }) => meters.map(({ profileId }) => profileId));
  const findProfile = await tools.loadProfiles?.(profileIds) ?? tools.findProfile;
  const again = new Set(claimed.mayBeRetry);
  const before = await readBefore(tools, { halfHour, sites: sites.filter(({ site }) => again.has(site.id)) });
  const planned = await inPieces(sites, SITES_A_PIECE, (site) => {
    const daily = isDailyTurn(site.site.id, halfHour) || !tools.seenDaily.has(site.site.id);
    const plan = planVisit(site, {
      findProfile,
      wants: ({ id }, spec) => !before.has(id) && (daily || !isDaily(spec)),
    });
    return { site, plan };
  });
  const contexts = await contextsOf(tools, { halfHour, plans: planned.map(({ plan }) => plan) });
  return planned.map(({ site, plan }) => ({
    site,
    plan,
    budgetMs: visitBudgetMs(plan.requestMs),
    readBefore: site.channels.filter(({ id }) => before.has(id)).length,
    contexts,
  }));
}

async function plansOf(
  { db }: Pick<CollectorTools, "db">,
  { siteIds, halfHour }: { readonly siteIds: readonly number[]; readonly halfHour: HalfHour },
): Promise<ReadonlyMap<number, SitePlan>> {
  const all = new Map<number, SitePlan>();
  for (const piece of piecesOf(siteIds, SITES_A_PIECE)) {
    for (const [id, plan] of await loadPlans(db, piece, halfHour)) all.set(id, plan);
    await yieldToLoop();
  }
  return all;
}

/** What is known of the counters of some visits. */
export async function contextsOf(
  tools: Pick<CollectorTools, "db">,
  { halfHour, plans }: { readonly halfHour: HalfHour; readonly plans: readonly VisitPlan[] },
): Promise<ReadonlyMap<number, CounterContext>> {
  const ids = plans.flatMap((plan) =>
    [...plan.channels.values()].filter(({ channel }) => channel.kind === "counter").map((entry) =>
      entry.channel.id
    )
  );
  const all = new Map<number, CounterContext>();
  for (const channelIds of piecesOf(ids, CHANNELS_A_QUESTION)) {
    const found = await loadCounterContexts(tools.db, { halfHour, channelIds });
    for (const [id, context] of found) all.set(id, context);
    await yieldToLoop();
  }
  return all;
}

/** Channels of which the half-hour has a reading already. */
async function readBefore(
  tools: CollectorTools,
  { halfHour, sites }: { readonly halfHour: HalfHour; readonly sites: readonly SitePlan[] },
): Promise<ReadonlySet<number>> {
  const ids = sites.flatMap(({ channels }) => channels.map(({ id }) => id));
  const read = new Set<number>();
  for (const channelIds of piecesOf(ids, CHANNELS_A_QUESTION)) {
    const found = await readHalfHours(tools.db, { channelIds, from: halfHour, to: halfHour + 1 });
    for (const { channelId, quality, reasons } of found) {
      const reading = reasons.every(({ readingReason }) =>
        readingReason === undefined || readingReason === null
      );
      if (quality !== "-" && reading) read.add(channelId);
    }
  }
  return read;
}
