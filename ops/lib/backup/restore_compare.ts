/**
 * Whether what was restored is what was backed up: every table's rows read back in the order of its key and their
 * checksum, and the ledger by outcome.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Comparison } from "../../../lib/domain/restore_report.ts";
import type { Snapshot } from "../../../lib/store/snapshot_rows.ts";
import type { Manifest, ManifestTable } from "./manifest.ts";
import { type BackupTotals, TOTAL_NAMES, totalsOf } from "./totals.ts";

/** What came of comparing. */
export interface Compared {
  /** All of it, sums over tables; equal where nothing differs. */
  readonly all: readonly Comparison[];
  /** What differs, table by table; empty: nothing does. */
  readonly differing: readonly Comparison[];
}

/** A table as it was read back. */
interface ReadBack {
  readonly rows: number;
  readonly sha256: string;
}

const NUMBERS = new Intl.NumberFormat("en-GB");

/** Words for what is counted. */
const WORDS: Readonly<Record<keyof BackupTotals, string>> = {
  sites: "Sites",
  meters: "Meters",
  channels: "Channels",
  ledgerOpen: "Ledger, open half-hours of sites",
  ledgerComplete: "Ledger, complete",
  ledgerPartial: "Ledger, partial",
  ledgerFailed: "Ledger, failed",
  packedComplete: "Packed ledger, complete",
  packedPartial: "Packed ledger, partial",
  packedFailed: "Packed ledger, failed",
  recentReadings: "Readings of recent days",
  packedDays: "Packed days of channels",
  newestHalfHour: "Newest half-hour",
};

/** Reads everything back and compares it with what the manifest says. */
export async function compare(
  manifest: Manifest,
  snapshot: Pick<Snapshot, "ask" | "lines" | "tables">,
): Promise<Compared> {
  const differing: Comparison[] = [];
  let rows = 0;
  let equal = 0;
  for (const table of manifest.tables) {
    const back = await readBack(table, snapshot);
    rows += back.rows;
    if (back.sha256 === table.sha256) equal += 1;
    differing.push(...differencesOf(table, back));
  }
  const counted = await totalsOf(snapshot);
  const totals = TOTAL_NAMES.map((name) => ({
    what: WORDS[name],
    backup: totalText(name, manifest.totals),
    restored: totalText(name, counted),
  }));
  const tables = manifest.tables.length;
  const expected = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  return {
    all: [
      { what: `Rows of ${tables} tables`, backup: number(expected), restored: number(rows) },
      { what: "Tables by their checksums", backup: number(tables), restored: number(equal) },
      ...totals,
    ],
    differing: [...differing, ...totals.filter(({ backup, restored }) => backup !== restored)],
  };
}

async function readBack(
  { name, columns, key }: ManifestTable,
  snapshot: Pick<Snapshot, "lines" | "tables">,
): Promise<ReadBack> {
  const hash = createHash("sha256");
  let rows = 0;
  if (!snapshot.tables.some((table) => table.name === name)) return { rows, sha256: "no such table" };
  for await (const lines of snapshot.lines({ name, columns, key })) {
    rows += lines.length;
    if (lines.length > 0) hash.update(`${lines.join("\n")}\n`);
  }
  return { rows, sha256: hash.digest("hex") };
}

function differencesOf({ name, rows, sha256 }: ManifestTable, back: ReadBack): readonly Comparison[] {
  if (rows !== back.rows) {
    return [{ what: `Rows of ${name}`, backup: number(rows), restored: number(back.rows) }];
  }
  return sha256 === back.sha256
    ? []
    : [{ what: `Checksum of ${name}`, backup: short(sha256), restored: short(back.sha256) }];
}

/** Digits enough for two to be told apart. */
function short(sha256: string): string {
  return sha256.slice(0, 16);
}

function totalText(name: keyof BackupTotals, totals: BackupTotals): string {
  const value = totals[name];
  if (name !== "newestHalfHour") return number(value);
  return value === 0 ? "none" : `${new Date(value * 1_800_000).toISOString().slice(0, 16)}Z`;
}

function number(value: number): string {
  return NUMBERS.format(value);
}
