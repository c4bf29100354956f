/**
 * The collector as the rest of the process sees it: something that is woken at every half-hour and sees to the
 * rest itself. It works only while its release is the promoted one, and leaves nothing unstored when it ends.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { NamedService } from "../lib/config.ts";
import { closedHalfHourAt, endMsOf, HALF_HOUR_MS, type HalfHour } from "../lib/domain/half_hour.ts";
import type { LiveReader } from "../lib/domain/live.ts";
import type { Prober } from "../lib/domain/probe.ts";
import type { Log } from "../lib/log.ts";
import type { Database } from "../lib/store/db.ts";
import { readDialPlaces } from "../lib/store/dial_places.ts";
import { StoreError } from "../lib/store/errors.ts";
import { resolveHost } from "./address.ts";
import { catchUp } from "./catch_up.ts";
import { createClaimTokens, randomToken } from "./claim_tokens.ts";
import { runCycle } from "./cycle.ts";
import { createEndpointQueues } from "./endpoint_queue.ts";
import { createFlights } from "./flights.ts";
import { createKeeper, type DatabaseAway } from "./keeper.ts";
import { createLiveReader } from "./live_reader.ts";
import { createProber } from "./prober.ts";
import { type CollectorMetrics, createMetrics, type CycleSummary } from "./metrics.ts";
import { createMoves } from "./moves.ts";
import { createPacer, createSlots } from "./pace.ts";
import { createPolicySource } from "./policy_source.ts";
import { createReleaseWatch } from "./release_watch.ts";
import { keepClaims, storeBatch } from "./store_batch.ts";
import type { CollectorTools } from "./tools.ts";
import type { FindProfile, LoadProfiles } from "./visit_plan.ts";

/** What a collector is made with. */
export interface CollectorOptions {
  /** The database, migrated. */
  readonly db: Database;
  /** The time. */
  readonly clock: Clock;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** The log. */
  readonly log: Log;
  /** Finds device profiles. */
  readonly findProfile: FindProfile;
  /** Fetches those that people made before they are looked for; absent: only the library is known. */
  readonly loadProfiles?: LoadProfiles;
  /** What the configuration says. */
  readonly config: CollectorConfig;
  /** The addresses of a host in order; default: what the system says. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Called after sites of a half-hour were stored. */
  readonly onStored?: (halfHour: HalfHour, siteIds: readonly number[]) => void;
}

/** What the configuration says to the collector. */
export interface CollectorConfig {
  /** Names this release. */
  readonly release: string;
  /** Visits at once. */
  readonly visitsAtOnce: number;
  /** Visits begun a second. */
  readonly startsPerSecond: number;
  /** Milliseconds for a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds for an answer. */
  readonly responseTimeoutMs: number;
  /** Whether a site may have an address on this machine. */
  readonly loopbackSites: boolean;
  /** Services of the product, which no site may be: its database, its sessions, its own pages. */
  readonly services: readonly NamedService[];
  /** Where the host tells of its VPN; absent: nowhere. */
  readonly hostDir?: string;
  /** Values that are kept in memory while the database is away. */
  readonly heldValues: number;
}

/** How the collector is. */
export interface CollectorStatus {
  /** Whether this release is the promoted one; `null`: not known yet. */
  readonly promoted: boolean | null;
  /** The promoted release; `null`: not known yet. */
  readonly activeRelease: string | null;
  /** Half-hours whose cycle is running. */
  readonly running: readonly HalfHour[];
  /** Visits under way. */
  readonly visiting: number;
  /** The newest cycle that ended; `null`: none yet. */
  readonly lastCycle: CycleSummary | null;
  /** What waits for the database. */
  readonly held: {
    /** Visits. */
    readonly visits: number;
    /** Their values. */
    readonly values: number;
    /** Whether no more are read because memory has its limit. */
    readonly full: boolean;
  };
  /** Since when and why the database is away; `null`: it answers. */
  readonly databaseAway: DatabaseAway | null;
  /** Half-hours from the newest whose cycle ended to the one that is due; `null`: none ended yet. */
  readonly lag: number | null;
  /** Milliseconds since the running cycle that moved least recently did so; `null`: none runs. */
  readonly stuckMs: number | null;
  /** Counted since the start. */
  readonly metrics: CollectorMetrics;
}

