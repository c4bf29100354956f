/**
 * Makes what was put into a folder, renamed or removed there, outlive a loss of power.
 *
 * @module
 */

import { constants, open } from "node:fs/promises";

/** Makes sure that the names in a folder are on disk. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
