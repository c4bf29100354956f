/**
 * The engines that the store's tests run on: SQLite always, MariaDB and MySQL where their URL is given. Each test
 * gets a database of its own with all migrations applied, and leaves nothing.
 *
 * @module
 */

import { createConnection } from "mysql2/promise";
import { systemClock } from "../../../lib/clock.ts";
import { type Database, openDatabase, type OpenOptions, transaction } from "../../../lib/store/db.ts";
import { migrate } from "../../../lib/store/migrator.ts";
import type { Schema } from "../../../lib/store/schema.ts";
import { migrations } from "../../../migrations/mod.ts";

/** A place for one test's database. */
export interface TestPlace {
  /** URL of an empty database. */
  readonly url: string;
  /** Removes it. */
  remove(): Promise<void>;
}

/** An engine under test. */
export interface TestEngine {
  /** Its name in test names. */
  readonly name: "sqlite" | "mariadb" | "mysql";
  /** Makes an empty database. */
  place(): Promise<TestPlace>;
}

const sqlite: TestEngine = {
  name: "sqlite",
  async place() {
    const folder = await Deno.makeTempDir({ prefix: "wattpost-store-" });
    return {
      url: `sqlite:${folder}/test.db`,
      remove: () => Deno.remove(folder, { recursive: true }),
    };
  },
};

let places = 0;

function server(name: "mariadb" | "mysql", url: string): TestEngine {
  return {
    name,
    async place() {
      const database = `t${Deno.pid}_${++places}_${name}`;
      const run = async (statement: string) => {
        const connection = await createConnection({ uri: new URL("/", url).href });
        await connection.query(statement);
        await connection.end();
      };
      await run(`create database ${database}`);
      return { url: new URL(`/${database}`, url).href, remove: () => run(`drop database ${database}`) };
    },
  };
}

/** The engines that are there: `TEST_MARIADB_URL` and `TEST_MYSQL_URL` name servers. */
export const ENGINES: readonly TestEngine[] = [
  sqlite,
  ...(["mariadb", "mysql"] as const).flatMap((name) => {
    const url = Deno.env.get(`TEST_${name.toUpperCase()}_URL`);
    return url ? [server(name, url)] : [];
  }),
];

/** Migrated places, one an engine, shared by the tests of a file: tables cost more than what is in them. */
const shared = new Map<string, TestPlace>();

Deno.test.afterAll(async () => {
  for (const place of shared.values()) await place.remove();
  shared.clear();
});

/** Runs a test on every engine, each with a migrated database without rows. */
export function onEveryEngine(name: string, test: (db: Database, place: TestPlace) => Promise<void>): void {
  for (const engine of ENGINES) {
    Deno.test(`${name} (${engine.name})`, async () => {
      const known = shared.get(engine.name);
      const place = known ?? await engine.place();
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
  "load_shape",
  "user",
  "setup_token",
  "audit",
];

async function emptyTables(db: Database): Promise<void> {
  await transaction(db, async (tx) => {
    for (const table of TABLES) await tx.deleteFrom(table).execute();
  });
}

/** Gives an empty place to a function and removes it afterwards. */
export async function withPlace(engine: TestEngine, run: (place: TestPlace) => Promise<void>): Promise<void> {
  const place = await engine.place();
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