/** Collects half-hours. */
export interface Collector {
  /** Starts the cycle that is due, if it is not running, and returns at once. */
  wake(): void;
  /** Resolves when no cycle is running. */
  idle(): Promise<void>;
  /** Claims nothing more; stores what was claimed, for at most so many milliseconds; then ends for good. Repeatable. */
  drain(deadlineMs: number): Promise<void>;
  /** Reads meters now. */
  readonly reader: LiveReader;
  /** Tests devices that are not registered. */
  readonly prober: Prober;
  /** How it is. */
  status(): CollectorStatus;
}

/** A tick that comes so little before its boundary is meant for it. */
const EARLY_MS = 2_000;

/** Pause before a start is tried again for which the database was away. */
const START_PAUSE_MS = 5_000;

/** Pause before a start is tried again that failed for a reason nobody thought of. */
const FAULT_PAUSE_MS = 60_000;

interface Running {
  readonly tools: CollectorTools;
  readonly cycles: Map<HalfHour, Promise<void>>;
  readonly starts: Set<Promise<void>>;
  lastCycle: CycleSummary | null;
  newestEnded: HalfHour | null;
  away: DatabaseAway | null;
}

/** Makes a collector; it does nothing before it is woken. */
export function createCollector(options: CollectorOptions): Collector {
  const { clock, config, db, random } = options;
  const draining = new AbortController();
  const stopping = new AbortController();
  const token = randomToken(random);
  const watch = createReleaseWatch({ ...options, release: config.release, token, signal: draining.signal });
  const running: Running = {
    tools: toolsOf(options, {
      claimToken: createClaimTokens(clock, random),
      release: config.release,
      mayWork: () => watch.read().promoted === true,
      doubt: async () => void await watch.hold(),
      draining: draining.signal,
      stopping: stopping.signal,
      databaseAway: (error) => {
        running.away = error === null ? null : { sinceMs: running.away?.sinceMs ?? clock.nowMs(), error };
      },
    }),
    cycles: new Map(),
    starts: new Set(),
    lastCycle: null,
    newestEnded: null,
    away: null,
  };
  const { tools } = running;
  const wake = () => {
    if (draining.signal.aborted) return;
    watch.start(wake);
    const start: Promise<void> = begin(running, () => watch.hold()).finally(() =>
      running.starts.delete(start)
    );
    running.starts.add(start);
  };
  const drain = async (deadlineMs: number) => {
    draining.abort();
    const over = new AbortController();
    const timer = clock.sleep(deadlineMs, over.signal).then(() => {
      if (!over.signal.aborted) stopping.abort();
    });
    await idle(running);
    over.abort();
    await timer;
    await watch.stop();
  };
  let drained: Promise<void> | null = null;
  return {
    wake,
    idle: () => idle(running),
    drain: (deadlineMs) => drained ??= drain(deadlineMs),
    reader: createLiveReader({ ...tools, db }),
    prober: createProber(tools),
    status: () => statusOf(running, { clock, held: tools.keeper.held(), release: watch.read() }),
  };
}

type Shared = Pick<
  CollectorTools,
  "claimToken" | "release" | "mayWork" | "doubt" | "draining" | "stopping" | "databaseAway"
>;

