/**
 * Reads a file of a folder that belongs to the app's user, as root does when it tells how backups stand: what lies there
 * may be hostile, a link to a secret, a pipe that never ends, a file that grows.
 *
 * @module
 */

import { constants, open } from "node:fs/promises";
import { err, ok, type Result } from "../../../lib/result.ts";

/** Bytes of a file that lies at a path itself; `null`: there is no such file. The error: why it is not read. */
export async function readPlainFile(path: string, most: number): Promise<Result<Uint8Array | null, string>> {
  // What a link there leads to would be another file, and a pipe would be waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    const there = await Deno.lstat(path);
    if (!there.isFile) return ok(null);
    const handle = await open(path, flags);
    try {
      const opened = await handle.stat();
      if (opened.ino !== there.ino || opened.dev !== there.dev) return err("was changed while it was opened");
      if (opened.size > most) return err(`has ${opened.size} bytes, at most ${most}`);
      return await readWhole(handle, opened.size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return ok(null);
    return err(`cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

async function readWhole(
  handle: Awaited<ReturnType<typeof open>>,
  size: number,
): Promise<Result<Uint8Array, string>> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0) return err(`ends after ${at} of ${size} bytes`);
    at += bytesRead;
  }
  return ok(bytes);
}
