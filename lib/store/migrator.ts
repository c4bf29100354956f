/**
 * Applies migrations, each once, one process at a time. DDL is not transactional on MySQL, so a migration that was
 * killed is simply run again. Kysely's own migrator locks nothing on SQLite and one node of a cluster on MySQL;
 * here a lock row taken by compare-and-set serves all, and `GET_LOCK` on top lets MySQL go on at once after a kill.
 *
 * Migrations that only add come first, in their order; those that take something away are applied when they are asked
 * for and no release that may still run needs what they take ({@link ./contracts.ts}).
 *
 * @module
 */

import { type Kysely, sql } from "kysely";
import type { Clock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";
import { contractKeepers } from "./contracts.ts";
import type { Database } from "./db.ts";
import { dialectOf, insertMissing, type Migration, tableOf } from "./dialect.ts";
import { isStoreError } from "./errors.ts";
import type { Schema } from "./schema.ts";
import { isUnfinished } from "./unfinished.ts";

/** Migrations by name; the names sort in the order in which they are applied. */
export type MigrationSet = Readonly<Record<string, Migration>>;

/** Why migrations were not applied. */
export type MigrateError =
  /** Another process migrates; `untilMs` is when its lock ends by itself, epoch milliseconds. */
  | { readonly kind: "locked"; readonly untilMs: number }
  /** Part of a backup lies in it: a restore is under way, or was when it was killed. */
  | { readonly kind: "unfinished-restore" }
  /** One failed; those before it are applied. */
  | { readonly kind: "failed"; readonly name: string; readonly cause: unknown };

/** Why, in words for operators. */
export function migrateErrorText(error: MigrateError): string {
  switch (error.kind) {
    case "locked":
      return `Cannot migrate: another process does, at the latest until ${
        new Date(error.untilMs).toISOString()
      }`;
    case "unfinished-restore":
      return "Cannot migrate: part of a backup lies in this database, of a restore that is under way or was killed. " +
        "Let it end, or restore again: deno task db:restore";
    case "failed":
      return `Cannot apply ${error.name}: ${
        error.cause instanceof Error ? error.cause.message : error.cause
      }`;
  }
}

/** A migration that takes something away and is not applied yet. */
export interface PendingContract {
  /** Its name. */
  readonly name: string;
  /** The migration that every release that may still run must know. */
  readonly needs: string;
  /** The releases that do not, or perhaps do not; none: it may be applied. */
  readonly keptBy: readonly string[];
}

/** How long the lock row holds without being extended, in milliseconds. */
const LOCK_MS = 60_000;

/**
 * Seconds that a change of a table waits for transactions that use it. All who ask for the table later wait behind it,
 * so it gives up soon and tries again; the server's own limit is a day or more.
 */
const TABLE_WAIT_S = 3;

/** Tries of a migration that met the running release, and the milliseconds between them. */
const BUSY_TRIES = 10;
const BUSY_PAUSE_MS = 2_000;

/** The names that this release lacks, in order: those that only add. Works on an empty database too. */
export async function pendingMigrations(db: Database, migrations: MigrationSet): Promise<readonly string[]> {
  const applied = new Set(await appliedOf(db.kysely));
  return expandsOf(migrations).filter((name) => !applied.has(name));
}

/** What is not taken away yet, in order, and which releases still need it. */
export async function pendingContracts(
  db: Database,
  migrations: MigrationSet,
): Promise<readonly PendingContract[]> {
  const applied = new Set(await appliedOf(db.kysely));
  const found: PendingContract[] = [];
  for (const [name, needs] of contractsOf(migrations)) {
    if (applied.has(name)) continue;
    found.push({ name, needs, keptBy: await contractKeepers(db.kysely, needs) });
  }
  return found;
}

/** The names that are applied, in order; none on an empty database. */
export async function appliedMigrations(db: Database): Promise<readonly string[]> {
  return [...await appliedOf(db.kysely)].sort();
}

function expandsOf(migrations: MigrationSet): readonly string[] {
  return Object.keys(migrations).sort().filter((name) => migrations[name]?.contract === undefined);
}

function contractsOf(migrations: MigrationSet): readonly (readonly [name: string, needs: string])[] {
  return Object.keys(migrations).sort().flatMap((name) => {
    const contract = migrations[name]?.contract;
    return contract === undefined ? [] : [[name, contract.needs] as const];
  });
}

async function appliedOf(kysely: Kysely<Schema>): Promise<readonly string[]> {
  const tables = dialectOf(kysely) === "sqlite"
    ? sql`select 1 from sqlite_master where type = 'table' and name = 'migration'`
    : sql`select 1 from information_schema.tables where table_schema = database() and table_name = 'migration'`;
  if ((await tables.execute(kysely)).rows.length === 0) return [];
  return (await kysely.selectFrom("migration").select("name").execute()).map(({ name }) => name);
}

/** Applies what this release lacks; the names that were applied. */
export function migrate(
  db: Database,
  migrations: MigrationSet,
  clock: Clock,
): Promise<Result<readonly string[], MigrateError>> {
  return migrateAlone(db, clock, (connection, lock) => {
    return applyInOrder(connection, migrations, { lock, names: expandsOf(migrations) });
  });
}

/** Takes away what no release that may still run needs, in order up to the first that one needs; the names. */
export function applyContracts(
  db: Database,
  migrations: MigrationSet,
  clock: Clock,
): Promise<Result<readonly string[], MigrateError>> {
  return migrateAlone(db, clock, async (connection, lock) => {
    const applied: string[] = [];
    for (const [name, needs] of contractsOf(migrations)) {
      // Asked again before each: a release may have started meanwhile.
      if ((await contractKeepers(connection, needs)).length > 0) break;
      const done = await applyInOrder(connection, migrations, { lock, names: [name] });
      if (!done.ok) return done;
      applied.push(...done.value);
    }
    return ok(applied);
  });
}

/** Runs something while no other process migrates. */
function migrateAlone(
  db: Database,
  clock: Clock,
  run: (connection: Kysely<Schema>, lock: Lock) => Promise<Result<readonly string[], MigrateError>>,
): Promise<Result<readonly string[], MigrateError>> {
  // One connection throughout: GET_LOCK belongs to the connection.
  return db.kysely.connection().execute(async (connection) => {
    if (await isUnfinished(connection)) return err({ kind: "unfinished-restore" });
    await makeOwnTables(connection);
    const token = tokenOf(clock);
    if (!await aloneOnServer(connection)) return err({ kind: "locked", untilMs: clock.nowMs() + LOCK_MS });
    try {
      const until = await takeLock(connection, db, { token, nowMs: clock.nowMs() });
      if (until !== null) return err({ kind: "locked", untilMs: until });
      try {
        await waitForTables(connection, TABLE_WAIT_S);
        return await run(connection, { token, clock });
      } finally {
        await connection.updateTable("migration_lock").set({ token: null, until_ms: null })
          .where("lock_id", "=", 1).where("token", "=", token).execute();
        await waitForTables(connection, null);
      }
    } finally {
      if (dialectOf(connection) === "mysql") await sql`select release_lock(${LOCK_NAME})`.execute(connection);
    }
  });
}

/** How long a change of a table waits for others, in seconds; `null`: as the server has it. SQLite has no such wait. */
async function waitForTables(connection: Kysely<Schema>, seconds: number | null): Promise<void> {
  if (dialectOf(connection) === "sqlite") return;
  const value = seconds === null ? sql`@@global.lock_wait_timeout` : sql.raw(String(seconds));
  await sql`set session lock_wait_timeout = ${value}`.execute(connection);
}

const LOCK_NAME = sql`concat(database(), '.wattpost_migrate')`;

/** A token that no two processes that start together share: sub-millisecond time of two clocks. */
function tokenOf(clock: Clock): number {
  return (Math.floor(clock.nowMs() + clock.monotonicMs() * 1_000_003) % 2_147_483_646) + 1;
}

async function makeOwnTables(connection: Kysely<Schema>): Promise<void> {
  await tableOf(connection, "migration", ["name"])
    .addColumn("name", "varchar(64)", (c) => c.notNull())
    .addColumn("applied_ms", "bigint", (c) => c.notNull())
    .execute();
  await tableOf(connection, "migration_lock", ["lock_id"])
    .addColumn("lock_id", "integer", (c) => c.notNull())
    .addColumn("token", "integer")
    .addColumn("until_ms", "bigint")
    .execute();
  await insertMissing(connection, "migration_lock", { lock_id: 1, token: null, until_ms: null });
}

async function aloneOnServer(connection: Kysely<Schema>): Promise<boolean> {
  if (dialectOf(connection) === "sqlite") return true;
  const got = await sql<{ got: number }>`select get_lock(${LOCK_NAME}, 0) as got`.execute(connection);
  return got.rows[0]?.got === 1;
}

/** Takes the lock row: `null`, or until when another holds it. A file belongs to one process, so there a lock that
 * was left behind is a dead one's. */
async function takeLock(
  connection: Kysely<Schema>,
  db: Database,
  { token, nowMs }: { readonly token: number; readonly nowMs: number },
): Promise<number | null> {
  const taken = await connection.updateTable("migration_lock").set({ token, until_ms: nowMs + LOCK_MS })
    .where("lock_id", "=", 1)
    .$if(
      db.engine !== "sqlite",
      (q) => q.where((eb) => eb.or([eb("token", "is", null), eb("until_ms", "<", nowMs)])),
    )
    .executeTakeFirst();
  if (taken.numUpdatedRows === 1n) return null;
  const held = await connection.selectFrom("migration_lock").select("until_ms").executeTakeFirst();
  return held?.until_ms ?? nowMs;
}

/** Who migrates. */
interface Lock {
  readonly token: number;
  readonly clock: Clock;
}

async function applyInOrder(
  connection: Kysely<Schema>,
  migrations: MigrationSet,
  { lock, names }: { readonly lock: Lock; readonly names: readonly string[] },
): Promise<Result<readonly string[], MigrateError>> {
  const { token, clock } = lock;
  const applied: string[] = [];
  const done = new Set(await appliedOf(connection));
  for (const name of names) {
    const migration = migrations[name];
    if (done.has(name) || !migration) continue;
    const nowMs = clock.nowMs();
    const held = await connection.updateTable("migration_lock").set({ until_ms: nowMs + LOCK_MS })
      .where("lock_id", "=", 1).where("token", "=", token).executeTakeFirst();
    if (held.numUpdatedRows !== 1n) return err({ kind: "locked", untilMs: nowMs + LOCK_MS });
    try {
      await untilNotBusy(clock, () => migration.up(connection));
    } catch (cause) {
      return err({ kind: "failed", name, cause });
    }
    await insertMissing(connection, "migration", { name, applied_ms: nowMs });
    applied.push(name);
  }
  return ok(applied);
}

/** Does a migration again that met a transaction of the running release: each can be run again from its start. */
async function untilNotBusy(clock: Clock, run: () => Promise<void>): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await run();
    } catch (error) {
      if (!isStoreError(error, "conflict") || tries >= BUSY_TRIES) throw error;
    }
    await clock.sleep(BUSY_PAUSE_MS);
  }
}
