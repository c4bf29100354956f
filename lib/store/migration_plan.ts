/**
 * What migrations would do: they run against a database that answers questions and is changed by nothing, so that the
 * statements are the real ones of this engine and of the tables as they are.
 *
 * @module
 */

import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Database } from "./db.ts";
import type { AnyKysely, Migration } from "./dialect.ts";
import { isStoreError } from "./errors.ts";

/** Statements of one migration at most: one that works in batches ends here, as nothing it asks ever changes. */
export const STATEMENTS_MAX = 500;

/** What a migration would do. */
export interface PlannedStatements {
  /** Its statements with their values, in order; questions are not among them. */
  readonly statements: readonly string[];
  /** Whether there are more: the migration asks what it changed itself, or goes on in batches. */
  readonly cut: boolean;
}

/** Gives the statements of a migration without running them; questions are asked of the real database. */
export async function planMigration(db: Database, migration: Migration): Promise<PlannedStatements> {
  const statements: string[] = [];
  const kysely: AnyKysely = new Kysely({
    dialect: {
      createAdapter: () => db.engine === "sqlite" ? new SqliteAdapter() : new MysqlAdapter(),
      createDriver: () => new PlanDriver(db, statements),
      createIntrospector: (of) =>
        db.engine === "sqlite" ? new SqliteIntrospector(of) : new MysqlIntrospector(of),
      createQueryCompiler: () =>
        db.engine === "sqlite" ? new SqliteQueryCompiler() : new MysqlQueryCompiler(),
    },
  });
  try {
    await migration.up(kysely);
    return { statements, cut: false };
  } catch (error) {
    if (error instanceof PlanEnd) return { statements, cut: true };
    throw error;
  } finally {
    await kysely.destroy();
  }
}

/** Ends a migration that would never end. */
class PlanEnd extends Error {}

const QUESTION = /^\s*(select|with|show|explain|pragma)\b/i;

class PlanDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(db: Database, statements: string[]) {
    let asked = 0;
    this.#connection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        asked += 1;
        if (asked > STATEMENTS_MAX) throw new PlanEnd();
        if (QUESTION.test(query.sql)) return await ask<R>(db, query);
        statements.push(shown(query));
        return { rows: [], numAffectedRows: 0n };
      },
      streamQuery: () => {
        throw new PlanEnd();
      },
    };
  }

  init = (): Promise<void> => Promise.resolve();
  acquireConnection = (): Promise<DatabaseConnection> => Promise.resolve(this.#connection);
  beginTransaction = (): Promise<void> => Promise.resolve();
  commitTransaction = (): Promise<void> => Promise.resolve();
  rollbackTransaction = (): Promise<void> => Promise.resolve();
  releaseConnection = (): Promise<void> => Promise.resolve();
  destroy = (): Promise<void> => Promise.resolve();
}

/** Asks the real database; a table that an earlier migration has yet to make is as good as empty. */
async function ask<R>(db: Database, query: CompiledQuery): Promise<QueryResult<R>> {
  try {
    return await db.reader.executeQuery<R>(query as CompiledQuery<R>);
  } catch (error) {
    if (isStoreError(error, "unavailable") || isStoreError(error, "conflict")) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (!/no such (table|column)|doesn't exist|unknown column/i.test(message)) throw error;
    return { rows: [] };
  }
}

const TEXT_SHOWN = 60;

/** A statement as people read it: values in their places, in one line. */
function shown({ sql: text, parameters }: CompiledQuery): string {
  let place = 0;
  const filled = text.replace(/\?/g, () => literal(parameters[place++]));
  return filled.replace(/\s+/g, " ").trim();
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `x'${value.slice(0, TEXT_SHOWN / 2).toHex()}'`;
  const whole = String(value);
  const cut = whole.length > TEXT_SHOWN ? `${whole.slice(0, TEXT_SHOWN)}…` : whole;
  return `'${cut.replaceAll("'", "''")}'`;
}

/** Rows of a table, at most {@link ROWS_COUNTED} of them counted; what is beyond is the engine's own guess. */
export interface TableRows {
  /** About how many. */
  readonly rows: number;
  /** Whether they were counted. */
  readonly counted: boolean;
}

/** Rows that are counted one by one. */
const ROWS_COUNTED = 100_000;

/** How many rows a table has; `null`: there is no such table. */
export async function rowsOf(db: Database, table: string): Promise<TableRows | null> {
  const some = await ask<{ n: number }>(
    db,
    sql`select count(*) as n from (select 1 from ${sql.table(table)} limit ${sql.lit(ROWS_COUNTED + 1)}) some`
      .compile(db.reader),
  );
  const [{ n } = { n: null }] = some.rows;
  if (n === null) return null;
  if (n <= ROWS_COUNTED) return { rows: n, counted: true };
  if (db.engine === "sqlite") {
    const all = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db.reader);
    return { rows: all.rows[0]?.n ?? n, counted: true };
  }
  const guess = await sql<{ n: number | null }>`select table_rows as n from information_schema.tables
    where table_schema = database() and table_name = ${table}`.execute(db.reader);
  return { rows: Math.max(Number(guess.rows[0]?.n ?? 0), n), counted: false };
}
