/**
 * What tests of restores share: a restore as a task asks for it, and a backup that is harmed.
 *
 * @module
 */

import { systemClock } from "../../../../lib/clock.ts";
import type { Result } from "../../../../lib/result.ts";
import { migrations } from "../../../../migrations/mod.ts";
import { openBackup } from "../../../../ops/lib/backup/read.ts";
import { restore, type Restored, type RestoreOrder } from "../../../../ops/lib/backup/restore.ts";
import { type RestoreFailure, restoreTroubleText } from "../../../../ops/lib/backup/restore_trouble.ts";
import { troubleText } from "../../../../ops/lib/backup/trouble.ts";

/** What a test restores. */
export interface TestRestore extends Partial<RestoreOrder> {
  /** Folder of the backup. */
  readonly folder: string;
  readonly keyFile: string;
  readonly url: string;
}

/** Restores as the task does. */
export async function tryRestore(
  { folder, ...order }: TestRestore,
): Promise<Result<Restored, RestoreFailure>> {
  const opened = await openBackup(folder);
  if (!opened.ok) throw new Error(troubleText(opened.error));
  const say = () => undefined;
  return await restore({ backup: opened.value, migrations, keep: true, clock: systemClock, say, ...order });
}

/** Restores; throws where that does not work. */
export async function mustRestore(order: TestRestore): Promise<Restored> {
  const restored = await tryRestore(order);
  if (restored.ok) return restored.value;
  const { trouble } = restored.error;
  throw new Error(`${restoreTroubleText(trouble)} ${JSON.stringify(trouble)}`);
}

/** Why a restore did not work, and what became of the database. */
export async function refusalOf(order: TestRestore): Promise<readonly [words: string, leftover: string]> {
  const restored = await tryRestore(order);
  if (restored.ok) throw new Error("It was restored");
  return [restoreTroubleText(restored.error.trouble), restored.error.leftover];
}
