/**
 * The file that holds the ring of keys where nobody gives one by a setting: made once at the first start, readable by
 * its owner alone, replaced as a whole.
 *
 * @module
 */

import { formatKeyRing, newRingKey, readKeyRing, type RingKey } from "./secret_box.ts";

/** The name of the file in the data folder. */
export const KEY_FILE = "secrets.key";

/** The ring of a file; `null`: there is no file. What is wrong with it is thrown without showing any of it. */
export async function readKeyFile(path: string): Promise<readonly RingKey[] | null> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const ring = readKeyRing(text);
  if (!ring.ok) throw new Error(`Cannot use ${path}: ${ring.error}`);
  return ring.value;
}

/** The ring of a file, which is made with one new key where there is none; processes that start together agree. */
export async function openKeyFile(path: string): Promise<readonly RingKey[]> {
  const found = await readKeyFile(path);
  if (found) return found;
  const beside = await writeBeside(path, [newRingKey()]);
  try {
    // A link is made whole or not at all, and never over a file that is there.
    await Deno.link(beside, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(beside);
  }
  const made = await readKeyFile(path);
  if (!made) throw new Error(`${path} was made and is not there`);
  return made;
}

/** Replaces the ring of a file, all or nothing. */
export async function writeKeyFile(path: string, ring: readonly RingKey[]): Promise<void> {
  await Deno.rename(await writeBeside(path, ring), path);
}

async function writeBeside(path: string, ring: readonly RingKey[]): Promise<string> {
  const beside = `${path}.${crypto.getRandomValues(new Uint8Array(6)).toHex()}.new`;
  const file = await Deno.open(beside, { createNew: true, write: true, mode: 0o600 });
  try {
    const writer = file.writable.getWriter();
    await writer.write(new TextEncoder().encode(formatKeyRing(ring)));
    await file.sync();
    await writer.close();
  } catch (error) {
    await Deno.remove(beside);
    throw error;
  }
  return beside;
}
