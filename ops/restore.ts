/**
 * `deno task db:restore`: puts a backup back into an empty database, and the files that belong to its rows; or writes
 * settings and credentials of a backup to a folder, which a new host needs before it knows its database.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { instantWords, tookWords } from "../lib/domain/instant.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { migrations } from "../migrations/mod.ts";
import { BackupError } from "./lib/backup/backup_error.ts";
import { listBackups } from "./lib/backup/folder.ts";
import { backupInstant } from "./lib/backup/format.ts";
import { settingsAt } from "./lib/backup/installation.ts";
import { type OpenBackup, openBackup } from "./lib/backup/read.ts";
import { checkRestore, restore, type RestoreOrder } from "./lib/backup/restore.ts";
import {
  dataFiles,
  filesBelow,
  isFree,
  makeFolder,
  readFiles,
  writeFiles,
} from "./lib/backup/restore_files.ts";
import {
  leftoverText,
  type RestoreFailure,
  restoreRemedy,
  type RestoreTrouble,
  restoreTroubleText,
} from "./lib/backup/restore_trouble.ts";
import { bytesWords, countWords, partBytesOf, rowsOf } from "./lib/backup/words.ts";
import { typedPath } from "./lib/command.ts";
import { PATHS } from "./lib/host/layout.ts";
import { type Place, placeAt } from "./lib/release/place.ts";
import { strangerText } from "./lib/owner.ts";
import { stopSignal } from "./lib/stop_signal.ts";
import { understood } from "./lib/understood.ts";

const HELP = `deno task db:restore BACKUP --key FILE [--dry-run]
deno task db:restore BACKUP --key FILE --files-to FOLDER [--dry-run]

Puts a backup back into the empty database that the settings name, reads everything back and compares it. Never writes
over anything: a database that holds tables is refused. Stop Wattpost before. The second form writes the settings,
credentials and host secrets of the backup to a new folder and touches no database: a new host needs them first.

  BACKUP             its folder, its name in ${PATHS.backups}, or "newest" of those
  --key FILE         the private key of one of its recipients, as age-keygen made it
  --files-to FOLDER  where its files are written, in a folder for each place; must be new or empty
  --dry-run          check every part, the key, the database and the room, change nothing
  --root DIR --name NAME   of the installation below a folder, as deno task deploy has them

Exit code: 0 done, 1 nothing was restored, 2 wrong arguments.`;

interface Order {
  readonly place: Place;
  /** As it was named. */
  readonly backup: string;
  readonly keyFile: string;
  readonly filesTo: string | null;
  readonly dryRun: boolean;
}

function readOrder(args: readonly string[]): Result<Order | null, string> {
  const parsed = understood(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: "string" },
        "files-to": { type: "string" },
        "dry-run": { type: "boolean", default: false },
        root: { type: "string" },
        name: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    })
  );
  if (!parsed.ok) return parsed;
  const { values, positionals: [backup, ...more] } = parsed.value;
  if (values.help) return ok(null);
  const place = placeAt(values);
  if (!place.ok) return place;
  if (backup === undefined || more.length > 0) return err("Name one backup");
  if (values.key === undefined) return err("Name the file of the private key with --key");
  return ok({
    place: place.value,
    backup,
    keyFile: typedPath(values.key),
    filesTo: values["files-to"] === undefined ? null : typedPath(values["files-to"]),
    dryRun: values["dry-run"],
  });
}

/** Where a backup lies that was named by its folder, by its name alone, or as the newest. */
async function folderOf(backup: string, backups: string): Promise<Result<string, string>> {
  if (backup === "newest") {
    let newest;
    try {
      [newest] = await listBackups(backups);
    } catch (error) {
      if (error instanceof BackupError) return err(error.message);
      throw error;
    }
    return newest ? ok(newest.folder) : err(`No backup lies in "${backups}"`);
  }
  return ok(backupInstant(backup) === null ? typedPath(backup) : `${backups}/${backup}`);
}

