/**
 * One half-hour over all sites: claims what is due as visits become free, starts them at the pace that the network
 * bears, tries again what failed while there is time, closes what remains, and says all of it in one line.
 *
 * @module
 */
import { endMsOf, HALF_HOUR_MS, type HalfHour } from "../lib/domain/half_hour.ts";
import { dueMsOf, RETRY_DELAYS_MS } from "../lib/domain/schedule.ts";
import type { Claim } from "../lib/domain/visit.ts";
import { StoreError } from "../lib/store/errors.ts";
import {
  claimDue,
  closeHalfHour,
  extendClaim,
  openHalfHour,
  type SiteRange,
  siteRangeOf,
} from "../lib/store/ledger.ts";
import type { CycleRecord } from "./cycle_record.ts";
import { createCycleRecord } from "./cycle_record.ts";
import type { CycleSummary } from "./metrics.ts";
import { type PreparedVisit, prepareVisits } from "./prepare.ts";
import type { CollectorTools } from "./tools.ts";
import { goAndSee } from "./go_and_see.ts";

/** Sites of one claim. */
export const CLAIM_SITES = 200;

/** Milliseconds a claim is good for before its plans are known: a visit of 60 s and 30 s to store it, and more. */
const CLAIM_MS = 120_000;

/** Milliseconds to store a visit after its deadline. */
const STORE_MS = 30_000;

/** Milliseconds in which sites that become due gather, so that they are claimed together. */
const REST_MS = 250;

/** Milliseconds between two looks at the ledger: others may have given back what is due sooner than was known. */
const LOOK_MS = 30_000;

/** Milliseconds in which places gather, so that a claim is not made for each single one. */
const GATHER_MS = 100;

/** Pauses in milliseconds while the database is away; the last one repeats. */
const AWAY_PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** So long before the next boundary nothing new is claimed. */
const LAST_CLAIM_BEFORE_MS = 10_000;

interface Cycle {
  readonly tools: CollectorTools;
  readonly halfHour: HalfHour;
  readonly record: CycleRecord;
  /** Epoch milliseconds after which nothing is claimed. */
  readonly endMs: number;
  readonly visits: Set<Promise<void>>;
  /** Where the round over the sites stands. */
  cursor: number;
  /** Whether the newest claim looked at all sites from the first one on: then the round is over. */
  fromStart: boolean;
  /** Ids of its first and last site; `null`: not known yet. */
  range: SiteRange | null;
  failures: number;
}

/** Runs the cycle of a half-hour to its end. */
export async function runCycle(tools: CollectorTools, halfHour: HalfHour): Promise<CycleSummary> {
  const cycle: Cycle = {
    tools,
    halfHour,
    record: createCycleRecord(tools.clock, halfHour),
    endMs: endMsOf(halfHour) + HALF_HOUR_MS - LAST_CLAIM_BEFORE_MS,
    visits: new Set(),
    cursor: 0,
    fromStart: false,
    range: null,
    failures: 0,
  };
  await persist(cycle, "open the ledger", () => openHalfHour(tools.db, halfHour));
  cycle.range = await persist(cycle, "look for its sites", () => siteRangeOf(tools.db, halfHour));
  cycle.cursor = startOf(cycle);
  while (mayGoOn(cycle)) {
    if (await claimRound(cycle) === "done") break;
  }
  await Promise.all(cycle.visits);
  await close(cycle);
  const summary = cycle.record.summary();
  tools.metrics.cycled(summary.tookMs);
  return summary;
}

function mayGoOn({ tools, endMs }: Cycle): boolean {
  return !tools.draining.aborted && tools.clock.nowMs() < endMs;
}

/** Claims once, or waits for what stands in the way; `done`: nothing is left of the half-hour. */
async function claimRound(cycle: Cycle): Promise<"done" | "on"> {
  const { tools } = cycle;
  if (!tools.mayWork() || tools.keeper.away() || tools.keeper.isFull(0)) {
    await tools.clock.sleep(AWAY_PAUSES_MS[1], tools.draining);
    return "on";
  }
  if (tools.slots.free() === 0) {
    await tools.slots.changed(tools.draining);
    return "on";
  }
  if (tools.slots.free() < tools.slots.count / 4) await tools.clock.sleep(GATHER_MS, tools.draining);
  const free = Math.min(CLAIM_SITES, tools.slots.free());
  const found = await persist(cycle, "claim sites", () => claim(cycle, free));
  if (!found) return "on";
  if (found.claim) return await start(cycle, found.claim);
  if (found.more || !cycle.fromStart) return "on";
  return await rest(cycle, found.nextDueMs);
}

