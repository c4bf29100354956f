/**
 * What the engines do differently, and nothing else: rows of a bulk write from one JSON parameter, shared locks,
 * "insert what is missing", and how tables are made. Migrations may import this file.
 *
 * @module
 */

import {
  type ColumnDefinitionBuilder,
  type CreateTableBuilder,
  type Kysely,
  type RawBuilder,
  sql,
  SqliteAdapter,
} from "kysely";
import { WORD_BYTES_MAX } from "../domain/visit.ts";

/** SQLite, or the two that speak MySQL. */
export type Dialect = "sqlite" | "mysql";

/** A database whatever its tables are, as Kysely hands it to migrations. */
// deno-lint-ignore no-explicit-any
export type AnyKysely = Kysely<any>;

/** A table being made. */
// deno-lint-ignore no-explicit-any
export type AnyTable = CreateTableBuilder<string, any>;

/**
 * One step forward of the tables; can be run again after a kill at any statement. Without `contract` it only adds, so
 * that the release before works on.
 */
export interface Migration {
  /** Does it. */
  up(db: AnyKysely): Promise<void>;
  /** It takes away or changes what releases may use; absent: it does not. */
  readonly contract?: Contract;
}

/** When something may be taken away. */
export interface Contract {
  /** Name of the migration whose releases do without it: every release that may still run must know that one. */
  readonly needs: string;
}

/** Which dialect a database, a transaction or a migration speaks. */
export function dialectOf(db: AnyKysely): Dialect {
  return db.getExecutor().adapter instanceof SqliteAdapter ? "sqlite" : "mysql";
}

/** Type of a column of bulk rows; hex becomes bytes by `unhex` in the statement. */
export type RowType = "int" | "bigint" | "double" | "letter" | "hex" | "text";

const JSON_TABLE_TYPES: Readonly<Record<RowType, string>> = {
  int: "int",
  bigint: "bigint",
  double: "double",
  letter: "char(1)",
  hex: `varchar(${2 * WORD_BYTES_MAX})`,
  text: "longtext",
};

/** A value of bulk rows. */
export type RowValue = number | string | null;

const INT_MAX = 2_147_483_647;
const NAME = /^[a-z_]+$/;
const HEX = new RegExp(`^(?:[0-9a-f]{2}){1,${WORD_BYTES_MAX}}$`, "i");

/**
 * Rows as a table for one statement, sent as one JSON parameter. `JSON_TABLE` alters what does not fit silently,
 * so every value is checked here; a value that does not fit is a bug.
 */
export function bulkRows<T extends Record<string, RowType>>(
  db: AnyKysely,
  columns: T,
  rows: readonly (readonly RowValue[])[],
): RawBuilder<{ readonly [K in keyof T]: T[K] extends "letter" | "hex" | "text" ? string : number }> {
  const entries = Object.entries(columns);
  for (const [name] of entries) if (!NAME.test(name)) throw new RangeError(`No column is called "${name}"`);
  for (const row of rows) entries.forEach(([name, type], i) => check(name, type, row[i]));
  const json = JSON.stringify(rows);
  if (dialectOf(db) === "sqlite") {
    const list = entries.map(([name], i) => `json_extract(value, '$[${i}]') as ${name}`).join(", ");
    return sql`(select ${sql.raw(list)} from json_each(${json}))`;
  }
  const list = entries.map(([name, type], i) => `${name} ${JSON_TABLE_TYPES[type]} path '$[${i}]'`).join(
    ", ",
  );
  return sql`json_table(${json}, '$[*]' columns (${sql.raw(list)}))`;
}

function check(name: string, type: RowType, value: RowValue | undefined): void {
  if (value === null) return;
  if (value === undefined || !fits(type, value)) {
    throw new RangeError(`Cannot store ${value} as ${type} ${name}`);
  }
}

function fits(type: RowType, value: RowValue): boolean {
  switch (type) {
    case "int":
      return Number.isInteger(value) && Math.abs(Number(value)) <= INT_MAX;
    case "bigint":
      return Number.isSafeInteger(value);
    case "double":
      return Number.isFinite(value);
    case "letter":
      return typeof value === "string" && value.length === 1;
    case "hex":
      return typeof value === "string" && HEX.test(value);
    case "text":
      return typeof value === "string";
  }
}

/** For `modifyEnd`: others may read the rows but not change them until we are done. SQLite writes one at a time. */
export function sharedLock(db: AnyKysely): RawBuilder<unknown> {
  return dialectOf(db) === "sqlite" ? sql`` : sql`lock in share mode`;
}

/** For `modifyEnd`: others wait until we are done. */
export function exclusiveLock(db: AnyKysely): RawBuilder<unknown> {
  return dialectOf(db) === "sqlite" ? sql`` : sql`for update`;
}

