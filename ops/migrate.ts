/**
 * `deno task db:migrate [--dry-run]`: prints which migrations are missing and why they exist, and applies them.
 * Embedded SQLite also migrates at start; with MySQL this is the only way.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { openDatabase } from "../lib/store/db.ts";
import { migrate, type MigrateError, pendingMigrations } from "../lib/store/migrator.ts";
import { migrationReasons, migrations } from "../migrations/mod.ts";
import { runCommand } from "./lib/command.ts";

/** A migration may copy a large table. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/** How it is called. */
export const MIGRATE_HELP = `deno task db:migrate [--dry-run]

Brings the database to this release: prints which migrations are missing and why they exist, and applies them.

  --dry-run  says what is missing, changes nothing

Can be ended at any point and run again. Embedded SQLite migrates at Wattpost's start, too; MySQL and MariaDB only here.`;

/** Plans, and applies unless it is a dry run; the exit code. */
export async function runMigrate(
  databaseUrl: string,
  { dryRun, print }: { readonly dryRun: boolean; readonly print: (line: string) => void },
): Promise<number> {
  const db = await openDatabase(databaseUrl, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    const pending = await pendingMigrations(db, migrations);
    print(
      `${db.engine} ${db.version}: ${pending.length} of ${
        Object.keys(migrations).length
      } migrations to apply`,
    );
    for (const name of pending) print(`  ${name}  ${migrationReasons[name] ?? ""}`);
    if (dryRun || pending.length === 0) return 0;
    const migrated = await migrate(db, migrations, systemClock);
    print(migrated.ok ? `Applied ${migrated.value.length}` : errorText(migrated.error));
    return migrated.ok ? 0 : 1;
  } finally {
    await db.close();
  }
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
  const unknown = Deno.args.find((arg) => !["--dry-run", "--help"].includes(arg));
  if (unknown !== undefined || Deno.args.includes("--help")) {
    console.log(unknown === undefined ? MIGRATE_HELP : `No option is called "${unknown}"\n\n${MIGRATE_HELP}`);
    return unknown === undefined ? 0 : 2;
  }
  const order = { dryRun: Deno.args.includes("--dry-run"), print: (line: string) => console.log(line) };
  return await runCommand("migrate", ({ databaseUrl }) => runMigrate(databaseUrl, order));
}

if (import.meta.main) Deno.exit(await main());
