/**
 * Rows of a backup put back: into a database that held nothing, which is no database of Wattpost until the last step. A
 * table of its own marks it while it is filled, so that what a killed restore left is known and can be cleared; that
 * migrations are applied is written down last, and until then no release works with it.
 *
 * @module
 */

import { type Kysely, sql } from "kysely";
import type { Clock } from "../clock.ts";
import type { Result } from "../result.ts";
import type { Database } from "./db.ts";
import { dialectOf } from "./dialect.ts";
import { StoreError } from "./errors.ts";
import { migrate, type MigrateError, type MigrationSet } from "./migrator.ts";
import type { Schema } from "./schema.ts";
import type { ColumnKind, SnapshotTable } from "./snapshot_rows.ts";
import { UNFINISHED_TABLE as MARK } from "./unfinished.ts";

/** A database while it is filled: one connection, and nobody else migrates it meanwhile. */
export interface Filling {
  /** That connection. */
  readonly connection: Kysely<Schema>;
}

/** What lies in a database. */
export type Held =
  /** Nothing at all. */
  | { readonly kind: "nothing" }
  /** What a restore left that never ended: nobody can have worked with it. */
  | { readonly kind: "unfinished" }
  /** Tables, by name. */
  | { readonly kind: "tables"; readonly names: readonly string[] };

/** Rows of one statement at most; SQLite is not held longer than some milliseconds by them. */
const ROWS_AT_ONCE = 2_000;

/** Characters of one statement's rows at most, a single longer row excepted: servers take 16 MiB. */
const CHARS_AT_ONCE = 1_000_000;

/** Names that are put into statements: of tables and columns. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Migrations that are written down in one statement at most. */
const NAMES_AT_ONCE = 500;

/** Looks what lies in a database. */
export async function whatIsHeld(db: Database): Promise<Held> {
  const there = await tablesAndViews(db.kysely);
  const names = there.map(({ name }) => name);
  if (names.length === 0) return { kind: "nothing" };
  if (!names.includes(MARK)) return { kind: "tables", names };
  const applied = names.includes("migration")
    ? await db.kysely.selectFrom("migration").select("name").limit(1).execute()
    : [];
  return applied.length === 0 ? { kind: "unfinished" } : { kind: "tables", names };
}

/** Sites in a database of Wattpost; for words about what is in the way. */
export async function countSites(db: Database): Promise<number> {
  const found = await db.kysely.selectFrom("site").select((eb) => eb.fn.countAll().as("sites")).execute();
  return Number(found[0]?.sites ?? 0);
}

/** Marks an empty database, makes the tables as these migrations make them, and has them filled. */
export function fillEmpty<T>(
  db: Database,
  { migrations, fill }: {
    /** Those that the backup had applied. */
    readonly migrations: MigrationSet;
    readonly fill: (filling: Filling) => Promise<T>;
  },
): Promise<T> {
  return aloneWith(db, async (connection) => {
    await sql`create table ${sql.table(MARK)} (mark_id integer primary key)`.execute(connection);
    await migrateUp(connection, migrations);
    return await fill({ connection });
  });
}

/** Brings the tables of a filled database further, before it is declared. */
export function extendFilled(db: Database, migrations: MigrationSet): Promise<void> {
  return aloneWith(db, (connection) => migrateUp(connection, migrations));
}

async function migrateUp(connection: Kysely<Schema>, migrations: MigrationSet): Promise<void> {
  for (const name of Object.keys(migrations).sort()) await migrations[name]?.up(connection);
}

function aloneWith<T>(db: Database, run: (connection: Kysely<Schema>) => Promise<T>): Promise<T> {
  return db.kysely.connection().execute(async (connection) => {
    if (!await keepOthersOut(connection)) {
      throw new StoreError("in-use", "Cannot fill the database: another process migrates it");
    }
    try {
      return await run(connection);
    } finally {
      // What is lost with the connection the server lets go by itself.
      await letOthersIn(connection).catch(() => undefined);
    }
  });
}

/** Empties a table of what migrations put into it. */
export async function emptyTable({ connection }: Filling, table: string): Promise<void> {
  await sql`delete from ${nameOf(table)}`.execute(connection);
}

/** Puts rows into a table, all of them or none: lines as a snapshot gives them, checked by whoever calls. */
export async function insertLines(
  { connection }: Filling,
  table: Pick<SnapshotTable, "name" | "columns">,
  lines: readonly string[],
): Promise<void> {
  await connection.transaction().execute(async (tx) => {
    for (const rows of batchesOf(lines)) {
      await insertOf(tx, table, `[${rows.join(",")}]`).execute(tx);
    }
  });
}

