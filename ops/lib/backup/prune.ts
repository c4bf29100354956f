/**
 * Takes away backups that need not stay. The name goes first, so that a half-removed folder never looks like a backup.
 *
 * @module
 */

import { BackupError, diskWords } from "./backup_error.ts";
import { listBackups } from "./folder.ts";
import { partialName } from "./format.ts";
import { type Keep, keptOf } from "./keep.ts";

/** How to prune. */
export interface Pruning {
  readonly keep: Keep;
  /** Says which would go, and changes nothing. */
  readonly dryRun: boolean;
}

/** What stays and what went (or would), newest first, by name. Only whoever holds the folder may. */
export async function prune(
  backups: string,
  { keep, dryRun }: Pruning,
): Promise<{ readonly stay: readonly string[]; readonly gone: readonly string[] }> {
  const { stay, go } = keptOf(await listBackups(backups), keep);
  for (const { name, folder } of dryRun ? [] : go) {
    try {
      const away = `${backups}/${partialName(name)}`;
      await Deno.rename(folder, away);
      await Deno.remove(away, { recursive: true });
    } catch (error) {
      throw new BackupError(`Cannot take away "${folder}": ${diskWords(error)}`);
    }
  }
  return { stay: stay.map(({ name }) => name), gone: go.map(({ name }) => name) };
}
