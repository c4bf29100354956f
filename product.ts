/**
 * The product put together: database, sessions, collector, live pages and web app, from a configuration and a clock.
 * `main.ts` runs it by the machine's clock; a test runs the very same by a clock in its hand.
 *
 * @module
 */

import { App, staticFiles } from "fresh";
import { runNight } from "./collector/night.ts";
import { type Collector, createCollector } from "./collector/runner.ts";
import { createLinkSigner, type LinkSigner } from "./lib/auth/links.ts";
import { createMessengers, type Mailer, type Texter } from "./lib/auth/messengers.ts";
import { type Passwords, startPasswords } from "./lib/auth/password.ts";
import { resolveHost } from "./collector/address.ts";
import type { Clock } from "./lib/clock.ts";
import { type Config, LIMITS, ownServicesOf } from "./lib/config.ts";
import { metricsOf, missingFor, type ProcessState, verdictsOf } from "./lib/health/report.ts";
import type { Kv } from "./lib/kv/mod.ts";
import { openKvWaiting } from "./lib/kv/waiting.ts";
import type { Log } from "./lib/log.ts";
import type { ProfileBook } from "./lib/profiles/book.ts";
import { firstChangeSince, newestChangeId, onLocalCommit, readChanges } from "./lib/store/changes.ts";
import type { AuditSeal } from "./lib/store/audit.ts";
import { CHECKPOINT_FILE, type CheckpointKeeper, keepCheckpoints } from "./lib/store/checkpoint_keeper.ts";
import type { Database } from "./lib/store/db.ts";
import type { Keys } from "./lib/store/keys.ts";
import { keepReleaseSeen } from "./lib/store/releases_seen.ts";
import type { SecretBox } from "./lib/store/secret_box.ts";
import { openDatabaseWaiting, openKeysWaiting, type StoreWaiting } from "./lib/store/waiting.ts";
import { type VpnSteps, vpnSteps } from "./lib/store/vpn_keeper.ts";
import { type EventHub, startEventHub } from "./lib/web/events.ts";
import { serve, type WebServer } from "./lib/web/listen.ts";
import { openProfileBook } from "./lib/web/own_maps.ts";
import { securityAnswer } from "./lib/web/security_text.ts";
import { keepSharing, sharedAssets, tryToShare } from "./lib/web/shared_assets.ts";
import { createSignInLog } from "./lib/web/sign_in_log.ts";
import type { Base, State } from "./lib/web/state.ts";
import { migrations } from "./migrations/mod.ts";

/** What the product is made from. */
export interface ProductOptions {
  /** The configuration. */
  readonly config: Config;
  /** The time. */
  readonly clock: Clock;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** The log. */
  readonly log: Log;
  /** Whether it serves by itself; the development server does it instead. */
  readonly serves: boolean;
  /** Folder of the files that browsers load of this build; absent: they are not shared with other releases. */
  readonly assetsFrom?: string;
  /** Called once the database is open and migrated. */
  readonly onDatabase?: () => void;
}

/** What is open once the database has answered. */
export interface Opened {
  /** The database, migrated. */
  readonly db: Database;
  /** Hashes and checks passwords. */
  readonly passwords: Passwords;
  /** The keys of this installation. */
  readonly keys: Keys;
}

/** The product. */
export interface Product {
  /** The app; its build is given to it before `start()`. */
  readonly app: App<State>;
  /**
   * Serves, waits for the database, then works; throws a `TooLate` where the database does not come in time. `prepare`
   * runs before the first half-hour is collected.
   *
   * @returns What was opened; `null`: told to stop meanwhile.
   */
  start(prepare?: (opened: Opened) => Promise<void>): Promise<Opened | null>;
  /** The half-hourly tick: takes up the half-hour that is due and returns at once. */
  tick(): void;
  /** The nightly work: packs days, learns load shapes, forgets what is old. */
  nightly(): Promise<void>;
  /** Resolves when no cycle is running. */
  idle(): Promise<void>;
  /** Milliseconds since the cycle that moved least recently did so; `null`: none runs. */
  stuckMs(): number | null;
  /** Where it serves; `null`: not (yet). */
  address(): Deno.Addr | null;
  /** No new connections, streams end, claimed visits are stored, nightly work ends, then everything is closed. */
  stop(): Promise<void>;
}

