/**
 * Files of an installation that a backup holds besides the database: without them rows that lie sealed could not be read,
 * and a new host would not know its database. Deno KV is not among them: it holds sessions and bells, and the database
 * is the truth; after a restore everybody signs in again.
 *
 * @module
 */

import type { Config } from "../../../lib/config.ts";
import { CHECKPOINT_FILE } from "../../../lib/store/checkpoint_keeper.ts";
import { KEY_FILE } from "../../../lib/store/key_file.ts";
import { HOST_FILES } from "../host/layout.ts";
import type { Place } from "../release/place.ts";
import { BackupError, diskWords } from "./backup_error.ts";
import { type BackedUpFile, FILE_BYTES_MAX, type FilePlace, isFileName } from "./format.ts";

/** Files in a folder at most. */
const FOLDER_FILES_MAX = 200;

/** Name of the credential that holds the keys by which secrets are sealed. */
const KEYS_CREDENTIAL = "secrets_key";

/** Collects them; a file that is there and cannot be read is refused: a backup without it would look whole. */
export async function collectFiles(settings: Config, place: Place): Promise<readonly BackedUpFile[]> {
  const { paths } = place;
  const files = [
    ...await optional("configuration", paths.settings),
    ...await optional("configuration", paths.backupPlan),
    ...await optional("data", `${settings.dataDir}/${KEY_FILE}`),
    ...await optional("data", `${settings.dataDir}/${CHECKPOINT_FILE}`),
    ...await optional("host", `${paths.host}/${HOST_FILES.hostSecrets}`),
    ...settings.credentialsDir === undefined ? [] : await folder("credentials", settings.credentialsDir),
  ];
  const named = files.some(({ name }) => name === KEYS_CREDENTIAL);
  if (named || settings.secretsKey === undefined) return files;
  // Given by a setting or in a file elsewhere: it has to be in the backup wherever it lies.
  const base64 = new TextEncoder().encode(`${settings.secretsKey}\n`).toBase64();
  return [...files, { place: "credentials", name: KEYS_CREDENTIAL, mode: 0o640, base64 }];
}

async function folder(place: FilePlace, path: string): Promise<readonly BackedUpFile[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(path)) if (isFile && isFileName(name)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new BackupError(`Cannot back up "${path}": ${diskWords(error)}`);
  }
  if (names.length > FOLDER_FILES_MAX) {
    throw new BackupError(`Cannot back up "${path}": more than ${FOLDER_FILES_MAX} files lie in it`);
  }
  const files: BackedUpFile[] = [];
  for (const name of names.sort()) files.push(...await optional(place, `${path}/${name}`));
  return files;
}

async function optional(place: FilePlace, path: string): Promise<readonly BackedUpFile[]> {
  try {
    const { size, mode } = await Deno.stat(path);
    if (size > FILE_BYTES_MAX) {
      throw new BackupError(`Cannot back up "${path}": it has ${size} bytes, at most ${FILE_BYTES_MAX}`);
    }
    const base64 = (await Deno.readFile(path)).toBase64();
    return [{ place, name: path.slice(path.lastIndexOf("/") + 1), mode: (mode ?? 0o600) & 0o777, base64 }];
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if (error instanceof Deno.errors.NotFound) return [];
    throw new BackupError(`Cannot back up "${path}": ${diskWords(error)}`);
  }
}
