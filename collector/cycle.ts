/**
 * One half-hour over all sites: claims what is due as visits become free, starts them at the pace that the network
 * bears, tries again what failed while there is time, closes what remains, and says all of it in one line.
 *
 * @module
 */
import { endMsOf, HALF_HOUR_MS, type HalfHour } from "../lib/domain/half_hour.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { Claim } from "../lib/domain/visit.ts";
import { StoreError } from "../lib/store/errors.ts";
import {
  claimDue,
  type ClaimResult,
  closeHalfHour,
  closeUnvisited,
  extendClaim,
  openHalfHour,
  type SiteRange,
  siteRangeOf,
} from "../lib/store/ledger.ts";
import { carryOutDue } from "./announced.ts";
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

/** Seconds whose starts are claimed at once: the claims of those that start last must not run out. */
const STARTS_S = 20;

/** Pauses in milliseconds after something that nobody thought of; the last one repeats. */
const FAULT_PAUSES_MS = [1_000, 5_000, 20_000, 60_000] as const;

/** Sites of a half-hour that are named in the log because they cannot be prepared. */
const BAD_SITES_SAID = 20;

/** So long before the next boundary nothing new is claimed. */
const LAST_CLAIM_BEFORE_MS = 10_000;

/** A cycle that begins so shortly before the next boundary does so because we were down until then. */
const LATE_START_MS = 300_000;

interface Cycle {
  readonly tools: CollectorTools;
  readonly halfHour: HalfHour;
  readonly record: CycleRecord;
  /** Epoch milliseconds after which nothing is claimed. */
  readonly endMs: number;
  /** Why a site is closed that was never tried. */
  readonly untried: ReadingReason;
  readonly visits: Set<Promise<void>>;
  /** Where the round over the sites stands. */
  cursor: number;
  /** Whether the newest claim looked at all sites from the first one on: then the round is over. */
  fromStart: boolean;
  /** Ids of its first and last site; `null`: not known yet. */
  range: SiteRange | null;
  /** Whether the ledger of the half-hour is open. */
  opened: boolean;
  /** Sites whose visit cannot be prepared. */
  readonly bad: Set<number>;
  /** Database failures in a row. */
  failures: number;
  /** Other failures in a row. */
  faults: number;
}