async function main(): Promise<number> {
  const order = readOrder(Deno.args);
  if (!order.ok) {
    console.error(`${order.error}\n\n${HELP}`);
    return 2;
  }
  if (order.value === null) {
    console.log(HELP);
    return 0;
  }
  const folder = await folderOf(order.value.backup, order.value.place.paths.backups);
  if (!folder.ok) {
    console.error(folder.error);
    return 1;
  }
  const opened = await openBackup(folder.value);
  if (!opened.ok) return refuse({ kind: "backup", trouble: opened.error });
  sayWhat(opened.value);
  return order.value.filesTo === null
    ? await restoreRows(order.value, opened.value)
    : await restoreFiles(order.value, { backup: opened.value, filesTo: order.value.filesTo });
}

function sayWhat({ manifest }: OpenBackup): void {
  const { name, snapshotMs, release, engine, engineVersion, tables } = manifest;
  console.log(`${name}: everything until ${instantWords(snapshotMs)}, of release ${release}`);
  console.log(
    `  ${countWords(rowsOf(manifest))} rows of ${tables.length} tables of ${engine} ${engineVersion}, ${
      bytesWords(partBytesOf(manifest))
    }`,
  );
}

async function restoreRows({ place, keyFile, dryRun }: Order, backup: OpenBackup): Promise<number> {
  const settings = settingsAt(place);
  if (!settings.ok) {
    console.error(settings.error);
    return 2;
  }
  const { databaseUrl: url, dataDir } = settings.value;
  const stranger = strangerText(url);
  if (stranger !== undefined) {
    console.error(stranger);
    return 1;
  }
  using stop = stopSignal();
  const say = (line: string) => console.log(`  ${line}`);
  const { signal } = stop;
  const order: RestoreOrder = {
    backup,
    keyFile,
    url,
    migrations,
    keep: true,
    clock: systemClock,
    say,
    signal,
  };
  const files = await readFiles(backup, keyFile);
  if (!files.ok) return refuse(files.error);
  const missing = await dataFiles(files.value, dataDir);
  if (!missing.ok) return refuse(missing.error);
  if (dryRun) {
    const checked = await checkRestore(order);
    if (!checked.ok) return refuse(checked.error);
    for (const { path } of missing.value) console.log(`Would write ${path}`);
    console.log("Would restore all of it: the database is empty. Nothing was changed");
    return 0;
  }
  const made = await makeFolder(dataDir);
  if (!made.ok) return refuse(made.error);
  const written = await writeFiles(missing.value);
  if (!written.ok) return refuse(written.error);
  const startMs = systemClock.monotonicMs();
  const restored = await restore(order);
  if (!restored.ok) {
    await written.value();
    return fail(restored.error);
  }
  const { rows, into, migrated, compared } = restored.value;
  const tookMs = systemClock.monotonicMs() - startMs;
  console.log(
    `Restored ${countWords(rows)} rows into ${into} in ${tookWords(tookMs)}; all of it is as in the backup:`,
  );
  for (const { what, restored } of compared) console.log(`  ${what}: ${restored}`);
  if (migrated.length > 0) console.log(`Brought to this release: ${migrated.join(", ")}`);
  console.log(
    "Start Wattpost. Half-hours since the backup are recovered in sum from the meters' counters; everybody signs in again",
  );
  return 0;
}

async function restoreFiles(
  { keyFile, dryRun }: Order,
  { backup, filesTo }: { readonly backup: OpenBackup; readonly filesTo: string },
): Promise<number> {
  if (!await isFree(filesTo)) return refuse({ kind: "file-there", path: filesTo });
  const files = await readFiles(backup, keyFile);
  if (!files.ok) return refuse(files.error);
  const writing = filesBelow(files.value, filesTo);
  if (!dryRun) {
    const written = await writeFiles(writing);
    if (!written.ok) return refuse(written.error);
  }
  for (const { path } of writing) console.log(`${dryRun ? "Would write" : "Wrote"} ${path}`);
  console.log("Put them where they belong, then take this folder away: docs/restoring.md says how");
  return 0;
}

function refuse(trouble: RestoreTrouble): number {
  return fail({ trouble, leftover: "nothing" });
}

function fail({ trouble, leftover }: RestoreFailure): number {
  console.error(`Cannot restore. ${restoreTroubleText(trouble)}`);
  if (trouble.kind === "differs") {
    for (const { what, backup, restored } of trouble.differing) {
      console.error(`  ${what}: ${backup} in the backup, ${restored} restored`);
    }
  }
  console.error(`  ${restoreRemedy(trouble)}`);
  console.error(`  ${leftoverText(leftover)}`);
  return 1;
}

if (import.meta.main) Deno.exit(await main());
