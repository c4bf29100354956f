/**
 * `deno task db:plan`: each statement that a migration would run on this database, how long it takes, and whether the
 * release that runs meanwhile bears it. Changes nothing; a file of SQLite may be in use.
 *
 * @module
 */

import type { Database } from "../lib/store/db.ts";
import { planMigration, rowsOf, STATEMENTS_MAX, type TableRows } from "../lib/store/migration_plan.ts";
import { type MigrationSet, pendingContracts, pendingMigrations } from "../lib/store/migrator.ts";
import { TRIED_ROWS, trySpeed } from "../lib/store/speed.ts";
import { migrationReasons, migrations } from "../migrations/mod.ts";
import { openToLook, runCommand } from "./lib/command.ts";
import { judge, type Judgement, MEASURED, speedOf } from "./lib/plan/judge.ts";
import { kindOfStatement } from "./lib/plan/statement.ts";

/** How it is called. */
const PLAN_HELP = `deno task db:plan [--json]

Shows what deno task db:migrate would do to this database: each statement, about how long it takes, and whether the
release that runs meanwhile bears it. Changes nothing, and may be asked while Wattpost runs.

  --json  the same for programs

Exit code: 0 the running release bears what a deploy would do, 1 it does not, or the database cannot be read, 2 wrong
arguments or settings.`;

/** A statement of the plan. */
export interface PlannedStatement extends Judgement {
  /** Its text, values in their places. */
  readonly sql: string;
  /** Its table; empty: not known. */
  readonly table: string;
  /** Rows of it; `null`: it has yet to be made, or is not known. */
  readonly rows: TableRows | null;
}

/** A migration of the plan. */
export interface PlannedMigration {
  /** Its name. */
  readonly name: string;
  /** Why it exists. */
  readonly reason: string;
  /** `null`: it adds, and a deploy applies it. Else it takes away, and these releases still need that. */
  readonly keptBy: readonly string[] | null;
  /** What it does. */
  readonly statements: readonly PlannedStatement[];
  /** Whether there are statements behind those. */
  readonly cut: boolean;
}

/** What would be done. */
export interface MigrationPlan {
  /** The database and its version. */
  readonly database: string;
  /** On what the times rest, in words. */
  readonly measured: string;
  /** What is missing. */
  readonly migrations: readonly PlannedMigration[];
}

/** Why migrations exist, and how quick the database was in a try; `null`: it could not be tried. */
export interface PlanFacts {
  /** Why, by name. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Milliseconds of the try. */
  readonly triedMs: number | null;
}

/** Plans what is pending on an open database. */
export async function planPending(
  db: Database,
  set: MigrationSet,
  { reasons, triedMs }: PlanFacts,
): Promise<MigrationPlan> {
  const speed = speedOf(db.engine, triedMs);
  const pending = (await pendingMigrations(db, set)).map((name) => ({ name, keptBy: null }));
  const contracts = await pendingContracts(db, set);
  const made = new Set<string>();
  const planned: PlannedMigration[] = [];
  for (const { name, keptBy } of [...pending, ...contracts]) {
    const migration = set[name];
    if (!migration) continue;
    const { statements, cut } = await planMigration(db, migration);
    const judged: PlannedStatement[] = [];
    for (const sql of statements) {
      const kind = kindOfStatement(sql);
      const rows = kind.table === "" || made.has(kind.table) ? null : await rowsOf(db, kind.table);
      if (kind.kind === "create-table" && rows === null) made.add(kind.table);
      const by = { engine: db.engine, rows: rows?.rows ?? 0, isNew: made.has(kind.table), speed };
      judged.push({ sql, table: kind.table, rows, ...judge(kind, by) });
    }
    planned.push({ name, reason: reasons[name] ?? "", keptBy, statements: judged, cut });
  }
  return {
    database: `${db.engine} ${db.version}`,
    measured: measuredText(db.engine, { triedMs, factor: speed.factor }),
    migrations: planned,
  };
}

