/**
 * Tells the app how backups stand: a file in the host's folder, written by root from what really lies there.
 *
 * @module
 */

import {
  type BackupReport,
  formatBackupReport,
  type NewestBackup,
  parseBackupReport,
  type RemoteBackups,
} from "../../../lib/domain/backup_report.ts";
import { HOST_FILES } from "../host/layout.ts";
import type { Host } from "../host/step.ts";
import { bytesOf, listBackups } from "./folder.ts";
import { readLastTry } from "./last_try.ts";
import { openBackup } from "./read.ts";
import { partBytesOf, rowsOf } from "./words.ts";

/** What is told, and to whom. */
export interface Telling {
  /** Folder of the backups. */
  readonly backups: string;
  /** Folder in which the host tells. */
  readonly host: string;
  /** Number of the app's group, which reads it. */
  readonly readerId: number;
  /** Copies elsewhere as they were just found; `undefined`: as they were told last. */
  readonly remote: RemoteBackups | null | undefined;
  readonly nowMs: number;
}

/** Writes it; what it says. */
export async function tell(on: Host, telling: Telling): Promise<BackupReport> {
  const { backups, host, readerId, remote, nowMs } = telling;
  const path = `${host}/${HOST_FILES.backup}`;
  const report = await reportOf(backups, {
    nowMs,
    remote: remote === undefined ? await toldRemote(on, path) : remote,
  });
  await on.write(path, { text: formatBackupReport(report), mode: 0o640, owner: `root:${readerId}` });
  return report;
}

/** How backups stand, by what lies in the folder. */
export async function reportOf(
  backups: string,
  { nowMs, remote }: { readonly nowMs: number; readonly remote: RemoteBackups | null },
): Promise<BackupReport> {
  const found = await listBackups(backups);
  let bytes = 0;
  for (const { folder } of found) bytes += await bytesOf(folder);
  const last = await readLastTry(backups);
  return {
    atMs: nowMs,
    newest: await newestOf(found.map(({ folder }) => folder)),
    count: found.length,
    bytes,
    oldestMs: found.at(-1)?.atMs ?? null,
    failed: last === null || last.words === null
      ? null
      : { atMs: last.atMs, count: last.failures, words: last.words },
    remote,
  };
}

/** The newest one whose manifest is as it was written. */
async function newestOf(folders: readonly string[]): Promise<NewestBackup | null> {
  for (const folder of folders) {
    const opened = await openBackup(folder);
    if (!opened.ok) continue;
    const { manifest } = opened.value;
    const { name, snapshotMs, madeMs, engine, engineVersion } = manifest;
    return {
      ...{ name, atMs: snapshotMs, tookMs: Math.max(0, madeMs - snapshotMs), bytes: partBytesOf(manifest) },
      ...{ rows: rowsOf(manifest), from: `${engine} ${engineVersion}` },
    };
  }
  return null;
}

async function toldRemote(on: Host, path: string): Promise<RemoteBackups | null> {
  const text = await on.read(path);
  const told = text === null ? null : parseBackupReport(text);
  return told?.ok ? told.value.remote : null;
}