/** Milliseconds in which claimed visits must be stored when the process is told to stop. */
const DRAIN_MS = 90_000;

/** Milliseconds for running requests when told to stop: alone, and where another process answers already. */
const REQUESTS_MS = { alone: 10_000, beside: 90_000 } as const;

/** Milliseconds in which the nightly work must have ended when the process is told to stop: a batch takes less. */
const NIGHTLY_MS = 30_000;

/** Milliseconds between two tries to open the sessions. */
const SESSIONS_PAUSE_MS = 2_000;

/** The newest migration that this release knows. */
const NEWEST_MIGRATION = Object.keys(migrations).sort().at(-1) ?? "";

/** What collects; it needs the database alone. */
interface Collecting extends Omit<Opened, "keys"> {
  readonly collector: Collector;
  /** The library's device profiles and people's own. */
  readonly profiles: ProfileBook;
}

/** What pages need besides. */
interface Working extends Collecting {
  readonly kv: Kv;
  readonly events: EventHub;
  /** Seals and opens secrets. */
  readonly box: SecretBox;
  /** Seals entries of the audit trail. */
  readonly seal: AuditSeal;
  /** Signs states of the audit trail. */
  readonly checkpoints: CheckpointKeeper;
  /** Makes and checks tokens of links in e-mails. */
  readonly signLink: LinkSigner;
  /** Sends e-mails. */
  readonly mailer: Mailer;
  /** Sends short messages. */
  readonly texter: Texter;
  /** Takes the listener for commits back. */
  readonly forget: () => void;
}

/** What changes while the product runs. */
interface Running {
  readonly stopping: AbortController;
  server: WebServer | null;
  collecting: Collecting | null;
  working: Working | null;
  waitingFor: string | null;
  tickedMs: number | null;
  /** The nightly work under way. */
  nightly: Promise<void> | null;
  /** Ends when the database no longer needs to hear which release runs. */
  seen: Promise<void> | null;
  /** Ends when this release no longer names its files for browsers. */
  sharing: Promise<void> | null;
  /** Brings the VPN's peers in step with the host. */
  readonly vpn: VpnSteps;
}

/** Puts the product together; nothing is opened before `start()`. */
export function createProduct(options: ProductOptions): Product {
  const running: Running = {
    stopping: new AbortController(),
    server: null,
    collecting: null,
    working: null,
    waitingFor: "the database",
    tickedMs: null,
    nightly: null,
    seen: null,
    sharing: null,
    vpn: vpnSteps(options),
  };
  const app = createApp(baseOf(options, running));
  return {
    app,
    start: (prepare) => start({ ...options, app, prepare }, running),
    tick() {
      running.tickedMs = options.clock.nowMs();
      running.collecting?.collector.wake();
      running.vpn.take(running.working);
    },
    nightly: () => running.nightly ??= nightly(options, running).finally(() => running.nightly = null),
    idle: async () => await running.collecting?.collector.idle(),
    stuckMs: () => running.collecting?.collector.status().stuckMs ?? null,
    address: () => running.server?.addr ?? null,
    stop: () => stop(options, running),
  };
}

function createApp(base: Base): App<State> {
  return new App<State>()
    .use(staticFiles())
    .use(sharedAssets(base.config.dataDir))
    .use((ctx) => {
      ctx.state.base = base;
      return ctx.next();
    })
    .get("/.well-known/security.txt", ({ state }) => securityAnswer(state.base)) // no folder of a route has a dot
    .fsRoutes();
}

