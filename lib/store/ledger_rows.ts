/**
 * Rows of the ledger as they are locked and written; who may write them is decided elsewhere.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Executor } from "./db.ts";
import { bulkRows, exclusiveLock, type RowValue } from "./dialect.ts";
import type { LedgerTable } from "./schema.ts";

const LEDGER_TYPES = {
  half_hour: "int",
  site_id: "int",
  state: "int",
  due_at_ms: "bigint",
  token: "int",
  claim_until_ms: "bigint",
  mark: "int",
  tries: "int",
  has_reading: "int",
  reason: "int",
  path_id: "int",
  stored_at_ms: "bigint",
  judged: "int",
} as const;

const LEDGER_COLUMNS = Object.keys(LEDGER_TYPES) as (keyof typeof LEDGER_TYPES)[];

/** Writes ledger rows that are locked, or new ones. */
export async function writeLedger(
  tx: Executor,
  rows: readonly LedgerTable[],
  how: "insert" | "replace",
): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => LEDGER_COLUMNS.map((column): RowValue => row[column]));
  const from = tx.selectFrom(bulkRows(tx, LEDGER_TYPES, values).as("j")).select(LEDGER_COLUMNS);
  const into = how === "insert" ? tx.insertInto("ledger") : tx.replaceInto("ledger");
  await into.columns(LEDGER_COLUMNS).expression(from).execute();
}

/** The rows of sites, locked until the transaction ends. */
export async function lockLedger(
  tx: Executor,
  halfHour: HalfHour,
  siteIds: readonly number[],
): Promise<readonly LedgerTable[]> {
  if (siteIds.length === 0) return [];
  return await tx.selectFrom("ledger").select(LEDGER_COLUMNS).where("half_hour", "=", halfHour)
    .where("site_id", "in", siteIds).orderBy("site_id").modifyEnd(exclusiveLock(tx)).execute();
}
