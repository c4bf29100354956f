/**
 * Kysely's driver over `mysql2`, for MySQL and MariaDB: a pool whose every connection reads committed rows, waits
 * at most 2 s for a lock and lives in UTC, and whose every statement has a deadline. A connection that failed is
 * not given back.
 *
 * @module
 */

import type { ResultSetHeader } from "mysql2/promise";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
} from "kysely";
import { systemClock } from "../clock.ts";
import { kindOf, storeErrorOf } from "./errors.ts";
import type { MysqlLimits, MysqlPools, TakenConnection } from "./mysql_pools.ts";

/** Called before and after each statement; a test ends the connection or throws there. */
export type StatementHook = (sql: string, when: "before" | "after") => void | Promise<void>;

/** Makes a Kysely dialect of pools. */
export function mysqlDialect(pools: MysqlPools, limits: MysqlLimits, onStatement?: StatementHook): Dialect {
  return {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new PoolDriver(pools, limits, onStatement),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  };
}

/** What each new connection is told. */
const SESSION = [
  "set session transaction isolation level read committed",
  "set session innodb_lock_wait_timeout = 2, time_zone = '+00:00', " +
  "sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY'",
];

class PoolDriver implements Driver {
  readonly #pools: MysqlPools;
  readonly #limits: MysqlLimits;
  readonly #onStatement: StatementHook | undefined;
  readonly #told = new WeakSet<object>();

  constructor(pools: MysqlPools, limits: MysqlLimits, onStatement: StatementHook | undefined) {
    this.#pools = pools;
    this.#limits = limits;
    this.#onStatement = onStatement;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      const taken = await this.#pools.take();
      const { raw } = taken;
      const connection = new PooledConnection(taken, this.#limits, this.#onStatement);
      if (this.#told.has(raw.connection)) return connection;
      try {
        for (const sql of SESSION) await withDeadline(raw.query(sql), this.#limits.statementTimeoutMs);
      } catch (error) {
        taken.giveBack(true);
        throw error;
      }
      this.#told.add(raw.connection);
      return connection;
    } catch (error) {
      throw storeErrorOf(error, "connect to the database");
    }
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PooledConnection).execute("begin", []);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PooledConnection).execute("commit", []);
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PooledConnection).rollback();
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as PooledConnection).release();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    await this.#pools.end();
  }
}

type QueryRows = ResultSetHeader | readonly unknown[];

/** mysql2 has timeouts of its own, which outlive a connection that is lost. */
async function withDeadline<T>(query: Promise<T>, withinMs: number): Promise<T> {
  const answered = new AbortController();
  const late = systemClock.sleep(withinMs, answered.signal).then(() => {
    const code = "PROTOCOL_SEQUENCE_TIMEOUT";
    if (!answered.signal.aborted) throw Object.assign(new Error(`No answer in ${withinMs} ms`), { code });
    return query;
  });
  try {
    return await Promise.race([query, late]);
  } finally {
    answered.abort();
    late.catch(() => undefined); // the query's own error was thrown already
  }
}

class PooledConnection implements DatabaseConnection {
  readonly #taken: TakenConnection;
  readonly #limits: MysqlLimits;
  readonly #onStatement: StatementHook | undefined;
  #broken = false;

  constructor(taken: TakenConnection, limits: MysqlLimits, onStatement: StatementHook | undefined) {
    this.#taken = taken;
    this.#limits = limits;
    this.#onStatement = onStatement;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(query.sql, query.parameters);
  }

  async execute<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>> {
    if (this.#onStatement) await this.#onStatement(sql, "before");
    try {
      const result = await this.#query(sql, parameters);
      if (this.#onStatement) await this.#onStatement(sql, "after");
      if (Array.isArray(result)) return { rows: result as R[] };
      const { affectedRows, insertId } = result as ResultSetHeader;
      return { rows: [], numAffectedRows: BigInt(affectedRows), insertId: BigInt(insertId) };
    } catch (error) {
      if (kindOf(error) === "unavailable") this.#broken = true;
      throw storeErrorOf(error, "run a statement on the database", sql === "commit");
    }
  }

  async #query(sql: string, parameters: readonly unknown[]): Promise<QueryRows> {
    const [result] = await withDeadline(
      this.#taken.raw.query(sql, [...parameters]),
      this.#limits.statementTimeoutMs,
    );
    return result as QueryRows;
  }

  async rollback(): Promise<void> {
    if (this.#broken) return;
    try {
      await this.#query("rollback", []);
    } catch {
      // The server rolls back when the connection ends, which is what release() does to a broken one.
      this.#broken = true;
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  release(): void {
    this.#taken.giveBack(this.#broken);
  }
}
