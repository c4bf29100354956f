/**
 * What a backup counts besides rows: the ledger by outcome. Asked in the snapshot of the backup, and again of what was
 * restored; the two must be equal.
 *
 * @module
 */

import type { Snapshot } from "../../../lib/store/snapshot_rows.ts";

/** What is counted; all are whole numbers. */
export interface BackupTotals {
  readonly sites: number;
  readonly meters: number;
  readonly channels: number;
  /** Half-hours of sites in the ledger of recent days: not visited yet, or claimed by a visit under way. */
  readonly ledgerOpen: number;
  readonly ledgerComplete: number;
  readonly ledgerPartial: number;
  readonly ledgerFailed: number;
  /** Half-hours of sites in the ledger of packed days. */
  readonly packedComplete: number;
  readonly packedPartial: number;
  readonly packedFailed: number;
  /** Rows of readings that are not packed yet. */
  readonly recentReadings: number;
  /** Packed days of channels, up to 48 half-hours each. */
  readonly packedDays: number;
  /** The newest half-hour in the ledger, counted from 1970; 0: none. */
  readonly newestHalfHour: number;
}

const letters = (letter: string) =>
  `coalesce(sum(length(outcomes) - length(replace(outcomes, '${letter}', ''))), 0)`;
const states = (list: string) => `select count(*) from ledger where state in (${list})`;

const STATEMENTS: Readonly<Record<keyof BackupTotals, string>> = {
  sites: "select count(*) from site",
  meters: "select count(*) from meter",
  channels: "select count(*) from channel",
  ledgerOpen: states("0, 1"),
  ledgerComplete: states("2"),
  ledgerPartial: states("3"),
  ledgerFailed: states("4"),
  packedComplete: `select ${letters("c")} from ledger_day`,
  packedPartial: `select ${letters("p")} from ledger_day`,
  packedFailed: `select ${letters("f")} from ledger_day`,
  recentReadings: "select count(*) from recent",
  packedDays: "select count(*) from `day`",
  newestHalfHour: "select coalesce(max(half_hour), 0) from ledger",
};

/** Names of what is counted, in the order in which people read them. */
export const TOTAL_NAMES = Object.keys(STATEMENTS) as readonly (keyof BackupTotals)[];

/** Counts. */
export async function totalsOf(snapshot: Pick<Snapshot, "ask">): Promise<BackupTotals> {
  const totals: Partial<Record<keyof BackupTotals, number>> = {};
  for (const name of TOTAL_NAMES) {
    const [[value] = []] = await snapshot.ask(
      STATEMENTS[name].replace(/^select (.*?) from/, "select $1 as n from"),
    );
    totals[name] = Number(value);
  }
  return totals as BackupTotals;
}