function measuredText(
  engine: Database["engine"],
  { triedMs, factor }: { readonly triedMs: number | null; readonly factor: number },
): string {
  const { index, rewrite } = MEASURED[engine];
  const rates = `${count(index)} rows a second into an index and ${count(rewrite)} written anew`;
  const here = triedMs === null
    ? "this one could not be tried, so it is taken to be as quick"
    : `this one is taken to be ${factor.toFixed(2)} times as quick, as it stored and indexed ${
      count(TRIED_ROWS)
    } rows in ${Math.round(triedMs)} ms`;
  return `Times rest on ${rates}, measured with ${engine} on 2 cores; ${here}`;
}

/** What a plan says of a deploy: whether the running release bears everything that adds. */
export function isBorne({ migrations }: MigrationPlan): boolean {
  return migrations.every(({ keptBy, statements }) =>
    keptBy !== null || statements.every(({ tolerated }) => tolerated !== "no")
  );
}

/** A plan as people read it. */
function planText(plan: MigrationPlan): string {
  const { database, measured, migrations: planned } = plan;
  if (planned.length === 0) return `${database}: nothing to do, the database is of this release`;
  const expands = planned.filter(({ keptBy }) => keptBy === null);
  const seconds = expands.flatMap(({ statements }) => statements.map((one) => one.seconds ?? 0))
    .reduce((sum, one) => sum + one, 0);
  const borne = isBorne(plan)
    ? "the running release bears it"
    : "NOT borne by the running release: a deploy would break it";
  const head = `${database}: a deploy applies ${expands.length} of ${planned.length}, ${
    duration(seconds)
  }; ${borne}`;
  return [head, measured, ...planned.flatMap(migrationLines)].join("\n");
}

function migrationLines({ name, reason, keptBy, statements, cut }: PlannedMigration): readonly string[] {
  const waits = keptBy === null ? [] : [
    keptBy.length === 0
      ? "  takes something away; no release that may still run needs it: deno task db:migrate"
      : `  takes something away; refused, as these releases may still run: ${keptBy.join(", ")}`,
  ];
  const more = cut
    ? [`  … and more: it goes on in batches, or asks what it did (${STATEMENTS_MAX} at most)`]
    : [];
  const nothing = statements.length === 0 && !cut ? ["  nothing is left to do"] : [];
  return ["", `${name}  ${reason}`, ...waits, ...statements.flatMap(statementLines), ...nothing, ...more];
}

const MARKS = { yes: "borne", look: "LOOK", no: "NOT BORNE" } as const;

function statementLines({ sql, table, rows, tolerated, why, seconds }: PlannedStatement): readonly string[] {
  const many = rows === null ? "" : `, ${table} has ${rows.counted ? "" : "about "}${count(rows.rows)} rows`;
  const time = seconds === null ? "time not known" : duration(seconds);
  return [`  ${sql}`, `    ${MARKS[tolerated]}: ${why}; ${time}${many}`];
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function duration(seconds: number): string {
  if (seconds < 1) return "less than 1 s";
  if (seconds < 120) return `about ${Math.ceil(seconds)} s`;
  return `about ${Math.ceil(seconds / 60)} min`;
}

/** Prints the plan; the exit code. */
export async function runPlan(
  databaseUrl: string,
  { json, print, known = { migrations, reasons: migrationReasons } }: {
    readonly json: boolean;
    readonly print: (text: string) => void;
    readonly known?: {
      readonly migrations: MigrationSet;
      readonly reasons: Readonly<Record<string, string>>;
    };
  },
): Promise<number> {
  const db = await openToLook(databaseUrl);
  try {
    const { reasons } = known;
    const plan = await planPending(db, known.migrations, { reasons, triedMs: await trySpeed(db) });
    print(json ? JSON.stringify({ ...plan, borne: isBorne(plan) }, null, 2) : planText(plan));
    return isBorne(plan) ? 0 : 1;
  } finally {
    await db.close();
  }
}

async function main(): Promise<number> {
  const unknown = Deno.args.find((arg) => !["--json", "--help"].includes(arg));
  if (unknown !== undefined || Deno.args.includes("--help")) {
    console.log(unknown === undefined ? PLAN_HELP : `No option is called "${unknown}"\n\n${PLAN_HELP}`);
    return unknown === undefined ? 0 : 2;
  }
  const order = { json: Deno.args.includes("--json"), print: (text: string) => console.log(text) };
  return await runCommand("plan", ({ databaseUrl }) => runPlan(databaseUrl, order), { looks: true });
}

if (import.meta.main) Deno.exit(await main());