function toolsOf(options: CollectorOptions, shared: Shared): CollectorTools {
  const { clock, config, db, log, findProfile, random, resolve = resolveHost } = options;
  const flights = createFlights();
  const moves = createMoves(clock);
  return {
    db,
    clock,
    random,
    log,
    findProfile,
    ...(options.loadProfiles && { loadProfiles: options.loadProfiles }),
    rules: {
      connectTimeoutMs: config.connectTimeoutMs,
      responseTimeoutMs: config.responseTimeoutMs,
      resolve,
      policy: createPolicySource({
        clock,
        loopbackAllowed: config.loopbackSites,
        services: config.services,
        read: () => readDialPlaces(db, config.hostDir),
        resolve,
      }),
    },
    queues: createEndpointQueues(),
    slots: createSlots(config.visitsAtOnce),
    pacer: createPacer(clock, config.startsPerSecond),
    flights,
    keeper: createKeeper({
      clock,
      log,
      flights,
      valuesMax: config.heldValues,
      stopping: shared.stopping,
      store: (visits) => storeBatch({ db, clock, onStored: options.onStored ?? (() => {}) }, visits),
      keepClaims: (visits) => keepClaims({ db, clock }, visits),
      onTurn: moves.noteAll,
    }),
    metrics: createMetrics(),
    moves,
    seenDaily: new Set(),
    ...shared,
  };
}

/** Takes up the half-hour that is due: release, catching up, cycle. */
async function begin(running: Running, hold: () => Promise<boolean>): Promise<void> {
  const { tools, cycles } = running;
  const { clock, log, draining } = tools;
  const toBoundaryMs = endMsOf(closedHalfHourAt(clock.nowMs())) + HALF_HOUR_MS - clock.nowMs();
  if (toBoundaryMs <= EARLY_MS) await clock.sleep(toBoundaryMs, draining);
  const due = closedHalfHourAt(clock.nowMs());
  while (!draining.aborted && closedHalfHourAt(clock.nowMs()) === due && !cycles.has(due)) {
    try {
      if (!await hold()) return;
      tools.databaseAway(null);
      const caught = await catchUp(tools, { due, isRunning: (halfHour) => cycles.has(halfHour) });
      if (caught.missed + caught.unclosed > 0) {
        log.info("Caught up on half-hours nobody read", { due, ...caught });
      }
      if (cycles.has(due)) return; // another wake was quicker
      return void cycles.set(due, cycleOf(running, due).finally(() => cycles.delete(due)));
    } catch (error) {
      const isAway = error instanceof StoreError;
      if (isAway) {
        tools.databaseAway(error.message);
        log.warn("A cycle waits for the database", { halfHour: due, error });
      } else {
        log.error("A cycle cannot start; it is tried again", { halfHour: due, error });
      }
      await clock.sleep(isAway ? START_PAUSE_MS : FAULT_PAUSE_MS, draining);
    }
  }
}

async function cycleOf(running: Running, halfHour: HalfHour): Promise<void> {
  const { log } = running.tools;
  try {
    const summary = await runCycle(running.tools, halfHour);
    running.lastCycle = summary;
    running.newestEnded = Math.max(running.newestEnded ?? halfHour, halfHour);
    log.info("Half-hour collected", { ...summary });
  } catch (error) {
    log.error("A cycle broke off", { halfHour, error });
  } finally {
    running.tools.moves.end(halfHour);
  }
}

async function idle({ cycles, starts, tools }: Running): Promise<void> {
  while (starts.size > 0 || cycles.size > 0) {
    await Promise.all([...starts, ...cycles.values()]);
  }
  await tools.keeper.empty(tools.stopping);
}

function statusOf(
  running: Running,
  seen: {
    readonly clock: Clock;
    readonly held: { readonly visits: number; readonly values: number };
    readonly release: { readonly promoted: boolean | null; readonly activeRelease: string | null };
  },
): CollectorStatus {
  const { tools, cycles, lastCycle, newestEnded } = running;
  const due = closedHalfHourAt(seen.clock.nowMs());
  return {
    ...seen.release,
    running: [...cycles.keys()].sort((a, b) => a - b),
    visiting: tools.slots.count - tools.slots.free(),
    lastCycle,
    held: { ...seen.held, full: tools.keeper.isFull(0) },
    databaseAway: tools.keeper.away() ?? running.away,
    lag: newestEnded === null ? null : due - newestEnded,
    stuckMs: tools.moves.stuckMs(),
    metrics: tools.metrics.read(),
  };
}
