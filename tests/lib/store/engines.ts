/**
 * The store's tests run on SQLite, MariaDB and MySQL alike, each with all migrations applied and without rows, and
 * leave nothing.
 *
 * @module
 */

import { createConnection } from "mysql2/promise";
import { systemClock } from "../../../lib/clock.ts";
import { type Database, openDatabase, type OpenOptions, transaction } from "../../../lib/store/db.ts";
import { migrate } from "../../../lib/store/migrator.ts";
import type { Schema } from "../../../lib/store/schema.ts";
import { engines, type TestEngine } from "../../engines/mod.ts";
import { migrations } from "../../../migrations/mod.ts";

/** The engines that are there; those that cannot be had are skipped by the engines' own test. */
export const ENGINES: readonly TestEngine[] = (await engines()).filter(({ missing }) =>
  missing === undefined
);

/** A place for one test's database. */
export interface TestPlace {
  /** URL of the database. */
  readonly url: string;
  /** Removes it. */
  remove(): Promise<void>;
}

async function makePlace(engine: TestEngine): Promise<TestPlace> {
  const url = await engine.createDatabase();
  return { url, remove: () => engine.name === "sqlite" ? Promise.resolve() : dropDatabase(url) };
}

async function dropDatabase(url: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  await connection.query(`drop database ${new URL(url).pathname.slice(1)}`);
  await connection.end();
}

/** Migrated places, one an engine, shared by the tests of a file: tables cost more than what is in them. */
const shared = new Map<string, TestPlace>();

Deno.test.afterAll(async () => {
  for (const place of shared.values()) await place.remove();
  shared.clear();
});

/** Runs a test on every engine, each with a migrated database without rows. */
export function onEveryEngine(name: string, test: (db: Database, place: TestPlace) => Promise<void>): void {
  onEngines(["sqlite", "mariadb", "mysql"], name, test);
}

/** Runs a test on some engines. */
export function onEngines(
  names: readonly TestEngine["name"][],
  name: string,
  test: (db: Database, place: TestPlace) => Promise<void>,
): void {
  for (const engine of ENGINES.filter((it) => names.includes(it.name))) {
    Deno.test(`${name} (${engine.name})`, async () => {
      const known = shared.get(engine.name);
      const place = known ?? await makePlace(engine);
      shared.set(engine.name, place);
      const db = known ? await openDatabase(place.url, { poolSize: 6 }) : await openMigrated(place.url);
      try {
        if (known) await emptyTables(db);
        await test(db, place);
      } finally {
        await db.close();
      }
    });
  }
}

const TABLES: readonly (keyof Schema)[] = [
  "site",
  "router",
  "path",
  "endpoint",
  "meter",
  "channel",
  "series",
  "finding",
  "device_identity",
  "device_check",
  "recent",
  "day",
  "day_word",
  "day_state",
  "open_gap",
  "text_value",
  "ledger",
  "ledger_day",
  "attempt",
  "outage",
  "change_feed",
  "active_release",
  "release_seen",
  "idempotency",
  "load_shape",
  "link_day",
  "link_state",
  "link_setting",
  "router_file",
  "vpn_peer",
  "user",
  "setup_token",
  "audit",
  "site_group",
  "reach",
  "mail_link",
  "recovery_code",
  "site_draft",
  "site_import",
  "site_import_part",
  "site_import_site",
  "site_import_test",
  "register_map",
  "register_map_version",
  "passkey",
  "api_token",
  "setting",
  "secret",
  "audit_checkpoint",
  "device_event",
  "maintenance",
];

async function emptyTables(db: Database): Promise<void> {
  await transaction(db, async (tx) => {
    for (const table of TABLES) await tx.deleteFrom(table).execute();
    await tx.updateTable("audit_head").set({ seq: 0, hash: "" }).execute();
  });
}

/** Gives an empty place to a function and removes it afterwards. */
export async function withPlace(engine: TestEngine, run: (place: TestPlace) => Promise<void>): Promise<void> {
  const place = await makePlace(engine);
  try {
    await run(place);
  } finally {
    await place.remove();
  }
}

/** Opens a database and applies all migrations. */
export async function openMigrated(url: string, options: OpenOptions = {}): Promise<Database> {
  const db = await openDatabase(url, { poolSize: 6, ...options });
  const migrated = await migrate(db, migrations, systemClock);
  if (migrated.ok) return db;
  await db.close();
  throw new Error(`Cannot migrate: ${JSON.stringify(migrated.error)}`, {
    cause: migrated.error.kind === "failed" ? migrated.error.cause : undefined,
  });
}
