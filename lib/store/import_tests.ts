/**
 * How the devices of an import did when they were tested, the last time each.
 *
 * @module
 */

import { choiceOf, codeIn } from "./codes.ts";
import type { Database } from "./db.ts";
import { transaction } from "./db.ts";
import { piecesOf } from "./ids.ts";

/** How a device did; `skipped`: it was not asked. */
export type ImportTestState = "good" | "warn" | "critical" | "skipped";

const STATES: readonly ImportTestState[] = ["good", "warn", "critical", "skipped"];

/** The test of the device of a row. */
export interface ImportTest {
  /** The row in the sheet. */
  readonly row: number;
  /** How it did. */
  readonly state: ImportTestState;
  /** In a few words. */
  readonly words: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Keeps how a device did, in the place of how it did before. */
export async function storeImportTest(
  db: Database,
  importId: number,
  { row, state, words, atMs }: ImportTest,
): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.deleteFrom("site_import_test").where("import_id", "=", importId).where("row_no", "=", row)
      .execute();
    await tx.insertInto("site_import_test").values({
      import_id: importId,
      row_no: row,
      state: codeIn(STATES, state),
      words: words.slice(0, 190),
      at_ms: atMs,
    }).execute();
  });
}

/** How the devices of some rows did, by row. */
export async function readImportTests(
  db: Database,
  importId: number,
  rows: readonly number[],
): Promise<ReadonlyMap<number, ImportTest>> {
  const found = new Map<number, ImportTest>();
  for (const piece of piecesOf(rows, 500)) {
    const tests = await db.kysely.selectFrom("site_import_test").select(["row_no", "state", "words", "at_ms"])
      .where("import_id", "=", importId).where("row_no", "in", [...piece]).execute();
    for (const { row_no, state, words, at_ms } of tests) {
      found.set(row_no, { row: row_no, state: choiceOf(STATES, state), words, atMs: at_ms });
    }
  }
  return found;
}

/** How many devices of an import did how. */
export async function countImportTests(
  db: Database,
  importId: number,
): Promise<Readonly<Record<ImportTestState, number>>> {
  const rows = await db.kysely.selectFrom("site_import_test").select("state")
    .select((eb) => eb.fn.countAll<number>().as("rows")).where("import_id", "=", importId).groupBy("state")
    .execute();
  const counts = new Map(rows.map(({ state, rows }) => [choiceOf(STATES, state), Number(rows)]));
  const of = (state: ImportTestState) => counts.get(state) ?? 0;
  return { good: of("good"), warn: of("warn"), critical: of("critical"), skipped: of("skipped") };
}
