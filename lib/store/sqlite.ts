/**
 * Kysely's driver over `node:sqlite`. SQLite is synchronous: awaiting it never lets the event loop turn, so the
 * loop is turned before every transaction and every bulk statement. One connection writes, another one reads, so
 * that pages do not wait for an open transaction.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { StoreError, storeErrorOf } from "./errors.ts";
import type { StatementHook } from "./mysql.ts";

/** How long the other connection of this process may hold the file, in milliseconds. */
const BUSY_MS = 2_000;

/** A parameter longer than this is a bulk statement. */
const BULK_CHARS = 4_000;

const NOTHING = { changes: 0, lastInsertRowid: 0 };

/** Statements kept prepared. */
const PREPARED_LIMIT = 200;

/** Lets the event loop turn once: requests, timers and sockets get their turn. */
export function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Opens a file (or `:memory:`) for writing, in WAL mode. */
export function openWriter(path: string): DatabaseSync {
  const file = open(path, false);
  file.exec("pragma journal_mode = wal");
  file.exec("pragma synchronous = normal");
  file.exec("pragma wal_autocheckpoint = 4000");
  file.exec("pragma cache_size = -65536");
  return file;
}

/** Closes a file that was written: its journal goes into it and is emptied, so that a copy of the file is whole. */
export function closeWriter(file: DatabaseSync): void {
  if (!file.isOpen) return;
  try {
    file.exec("pragma wal_checkpoint(truncate)");
  } catch { // The disk may be full: the journal then stays beside the file, and the next start takes it up.
  }
  file.close();
}

/** Opens a file for reading alone. */
export function openReader(path: string): DatabaseSync {
  const file = open(path, true);
  file.exec("pragma cache_size = -65536");
  return file;
}

function open(path: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly, timeout: BUSY_MS });
  } catch (error) {
    throw storeErrorOf(error, `open the database file "${path}"`);
  }
}

/** What holds a database file for this process alone. */
export interface FileLock {
  /** Lets another process have it. */
  release(): void;
}

/** Takes the file for this process: a second process on the same file would freeze for seconds. */
export async function lockFile(path: string): Promise<FileLock> {
  const name = `${path}.lock`;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(name, { create: true, write: true });
  } catch (error) {
    throw new StoreError("unavailable", `Cannot open the lock file "${name}": ${error}`, { cause: error });
  }
  if (file.tryLockSync(true)) return { release: () => file.close() };
  file.close();
  throw new StoreError(
    "in-use",
    `Cannot open the database file "${path}": another process of Wattpost has it open`,
  );
}

/** Makes a Kysely dialect of an open file. */
export function sqliteDialect(file: DatabaseSync, onStatement?: StatementHook): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(file, onStatement),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class NodeSqliteDriver implements Driver {
  readonly #file: DatabaseSync;
  readonly #connection: NodeSqliteConnection;

  constructor(file: DatabaseSync, onStatement: StatementHook | undefined) {
    this.#file = file;
    this.#connection = new NodeSqliteConnection(file, onStatement);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  async beginTransaction(): Promise<void> {
    await yieldToLoop();
    await this.#connection.execute("begin immediate", []);
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.execute("commit", []);
  }

  rollbackTransaction(): Promise<void> {
    if (this.#file.isOpen && this.#file.isTransaction) this.#file.exec("rollback");
    return Promise.resolve();
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#connection.forget();
    if (this.#file.isOpen) this.#file.close();
    return Promise.resolve();
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #file: DatabaseSync;
  readonly #onStatement: StatementHook | undefined;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(file: DatabaseSync, onStatement: StatementHook | undefined) {
    this.#file = file;
    this.#onStatement = onStatement;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(query.sql, query.parameters);
  }

  async execute<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>> {
    if (this.#onStatement) await this.#onStatement(sql, "before");
    if (parameters.some((value) => typeof value === "string" && value.length > BULK_CHARS)) {
      await yieldToLoop();
    }
    try {
      const statement = this.#prepare(sql);
      const values = parameters as (string | number | bigint | null | Uint8Array)[];
      const isQuery = statement.columns().length > 0;
      const rows = isQuery ? statement.all(...values) as R[] : [];
      const { changes, lastInsertRowid } = isQuery ? NOTHING : statement.run(...values);
      if (this.#onStatement) await this.#onStatement(sql, "after");
      if (isQuery) return { rows };
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } catch (error) {
      throw storeErrorOf(error, "run a statement on the database file", sql === "commit");
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  forget(): void {
    this.#prepared.clear();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#file.prepare(sql);
    if (this.#prepared.size >= PREPARED_LIMIT) this.#prepared.clear();
    this.#prepared.set(sql, statement);
    return statement;
  }
}