/** Runs the cycle of a half-hour to its end. */
export async function runCycle(tools: CollectorTools, halfHour: HalfHour): Promise<CycleSummary> {
  const endMs = endMsOf(halfHour) + HALF_HOUR_MS - LAST_CLAIM_BEFORE_MS;
  const cycle: Cycle = {
    tools,
    halfHour,
    record: createCycleRecord(tools.clock, halfHour),
    endMs,
    untried: tools.clock.nowMs() < endMs - LATE_START_MS ? "visit-deadline" : "we-were-down",
    visits: new Set(),
    cursor: 0,
    fromStart: false,
    range: null,
    opened: false,
    bad: new Set(),
    failures: 0,
    faults: 0,
  };
  while (mayGoOn(cycle)) {
    try {
      if (await claimRound(cycle) === "done") break;
      cycle.faults = 0;
    } catch (error) {
      await pauseAfterFault(cycle, error);
    }
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
  tools.moves.note(cycle.halfHour);
  if (!tools.mayWork() || tools.keeper.away() || tools.keeper.isFull(0)) {
    await tools.clock.sleep(AWAY_PAUSES_MS[1], tools.draining);
    return "on";
  }
  if (!cycle.opened) {
    await openUp(cycle);
    return "on";
  }
  if (tools.slots.free() <= 0) {
    await tools.slots.changed(tools.draining);
    return "on";
  }
  if (tools.slots.free() < tools.slots.count / 4) await tools.clock.sleep(GATHER_MS, tools.draining);
  await persist(cycle, "carry out what was announced", () => carryOutDue(tools));
  const found = await persist(cycle, "claim sites", () => claim(cycle));
  if (!found) return "on";
  if (found.fenced) await persist(cycle, "see which release works", () => tools.doubt());
  if (found.claim) return await start(cycle, found);
  if (found.fenced || found.more || !cycle.fromStart) return "on";
  return await rest(cycle, found.nextDueMs);
}

async function openUp(cycle: Cycle): Promise<void> {
  const { tools: { db }, halfHour } = cycle;
  await persist(cycle, "open the ledger", () => openHalfHour(db, halfHour));
  await persist(
    cycle,
    "leave out maintenance",
    () => closeUnvisited(db, halfHour, cycle.tools.clock.nowMs()),
  );
  cycle.range = await persist(cycle, "look for its sites", () => siteRangeOf(db, halfHour));
  cycle.cursor = startOf(cycle);
  cycle.opened = true;
}

/** Whatever nobody thought of is said, and the half-hour goes on after a pause that grows. */
async function pauseAfterFault(cycle: Cycle, error: unknown): Promise<void> {
  const { tools: { clock, draining, log }, halfHour } = cycle;
  log.error("A cycle stumbled; it goes on", { halfHour, error });
  const place = Math.min(cycle.faults++, FAULT_PAUSES_MS.length - 1);
  await clock.sleep(FAULT_PAUSES_MS[place] ?? 0, draining);
}

/** A claim, and how far it reaches. */
interface Claimed extends ClaimResult {
  /** Epoch milliseconds at which it ends. */
  readonly untilMs: number;
}

/** Claims as many as have places; these are taken before anything is awaited, because cycles overlap. */
async function claim(cycle: Cycle): Promise<Claimed> {
  const { tools, halfHour, cursor, bad } = cycle;
  const { slots, flights, pacer } = tools;
  const startable = Math.max(1, Math.floor(pacer.perSecond * STARTS_S));
  const places = Math.max(0, Math.min(CLAIM_SITES, slots.free(), startable));
  for (let i = 0; i < places; i++) slots.take();
  let used = 0;
  try {
    const fromStart = cursor === 0;
    const nowMs = tools.clock.nowMs();
    const found = await claimDue(tools.db, {
      halfHour,
      nowMs,
      claimMs: CLAIM_MS,
      limit: places,
      afterSiteId: cursor,
      token: tools.claimToken(),
      release: tools.release,
      skip: (siteId) => bad.has(siteId) || flights.has(siteId, halfHour),
    });
    used = found.claim?.siteIds.length ?? 0;
    for (const siteId of found.claim?.siteIds ?? []) flights.begin(siteId, halfHour);
    cycle.fromStart = fromStart;
    cycle.cursor = found.more ? found.cursor : fromStart ? startOf(cycle) : 0;
    return { ...found, untilMs: nowMs + CLAIM_MS };
  } finally {
    for (let i = used; i < places; i++) slots.give();
  }
}

/** Where a round begins: anywhere, so that two collectors seldom want the same sites; then once round. */
function startOf({ tools, range }: Cycle): number {
  return range === null ? 0 : range.first - 1 + Math.floor(tools.random() * (range.last - range.first + 1));
}

/** Starts the visits of a claim; a site whose visit does not start gives back its place and its flight. */
async function start(cycle: Cycle, { claim, tries, untilMs }: Claimed): Promise<"on"> {
  if (claim === null) return "on";
  const { tools, halfHour, record } = cycle;
  const waiting = new Set(claim.siteIds);
  const giveBack = (siteId: number) => {
    if (!waiting.delete(siteId)) return;
    tools.slots.give();
    tools.flights.end(siteId, halfHour);
  };
  try {
    const ready = await prepareAll(cycle, { claim, tries });
    const planned = new Set(ready.map(({ site }) => site.site.id));
    for (const siteId of claim.siteIds.filter((id) => !planned.has(id))) giveBack(siteId);
    const longestMs = Math.max(0, ...ready.map(({ budgetMs }) => budgetMs));
    const startsMs = ready.length / tools.pacer.perSecond * 1_000;
    const claimed = await hold(cycle, { claim, untilMs, forMs: startsMs + longestMs });
    for (const visit of ready) {
      const siteId = visit.site.site.id;
      tools.moves.note(halfHour);
      await tools.pacer.next(tools.draining);
      const own = { ...claimed, claim: { ...claim, siteIds: [siteId] } };
      if (!await isStillOurs(cycle, own, visit)) continue;
      waiting.delete(siteId);
      const errand = { halfHour, token: claim.token, tries: tries.get(siteId) ?? 1, visit, record };
      const going: Promise<void> = goAndSee(tools, errand).finally(() => cycle.visits.delete(going));
      cycle.visits.add(going);
    }
  } finally {
    for (const siteId of [...waiting]) giveBack(siteId);
  }
  return "on";
}

interface Held {
  readonly claim: Claim;
  /** Epoch milliseconds at which the claim ends. */
  readonly untilMs: number;
}

/** Lets a claim live until its visits are stored, if it does not anyway. */
async function hold(
  cycle: Cycle,
  { claim, untilMs, forMs }: Held & { readonly forMs: number },
): Promise<Held> {
  const { tools } = cycle;
  const neededMs = tools.clock.nowMs() + forMs + STORE_MS;
  if (neededMs <= untilMs) return { claim, untilMs };
  const longerMs = Math.ceil(neededMs) + STORE_MS;
  await persist(cycle, "extend a claim", () => extendClaim(tools.db, claim, longerMs));
  return { claim, untilMs: longerMs };
}

/** Whether a visit may start: its claim lives until it is stored, and nobody else has taken the site. */
async function isStillOurs(
  cycle: Cycle,
  { claim, untilMs }: Held,
  { budgetMs }: PreparedVisit,
): Promise<boolean> {
  const { tools } = cycle;
  const neededMs = tools.clock.nowMs() + budgetMs + STORE_MS;
  if (neededMs <= untilMs) return true;
  try {
    return await extendClaim(tools.db, claim, neededMs) > 0;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return true; // the database is away: what is read now is kept, and stored if nobody else was quicker
  }
}

/** Prepares visits; where that fails, site by site, so that one that cannot be prepared is alone in it. */
async function prepareAll(
  cycle: Cycle,
  claimed: Pick<Claimed, "tries"> & { readonly claim: Claim },
): Promise<readonly PreparedVisit[]> {
  const { tools, halfHour, bad } = cycle;
  const { claim, tries } = claimed;
  const prepare = (siteIds: readonly number[]) =>
    prepareVisits(tools, { halfHour, siteIds, mayBeRetry: siteIds.filter((id) => (tries.get(id) ?? 1) > 1) });
  try {
    return await persist(cycle, "load plans", () => prepare(claim.siteIds)) ?? [];
  } catch (error) {
    const [siteId, ...others] = claim.siteIds;
    if (siteId !== undefined && others.length === 0) {
      bad.add(siteId); // it is closed with the half-hour
      if (bad.size <= BAD_SITES_SAID) {
        tools.log.error("A visit cannot be prepared", { site: siteId, halfHour, error });
      }
      return [];
    }
    const ready: PreparedVisit[] = [];
    for (const id of claim.siteIds) {
      ready.push(...await prepareAll(cycle, { tries, claim: { ...claim, siteIds: [id] } }));
    }
    return ready;
  }
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
    () => closeHalfHour(tools.db, halfHour, { nowMs, reason: cycle.untried, release: tools.release }),
    cycle.endMs + HALF_HOUR_MS,
  );
  record.closed(closed ?? 0);
}

/** Does something with the database, again and again while it is away; `null`: no time is left for it. */
async function persist<T>(
  cycle: Cycle,
  doing: string,
  work: () => Promise<T>,
  untilMs = cycle.endMs,
): Promise<T | null> {
  const { tools, halfHour } = cycle;
  while (!tools.draining.aborted && tools.clock.nowMs() < untilMs) {
    tools.moves.note(halfHour);
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
