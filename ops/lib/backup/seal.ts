/**
 * Root's own secrets (the host's VPN key, the description, keys for copies elsewhere) as a file that the app's user can
 * back up and not read: encrypted to the recipients of backups before it leaves root.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { DRILL_KEY_FILE, HOST_FILES } from "../host/layout.ts";
import { type Host, HostError } from "../host/step.ts";
import type { Place } from "../release/place.ts";
import { encrypt } from "./age.ts";
import { type BackedUpFile, isFileName } from "./format.ts";
import { troubleText } from "./trouble.ts";

/** The key for trial restores opens this very file: it is of no use in it. */
const LEFT_OUT: readonly string[] = [DRILL_KEY_FILE];
const FILES_MAX = 100;

/** Seals them; the names of what is in it. */
export async function sealHostSecrets(
  on: Host,
  { place: { paths }, recipients, readerId }: {
    readonly place: Place;
    readonly recipients: readonly string[];
    /** Number of the app's group. */
    readonly readerId: number;
  },
): Promise<readonly string[]> {
  const files = [
    ...await optional(on, paths.description, "configuration"),
    ...await secretsIn(on, paths.hostCredentials),
  ];
  const lines = files.map((file) => `${JSON.stringify(file)}\n`).join("");
  const sealed = await encrypt(gzipSync(new TextEncoder().encode(lines)), recipients);
  if (!sealed.ok) throw new HostError(troubleText(sealed.error));
  const path = `${paths.host}/${HOST_FILES.hostSecrets}`;
  const beside = `${path}.new`;
  await Deno.remove(beside).catch(() => undefined);
  await Deno.writeFile(beside, sealed.value, { createNew: true, mode: 0o600 });
  await on.setModes(beside, { mode: 0o640, owner: `root:${readerId}` });
  await Deno.rename(beside, path);
  return files.map(({ name }) => name);
}

async function secretsIn(on: Host, folder: string): Promise<readonly BackedUpFile[]> {
  if (await on.stat(folder) === null) return [];
  const names = namesIn(folder).filter((name) => isFileName(name) && !LEFT_OUT.includes(name)).sort();
  if (names.length > FILES_MAX) throw new HostError(`More than ${FILES_MAX} files lie in "${folder}"`);
  const files: BackedUpFile[] = [];
  for (const name of names) files.push(...await optional(on, `${folder}/${name}`, "host"));
  return files;
}

function namesIn(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new HostError(`Cannot look into "${folder}": only root may, sudo deno task backups seal`);
  }
}

async function optional(
  on: Host,
  path: string,
  place: BackedUpFile["place"],
): Promise<readonly BackedUpFile[]> {
  const there = await on.stat(path);
  if (there?.kind !== "file") return [];
  const base64 = new TextEncoder().encode(await on.read(path) ?? "").toBase64();
  return [{ place, name: path.slice(path.lastIndexOf("/") + 1), mode: there.mode & 0o777, base64 }];
}
