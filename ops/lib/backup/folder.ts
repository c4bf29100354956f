/**
 * The folder of backups: which are there, one process at a time that changes it, and what was left by one that was ended.
 *
 * @module
 */

import { IDS } from "../host/layout.ts";
import { type Lock, takeLock } from "../host/lock.ts";
import { BackupError, diskWords } from "./backup_error.ts";
import { backupInstant, BACKUPS_MAX, isPartialName } from "./format.ts";

/** A backup in the folder, by its name alone. */
export interface FoundBackup {
  readonly name: string;
  readonly folder: string;
  /** By its name, epoch milliseconds. */
  readonly atMs: number;
}

/** The backups of a folder, newest first; a folder that is not there has none. */
export async function listBackups(backups: string): Promise<readonly FoundBackup[]> {
  const found: FoundBackup[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(backups)) {
      const atMs = isDirectory ? backupInstant(name) : null;
      if (atMs !== null) found.push({ name, folder: `${backups}/${name}`, atMs });
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new BackupError(`Cannot look into "${backups}": ${diskWords(error)}`);
  }
  found.sort((one, other) => other.atMs - one.atMs);
  return found.slice(0, BACKUPS_MAX);
}

/** Works on the folder, made where it is missing; refused while another process does. */
export async function holdingBackups<T>(backups: string, work: () => Promise<T>): Promise<T> {
  let lock: Lock | null;
  try {
    await Deno.mkdir(backups, { recursive: true, mode: 0o700 });
    const { uid } = await Deno.stat(backups);
    if (uid !== Deno.uid()) {
      throw new BackupError(
        `Cannot use the folder "${backups}": it belongs to another user, run it as that one (sudo -u ${IDS.app.name})`,
      );
    }
    lock = await takeLock(`${backups}/.lock`);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`Cannot use the folder "${backups}": ${diskWords(error)}`);
  }
  if (lock === null) {
    throw new BackupError(`Cannot use the folder "${backups}": another backup or prune is under way`);
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Takes away what was left by a backup whose process was ended; only whoever holds the folder may. */
export async function removePartial(backups: string): Promise<number> {
  let removed = 0;
  for await (const { name, isDirectory } of Deno.readDir(backups)) {
    if (!isDirectory || !isPartialName(name)) continue;
    await Deno.remove(`${backups}/${name}`, { recursive: true });
    removed += 1;
  }
  return removed;
}

/** Bytes of the files of a backup. */
export async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) bytes += (await Deno.lstat(`${folder}/${name}`)).size;
  }
  return bytes;
}