async function claim(cycle: Cycle, limit: number) {
  const { tools, halfHour, cursor } = cycle;
  cycle.fromStart = cursor === 0;
  const found = await claimDue(tools.db, {
    halfHour,
    nowMs: tools.clock.nowMs(),
    claimMs: CLAIM_MS,
    limit,
    afterSiteId: cursor,
    token: tools.claimToken(),
  });
  cycle.cursor = found.more ? found.cursor : cycle.fromStart ? startOf(cycle) : 0;
  return found;
}

/** Where a round begins: anywhere, so that two collectors seldom want the same sites; then once round. */
function startOf({ tools, range }: Cycle): number {
  return range === null ? 0 : range.first - 1 + Math.floor(tools.random() * (range.last - range.first + 1));
}

async function start(cycle: Cycle, claimed: Claim): Promise<"on"> {
  const { tools, halfHour, record } = cycle;
  for (const siteId of claimed.siteIds) {
    tools.slots.take();
    tools.flights.begin(siteId, halfHour);
  }
  const prepared = await persist(cycle, "load plans", () => prepare(cycle, claimed));
  const ready = prepared ?? [];
  const planned = new Set(ready.map(({ site }) => site.site.id));
  for (const siteId of claimed.siteIds.filter((id) => !planned.has(id))) {
    tools.slots.give(); // without a plan there is nothing to visit: it is closed with the half-hour
    tools.flights.end(siteId, halfHour);
  }
  for (const visit of ready) {
    await tools.pacer.next(tools.draining);
    const going: Promise<void> = goAndSee(tools, { halfHour, token: claimed.token, visit, record }).finally(
      () => cycle.visits.delete(going),
    );
    cycle.visits.add(going);
  }
  return "on";
}

async function prepare(cycle: Cycle, claimed: Claim): Promise<readonly PreparedVisit[]> {
  const { tools, halfHour, record } = cycle;
  const nowMs = tools.clock.nowMs();
  const mayBeRetry = claimed.siteIds.filter((siteId) =>
    record.visits(siteId) > 0 || nowMs >= dueMsOf(halfHour, siteId) + (RETRY_DELAYS_MS[0] ?? 0)
  );
  const prepared = await prepareVisits(tools, { halfHour, siteIds: claimed.siteIds, mayBeRetry });
  const longest = Math.max(0, ...prepared.map(({ budgetMs }) => budgetMs));
  if (longest + STORE_MS > CLAIM_MS) {
    await extendClaim(tools.db, claimed, nowMs + longest + 2 * STORE_MS);
  }
  return prepared;
}

/** Nothing is due now: waits until something is, or until the visits end; `done` when nothing will be. */
async function rest(cycle: Cycle, nextDueMs: number | null): Promise<"done" | "on"> {
  const { tools, visits } = cycle;
  if (nextDueMs === null && visits.size === 0) return "done";
  const nowMs = tools.clock.nowMs();
  const untilMs = Math.min(Math.max(nextDueMs ?? Infinity, nowMs + REST_MS), nowMs + LOOK_MS, cycle.endMs);
  const stop = new AbortController();
  const pause = tools.clock.sleep(
    Math.max(1, untilMs - nowMs),
    AbortSignal.any([tools.draining, stop.signal]),
  );
  await Promise.race(visits.size > 0 ? [pause, Promise.all(visits)] : [pause]);
  stop.abort();
  return "on";
}

/** Closes what is still open, unless this process is leaving and another will go on. */
async function close(cycle: Cycle): Promise<void> {
  const { tools, halfHour, record } = cycle;
  if (tools.draining.aborted || !tools.mayWork()) return;
  const nowMs = tools.clock.nowMs();
  const closed = await persist(
    cycle,
    "close the half-hour",
    () => closeHalfHour(tools.db, halfHour, { nowMs, reason: "visit-deadline" }),
  );
  record.closed(closed ?? 0);
}

/** Does something with the database, again and again while it is away; `null`: the process is leaving. */
async function persist<T>(cycle: Cycle, doing: string, work: () => Promise<T>): Promise<T | null> {
  const { tools, halfHour } = cycle;
  while (!tools.draining.aborted) {
    try {
      const done = await work();
      cycle.failures = 0;
      tools.databaseAway(null);
      return done;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (cycle.failures === 0) {
        tools.log.warn(`Cannot ${doing}: waiting for the database`, { halfHour, error });
      }
      tools.databaseAway(error.message);
      const place = Math.min(cycle.failures++, AWAY_PAUSES_MS.length - 1);
      await tools.clock.sleep(AWAY_PAUSES_MS[place] ?? 0, tools.draining);
    }
  }
  return null;
}
