/**
 * Files of a backup put back. Those of the app's data folder belong to the rows, so they go there with them; settings,
 * credentials and the host's own secrets are written to a new folder, from which an operator puts them in place.
 *
 * @module
 */

import { gunzipSync } from "node:zlib";
import { err, ok, type Result } from "../../../lib/result.ts";
import { CHECKPOINT_FILE } from "../../../lib/store/checkpoint_keeper.ts";
import { KEY_FILE } from "../../../lib/store/key_file.ts";
import { HOST_FILES } from "../host/layout.ts";
import { decrypt } from "./age.ts";
import { type BackedUpFile, FILE_BYTES_MAX } from "./format.ts";
import { filesOf, type OpenBackup, readPart } from "./read.ts";
import { wordsOf } from "./restore_target.ts";
import type { RestoreTrouble } from "./restore_trouble.ts";
import type { BackupTrouble } from "./trouble.ts";

/** What a backup holds of the data folder: nothing else is written there. */
const DATA_FILES: readonly string[] = [KEY_FILE, CHECKPOINT_FILE];

/** Permission bits that they may have. */
const DATA_MODE = 0o640;

/** Bytes of root's own secrets at most: a handful of keys, and the description. */
const SEALED_BYTES_MAX = 4 * FILE_BYTES_MAX;

/** A file that is going to be written. */
export interface FileToWrite {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

/** All files of a backup. */
export async function readFiles(
  backup: OpenBackup,
  keyFile: string,
): Promise<Result<readonly BackedUpFile[], RestoreTrouble>> {
  const files: BackedUpFile[] = [];
  for (const part of backup.manifest.parts.filter(({ table }) => table === null)) {
    const lines = await readPart(backup, { part, keyFile });
    if (!lines.ok) return err({ kind: "backup", trouble: lines.error });
    const some = filesOf(lines.value, part.name);
    if (!some.ok) return err({ kind: "backup", trouble: some.error });
    files.push(...some.value);
  }
  const sealed = files.find(({ name }) => name === HOST_FILES.hostSecrets);
  const opened = sealed ? await openSealed(sealed, { backup, keyFile }) : ok([]);
  if (!opened.ok) return err({ kind: "backup", trouble: opened.error });
  return ok([...files.filter((file) => file !== sealed), ...opened.value]);
}

/** Root's own secrets, which root sealed before the app's user put them into the backup. */
async function openSealed(
  { name, base64 }: BackedUpFile,
  { backup, keyFile }: { readonly backup: OpenBackup; readonly keyFile: string },
): Promise<Result<readonly BackedUpFile[], BackupTrouble>> {
  const { recipients } = backup.manifest;
  const packed = await decrypt({ part: name, bytes: Uint8Array.fromBase64(base64), recipients }, keyFile);
  if (!packed.ok) return packed;
  try {
    const plain = gunzipSync(packed.value, { maxOutputLength: SEALED_BYTES_MAX });
    return filesOf(new TextDecoder().decode(plain).split("\n").filter((line) => line !== ""), name);
  } catch {
    return err({ kind: "damaged-part", part: name, why: "it cannot be unpacked" });
  }
}

/** Those of the data folder that are not there yet; one that is there with other bytes is refused. */
export async function dataFiles(
  files: readonly BackedUpFile[],
  dataDir: string,
): Promise<Result<readonly FileToWrite[], RestoreTrouble>> {
  const writing: FileToWrite[] = [];
  for (const { name, mode, base64, place } of files) {
    if (place !== "data") continue;
    if (!DATA_FILES.includes(name)) {
      const why = `"${name}" is no file that a backup holds of the data folder`;
      return err({ kind: "backup", trouble: { kind: "damaged-part", part: "files", why } });
    }
    const [path, bytes] = [`${dataDir}/${name}`, Uint8Array.fromBase64(base64)];
    const there = await bytesAt(path);
    if (!there.ok) return there;
    if (there.value === null) writing.push({ path, bytes, mode: mode & DATA_MODE });
    else if (!isSame(there.value, bytes)) return err({ kind: "file-there", path });
  }
  return ok(writing);
}

/** All of them, each in a folder named for its place. */
export function filesBelow(files: readonly BackedUpFile[], folder: string): readonly FileToWrite[] {
  return files.map(({ place, name, base64 }) => ({
    path: `${folder}/${place}/${name}`,
    bytes: Uint8Array.fromBase64(base64),
    mode: 0o600, // whoever reads it there is whoever restores
  }));
}

/** Whether a folder is not there or empty. */
export async function isFree(folder: string): Promise<boolean> {
  try {
    for await (const _ of Deno.readDir(folder)) return false;
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/** Makes a folder where there is none. */
export async function makeFolder(path: string): Promise<Result<void, RestoreTrouble>> {
  try {
    return ok(await Deno.mkdir(path, { recursive: true }));
  } catch (error) {
    return err({ kind: "file", why: wordsOf(error) });
  }
}

/** Writes new files, all or none; what takes them away again. */
export async function writeFiles(
  files: readonly FileToWrite[],
): Promise<Result<() => Promise<void>, RestoreTrouble>> {
  const written: string[] = [];
  const undo = async () => {
    for (const path of written) await Deno.remove(path).catch(() => undefined);
  };
  try {
    for (const { path, bytes, mode } of files) {
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
      await Deno.writeFile(path, bytes, { createNew: true, mode });
      written.push(path);
    }
    return ok(undo);
  } catch (error) {
    await undo();
    return err({ kind: "file", why: wordsOf(error) });
  }
}

async function bytesAt(path: string): Promise<Result<Uint8Array | null, RestoreTrouble>> {
  try {
    return ok(await Deno.readFile(path));
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? ok(null) : err({ kind: "file", why: wordsOf(error) });
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