function baseOf({ config, clock, log }: ProductOptions, running: Running): Base {
  const state = (): ProcessState => {
    const { working, waitingFor, tickedMs, stopping } = running;
    return {
      clock,
      hostDir: config.hostDir,
      dataDir: config.dataDir,
      release: config.release,
      runtime: Deno.version.deno,
      collect: config.collect,
      stopping: stopping.signal.aborted,
      waitingFor,
      tickedMs,
      working: working &&
        { ...working, streams: working.events.streams, collector: working.collector.status() },
    };
  };
  return {
    config,
    clock,
    log,
    signInLog: createSignInLog({ path: config.signInLog, clock, log }),
    services: () => {
      const { working } = running;
      return working && { ...working, reader: working.collector.reader, prober: working.collector.prober };
    },
    missing: () => missingFor(state()),
    verdicts: () => verdictsOf(state()),
    metrics: () => metricsOf(state()),
  };
}

interface Starting extends ProductOptions {
  readonly app: App<State>;
  readonly prepare: ((opened: Opened) => Promise<void>) | undefined;
}

async function start(options: Starting, running: Running): Promise<Opened | null> {
  const { config, log, app, prepare } = options;
  await Deno.mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  if (options.serves) {
    running.server = await serve({
      listen: config.listen,
      publicUrl: config.publicUrl,
      handler: app.handler(),
      onTrouble: (error, requestId) => log.error("A request broke off", { error, requestId }),
      trustProxy: config.trustProxy,
    });
    log.info("Listening", { url: config.publicUrl, release: config.release });
    if (config.secureCookies && config.trustProxy.kind === "nobody" && config.listen.kind === "tcp") {
      log.warn(
        "PUBLIC_URL is https, so a proxy stands before us, and TRUST_PROXY is off: all clients look alike",
      );
    }
  }
  if (options.assetsFrom) await share({ ...options, assetsFrom: options.assetsFrom }, running);
  const waiting = waitingOf(options, running);
  const db = await openDatabaseWaiting(waiting, migrations);
  if (!db) return null;
  options.onDatabase?.();
  running.seen = keepReleaseSeen(db, {
    ...options,
    release: config.release,
    newestMigration: NEWEST_MIGRATION,
    signal: running.stopping.signal,
  });
  const passwords = startPasswords();
  const close = async () => {
    passwords.close();
    await db.close();
    return null;
  };
  // Half-hours do not depend on the keys; only who prepares something waits for them first.
  let keys = prepare ? await openKeysWaiting(waiting, db) : null;
  if (keys) await prepare?.({ db, passwords, keys });
  if (running.stopping.signal.aborted) return await close();
  const collecting = collect(options, { db, passwords });
  running.collecting = collecting;
  if (config.collect) {
    running.tickedMs = options.clock.nowMs();
    collecting.collector.wake();
  }
  keys ??= await openKeysWaiting(waiting, db);
  const kv = keys && await openSessions(options, running);
  if (!keys || !kv) return null;
  const signLink = await createLinkSigner(keys.linkKey);
  if (running.stopping.signal.aborted) {
    kv.close();
    return null;
  }
  const kept = { ...keyed(options, db, keys), signLink };
  running.working = { ...collecting, kv, ...kept, ...followChanges(options, db) };
  running.waitingFor = null;
  running.vpn.take(running.working);
  return { db, passwords, keys };
}

/** Other releases find this one's files before it is ready, and as long as it runs. */
async function share(
  { config, clock, log, assetsFrom: from }: ProductOptions & { readonly assetsFrom: string },
  running: Running,
): Promise<void> {
  const shared = { from, dataDir: config.dataDir, clock };
  await tryToShare(shared, log);
  running.sharing = keepSharing(shared, { log, signal: running.stopping.signal });
}

function waitingOf(options: ProductOptions, running: Running): StoreWaiting {
  const { config, clock, log } = options;
  const onWaiting = (what: string) => void (running.waitingFor = what);
  return { config, clock, log, signal: running.stopping.signal, onWaiting };
}

