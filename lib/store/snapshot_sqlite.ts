/**
 * A snapshot of SQLite: a read transaction on a connection that can only read, in a process that need not be the one that
 * writes. The writer is not stopped; its journal grows until the snapshot is closed.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreError, storeErrorOf } from "./errors.ts";
import {
  ANSWER_ROWS_MAX,
  LINES_AT_ONCE,
  lineWriterOf,
  selectOf,
  type Snapshot,
  type SnapshotTable,
  tablesOf,
  type ToldColumn,
} from "./snapshot_rows.ts";
import { openReader, yieldToLoop } from "./sqlite.ts";

/** Takes it. */
export async function openSqliteSnapshot(path: string, atMs: number): Promise<Snapshot> {
  const doing = `read the database file "${path}"`;
  const file = openFile(path);
  try {
    file.exec("begin");
    // The first read fixes the instant.
    const [[version] = []] = askOf(file, "select sqlite_version(), count(*) from sqlite_master");
    return {
      engine: "sqlite",
      version: String(version),
      atMs,
      tables: tablesOf(toldColumns(file)),
      ask: (statement) => Promise.resolve(askOf(file, statement)),
      lines: (table) => linesOf(file, table, doing),
      close() {
        if (file.isOpen) file.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    file.close();
    await yieldToLoop();
    throw storeErrorOf(error, doing);
  }
}

/** Opens a file that is there; what keeps it from being opened has no code of its own. */
function openFile(path: string): DatabaseSync {
  try {
    return openReader(path);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("unavailable", `Cannot open the database file "${path}": ${words}`, { cause });
  }
}

function askOf(file: DatabaseSync, statement: string): readonly (readonly unknown[])[] {
  return listsOf(file.prepare(`select * from (${statement}) limit ${ANSWER_ROWS_MAX}`)).all();
}

/** A statement that gives rows as lists, which Deno's types do not know yet. */
interface ListStatement {
  setReturnArrays(on: boolean): void;
  all(): readonly (readonly unknown[])[];
  iterate(): Iterable<readonly unknown[]>;
}

function listsOf(prepared: StatementSync): ListStatement {
  const lists = prepared as unknown as ListStatement;
  lists.setReturnArrays(true);
  return lists;
}

function toldColumns(file: DatabaseSync): readonly ToldColumn[] {
  const told = askOf(
    file,
    `select t.name, c.name, c.type, c.pk from sqlite_master t join pragma_table_info(t.name) c
      where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' order by t.name, c.cid`,
  );
  return told.map(([table, name, type, keyPlace]) => ({
    table: String(table),
    name: String(name),
    type: String(type),
    keyPlace: Number(keyPlace),
  }));
}

async function* linesOf(
  file: DatabaseSync,
  table: SnapshotTable,
  doing: string,
): AsyncIterable<readonly string[]> {
  const write = lineWriterOf(table);
  let lines: string[] = [];
  try {
    for (const row of listsOf(file.prepare(selectOf(table))).iterate()) {
      lines.push(write(row));
      if (lines.length < LINES_AT_ONCE) continue;
      yield lines;
      lines = [];
      await yieldToLoop();
    }
  } catch (error) {
    throw storeErrorOf(error, doing);
  }
  if (lines.length > 0) yield lines;
}
