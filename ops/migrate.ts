/**
 * `deno task db:migrate [--expand-only] [--dry-run]`: prints which migrations are missing and why they exist, and
 * applies them. Embedded SQLite also gets what is new at the app's start; with MySQL this is the only way. Only here
 * something is ever taken away.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { type Database, openDatabase } from "../lib/store/db.ts";
import {
  applyContracts,
  migrate,
  type MigrateError,
  type MigrationSet,
  type PendingContract,
  pendingContracts,
  pendingMigrations,
} from "../lib/store/migrator.ts";
import { migrationReasons, migrations } from "../migrations/mod.ts";
import { runCommand } from "./lib/command.ts";

/** A migration may copy a large table. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/** How it is called. */
export const MIGRATE_HELP = `deno task db:migrate [--expand-only] [--dry-run]

Brings the database to this release: prints which migrations are missing and why they exist, and applies them. What
a release that may still run needs is not taken away; it is said which release that is.

  --expand-only  only what adds: the release that runs works on, and so does the one before. A deploy does it so
  --dry-run      says what is missing, changes nothing; deno task db:plan says each statement and how long it takes

Can be ended at any point and run again. Embedded SQLite gets what adds at Wattpost's start, too; MySQL and MariaDB
only here.`;

/** What is to be done. */
export interface MigrateOrder {
  /** Nothing is changed. */
  readonly dryRun: boolean;
  /** Nothing is taken away; default no. */
  readonly expandOnly?: boolean;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** The migrations and why each exists; absent: those of this release. For tests. */
  readonly known?: { readonly migrations: MigrationSet; readonly reasons: Readonly<Record<string, string>> };
}

const KNOWN = { migrations, reasons: migrationReasons };

/** Plans, and applies unless it is a dry run; the exit code. */
export async function runMigrate(databaseUrl: string, order: MigrateOrder): Promise<number> {
  const { dryRun, expandOnly = false, print, known = KNOWN } = order;
  const db = await openDatabase(databaseUrl, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    const pending = await pendingMigrations(db, known.migrations);
    const contracts = await pendingContracts(db, known.migrations);
    const free = expandOnly ? [] : freeOf(contracts);
    const names = [...pending, ...free.map(({ name }) => name)];
    const all = Object.keys(known.migrations).length;
    print(`${db.engine} ${db.version}: ${names.length} of ${all} migrations to apply`);
    for (const name of names) print(`  ${name}  ${known.reasons[name] ?? ""}`);
    for (const one of contracts.slice(free.length)) print(`  ${one.name}  ${laterText(one, expandOnly)}`);
    return dryRun || names.length === 0 ? 0 : await apply(db, { expandOnly, print, known });
  } finally {
    await db.close();
  }
}

async function apply(
  db: Database,
  { expandOnly, print, known }: Required<Pick<MigrateOrder, "expandOnly" | "print" | "known">>,
): Promise<number> {
  const added = await migrate(db, known.migrations, systemClock);
  const taken = added.ok && !expandOnly ? await applyContracts(db, known.migrations, systemClock) : added;
  if (!taken.ok) {
    print(errorText(taken.error));
    return 1;
  }
  const count = (added.ok ? added.value.length : 0) + (taken === added ? 0 : taken.value.length);
  print(`Applied ${count}`);
  return 0;
}

/** Those in front of the first that a release still needs. */
function freeOf(contracts: readonly PendingContract[]): readonly PendingContract[] {
  const kept = contracts.findIndex(({ keptBy }) => keptBy.length > 0);
  return kept < 0 ? contracts : contracts.slice(0, kept);
}

/** Why something is not taken away now. */
function laterText({ needs, keptBy }: PendingContract, expandOnly: boolean): string {
  const needed = keptBy.length === 0 ? "" : `: ${keptBy.join(", ")} may still run and does not know ${needs}`;
  if (needed !== "") return `takes something away, not now${needed}`;
  return expandOnly
    ? "takes something away, not in a deploy"
    : "takes something away, behind one that cannot go yet";
}

function errorText(error: MigrateError): string {
  switch (error.kind) {
    case "locked":
      return `Cannot migrate: another process does, at the latest until ${
        new Date(error.untilMs).toISOString()
      }`;
    case "failed":
      return `Cannot apply ${error.name}: ${
        error.cause instanceof Error ? error.cause.message : error.cause
      }`;
  }
}

async function main(): Promise<number> {
  const options = ["--expand-only", "--dry-run", "--help"];
  const unknown = Deno.args.find((arg) => !options.includes(arg));
  if (unknown !== undefined || Deno.args.includes("--help")) {
    console.log(unknown === undefined ? MIGRATE_HELP : `No option is called "${unknown}"\n\n${MIGRATE_HELP}`);
    return unknown === undefined ? 0 : 2;
  }
  const order = {
    dryRun: Deno.args.includes("--dry-run"),
    expandOnly: Deno.args.includes("--expand-only"),
    print: (line: string) => console.log(line),
  };
  return await runCommand("migrate", ({ databaseUrl }) => runMigrate(databaseUrl, order));
}

if (import.meta.main) Deno.exit(await main());