/** Inserts one row unless its key is there already; never changes what is there. */
export async function insertMissing(
  db: AnyKysely,
  table: string,
  row: Readonly<Record<string, RowValue>>,
): Promise<void> {
  const columns = Object.keys(row);
  const insert = db.insertInto(table).values(row);
  if (dialectOf(db) === "sqlite") return void await insert.onConflict((on) => on.doNothing()).execute();
  const first = columns[0] ?? "";
  await insert.onDuplicateKeyUpdate({ [first]: sql.ref(first) }).execute();
}

/** A lower-case hex text of a column of bytes; `null` stays `null`. */
export function hexOf(column: string): RawBuilder<string | null> {
  return sql<string | null>`lower(hex(${sql.ref(column)}))`;
}

/** Type of a column whose texts are the same whatever their case, such as names and addresses. */
export function foldedText(db: AnyKysely, chars: number): RawBuilder<unknown> {
  const type = sql.raw(`varchar(${chars})`);
  return dialectOf(db) === "sqlite"
    ? sql`${type} collate nocase`
    : sql`${type} character set utf8mb4 collate utf8mb4_unicode_ci`;
}

/** Type of a column of register words, at most 24 bytes. */
export function wordBytes(db: AnyKysely): RawBuilder<unknown> {
  return dialectOf(db) === "sqlite" ? sql`blob` : sql.raw(`varbinary(${WORD_BYTES_MAX})`);
}

/** Type of a column of letters, one byte each. */
export function letters(db: AnyKysely, count: number): RawBuilder<unknown> {
  const type = sql.raw(`char(${count})`);
  return dialectOf(db) === "sqlite" ? sql`${type}` : sql`${type} character set ascii collate ascii_bin`;
}

/** Begins a table that lies in the order of its primary key, unless it is there; repeatable. */
export function tableOf(
  db: AnyKysely,
  name: string,
  primaryKey: readonly string[],
): AnyTable {
  const begun: AnyTable = db.schema.createTable(name).ifNotExists();
  const table = begun.addPrimaryKeyConstraint(`${name}_key`, [...primaryKey] as never[]);
  return dialectOf(db) === "sqlite"
    ? table.modifyEnd(sql`without rowid`)
    : table.modifyEnd(sql`engine = innodb default character set utf8mb4 collate utf8mb4_bin`);
}

/** Begins a table whose ids count up by themselves and are never used twice, unless it is there; repeatable. */
export function countedTableOf(db: AnyKysely, name: string, id: string): AnyTable {
  const table = db.schema.createTable(name).ifNotExists();
  const counted = (column: ColumnDefinitionBuilder) => column.primaryKey().autoIncrement();
  return dialectOf(db) === "sqlite" ? table.addColumn(id, "integer", counted) : table
    .addColumn(id, "bigint", counted)
    .modifyEnd(sql`engine = innodb default character set utf8mb4 collate utf8mb4_bin`);
}

/** What a column that is added may be: an integer, or a text of some characters or without a limit of ours. */
export type AddedType = "integer" | "bigint" | "smallint" | "text" | `varchar(${number})`;

/** Adds a column unless it is there; rows that are there get `initial`, or nothing. Repeatable. */
export async function ensureColumn(
  db: AnyKysely,
  table: string,
  { name, type, initial }: { readonly name: string; readonly type: AddedType; readonly initial?: number },
): Promise<void> {
  const found = dialectOf(db) === "sqlite"
    ? await sql`select 1 from pragma_table_info(${table}) where name = ${name}`.execute(db)
    : await sql`select 1 from information_schema.columns
      where table_schema = database() and table_name = ${table} and column_name = ${name}`.execute(db);
  if (found.rows.length > 0) return;
  await db.schema.alterTable(table)
    .addColumn(name, type, (c) => initial === undefined ? c : c.notNull().defaultTo(initial)).execute();
}

/** Makes an index unless it is there; repeatable. */
export async function ensureIndex(
  db: AnyKysely,
  table: string,
  columns: readonly string[],
  { unique = false }: { readonly unique?: boolean } = {},
): Promise<void> {
  const name = `${table}_by_${columns.join("_")}`;
  const plain = db.schema.createIndex(name).on(table).columns([...columns]);
  const index = unique ? plain.unique() : plain;
  if (dialectOf(db) === "sqlite") return await index.ifNotExists().execute();
  const found = await sql`select 1 from information_schema.statistics
    where table_schema = database() and table_name = ${table} and index_name = ${name} limit 1`.execute(db);
  if (found.rows.length === 0) await index.execute();
}
