/**
 * Opens the database and the keys however late they come: whatever starts first waits for the rest and says for what.
 * Only the database has a deadline, because nothing is done without it; while the keys are missing half-hours are
 * collected.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { type Database, openDatabase } from "./db.ts";
import { StoreError } from "./errors.ts";
import { type Keys, openKeys, openSecretBox } from "./keys.ts";
import { migrate, migrateErrorText, type MigrationSet, pendingMigrations } from "./migrator.ts";

/** By whose time to wait, and who hears of it. */
export interface StoreWaiting {
  /** What to open. */
  readonly config: Config;
  /** The time. */
  readonly clock: Clock;
  /** The log. */
  readonly log: Log;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
  /** Hears what is waited for, in words. */
  readonly onWaiting: (what: string) => void;
}

/** The database did not come in time; whoever started the process starts it anew. */
export class TooLate extends Error {
  /** Says what was waited for, and how long. */
  constructor(what: string, waitedMs: number) {
    super(`Cannot work without ${what}: waited ${Math.round(waitedMs / 1_000)} s for it`);
    this.name = "TooLate";
  }
}

/** Milliseconds between two tries to reach the database, to find it migrated, or to open the keys. */
const PAUSE_MS = 2_000;

/** Milliseconds after which the log says the same again: keys may be waited for all night. */
const SAY_AGAIN_MS = 300_000;

/** Milliseconds to wait for the first answer of a try. */
const ANSWER_MS = 10_000;

/** Opens the database, migrated; `null`: told to give up meanwhile. Throws {@link TooLate} after `databaseWaitMs`. */
export async function openDatabaseWaiting(
  waiting: StoreWaiting,
  migrations: MigrationSet,
): Promise<Database | null> {
  const { config, clock, log, signal, onWaiting } = waiting;
  const sinceMs = clock.monotonicMs();
  while (!signal.aborted) {
    const leftMs = config.databaseWaitMs - (clock.monotonicMs() - sinceMs);
    const missing = await tryToOpen(waiting, { migrations, firstAnswerMs: Math.min(leftMs, ANSWER_MS) });
    if (typeof missing !== "string") return missing;
    onWaiting(missing);
    const waitedMs = clock.monotonicMs() - sinceMs;
    if (waitedMs >= config.databaseWaitMs) throw new TooLate(missing, waitedMs);
    log.warn("Waiting", { for: missing, waitedS: Math.round(waitedMs / 1_000) });
    await clock.sleep(Math.min(PAUSE_MS, config.databaseWaitMs - waitedMs), signal);
  }
  return null;
}

/** The database, or what is missing of it, in words. */
async function tryToOpen(
  { config, clock, log }: StoreWaiting,
  { migrations, firstAnswerMs }: { readonly migrations: MigrationSet; readonly firstAnswerMs: number },
): Promise<Database | string> {
  try {
    const db = await openDatabase(config.databaseUrl, { firstAnswerMs });
    try {
      const missing = await migrated(db, { clock, log, migrations });
      if (missing === null) return db;
      await db.close();
      return missing;
    } catch (error) {
      await db.close();
      throw error;
    }
  } catch (error) {
    // Another process has the file, or it went away in the midst of it: both end by themselves.
    if (!(error instanceof StoreError) || error.kind === "duplicate") throw error;
    return `the database: ${error.message}`;
  }
}

/** SQLite is migrated here; MySQL and MariaDB by `deno task db:migrate`. What is missing, `null`: nothing. */
async function migrated(
  db: Database,
  { clock, log, migrations }: Pick<StoreWaiting, "clock" | "log"> & { readonly migrations: MigrationSet },
): Promise<string | null> {
  if (db.engine === "sqlite") {
    const done = await migrate(db, migrations, clock);
    if (!done.ok) {
      const { error } = done;
      throw new Error(migrateErrorText(error), error.kind === "failed" ? { cause: error.cause } : {});
    }
    if (done.value.length > 0) log.info("Database migrated", { applied: done.value });
    return null;
  }
  const pending = await pendingMigrations(db, migrations);
  return pending.length === 0 ? null : `migrations ${pending.join(", ")}: run deno task db:migrate`;
}

/** Opens the keys, waiting for the right ring as long as it takes; `null`: told to give up meanwhile. */
export async function openKeysWaiting(
  { config, clock, log, signal, onWaiting }: StoreWaiting,
  db: Database,
): Promise<Keys | null> {
  let said = { why: "", atMs: 0 };
  while (!signal.aborted) {
    try {
      return await openKeys(db, await openSecretBox(config), clock.nowMs());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      onWaiting(`the keys of the secrets: ${why}`);
      const atMs = clock.monotonicMs();
      if (why !== said.why || atMs - said.atMs >= SAY_AGAIN_MS) {
        log.warn("Waiting for the keys of the secrets", { error });
        said = { why, atMs };
      }
    }
    await clock.sleep(PAUSE_MS, signal);
  }
  return null;
}
