/**
 * Opens the database by its URL: SQLite embedded, MySQL or MariaDB. Everything else in this folder is given what
 * is made here and does not know which engine it is, but for {@link ./dialect.ts}.
 *
 * @module
 */

import { Kysely, sql, type Transaction } from "kysely";
import { type Clock, systemClock } from "../clock.ts";
import { isStoreError, StoreError } from "./errors.ts";
import { mysqlDialect, type StatementHook } from "./mysql.ts";
import { openPools } from "./mysql_pools.ts";
import type { Schema } from "./schema.ts";
import { closeWriter, lockFile, openReader, openWriter, sqliteDialect } from "./sqlite.ts";

export { isStoreError, StoreError, type StoreErrorKind } from "./errors.ts";

/** Which of the three it is. */
export type Engine = "sqlite" | "mariadb" | "mysql";

/** An open database. */
export interface Database {
  /** Which of the three it is. */
  readonly engine: Engine;
  /** As the engine names it. */
  readonly version: string;
  /** Writes, and reads that belong to them. Only this folder and tests touch it. */
  readonly kysely: Kysely<Schema>;
  /** Reads of pages: never waits for an open transaction. */
  readonly reader: Kysely<Schema>;
  /** Waits between tries. */
  readonly clock: Clock;
  /** New connections use the user and password of this URL of the same database; SQLite has neither. */
  redial(url: string): void;
  /** Gives everything back; statements under way finish first. */
  close(): Promise<void>;
}

/** A transaction, or a database outside of one. */
export type Executor = Kysely<Schema> | Transaction<Schema>;

/** How to open. */
export interface OpenOptions {
  /** Connections at most, default 10; SQLite has two whatever is asked. */
  readonly poolSize?: number;
  /** Milliseconds to wait for a connection, default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds to wait for the first answer, default as long as for a connection. */
  readonly firstAnswerMs?: number;
  /** Milliseconds a statement may take, default 15,000: no transaction may last 20 s. */
  readonly statementTimeoutMs?: number;
  /** Waits between tries; default: the machine's. */
  readonly clock?: Clock;
  /** Called before and after each statement of `kysely`; for tests that end the process there. */
  readonly onStatement?: StatementHook;
}

/** Tries of a transaction that met another writer. */
const CONFLICT_TRIES = 5;

/** Milliseconds between two tries to connect. */
const CONNECT_PAUSE_MS = 250;

/** Opens `sqlite:PATH`, `sqlite::memory:` or `mysql://user:password@host:port/database`; does not migrate. */
export function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  if (url.startsWith("sqlite:")) return openSqlite(url.slice("sqlite:".length), options);
  if (url.startsWith("mysql:")) return openMysql(url, options);
  throw new RangeError(`Cannot open a database of the kind "${url.split(":", 1)[0]}": sqlite or mysql`);
}

async function openSqlite(path: string, options: OpenOptions): Promise<Database> {
  const inMemory = path === ":memory:";
  const lock = inMemory ? null : await lockFile(path);
  try {
    const writer = openWriter(path);
    const kysely = new Kysely<Schema>({ dialect: sqliteDialect(writer, options.onStatement) });
    const reader = inMemory ? kysely : new Kysely<Schema>({ dialect: sqliteDialect(openReader(path)) });
    const found = await sql<{ version: string }>`select sqlite_version() as version`.execute(kysely);
    let closed = false;
    const close = async () => {
      if (closed) return;
      closed = true;
      if (reader !== kysely) await reader.destroy();
      closeWriter(writer);
      await kysely.destroy();
      lock?.release();
    };
    const version = found.rows[0]?.version ?? "";
    const clock = options.clock ?? systemClock;
    return { engine: "sqlite", version, kysely, reader, clock, redial: () => {}, close };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

async function openMysql(url: string, options: OpenOptions): Promise<Database> {
  const clock = options.clock ?? systemClock;
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  const limits = {
    poolSize: options.poolSize ?? 10,
    connectTimeoutMs,
    statementTimeoutMs: options.statementTimeoutMs ?? 15_000,
  };
  const pools = openPools(url, limits);
  const dialect = mysqlDialect(pools, limits, options.onStatement);
  const kysely = new Kysely<Schema>({ dialect });
  try {
    const version = await firstAnswer(kysely, clock, options.firstAnswerMs ?? connectTimeoutMs);
    const engine = /mariadb/i.test(version) ? "mariadb" : "mysql";
    const close = () => kysely.destroy();
    return { engine, version, kysely, reader: kysely, clock, redial: pools.renew, close };
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
}

async function firstAnswer(kysely: Kysely<Schema>, clock: Clock, withinMs: number): Promise<string> {
  const deadline = clock.monotonicMs() + withinMs;
  for (;;) {
    try {
      const found = await sql<{ version: string }>`select version() as version`.execute(kysely);
      return found.rows[0]?.version ?? "";
    } catch (error) {
      if (!isStoreError(error, "unavailable") || clock.monotonicMs() >= deadline) throw error;
    }
    await clock.sleep(CONNECT_PAUSE_MS);
  }
}

/** Asks the database something real, because a minority of a cluster accepts connections; milliseconds it took. */
export async function pingDatabase(db: Database): Promise<number> {
  const startMs = db.clock.monotonicMs();
  await db.reader.selectFrom("allocation").select("next_id").where("kind", "=", "site").execute();
  return db.clock.monotonicMs() - startMs;
}

/** Runs one transaction; begins it again, at most 5 times, when it met another writer. */
export async function transaction<T>(db: Database, run: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await db.kysely.transaction().execute(run);
    } catch (error) {
      if (!isStoreError(error, "conflict") || tries >= CONFLICT_TRIES) throw error;
    }
    await db.clock.sleep(tries * 15);
  }
}

/** Begins a transaction again: what it read was changed under it. */
export function conflict(message: string): StoreError {
  return new StoreError("conflict", message);
}