/** Lines in batches of one statement each. */
function* batchesOf(lines: readonly string[]): Iterable<readonly string[]> {
  let begin = 0;
  let chars = 0;
  for (let i = 0; i < lines.length; i++) {
    const length = lines[i]?.length ?? 0;
    if (i > begin && (i - begin >= ROWS_AT_ONCE || chars + length > CHARS_AT_ONCE)) {
      yield lines.slice(begin, i);
      begin = i;
      chars = 0;
    }
    chars += length;
  }
  if (begin < lines.length) yield lines.slice(begin);
}

function insertOf(
  db: Kysely<Schema>,
  { name, columns }: Pick<SnapshotTable, "name" | "columns">,
  json: string,
) {
  const into = sql.join(columns.map((column) => nameOf(column.name)));
  const sqlite = dialectOf(db) === "sqlite";
  const values = sql.join(columns.map(({ kind }, i) => {
    const value = sqlite ? sql.raw(`json_extract(value, '$[${i}]')`) : sql.raw(`c${i}`);
    return kind === "bytes" ? sql`unhex(${value})` : value;
  }));
  if (sqlite) return sql`insert into ${nameOf(name)} (${into}) select ${values} from json_each(${json})`;
  const told = columns.map(({ kind }, i) => `c${i} ${JSON_TABLE_TYPES[kind]} path '$[${i}]'`).join(", ");
  return sql`insert into ${nameOf(name)} (${into})
    select ${values} from json_table(${json}, '$[*]' columns (${sql.raw(told)})) as j`;
}

/** What does not fit becomes something else silently there: whoever fills compares afterwards. */
const JSON_TABLE_TYPES: Readonly<Record<ColumnKind, string>> = {
  int: "bigint",
  double: "double",
  text: "longtext",
  bytes: "longtext",
};

/** Makes a filled database one of Wattpost: no mark, and the migrations of the backup are written down. */
export async function declareFilled(
  db: Database,
  { schema, clock }: { readonly schema: readonly string[]; readonly clock: Clock },
): Promise<Result<readonly string[], MigrateError>> {
  await sql`drop table ${sql.table(MARK)}`.execute(db.kysely);
  const made = await migrate(db, {}, clock);
  if (!made.ok) return made;
  const applied_ms = clock.nowMs();
  for (let i = 0; i < schema.length; i += NAMES_AT_ONCE) {
    const values = schema.slice(i, i + NAMES_AT_ONCE).map((name) => ({ name, applied_ms }));
    await db.kysely.insertInto("migration").values(values).execute();
  }
  return made;
}

/** Removes everything from a database that only a restore has written to. */
export async function clearUnfinished(db: Database): Promise<void> {
  const there = await tablesAndViews(db.kysely);
  if (!there.some(({ name }) => name === MARK)) return;
  // The mark goes last: until then whoever comes next knows what this is.
  const order = [...there].sort((a, b) => rankOf(a) - rankOf(b));
  for (const { name, isView } of order) {
    if (isView) await sql`drop view if exists ${sql.table(name)}`.execute(db.kysely);
    else await sql`drop table if exists ${sql.table(name)}`.execute(db.kysely);
  }
}

interface Relation {
  readonly name: string;
  readonly isView: boolean;
}

function rankOf({ name, isView }: Relation): number {
  return isView ? 0 : name === MARK ? 2 : 1;
}

async function tablesAndViews(db: Kysely<Schema>): Promise<readonly Relation[]> {
  const told = dialectOf(db) === "sqlite"
    ? sql<{ relation: string; kind: string }>`select name as relation, type as kind from sqlite_master
      where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`
    : sql<{ relation: string; kind: string }>`select table_name as relation, table_type as kind
      from information_schema.tables where table_schema = database() order by table_name`;
  const { rows } = await told.execute(db);
  return rows.map(({ relation, kind }) => ({ name: relation, isView: /view/i.test(kind) }));
}

const LOCK_NAME = sql`concat(database(), '.wattpost_migrate')`;

/** On a server the lock of migrations, which belongs to the connection; a file belongs to one process anyway. */
async function keepOthersOut(connection: Kysely<Schema>): Promise<boolean> {
  if (dialectOf(connection) === "sqlite") return true;
  const got = await sql<{ got: number }>`select get_lock(${LOCK_NAME}, 0) as got`.execute(connection);
  return got.rows[0]?.got === 1;
}

async function letOthersIn(connection: Kysely<Schema>): Promise<void> {
  if (dialectOf(connection) === "sqlite") return;
  await sql`select release_lock(${LOCK_NAME})`.execute(connection);
}

function nameOf(name: string) {
  if (!NAME.test(name)) throw new RangeError(`No table or column is called "${name}"`);
  return sql.ref(name);
}
