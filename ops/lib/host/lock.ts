/**
 * Only one run at a time changes a host: a lock of the kernel on a file, gone with the process that has it.
 *
 * @module
 */

/** What is held until `release`. */
export interface Lock {
  /** Gives it back; its file goes too. */
  release(): Promise<void>;
}

/** Takes the lock; `null`: another run has it. */
export async function takeLock(path: string): Promise<Lock | null> {
  const handle = await Deno.open(path, { create: true, write: true, mode: 0o600 });
  const held = await handle.tryLock(true);
  // Whoever had it before may have removed the file between our two calls.
  const same = held && (await handle.stat()).ino === (await Deno.stat(path).catch(() => null))?.ino;
  if (!same) {
    handle.close();
    return null;
  }
  return {
    async release() {
      await Deno.remove(path).catch(() => undefined);
      handle.close();
    },
  };
}
