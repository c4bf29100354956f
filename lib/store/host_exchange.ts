/**
 * What the host tells the app, and what the app asks of the host: files in two folders. The host need not have been set
 * up; then nothing is told, and nobody reads what is asked.
 *
 * @module
 */

import { err, type Result } from "../result.ts";

/** What was found of something that the host tells. */
export type Told<T> =
  /** The host was not set up by `deno task host`: nobody tells. */
  | { readonly kind: "absent" }
  /** There is a file that says nothing. */
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "told"; readonly value: T };

/** A file and how it is read. */
export interface ExchangeFile<T> {
  readonly path: string;
  /** Most bytes. */
  readonly most: number;
  /** Why not, in words. */
  readonly parse: (text: string) => Result<T, string>;
}

/** Folder of the app in which it asks. */
const REQUESTS = "requests";

/** Reads a file of the exchange; what is wrong with it is words for people. */
export async function readExchange<T>({ path, most, parse }: ExchangeFile<T>): Promise<Told<T>> {
  const read = await readAtMost(path, most);
  if (read === null) return { kind: "absent" };
  const parsed = read.ok ? parse(read.value) : read;
  return parsed.ok ? { kind: "told", value: parsed.value } : { kind: "unreadable", why: parsed.error };
}

async function readAtMost(path: string, most: number): Promise<Result<string, string> | null> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) return err("it is no file");
    if (size > most) return err(`it has ${size} bytes, at most ${most}`);
    return { ok: true, value: await Deno.readTextFile(path) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      return err("Wattpost may not read it");
    }
    // Whatever else a disk or a folder answers: a page without a list says more than a broken one, and sites outside
    // the VPN are collected all the same.
    return err("it cannot be read");
  }
}

/** Path of a request of the app. */
export function requestPath(dataDir: string, name: string): string {
  return `${dataDir}/${REQUESTS}/${name}`;
}

/** Asks the host: the file is replaced as a whole, so that nobody reads half of it. */
export async function askHost(
  dataDir: string,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<void> {
  await Deno.mkdir(`${dataDir}/${REQUESTS}`, { recursive: true, mode: 0o750 });
  const path = requestPath(dataDir, name);
  const beside = `${path}.${crypto.getRandomValues(new Uint8Array(6)).toHex()}.new`;
  try {
    await Deno.writeTextFile(beside, text, { createNew: true, mode: 0o640 });
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    throw error;
  }
}
