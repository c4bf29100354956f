/**
 * Bounds how many files are read at once: a workbook of 5 MB may hold 50, which stand in memory while it is read.
 *
 * @module
 */

/** Files that are read at once in the process, and of one person. */
export const READINGS_MAX = { running: 3, ofPerson: 1 } as const;

/** Who reads, of each process. */
const READERS = new WeakMap<object, Set<number>>();

/** Reads a file of a person; `null`: as many are being read as may, or another one of theirs. */
export async function readInTurn<T>(
  owner: object,
  { personId, read }: { readonly personId: number; readonly read: () => Promise<T> },
): Promise<T | null> {
  const readers = READERS.get(owner) ?? new Set();
  READERS.set(owner, readers);
  if (readers.size >= READINGS_MAX.running || readers.has(personId)) return null;
  readers.add(personId);
  try {
    return await read();
  } finally {
    readers.delete(personId);
  }
}
