/**
 * The entry: reads the configuration, puts the product together, runs it by the machine's clock, and drains it on
 * SIGTERM. With `--demo` a simulated estate is set up first.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { App } from "fresh";
import { newSetupToken } from "./lib/auth/setup.ts";
import { systemClock } from "./lib/clock.ts";
import {
  type Config,
  type ConfigError,
  createLiveConfig,
  formatConfigErrors,
  mayReadAndWrite,
  readConfig,
} from "./lib/config.ts";
import { startWatchdog, type Watchdog } from "./lib/health/watchdog.ts";
import { createLog, writeToConsole } from "./lib/log.ts";
import type { Result } from "./lib/result.ts";
import { type Database, StoreError } from "./lib/store/db.ts";
import { TooLate } from "./lib/store/waiting.ts";
import { renewSecrets, tellStrangers } from "./lib/web/renewal.ts";
import type { State } from "./lib/web/state.ts";
import { createProduct, type Opened } from "./product.ts";

/** How the process ends where a supervisor is to start it anew: the database did not come, or a cycle stood still. */
const EXIT_TOO_LATE = 3;
const EXIT_STUCK = 4;

/** Milliseconds in which what can still be stored is stored by a process whose cycle stands still. */
const STUCK_MS = 30_000;

/** Milliseconds until a database that is away is asked again whether somebody can sign in. */
const GREET_PAUSE_MS = 2_000;

/** What a build is started by. */
const BUILT = /^file:.*\/server\.js$/;

/** What the demo is told unless the environment says otherwise: a folder and an estate of its own. */
const DEMO = { DATA_DIR: "data/demo", LOOPBACK_SITES: "on" };

const clock = systemClock;
const development = Deno.args.includes("--dev");
const demonstrating = Deno.args.includes("--demo");
const live = createLiveConfig(configuration());
const { config } = live;
const log = createLog({ clock, level: config.logLevel, write: writeToConsole });
let watchdog: Watchdog | null = null;
const product = createProduct({
  config,
  clock,
  random: Math.random,
  log,
  serves: !development,
  ...(BUILT.test(Deno.mainModule) && { assetsFrom: fileURLToPath(new URL("./static/", Deno.mainModule)) }),
  onDatabase: () => watchdog = development ? null : watch(),
});

/** The app; its build is given to it before it serves. */
export const app: App<State> = product.app;

/** Stops the cron's ticks and the demo. */
const stopping = new AbortController();
let stopDemo: (() => Promise<void>) | null = null;

/** The database once it is open, and the renewal of secrets under way. */
let opened: Database | null = null;
let renewing: Promise<void> = Promise.resolve();

for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, onSignal);
Deno.addSignalListener("SIGHUP", () => {
  const renew = () => renewSecrets({ live, read: readSettings, db: opened, log });
  renewing = renewing.then(renew).catch((error: unknown) =>
    log.error("Cannot read secrets again", { error })
  );
});

// A stray failure must not end the collection: it is logged, and the part that failed is tried again by its loop.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  log.error("A failure that nothing handled", { error: event.reason });
});

// The build is handed over after this module has run: the first macrotask comes later.
setTimeout(() => {
  run().catch((error: unknown) => {
    log.error("Cannot start", { error });
    console.error(`\n  Cannot start: ${error instanceof Error ? error.message : error}\n`);
    Deno.exit(error instanceof TooLate ? EXIT_TOO_LATE : 1);
  });
}, 0);

function readSettings(): Result<Config, readonly ConfigError[]> {
  const env = { ...(demonstrating ? DEMO : {}), ...Deno.env.toObject() };
  return readConfig({ env, readText: Deno.readTextFileSync, mayUse: mayReadAndWrite });
}

function configuration(): Config {
  const read = readSettings();
  if (read.ok) return read.value;
  console.error(formatConfigErrors(read.error));
  Deno.exit(2);
}

async function run(): Promise<void> {
  tellStrangers(config, log);
  if (config.collect) {
    const { signal } = stopping;
    Deno.cron("half-hour", "0,30 * * * *", { signal }, () => product.tick());
    Deno.cron("nightly", "20 1 * * *", { signal }, () => product.nightly());
  }
  const started = await product.start(demonstrating ? startDemo : undefined);
  if (!started) return;
  opened = started.db;
  if (!demonstrating) return await greet(started);
  // Its past is as old as a month: the checks and links of the night are there on the first day.
  await product.idle();
  await product.nightly();
}

/** The first signal drains, the second ends at once. */
function onSignal(): void {
  if (stopping.signal.aborted) Deno.exit(1);
  stopping.abort();
  stop().catch((error: unknown) => {
    log.error("Cannot stop in order", { error });
    Deno.exit(1);
  });
}

/** Ends a process that hangs; what it can still store, it stores. */
function watch(): Watchdog {
  const onStuck = () => {
    stopping.abort();
    Promise.race([product.stop(), clock.sleep(STUCK_MS)]).finally(() => Deno.exit(EXIT_STUCK));
  };
  return startWatchdog({ clock, log, stuckMs: product.stuckMs, onStuck });
}

async function stop(): Promise<void> {
  await product.stop();
  watchdog?.stop();
  await stopDemo?.();
  Deno.exit(0);
}

async function startDemo({ db, passwords }: Opened): Promise<void> {
  const demo = await import("./ops/demo.ts");
  const hashPassword = async (text: string): Promise<string> => {
    const hashed = await passwords.hash(text);
    if (!hashed.ok) throw new Error(`Cannot hash the demo's password: ${hashed.error}`);
    return hashed.value;
  };
  const started = await demo.startDemo({ db, clock, log, config, signal: stopping.signal, hashPassword });
  stopDemo = started.stop;
  const { email, password } = started.signIn;
  tell([`Wattpost is at ${config.publicUrl}`, `Sign in as     ${email}`, `with password  ${password}`]);
}

/** Says where to go; prints the one-time link while nobody can sign in. A database that is away is asked again. */
async function greet({ db }: Opened): Promise<void> {
  const token = await setupToken(db);
  if (token === undefined) return;
  if (token === null) return tell([`Wattpost is at ${config.publicUrl}`]);
  tell([
    "Nobody can sign in yet. Create the first administrator here (once, within a day):",
    `${config.publicUrl}/setup?token=${token}`,
  ]);
}

/** The token of the one-time link; `null`: somebody can sign in, `undefined`: told to stop meanwhile. */
async function setupToken(db: Database): Promise<string | null | undefined> {
  while (!stopping.signal.aborted) {
    try {
      return await newSetupToken(db, clock.nowMs());
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.warn("Cannot look yet whether somebody can sign in", { error });
    }
    await clock.sleep(GREET_PAUSE_MS, stopping.signal);
  }
  return undefined;
}

function tell(lines: readonly string[]): void {
  console.log(`\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
}
