/**
 * Keeps what visits brought home until the database has it: in batches, in the order of each site's half-hours,
 * for as long as the database is away and memory lasts.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { HalfHour } from "../lib/domain/half_hour.ts";
import type { StoredVisit } from "../lib/domain/visit.ts";
import type { Log } from "../lib/log.ts";
import { StoreError } from "../lib/store/errors.ts";
import type { Flights } from "./flights.ts";
import type { FinishedVisit } from "./ingest.ts";

/** A visit that waits for the database. */
export interface HeldVisit {
  /** What it brought home. */
  readonly visit: FinishedVisit;
  /** Called once: with what was stored, or `null` when the claim had gone or the visit could not be stored. */
  readonly settled: (stored: StoredVisit | null) => void;
}

/** What happened to a batch. */
export interface BatchOutcome {
  /** What was stored, by site. */
  readonly stored: readonly StoredVisit[];
  /** Sites whose half-hour before is still with someone else: try again shortly. */
  readonly deferred: readonly number[];
  /** Sites whose claim had gone. */
  readonly lost: readonly number[];
}

/** What the keeper works with. */
export interface KeeperTools {
  /** The time. */
  readonly clock: Clock;
  /** Where it says what went wrong. */
  readonly log: Log;
  /** Order of half-hours. */
  readonly flights: Flights;
  /** Values that may be held. */
  readonly valuesMax: number;
  /** Aborts when what is still held must be given up. */
  readonly stopping: AbortSignal;
  /** Stores visits of one half-hour and token in one transaction; throws a StoreError when the database fails. */
  readonly store: (visits: readonly FinishedVisit[]) => Promise<BatchOutcome>;
  /** Lets the claims of visits live longer; throws a StoreError when the database fails. */
  readonly keepClaims: (visits: readonly FinishedVisit[]) => Promise<void>;
  /** Milliseconds after which a visit is given up that is deferred again and again; default 15 minutes. */
  readonly deferredMaxMs?: number;
  /** Called at each try to store, also while the database is away. */
  readonly onTurn?: () => void;
}

/** Since when and why the database is away. */
export interface DatabaseAway {
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  /** The newest error. */
  readonly error: string;
}

/** Holds visits and stores them. */
export interface Keeper {
  /** Takes a visit; it is stored soon. */
  hold(visit: FinishedVisit): Promise<StoredVisit | null>;
  /** Whether so many more values would exceed what may be held. */
  isFull(values: number): boolean;
  /** Visits and values held now. */
  held(): { readonly visits: number; readonly values: number };
  /** `null`: the database took the newest batch, or none was sent yet. */
  away(): DatabaseAway | null;
  /** Resolves when nothing is held, or when the signal aborts. */
  empty(signal: AbortSignal): Promise<void>;
}

/** Rows of one transaction. */
export const BATCH_ROWS = 4_000;

/** Milliseconds that a visit waits for others to share its transaction. */
const LINGER_MS = 250;

/** Milliseconds until a visit is tried again whose site's half-hour before is not stored yet. */
const ORDER_PAUSE_MS = 500;

/** Milliseconds after which a visit is given up that is deferred again and again: longer than any claim lives. */
const DEFERRED_MS = 900_000;

/** Milliseconds that visits wait before their claims are made to live longer, again and again. */
const KEEP_CLAIMS_MS = 20_000;

/** Milliseconds after `stopping` until what is still held is given up. */
const GIVE_UP_MS = 5_000;

/** Pauses in milliseconds while the database is away; the last one repeats. */
const AWAY_PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/** Bytes that are reckoned for a value in memory, and all that may be taken. */
const VALUE_BYTES = 320;
const BYTES_MAX = 128 * 1024 * 1024;

interface Entry extends HeldVisit {
  readonly values: number;
  readonly sinceMs: number;
  notBeforeMs: number;
  /** When it was first deferred; `null`: never. */
  deferredMs: number | null;
}

/** Starts with nothing held. */
export function createKeeper(tools: KeeperTools): Keeper {
  const state: State = {
    tools,
    entries: [],
    values: 0,
    away: null,
    failures: 0,
    running: null,
    claimsKeptMs: -Infinity,
    stoppedMs: null,
  };
  return {
    hold: (visit) =>
      new Promise((settled) => {
        const values = visit.plan.channels.size + visit.plan.unknown.length;
        const nowMs = tools.clock.monotonicMs();
        state.entries.push({ visit, settled, values, sinceMs: nowMs, notBeforeMs: nowMs, deferredMs: null });
        state.values += values;
        state.running ??= run(state);
      }),
    isFull: (values) =>
      state.values + values > tools.valuesMax || (state.values + values) * VALUE_BYTES > BYTES_MAX,
    held: () => ({ visits: state.entries.length, values: state.values }),
    away: () => state.away,
    async empty(signal) {
      while (state.running && !signal.aborted) {
        await Promise.race([state.running, new Promise<void>((stop) => onAbort(signal, stop))]);
      }
    },
  };
}

interface State {
  readonly tools: KeeperTools;
  readonly entries: Entry[];
  values: number;
  away: DatabaseAway | null;
  failures: number;
  running: Promise<void> | null;
  /** When claims were last made to live longer. */
  claimsKeptMs: number;
  /** Since when the process has no time left; `null`: it has. */
  stoppedMs: number | null;
}

