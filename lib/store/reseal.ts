/**
 * Seals all secrets anew under the first key of the ring. Each row is replaced only if nobody has changed it since it
 * was read; what a kill leaves undone the next run does.
 *
 * @module
 */

import type { Database } from "./db.ts";
import type { SecretBox } from "./secret_box.ts";
import { keyIdOf } from "./secrets.ts";

/** Rows read at once. */
const BATCH = 100;

/** What was done. */
export interface Resealed {
  /** Secrets sealed anew, or that would be. */
  readonly resealed: number;
  /** Names of secrets that no key of the ring opens. */
  readonly stuck: readonly string[];
}

/** Seals all secrets anew that another key than the first one sealed. */
export async function resealSecrets(
  db: Database,
  box: SecretBox,
  { dryRun, nowMs }: { readonly dryRun: boolean; readonly nowMs: number },
): Promise<Resealed> {
  const stuck: string[] = [];
  let resealed = 0;
  for (let after = "";;) {
    const rows = await db.kysely.selectFrom("secret").select(["name", "sealed"])
      .where("name", ">", after).where("key_id", "<>", box.keyId).orderBy("name").limit(BATCH).execute();
    for (const { name, sealed } of rows) {
      const opened = await box.open(name, sealed);
      if (!opened.ok) stuck.push(name);
      else if (
        dryRun || await replace(db, { name, sealed, again: await box.seal(name, opened.value), nowMs })
      ) {
        resealed++;
      }
    }
    const last = rows.at(-1);
    if (!last) return { resealed, stuck };
    after = last.name;
  }
}

async function replace(
  db: Database,
  { name, sealed, again, nowMs }: {
    readonly name: string;
    readonly sealed: string;
    readonly again: string;
    readonly nowMs: number;
  },
): Promise<boolean> {
  const done = await db.kysely.updateTable("secret")
    .set({ sealed: again, key_id: keyIdOf(again), changed_ms: nowMs })
    .where("name", "=", name).where("sealed", "=", sealed).executeTakeFirst();
  return done.numUpdatedRows === 1n;
}
