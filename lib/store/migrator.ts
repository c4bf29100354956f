/**
 * Applies migrations, each once, one process at a time. DDL is not transactional on MySQL, so a migration that was
 * killed is simply run again. Kysely's own migrator locks nothing on SQLite and one node of a cluster on MySQL;
 * here a lock row taken by compare-and-set serves all, and `GET_LOCK` on top lets MySQL go on at once after a kill.
 *
 * @module
 */

import { type Kysely, sql } from "kysely";
import type { Clock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";
import type { Database } from "./db.ts";
import { dialectOf, insertMissing, type Migration, tableOf } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** Migrations by name; the names sort in the order in which they are applied. */
export type MigrationSet = Readonly<Record<string, Migration>>;

/** Why migrations were not applied. */
export type MigrateError =
  /** Another process migrates; `untilMs` is when its lock ends by itself, epoch milliseconds. */
  | { readonly kind: "locked"; readonly untilMs: number }
  /** One failed; those before it are applied. */
  | { readonly kind: "failed"; readonly name: string; readonly cause: unknown };

/** How long the lock row holds without being extended, in milliseconds. */
const LOCK_MS = 60_000;

/** The names that are not applied yet, in order. Works on an empty database too. */
export async function pendingMigrations(db: Database, migrations: MigrationSet): Promise<readonly string[]> {
  const applied = new Set(await appliedOf(db.kysely));
  return Object.keys(migrations).sort().filter((name) => !applied.has(name));
}

async function appliedOf(kysely: Kysely<Schema>): Promise<readonly string[]> {
  const tables = dialectOf(kysely) === "sqlite"
    ? sql`select 1 from sqlite_master where type = 'table' and name = 'migration'`
    : sql`select 1 from information_schema.tables where table_schema = database() and table_name = 'migration'`;
  if ((await tables.execute(kysely)).rows.length === 0) return [];
  return (await kysely.selectFrom("migration").select("name").execute()).map(({ name }) => name);
}

/** Applies what is pending; the names that were applied. */
export function migrate(
  db: Database,
  migrations: MigrationSet,
  clock: Clock,
): Promise<Result<readonly string[], MigrateError>> {
  // One connection throughout: GET_LOCK belongs to the connection.
  return db.kysely.connection().execute(async (connection) => {
    await makeOwnTables(connection);
    const token = tokenOf(clock);
    const alone = await aloneOnServer(connection);
    const until = alone
      ? await takeLock(connection, db, { token, nowMs: clock.nowMs() })
      : clock.nowMs() + LOCK_MS;
    if (until !== null) return err({ kind: "locked", untilMs: until });
    try {
      return await applyPending(connection, migrations, { token, clock });
    } finally {
      await connection.updateTable("migration_lock").set({ token: null, until_ms: null })
        .where("lock_id", "=", 1).where("token", "=", token).execute();
      if (dialectOf(connection) === "mysql") await sql`select release_lock(${LOCK_NAME})`.execute(connection);
    }
  });
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

async function applyPending(
  connection: Kysely<Schema>,
  migrations: MigrationSet,
  { token, clock }: { readonly token: number; readonly clock: Clock },
): Promise<Result<readonly string[], MigrateError>> {
  const applied: string[] = [];
  const done = new Set(await appliedOf(connection));
  for (const name of Object.keys(migrations).sort()) {
    const migration = migrations[name];
    if (done.has(name) || !migration) continue;
    const nowMs = clock.nowMs();
    const held = await connection.updateTable("migration_lock").set({ until_ms: nowMs + LOCK_MS })
      .where("lock_id", "=", 1).where("token", "=", token).executeTakeFirst();
    if (held.numUpdatedRows !== 1n) return err({ kind: "locked", untilMs: nowMs + LOCK_MS });
    try {
      await migration.up(connection);
    } catch (cause) {
      return err({ kind: "failed", name, cause });
    }
    await insertMissing(connection, "migration", { name, applied_ms: nowMs });
    applied.push(name);
  }
  return ok(applied);
}