/** What works with the keys of this installation. */
function keyed({ config, clock, log }: ProductOptions, db: Database, { box, seal, signer }: Keys) {
  const path = `${config.dataDir}/${CHECKPOINT_FILE}`;
  const checkpoints = keepCheckpoints({ db, signer, clock, log, path });
  const { publicUrl, loopbackSites: loopbackAllowed } = config;
  const where = { resolve: resolveHost, loopbackAllowed, services: ownServicesOf(config), publicUrl };
  return { box, seal, checkpoints, ...createMessengers({ db, box, given: config, clock, log, ...where }) };
}

function collect(
  { config, clock, random, log }: ProductOptions,
  opened: Omit<Opened, "keys">,
): Collecting {
  const profiles = openProfileBook(opened.db);
  const collector = createCollector({
    db: opened.db,
    clock,
    random,
    log,
    findProfile: profiles.find,
    loadProfiles: profiles.load,
    config: { ...config, services: ownServicesOf(config), heldValues: LIMITS.heldValues },
  });
  return { ...opened, collector, profiles };
}

function followChanges({ clock, log }: ProductOptions, db: Database): Pick<Working, "events" | "forget"> {
  const events = startEventHub({
    feed: {
      newestId: () => newestChangeId(db),
      read: (afterId, limit) => readChanges(db, { afterId, limit }),
      firstWithin: (ms) => firstChangeSince(db, clock.nowMs() - ms),
    },
    clock,
    onTrouble: (error) => log.warn("Cannot read the change feed", { error }),
  });
  return { events, forget: onLocalCommit(db, events.nudge) };
}

/** Opens the sessions, waiting for them as long as it takes: half-hours do not depend on them. */
async function openSessions({ config, clock, log }: Starting, running: Running): Promise<Kv | null> {
  const { signal } = running.stopping;
  const onWaiting = () => void (running.waitingFor = "the sessions");
  return await openKvWaiting({
    path: config.kvPath,
    clock,
    log,
    signal,
    pauseMs: SESSIONS_PAUSE_MS,
    onWaiting,
  });
}

async function nightly(options: ProductOptions, { collecting, stopping }: Running): Promise<void> {
  if (!collecting || collecting.collector.status().promoted !== true) return;
  const { clock, log, random } = options;
  const { db, profiles } = collecting;
  await runNight(db, { profiles, nowMs: clock.nowMs(), signal: stopping.signal, random, log });
}

async function stop({ clock, log }: ProductOptions, running: Running): Promise<void> {
  const { collecting, working, server, stopping } = running;
  if (stopping.signal.aborted) return;
  log.info("Stopping", { running: collecting?.collector.status().running.length ?? 0 });
  stopping.abort();
  const sinceMs = clock.monotonicMs();
  const answered = server?.shutdown();
  working?.forget();
  await working?.events.close();
  await collecting?.collector.drain(DRAIN_MS);
  const over = new AbortController();
  const isAlone = collecting === null || collecting.db.engine === "sqlite";
  const leftMs = REQUESTS_MS[isAlone ? "alone" : "beside"] - (clock.monotonicMs() - sinceMs);
  await Promise.race([answered, clock.sleep(Math.max(REQUESTS_MS.alone, leftMs), over.signal)]);
  // Whoever started the nightly work hears what went wrong with it; here it only has to be over.
  const night = running.nightly?.catch(() => {});
  await Promise.race([night, clock.sleep(NIGHTLY_MS, over.signal)]);
  over.abort();
  await running.vpn.idle();
  running.working = null;
  running.collecting = null;
  await working?.mailer.close();
  await working?.checkpoints.close();
  await running.seen;
  await running.sharing;
  collecting?.passwords.close();
  working?.kv.close();
  await collecting?.db.close();
  log.info("Stopped");
}
