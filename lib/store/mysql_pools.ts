/**
 * The pool of connections, which another may follow while statements run: after a change of the password new
 * connections use the new one, and those that work end when they are given back.
 *
 * @module
 */

import mysql, { type Pool, type PoolConnection } from "mysql2/promise";

/** Limits of a pool. */
export interface MysqlLimits {
  /** Connections at most. */
  readonly poolSize: number;
  /** Milliseconds a connection may take. */
  readonly connectTimeoutMs: number;
  /** Milliseconds a statement may take. */
  readonly statementTimeoutMs: number;
}

/** Statements that wait for a connection; the next one fails at once. */
const QUEUE_LIMIT = 2_000;

/** A connection that was taken. */
export interface TakenConnection {
  /** The connection. */
  readonly raw: PoolConnection;
  /** Gives it back, once; a broken one is ended. */
  giveBack(broken: boolean): void;
}

/** The pool of now, and those before it that are still in use. */
export interface MysqlPools {
  /** Takes a connection of the pool of now; connects when there is none. */
  take(): Promise<TakenConnection>;
  /** Makes a pool for another user or password; the one before ends with its last connection. */
  renew(url: string): void;
  /** Ends all of them. */
  end(): Promise<void>;
}

interface HeldPool {
  readonly pool: Pool;
  /** Connections taken or asked for. */
  used: number;
}

/** Makes a pool; connects when the first statement needs it. */
export function openPools(url: string, limits: MysqlLimits): MysqlPools {
  let current: HeldPool = { pool: openPool(url, limits), used: 0 };
  const ending = new Set<Promise<void>>();
  const end = (held: HeldPool) => {
    // Its connections are ended by us: what the server says to that is nobody's business any more.
    const ended = held.pool.end().catch(() => undefined).finally(() => ending.delete(ended));
    ending.add(ended);
  };
  const leave = (held: HeldPool) => {
    held.used -= 1;
    if (held.used === 0 && held !== current) end(held);
  };
  return {
    async take() {
      const held = current;
      held.used += 1;
      try {
        const raw = await held.pool.getConnection();
        return {
          raw,
          giveBack(broken) {
            if (broken || held !== current) raw.destroy();
            else raw.release();
            leave(held);
          },
        };
      } catch (error) {
        leave(held);
        throw error;
      }
    },
    renew(next) {
      const before = current;
      current = { pool: openPool(next, limits), used: 0 };
      if (before.used === 0) end(before);
    },
    async end() {
      await current.pool.end();
      await Promise.all(ending);
    },
  };
}

function openPool(url: string, limits: MysqlLimits): Pool {
  return mysql.createPool({
    uri: url,
    connectionLimit: limits.poolSize,
    maxIdle: limits.poolSize,
    queueLimit: QUEUE_LIMIT,
    connectTimeout: limits.connectTimeoutMs,
    enableKeepAlive: true,
    charset: "utf8mb4_bin",
    timezone: "Z",
    decimalNumbers: true,
    supportBigNumbers: true,
    multipleStatements: false,
  });
}
