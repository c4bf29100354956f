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
import { newestChangeId, onLocalCommit, readChanges } from "./lib/store/changes.ts";
import type { AuditSeal } from "./lib/store/audit.ts";
import { CHECKPOINT_FILE, type CheckpointKeeper, keepCheckpoints } from "./lib/store/checkpoint_keeper.ts";
import { type Database, openDatabase } from "./lib/store/db.ts";
import { isStoreError } from "./lib/store/errors.ts";
import { type Keys, openKeys, openSecretBox } from "./lib/store/keys.ts";
import { migrate, pendingMigrations } from "./lib/store/migrator.ts";
import type { SecretBox } from "./lib/store/secret_box.ts";
import { type VpnSteps, vpnSteps } from "./lib/store/vpn_keeper.ts";
import { type EventHub, startEventHub } from "./lib/web/events.ts";
import { serve, type WebServer } from "./lib/web/listen.ts";
import { openProfileBook } from "./lib/web/own_maps.ts";
import { securityAnswer } from "./lib/web/security_text.ts";
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
   * Serves, waits for the database as long as it takes, then works. `prepare` runs before the first half-hour is
   * collected.
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
  /** Where it serves; `null`: not (yet). */
  address(): Deno.Addr | null;
  /** No new connections, streams end, claimed visits are stored, nightly work ends, then everything is closed. */
  stop(): Promise<void>;
}

/** Milliseconds in which claimed visits must be stored when the process is told to stop. */
const DRAIN_MS = 90_000;

/** Milliseconds in which running requests must be answered when the process is told to stop. */
const REQUESTS_MS = 10_000;

/** Milliseconds in which the nightly work must have ended when the process is told to stop: a batch takes less. */
const NIGHTLY_MS = 30_000;

/** Milliseconds between two tries to reach the database or to find it migrated. */
const DATABASE_PAUSE_MS = 2_000;

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
    address: () => running.server?.addr ?? null,
    stop: () => stop(options, running),
  };
}

function createApp(base: Base): App<State> {
  return new App<State>()
    .use(staticFiles())
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
  const db = await openWaiting(options, running);
  if (!db) return null;
  const passwords = startPasswords();
  const close = async () => {
    passwords.close();
    await db.close();
    return null;
  };
  // Half-hours do not depend on the keys; only who prepares something waits for them first.
  let keys = prepare ? await openKeysWaiting(options, running, db) : null;
  if (keys) await prepare?.({ db, passwords, keys });
  if (running.stopping.signal.aborted) return await close();
  const collecting = collect(options, { db, passwords });
  running.collecting = collecting;
  if (config.collect) {
    running.tickedMs = options.clock.nowMs();
    collecting.collector.wake();
  }
  keys ??= await openKeysWaiting(options, running, db);
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

/** What works with the keys of this installation. */
function keyed({ config, clock, log }: ProductOptions, db: Database, { box, seal, signer }: Keys) {
  const path = `${config.dataDir}/${CHECKPOINT_FILE}`;
  const checkpoints = keepCheckpoints({ db, signer, clock, log, path });
  const { publicUrl, loopbackSites: loopbackAllowed } = config;
  const where = { resolve: resolveHost, loopbackAllowed, services: ownServicesOf(config), publicUrl };
  return { box, seal, checkpoints, ...createMessengers({ db, box, given: config, clock, log, ...where }) };
}

/** Opens the keys, waiting for the right ring as long as it takes. */
async function openKeysWaiting(options: Starting, running: Running, db: Database): Promise<Keys | null> {
  const { config, clock, log } = options;
  const { signal } = running.stopping;
  while (!signal.aborted) {
    try {
      return await openKeys(db, await openSecretBox(config), clock.nowMs());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      running.waitingFor = `the keys of the secrets: ${why}`;
      log.warn("Waiting for the keys of the secrets", { error });
    }
    await clock.sleep(DATABASE_PAUSE_MS, signal);
  }
  return null;
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
    pauseMs: DATABASE_PAUSE_MS,
    onWaiting,
  });
}

async function openWaiting(options: Starting, running: Running): Promise<Database | null> {
  const { config, clock, log } = options;
  const { signal } = running.stopping;
  while (!signal.aborted) {
    try {
      const db = await openDatabase(config.databaseUrl);
      const missing = await migrated(db, options);
      if (missing === null) return db;
      running.waitingFor = missing;
      log.warn("Waiting", { for: missing });
      await db.close();
    } catch (error) {
      if (!isStoreError(error, "unavailable")) throw error;
      running.waitingFor = `the database: ${error.message}`;
      log.warn("Waiting for the database", { error });
    }
    await clock.sleep(DATABASE_PAUSE_MS, signal);
  }
  return null;
}

/** SQLite is migrated here; MySQL and MariaDB by `deno task db:migrate`. What is missing, `null`: nothing. */
async function migrated(db: Database, { clock, log }: Starting): Promise<string | null> {
  if (db.engine === "sqlite") {
    const done = await migrate(db, migrations, clock);
    if (!done.ok) throw new Error(`Cannot migrate the database: ${JSON.stringify(done.error)}`);
    if (done.value.length > 0) log.info("Database migrated", { applied: done.value });
    return null;
  }
  const pending = await pendingMigrations(db, migrations);
  return pending.length === 0 ? null : `migrations ${pending.join(", ")}: run deno task db:migrate`;
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
  const answered = server?.shutdown();
  working?.forget();
  await working?.events.close();
  await collecting?.collector.drain(DRAIN_MS);
  const over = new AbortController();
  await Promise.race([answered, clock.sleep(REQUESTS_MS, over.signal)]);
  // Whoever started the nightly work hears what went wrong with it; here it only has to be over.
  const night = running.nightly?.catch(() => {});
  await Promise.race([night, clock.sleep(NIGHTLY_MS, over.signal)]);
  over.abort();
  await running.vpn.idle();
  running.working = null;
  running.collecting = null;
  await working?.mailer.close();
  await working?.checkpoints.close();
  collecting?.passwords.close();
  working?.kv.close();
  await collecting?.db.close();
  log.info("Stopped");
}
