/**
 * `deno task db:migrate [--expand-only] [--dry-run]`: prints which migrations are missing and why they exist, and
 * applies them. Embedded SQLite also gets what is new at the app's start; with MySQL this is the only way. Only here
 * something is ever taken away.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { type Database, openDatabase } from "../lib/store/db.ts";
import {
  appliedMigrations,
  applyContracts,
  migrate,
  migrateErrorText,
  type MigrationSet,
  type PendingContract,
  pendingContracts,
  pendingMigrations,
} from "../lib/store/migrator.ts";
import { workingRelease } from "../lib/store/releases.ts";
import { listReleasesSeen, retireReleases } from "../lib/store/releases_seen.ts";
import { migrationReasons, migrations } from "../migrations/mod.ts";
import { openToLook, runCommand } from "./lib/command.ts";

/** A migration may copy a large table. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/** How it is called. */
export const MIGRATE_HELP = `deno task db:migrate [--expand-only] [--retire RELEASE] [--dry-run]

Brings the database to this release: prints which migrations are missing and why they exist, and applies them. What
a release that may still run needs is not taken away; it is said which release that is.

  --expand-only     only what adds: the release that runs works on, and so does the one before. A deploy does it so
  --retire RELEASE  first writes down that this release will never be started again, so that nothing is kept for it;
                    a deploy does so with those whose image it removes
  --dry-run         says what is missing, changes nothing; deno task db:plan says each statement and how long it takes

Can be ended at any point and run again. Embedded SQLite gets what adds at Wattpost's start, too; MySQL and MariaDB
only here.

Exit code: 0 done or nothing to do, 1 not done, 2 wrong arguments or settings.`;

/** What is to be done. */
export interface MigrateOrder {
  /** Nothing is changed. */
  readonly dryRun: boolean;
  /** Nothing is taken away; default no. */
  readonly expandOnly?: boolean;
  /** A release that will never be started again; absent: none. */
  readonly retire?: string | undefined;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** The migrations and why each exists; absent: those of this release. For tests. */
  readonly known?: { readonly migrations: MigrationSet; readonly reasons: Readonly<Record<string, string>> };
}

const KNOWN = { migrations, reasons: migrationReasons };

/** Plans, and applies unless it is a dry run; the exit code. */
export async function runMigrate(databaseUrl: string, order: MigrateOrder): Promise<number> {
  const { dryRun, expandOnly = false, retire, print, known = KNOWN } = order;
  const options = { statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const db = await (dryRun ? openToLook : openDatabase)(databaseUrl, options);
  try {
    if (retire !== undefined && !await retireOne(db, retire, { dryRun, print })) return 1;
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

/** A release that was heard of in so many milliseconds runs. */
const HEARD_MS = 120_000;

/** Writes down that a release will never be started again, unless it runs; whether that is so now. */
async function retireOne(
  db: Database,
  release: string,
  { dryRun, print }: Pick<MigrateOrder, "dryRun" | "print">,
): Promise<boolean> {
  const nowMs = systemClock.nowMs();
  const applied = await appliedMigrations(db);
  const seen = applied.includes("0022_release_seen") ? await listReleasesSeen(db) : [];
  const one = seen.find((each) => each.release === release);
  if (one === undefined) {
    const names = seen.filter(({ retiredMs }) => retiredMs === null).map((each) => each.release);
    print(`No release is called "${release}"; those that may run: ${names.join(", ") || "none is known"}`);
    return false;
  }
  if (nowMs - one.seenMs < HEARD_MS || await workingRelease(db) === release) {
    print(`Cannot retire ${release}: it runs or works, heard of at ${new Date(one.seenMs).toISOString()}`);
    return false;
  }
  if (dryRun) print(`${release} would be retired`);
  else {print(
      await retireReleases(db, [release], nowMs) > 0
        ? `${release} is retired`
        : `${release} was retired before`,
    );}
  return true;
}

async function apply(
  db: Database,
  { expandOnly, print, known }: Required<Pick<MigrateOrder, "expandOnly" | "print" | "known">>,
): Promise<number> {
  const added = await migrateWaiting(db, known.migrations, print);
  const taken = added.ok && !expandOnly ? await applyContracts(db, known.migrations, systemClock) : added;
  if (!taken.ok) {
    print(migrateErrorText(taken.error));
    return 1;
  }
  const count = (added.ok ? added.value.length : 0) + (taken === added ? 0 : taken.value.length);
  print(`Applied ${count}`);
  return 0;
}

/** Milliseconds in which a process that was killed has lost its lock, and between two looks. */
const LOCKED_MS = 90_000;
const LOCKED_PAUSE_MS = 1_000;

/** Applies what adds; another process that migrates, or was killed while it did, is waited for. */
async function migrateWaiting(
  db: Database,
  set: MigrationSet,
  print: (line: string) => void,
): Promise<Awaited<ReturnType<typeof migrate>>> {
  const endMs = systemClock.monotonicMs() + LOCKED_MS;
  for (let tries = 1;; tries++) {
    const done = await migrate(db, set, systemClock);
    if (done.ok || done.error.kind !== "locked" || systemClock.monotonicMs() > endMs) return done;
    if (tries === 1) print("Waiting for another process that migrates, or was killed while it did");
    await systemClock.sleep(LOCKED_PAUSE_MS);
  }
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

/** Reads the arguments; a text: what is wrong with them; `null`: help is asked for. */
function readArguments(args: readonly string[]): Omit<MigrateOrder, "print" | "known"> | string | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        "expand-only": { type: "boolean" },
        "dry-run": { type: "boolean" },
        retire: { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help) return null;
    const { retire } = values;
    return { dryRun: values["dry-run"] === true, expandOnly: values["expand-only"] === true, retire };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if (read === null || typeof read === "string") {
    console.log(read === null ? MIGRATE_HELP : `${read}\n\n${MIGRATE_HELP}`);
    return read === null ? 0 : 2;
  }
  const order = { ...read, print: (line: string) => console.log(line) };
  return await runCommand("migrate", ({ databaseUrl }) => runMigrate(databaseUrl, order), {
    looks: read.dryRun,
  });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
