/**
 * A snapshot of MySQL or MariaDB: one connection whose transaction began with a consistent snapshot and reads nothing
 * newer, whatever is committed meanwhile. Rows are taken from the server as they are needed, never a table at once.
 *
 * @module
 */

import mysql, { type Connection } from "mysql2";
import { StoreError, storeErrorOf } from "./errors.ts";
import {
  ANSWER_ROWS_MAX,
  LINES_AT_ONCE,
  lineWriterOf,
  selectOf,
  type Snapshot,
  type SnapshotTable,
  tablesOf,
} from "./snapshot_rows.ts";

const CONNECT_MS = 10_000;

/** Seconds for which the server waits until we take the next rows: a slow disk or remote is no reason to end. */
const WRITE_WAIT_S = 600;

const SESSION: readonly string[] = [
  `set session net_write_timeout = ${WRITE_WAIT_S}, time_zone = '+00:00'`,
  "set session transaction isolation level repeatable read",
  "start transaction with consistent snapshot, read only",
];

/**
 * Around each question: a table that was read stays as it is until its savepoint is left, and a migration that waits for
 * it would keep the app waiting behind it. The instant stays the same.
 */
const [HOLD, LET_GO] = ["savepoint wattpost", "rollback to savepoint wattpost"] as const;

/** Takes it. */
export async function openMysqlSnapshot(url: string, atMs: number): Promise<Snapshot> {
  const connection = mysql.createConnection({
    uri: url,
    charset: "utf8mb4_bin",
    timezone: "Z",
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
    decimalNumbers: true,
    supportBigNumbers: true,
    multipleStatements: false,
  });
  // A connection that is lost while nobody asks: the next question fails by it.
  connection.on("error", () => undefined);
  try {
    for (const statement of SESSION) await rowsOf(connection, statement);
    const [[version] = []] = await rowsOf(connection, "select version()");
    const told = await rowsOf(connection, COLUMNS);
    return {
      engine: /mariadb/i.test(String(version)) ? "mariadb" : "mysql",
      version: String(version),
      atMs,
      tables: tablesOf(told.map(([table, name, type, keyPlace]) => ({
        table: String(table),
        name: String(name),
        type: String(type),
        keyPlace: Number(keyPlace),
      }))),
      async ask(statement) {
        await rowsOf(connection, HOLD);
        const rows = await rowsOf(
          connection,
          `select * from (${statement}) as answer limit ${ANSWER_ROWS_MAX}`,
        );
        await rowsOf(connection, LET_GO);
        return rows;
      },
      lines: (table) => linesOf(connection, table),
      close: () => endOf(connection),
    };
  } catch (error) {
    connection.destroy();
    throw storeErrorOf(error, "take a snapshot of the database");
  }
}

const COLUMNS = `select c.table_name, c.column_name, c.data_type, coalesce(s.seq_in_index, 0)
  from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    and t.table_type = 'BASE TABLE'
  left join information_schema.statistics s on s.table_schema = c.table_schema and s.table_name = c.table_name
    and s.column_name = c.column_name and s.index_name = 'PRIMARY'
  where c.table_schema = database() order by c.table_name, c.ordinal_position`;

function rowsOf(connection: Connection, statement: string): Promise<readonly (readonly unknown[])[]> {
  return new Promise((resolve, reject) => {
    connection.query({ sql: statement, rowsAsArray: true }, (error, rows) => {
      if (error) reject(refusalOf(error, "read from the database"));
      else resolve(Array.isArray(rows) ? rows as unknown as readonly (readonly unknown[])[] : []);
    });
  });
}

async function* linesOf(connection: Connection, table: SnapshotTable): AsyncIterable<readonly string[]> {
  const write = lineWriterOf(table);
  const statement = selectOf(table, "force index (primary)");
  await rowsOf(connection, HOLD);
  const rows = connection.query({ sql: statement, rowsAsArray: true }).stream({
    highWaterMark: LINES_AT_ONCE,
  });
  let lines: string[] = [];
  let whole = false;
  try {
    for await (const row of rows) {
      lines.push(write(row as readonly unknown[]));
      if (lines.length < LINES_AT_ONCE) continue;
      yield lines;
      lines = [];
    }
    whole = true;
  } catch (error) {
    throw refusalOf(error, `read table ${table.name}`);
  } finally {
    // What the server still sends of an answer that nobody takes can only be ended with the connection.
    if (!whole) connection.destroy();
  }
  await rowsOf(connection, LET_GO);
  if (lines.length > 0) yield lines;
}

/** What a server refuses while rows are read is not ours: a table that was changed meanwhile, a user without the right. */
function refusalOf(error: unknown, doing: string): unknown {
  const known = storeErrorOf(error, doing);
  if (known instanceof StoreError || !(error instanceof Error) || !("errno" in error)) return known;
  return new StoreError("unavailable", `Cannot ${doing}: ${error.message}`, { cause: error });
}

function endOf(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.end((error) => {
      if (error) connection.destroy();
      resolve();
    });
  });
}
