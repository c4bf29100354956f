/**
 * Rows as a snapshot gives them: in a form that is the same on every engine, so that what was taken from one can be put
 * into another and both give the same checksums.
 *
 * @module
 */

import type { Engine } from "./db.ts";
import { StoreError } from "./errors.ts";

/**
 * What a column holds, whatever its engine calls the type: `int` is a whole number that JavaScript holds exactly, `bytes`
 * are written as lower-case hexadecimal digits.
 */
export type ColumnKind = typeof COLUMN_KINDS[number];

/** Every {@link ColumnKind}. */
export const COLUMN_KINDS = ["int", "double", "text", "bytes"] as const;

/** A column of a table. */
export interface SnapshotColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A table, without views. */
export interface SnapshotTable {
  readonly name: string;
  /** In the order in which rows are written. */
  readonly columns: readonly SnapshotColumn[];
  /** Columns of the primary key: the order of the rows. */
  readonly key: readonly string[];
}

/** A database at one instant. Everything that is asked of it sees the same rows. */
export interface Snapshot {
  readonly engine: Engine;
  /** As the engine names it. */
  readonly version: string;
  /** When it was taken, epoch milliseconds of this machine. */
  readonly atMs: number;
  /** The tables by name. */
  readonly tables: readonly SnapshotTable[];
  /** Asks something that every engine understands; at most 10,000 rows. */
  ask(statement: string): Promise<readonly (readonly unknown[])[]>;
  /**
   * The rows of a table in the order of its key, a JSON list each, without line ends: at most {@link LINES_AT_ONCE} at
   * once. Memory stays bounded however large the table is.
   */
  lines(table: SnapshotTable): AsyncIterable<readonly string[]>;
  /** Lets the database forget the instant. */
  close(): Promise<void>;
}

/** Rows of a {@link Snapshot.lines} at once. */
export const LINES_AT_ONCE = 5_000;

/** Rows of an answer to {@link Snapshot.ask}. */
export const ANSWER_ROWS_MAX = 10_000;

/** The statement that reads a table in the order of its key. Names are quoted in the way that every engine takes. */
export function selectOf({ name, columns, key }: SnapshotTable, hint = ""): string {
  const list = columns.map((column) => {
    const quoted = `\`${column.name}\``;
    // SQLite's hex() makes an empty text of null.
    return column.kind === "bytes"
      ? `case when ${quoted} is not null then lower(hex(${quoted})) end`
      : quoted;
  });
  return `select ${list.join(", ")} from \`${name}\` ${hint} order by ${
    key.map((column) => `\`${name}\`.\`${column}\``).join(", ")
  }`;
}

/** Writes rows of a table as lines; a value that could not be written exactly is refused by name. */
export function lineWriterOf({ name, columns }: SnapshotTable): (row: readonly unknown[]) => string {
  return (row) => {
    for (let i = 0; i < columns.length; i++) {
      const value = row[i];
      if (value === null || fits(columns[i]?.kind, value)) continue;
      throw new StoreError(
        "unavailable",
        `Cannot write ${name}.${columns[i]?.name}: ${String(value).slice(0, 60)} is no ${columns[i]?.kind}`,
      );
    }
    return JSON.stringify(row);
  };
}

function fits(kind: ColumnKind | undefined, value: unknown): boolean {
  switch (kind) {
    case "int":
      return Number.isSafeInteger(value);
    case "double":
      return Number.isFinite(value);
    case "text":
    case "bytes":
      return typeof value === "string";
    case undefined:
      return false;
  }
}

/** What a column holds by the name of its type, `varchar(80)` or `bigint`; `null`: no column of ours has such a type. */
function columnKindOf(type: string): ColumnKind | null {
  const [, word = ""] = /^([a-z]+)/i.exec(type) ?? [];
  return KINDS_BY_TYPE[word.toLowerCase()] ?? null;
}

const KINDS_BY_TYPE: Readonly<Record<string, ColumnKind>> = {
  tinyint: "int",
  smallint: "int",
  mediumint: "int",
  int: "int",
  integer: "int",
  bigint: "int",
  double: "double",
  real: "double",
  float: "double",
  char: "text",
  varchar: "text",
  text: "text",
  tinytext: "text",
  mediumtext: "text",
  longtext: "text",
  blob: "bytes",
  tinyblob: "bytes",
  mediumblob: "bytes",
  longblob: "bytes",
  binary: "bytes",
  varbinary: "bytes",
};

/** A column as an engine tells it. */
export interface ToldColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** Place in the primary key from 1; 0: not in it. */
  readonly keyPlace: number;
}

/** Tables of columns that an engine told, by name. A table without a key, or a type we do not know, is refused. */
export function tablesOf(told: readonly ToldColumn[]): readonly SnapshotTable[] {
  const names = [...new Set(told.map(({ table }) => table))].sort();
  return names.map((name) => {
    const own = told.filter(({ table }) => table === name);
    const key = own.filter(({ keyPlace }) => keyPlace > 0).sort((a, b) => a.keyPlace - b.keyPlace);
    if (key.length === 0) throw new StoreError("unavailable", `Table ${name} has no primary key`);
    const columns = own.map(({ name: column, type }) => {
      const kind = columnKindOf(type);
      if (kind === null) throw new StoreError("unavailable", `${name}.${column} is of the type ${type}`);
      return { name: column, kind };
    });
    return { name, columns, key: key.map(({ name: column }) => column) };
  });
}