async function run(state: State): Promise<void> {
  const { clock } = state.tools;
  while (state.entries.length > 0) {
    state.tools.onTurn?.();
    if (isOver(state)) giveUp(state);
    if (!await keepClaims(state)) continue;
    const batch = nextBatch(state);
    const first = batch[0];
    if (first === undefined) {
      if (state.entries.length > 0) await clock.sleep(ORDER_PAUSE_MS);
      continue;
    }
    const waitedMs = clock.monotonicMs() - first.sinceMs;
    if (rowsOf(batch) < BATCH_ROWS / 2 && waitedMs < LINGER_MS) {
      await clock.sleep(LINGER_MS - waitedMs);
      continue;
    }
    await attempt(state, batch);
  }
  state.running = null; // in the same turn as the last look at the entries, so that none can slip in between
}

/** Whether the process ends and the database is away, or something that must come first never does. */
function isOver(state: State): boolean {
  const { clock, stopping } = state.tools;
  if (!stopping.aborted) return false;
  state.stoppedMs ??= clock.monotonicMs();
  return state.away !== null || clock.monotonicMs() - state.stoppedMs >= GIVE_UP_MS;
}

/** What waits long keeps its claims, so that nobody goes there again; false: the database is away. */
async function keepClaims(state: State): Promise<boolean> {
  const { clock, log } = state.tools;
  const first = state.entries[0];
  if (first === undefined) return true;
  if (clock.monotonicMs() - Math.max(first.sinceMs, state.claimsKeptMs) < KEEP_CLAIMS_MS) return true;
  try {
    await state.tools.keepClaims(state.entries.map(({ visit }) => visit));
  } catch (error) {
    if (error instanceof StoreError) {
      await wait(state, error);
      return false;
    }
    log.error("The claims of visits that wait cannot be kept", { error });
  }
  state.claimsKeptMs = clock.monotonicMs();
  return true;
}

/** Notes that the database is away, and pauses. */
async function wait(state: State, error: StoreError): Promise<void> {
  const { clock, log, stopping } = state.tools;
  if (state.away === null) log.warn("The database does not take readings; they are kept", { error });
  state.away = { sinceMs: state.away?.sinceMs ?? clock.nowMs(), error: error.message };
  const pauseMs = AWAY_PAUSES_MS[Math.min(state.failures++, AWAY_PAUSES_MS.length - 1)] ?? 0;
  await clock.sleep(pauseMs, stopping);
}

async function attempt(state: State, batch: readonly Entry[]): Promise<void> {
  const { log } = state.tools;
  try {
    const outcome = await state.tools.store(batch.map(({ visit }) => visit));
    state.away = null;
    state.failures = 0;
    settle(state, { batch, outcome });
  } catch (error) {
    if (error instanceof StoreError) {
      await wait(state, error);
    } else if (batch.length > 1) {
      for (const entry of batch) await attempt(state, [entry]); // finds the one that cannot be stored
    } else {
      const { site, halfHour } = batch[0]?.visit ?? {};
      log.error("A visit cannot be stored", { site: site?.site.id, halfHour, error });
      settle(state, { batch, outcome: { stored: [], deferred: [], lost: [] } });
    }
  }
}

function settle(
  state: State,
  { batch, outcome }: { readonly batch: readonly Entry[]; readonly outcome: BatchOutcome },
): void {
  const stored = new Map(outcome.stored.map((visit) => [visit.siteId, visit]));
  for (const entry of batch) {
    const siteId = entry.visit.site.site.id;
    if (outcome.deferred.includes(siteId) && mayWaitOn(state, entry)) continue;
    state.entries.splice(state.entries.indexOf(entry), 1);
    state.values -= entry.values;
    entry.settled(stored.get(siteId) ?? null);
  }
}

/** A visit that was deferred waits shortly, and not for ever: its claim ends, and its half-hour is closed. */
function mayWaitOn({ tools: { clock, log, deferredMaxMs = DEFERRED_MS } }: State, entry: Entry): boolean {
  const nowMs = clock.monotonicMs();
  entry.deferredMs ??= nowMs;
  entry.notBeforeMs = nowMs + ORDER_PAUSE_MS;
  if (nowMs - entry.deferredMs < deferredMaxMs) return true;
  const { site, halfHour } = entry.visit;
  log.error("A visit was deferred too often and is given up", { site: site.site.id, halfHour });
  return false;
}

/** The process ends: the claims expire, and the next start closes them. */
function giveUp(state: State): void {
  state.tools.log.error("Visits are lost with this process", { visits: state.entries.length });
  for (const entry of state.entries.splice(0)) entry.settled(null);
  state.values = 0;
}

/** The visits of one half-hour and token that come next: whose site has no earlier half-hour under way. */
function nextBatch({ entries, tools: { flights, clock } }: State): readonly Entry[] {
  const nowMs = clock.monotonicMs();
  const ready = entries.filter(({ visit, notBeforeMs }) =>
    notBeforeMs <= nowMs && !flights.waits(visit.site.site.id, visit.halfHour)
  );
  const first = ready[0];
  if (first === undefined) return [];
  const batch: Entry[] = [];
  const sites = new Set<number>();
  let rows = 0;
  for (const entry of ready) {
    const siteId = entry.visit.site.site.id;
    if (!sharesTransaction(first.visit, entry.visit) || sites.has(siteId)) continue;
    if (batch.length > 0 && rows + entry.values > BATCH_ROWS) break;
    batch.push(entry);
    sites.add(siteId);
    rows += entry.values;
  }
  return batch;
}

function sharesTransaction(a: ClaimOf, b: ClaimOf): boolean {
  return a.halfHour === b.halfHour && a.token === b.token;
}

interface ClaimOf {
  readonly halfHour: HalfHour;
  readonly token: number;
}

function rowsOf(batch: readonly Entry[]): number {
  return batch.reduce((sum, { values }) => sum + values, 0);
}

function onAbort(signal: AbortSignal, stop: () => void): void {
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
}
