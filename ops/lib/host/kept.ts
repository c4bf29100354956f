/**
 * What the set-up remembers between runs: one JSON file a name, root's alone, on disk before anything else happens.
 *
 * @module
 */

import { constants, open } from "node:fs/promises";
import { createHash } from "node:crypto";
import { HostError, type Kept } from "./step.ts";
import { syncFolder } from "./sync_folder.ts";

const MOST_NAMES = 10_000;
const SUFFIX = ".json";

/** Opens the folder of what is kept; it is made at the first `set`. */
export function openKept(folder: string): Kept {
  const pathOf = (name: string) => `${folder}/${createHash("sha256").update(name).digest("hex")}${SUFFIX}`;
  const get = async (name: string) => (await readEntry(pathOf(name)))?.value;
  return {
    get,
    async set(name, value, { once = false } = {}) {
      if (once && await get(name) !== undefined) return;
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      await writeEntry(pathOf(name), JSON.stringify({ name, value }));
      await syncFolder(folder);
    },
    async remove(name) {
      const gone = await Deno.remove(pathOf(name)).then(() => true, absent);
      if (gone) await syncFolder(folder);
    },
    async list(prefix) {
      const names: string[] = [];
      for (const file of await filesIn(folder)) {
        const entry = await readEntry(`${folder}/${file}`);
        if (entry?.name.startsWith(prefix)) names.push(entry.name);
      }
      return names.sort();
    },
  };
}

interface Entry {
  readonly name: string;
  readonly value: unknown;
}

async function readEntry(path: string): Promise<Entry | undefined> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Entry;
  } catch {
    throw new HostError(
      `What was there before is not known: "${path}" is damaged; see what the file system says`,
    );
  }
}

async function writeEntry(path: string, text: string): Promise<void> {
  const beside = `${path}.${Deno.pid}.new`; // a timer's task may remember at the same moment as an operator's
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const handle = await open(beside, flags, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await Deno.rename(beside, path);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && name.endsWith(SUFFIX)) files.push(name);
      if (files.length > MOST_NAMES) throw new Error(`More than ${MOST_NAMES} files in ${folder}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files;
}

function absent(error: unknown): false {
  if (error instanceof Deno.errors.NotFound) return false;
  throw error;
}
