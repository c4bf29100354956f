/**
 * Reads a backup: its manifest, and parts that are checked before anything in them is believed. Whoever restores asks for
 * the parts in the order of the manifest and puts the lines of each into its table.
 *
 * ```ts
 * const opened = await openBackup(folder);
 * for (const part of opened.value.manifest.parts) {
 *   const lines = await readPart(opened.value, { part, keyFile }); // Result<readonly string[], BackupTrouble>
 *   // rows: `[${lines.value.slice(i, i + 2_000).join(",")}]` is one JSON parameter of a bulk insert
 * }
 * ```
 *
 * @module
 */

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { err, ok, type Result } from "../../../lib/result.ts";
import { decrypt } from "./age.ts";
import {
  type BackedUpFile,
  FILE_BYTES_MAX,
  FILE_PLACES,
  isFileName,
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
  MANIFEST_SUM_FILE,
  PART_LINES_MAX,
} from "./format.ts";
import { type Manifest, type ManifestPart, parseManifest } from "./manifest.ts";
import { readPlainFile } from "./plain_file.ts";
import type { BackupTrouble } from "./trouble.ts";

/** A backup whose manifest is as it was written. */
export interface OpenBackup {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Opens a folder; whether its parts are there and whole is asked part by part. */
export async function openBackup(folder: string): Promise<Result<OpenBackup, BackupTrouble>> {
  const none = (why: string) => err<BackupTrouble>({ kind: "no-backup", folder, why });
  const changed = (why: string) => err<BackupTrouble>({ kind: "manifest", folder, why });
  const bytes = await readFile(`${folder}/${MANIFEST_FILE}`, MANIFEST_BYTES_MAX);
  if (!bytes.ok) return none(`${MANIFEST_FILE} ${bytes.error}`);
  const sum = await readFile(`${folder}/${MANIFEST_SUM_FILE}`, 1_000);
  if (!sum.ok) return changed(`${MANIFEST_SUM_FILE} ${sum.error}`);
  const [expected] = new TextDecoder().decode(sum.value).split(/\s/);
  if (sha256Of(bytes.value) !== expected) {
    return changed(`its checksum is not the one in ${MANIFEST_SUM_FILE}`);
  }
  const manifest = parseManifest(new TextDecoder().decode(bytes.value));
  if (!manifest.ok) return changed(manifest.error);
  const name = folder.replace(/\/+$/, "").split("/").at(-1);
  if (name !== manifest.value.name) {
    return changed(`it is of ${manifest.value.name}, and its folder must be called so`);
  }
  return ok({ folder, manifest: manifest.value });
}

/** A part of a backup, and the key. */
export interface PartReading {
  readonly part: ManifestPart;
  /** File of the key, as `age-keygen` makes it. */
  readonly keyFile: string;
}

/** Checks that a part is there with every byte that was written; the key is not needed. */
export async function readSealedPart(
  { folder }: OpenBackup,
  part: ManifestPart,
): Promise<Result<Uint8Array, BackupTrouble>> {
  const { name, bytes: expected, sha256 } = part;
  const path = `${folder}/${name}`;
  const size = await sizeOf(path);
  if (size === null) return err({ kind: "missing-part", part: name });
  if (size !== expected) return err({ kind: "other-length", part: name, bytes: size, expected });
  const bytes = await readFile(path, expected);
  if (!bytes.ok) return err({ kind: "damaged-part", part: name, why: `it ${bytes.error}` });
  if (sha256Of(bytes.value) !== sha256) {
    return err({ kind: "damaged-part", part: name, why: "another checksum" });
  }
  return bytes;
}

/** The lines of a part, in their order, without line ends: every checksum on the way was right. */
export async function readPart(
  backup: OpenBackup,
  { part, keyFile }: PartReading,
): Promise<Result<readonly string[], BackupTrouble>> {
  const sealed = await readSealedPart(backup, part);
  if (!sealed.ok) return sealed;
  const { recipients } = backup.manifest;
  const packed = await decrypt({ part: part.name, bytes: sealed.value, recipients }, keyFile);
  if (!packed.ok) return packed;
  const damaged = (why: string) => err<BackupTrouble>({ kind: "damaged-part", part: part.name, why });
  const plain = unpack(packed.value, part.plainBytes);
  if (plain === null) return damaged("it cannot be unpacked");
  if (plain.length !== part.plainBytes || sha256Of(plain) !== part.plainSha256) {
    return damaged("another checksum of what is in it");
  }
  // Counted first: 96 MiB of line ends, packed into nothing, would be as many texts.
  const count = lineEndsOf(plain);
  if (count !== part.rows || count > PART_LINES_MAX) return damaged("another number of rows");
  const lines = new TextDecoder().decode(plain).split("\n");
  return lines.pop() === "" ? ok(lines) : damaged("its last row is cut");
}

function lineEndsOf(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** The files in lines of a part without a table; a name that leads elsewhere is refused. */
export function filesOf(
  lines: readonly string[],
  part: string,
): Result<readonly BackedUpFile[], BackupTrouble> {
  const files: BackedUpFile[] = [];
  for (const line of lines) {
    const file = fileOf(line);
    if (file === null) return err({ kind: "damaged-part", part, why: "a file in it is not understood" });
    files.push(file);
  }
  return ok(files);
}

function fileOf(line: string): BackedUpFile | null {
  const { place, name, mode, base64 } = fieldsOf(line);
  const known = FILE_PLACES.find((one) => one === place);
  if (known === undefined || typeof name !== "string" || !isFileName(name)) return null;
  if (typeof mode !== "number" || !Number.isInteger(mode) || mode < 0 || mode > 0o777) return null;
  if (typeof base64 !== "string" || base64.length > FILE_BYTES_MAX * 2) return null;
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return null;
  return { place: known, name, mode, base64 };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(line) };
  } catch {
    return {};
  }
}

/** SHA-256 in lower-case hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function unpack(packed: Uint8Array, bytes: number): Uint8Array | null {
  try {
    return gunzipSync(packed, { maxOutputLength: Math.max(bytes, 1) });
  } catch {
    return null;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await Deno.lstat(path).catch(() => null);
  return found?.isFile ? found.size : null;
}

async function readFile(path: string, most: number): Promise<Result<Uint8Array, string>> {
  const read = await readPlainFile(path, most);
  if (!read.ok) return read;
  return read.value === null ? err("is not there") : ok(read.value);
}
