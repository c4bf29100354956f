/**
 * Makes one backup: rows of one instant while the product goes on, files of the installation, and the manifest last. It
 * has its name only once everything in it is on disk.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Snapshot } from "../../../lib/store/snapshot_rows.ts";
import { syncFolder } from "../host/sync_folder.ts";
import { BackupError } from "./backup_error.ts";
import { type BackedUpFile, backupName, MANIFEST_FILE, MANIFEST_SUM_FILE, partialName } from "./format.ts";
import { formatManifest, type Manifest, type ManifestTable } from "./manifest.ts";
import { sha256Of } from "./read.ts";
import { tablesToBackUp } from "./tables.ts";
import { totalsOf } from "./totals.ts";
import { partWriter, writeSynced } from "./write_parts.ts";

/** What a backup is made of. */
export interface BackupWork {
  /** The database at one instant; its owner closes it. */
  readonly snapshot: Snapshot;
  /** Files of the installation. */
  readonly files: readonly BackedUpFile[];
  /** Public keys of age; at least one. */
  readonly recipients: readonly string[];
  /** The release that is named where none works yet: the one that makes it. */
  readonly release: string;
  readonly clock: Clock;
  /** Told after each table. */
  readonly onTable?: (table: string, rows: number) => void;
}

/** A backup that is whole. */
export interface MadeBackup {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Makes a backup below a folder that only one process uses at a time; what cannot be done is thrown. */
export async function makeBackup(backups: string, work: BackupWork): Promise<MadeBackup> {
  const name = await freeName(backups, work.snapshot.atMs);
  const partial = `${backups}/${partialName(name)}`;
  await Deno.mkdir(partial, { mode: 0o700 });
  try {
    const manifest = await fill(partial, name, work);
    const text = formatManifest(manifest);
    const bytes = new TextEncoder().encode(text);
    await writeSynced(`${partial}/${MANIFEST_FILE}`, bytes);
    const sum = `${sha256Of(bytes)}  ${MANIFEST_FILE}\n`;
    await writeSynced(`${partial}/${MANIFEST_SUM_FILE}`, new TextEncoder().encode(sum));
    await syncFolder(partial);
    await Deno.rename(partial, `${backups}/${name}`);
    await syncFolder(backups);
    return { folder: `${backups}/${name}`, manifest };
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => undefined); // the next backup takes it away
    throw error;
  }
}

/** Two within a second have names of two seconds: a name is never used twice. */
async function freeName(backups: string, atMs: number): Promise<string> {
  for (let later = 0; later < 60; later++) {
    const name = backupName(atMs + later * 1_000);
    const there = await Deno.lstat(`${backups}/${name}`).catch(() => null);
    if (there === null) return name;
  }
  throw new BackupError(`Cannot name a backup in "${backups}": those of this minute are all there`);
}

async function fill(folder: string, name: string, work: BackupWork): Promise<Manifest> {
  const { snapshot, files, recipients, clock, onTable } = work;
  const schema = await schemaOf(snapshot);
  const release = await workingIn(snapshot) ?? work.release;
  const totals = await totalsOf(snapshot);
  const writer = partWriter({ folder, recipients });
  await writer.write(null, linesOfFiles(files));
  const tables: ManifestTable[] = [];
  for (const table of tablesToBackUp(snapshot.tables)) {
    const written = await writer.write(table.name, snapshot.lines(table));
    tables.push({ ...table, ...written });
    onTable?.(table.name, written.rows);
  }
  const parts = await writer.finish();
  const { engine, version: engineVersion, atMs: snapshotMs } = snapshot;
  const frame = { name, snapshotMs, madeMs: clock.nowMs(), release, engine, engineVersion };
  return { ...frame, schema, recipients, tables, parts, totals };
}

async function schemaOf(snapshot: Snapshot): Promise<readonly string[]> {
  if (!snapshot.tables.some(({ name }) => name === "migration")) {
    throw new BackupError(
      "Cannot back up a database without tables: deno task db:migrate, or start Wattpost once",
    );
  }
  return (await snapshot.ask("select name from migration")).map(([name]) => String(name)).sort();
}

/** The release that worked at that instant: a task of operators does not know what it is called itself. */
async function workingIn(snapshot: Snapshot): Promise<string | null> {
  if (!snapshot.tables.some(({ name }) => name === "active_release")) return null;
  const [[name] = []] = await snapshot.ask("select release_name from active_release where release_id = 1");
  return typeof name === "string" && name !== "" ? name : null;
}

async function* linesOfFiles(files: readonly BackedUpFile[]): AsyncIterable<readonly string[]> {
  for (const file of files) yield await Promise.resolve([JSON.stringify(file)]);
}
