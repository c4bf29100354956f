/**
 * An import of sites and devices as it is kept and shown: what was judged of each row, what became of each site. Pure.
 *
 * @module
 */

import type { ColumnId } from "./site_sheet.ts";

/**
 * How a row was judged. `held`: it is good, but another row of its site is not, and a site is registered whole or not
 * at all.
 */
export type RowState = "good" | "warn" | "refused" | "held";

/** Letters of the states, one a row. */
export const ROW_LETTERS: Readonly<Record<RowState, string>> = {
  good: "g",
  warn: "w",
  refused: "r",
  held: "h",
};

/** Something that was noticed about a cell. */
export interface CellNote {
  /** Where. */
  readonly column: ColumnId;
  /** Whether it keeps the row from being registered. */
  readonly state: "warn" | "refused";
  /** What stands there, its first 40 characters; empty: nothing. */
  readonly value: string;
  /** What is wrong and what is expected, without full stop. */
  readonly words: string;
}

/** A row of the sheet as it was judged. */
export interface ImportRow {
  /** Its number in the sheet; the headings are 1. */
  readonly row: number;
  /** Number of its site within the import, 0 and up. */
  readonly site: number;
  /** What stands in its cells, in the order of the sheet's columns; longer texts cut, with an ellipsis. */
  readonly cells: readonly string[];
  /** How it was judged. */
  readonly state: RowState;
  /** What was noticed, by cell. */
  readonly notes: readonly CellNote[];
  /** The row that holds it back; `null`: none does. */
  readonly heldBy: number | null;
}

/** Rows by how they were judged. */
export type RowCounts = Readonly<Record<RowState, number>>;

/** How an import stands. */
export type ImportState =
  /** Its rows are being judged. */
  | "judging"
  /** Judged; nothing is registered. */
  | "judged"
  /** Its good sites are being registered. */
  | "committing"
  /** They are registered. */
  | "committed"
  /** It is being taken back. */
  | "undoing"
  /** It was taken back. */
  | "undone";

/** What became of a site of an import. */
export type SiteOutcome =
  | "registered"
  /** Refused when it was to be registered, such as a name that was taken meanwhile. */
  | "refused"
  /** Taken back: it is gone. */
  | "removed"
  /** Taken back: it has readings, which stay; nothing more is collected. */
  | "stopped"
  /** Not taken back: it was changed since. */
  | "changed"
  /** Not taken back: it has readings, and nobody said that it is to be stopped. */
  | "read";

/** All of them, in the order of their codes from 1 on. */
export const SITE_OUTCOMES: readonly SiteOutcome[] = [
  "registered",
  "refused",
  "removed",
  "stopped",
  "changed",
  "read",
];

/** Sites by what became of them. */
export type OutcomeCounts = Readonly<Record<SiteOutcome, number>>;

/** Rows that a page shows. */
export const ROWS_A_PAGE = 100;

/** Which rows a page shows. */
export const ROW_FILTERS = ["all", "refused", "warned", "good"] as const;

/** Which rows a page shows. */
export type RowFilter = (typeof ROW_FILTERS)[number];

/** Places of the rows that a filter finds, in the order of the sheet. Rows that are held back stand with the refused. */
export function placesOf(letters: string, filter: RowFilter): readonly number[] {
  const wanted: Readonly<Record<RowFilter, string>> = { all: "gwrh", refused: "rh", warned: "w", good: "gw" };
  const places: number[] = [];
  for (let i = 0; i < letters.length; i++) if (wanted[filter].includes(letters[i] ?? "")) places.push(i);
  return places;
}

/** How many rows were judged how. */
export function countRows(letters: string): RowCounts {
  const count = (letter: string) => letters.split(letter).length - 1;
  return {
    good: count(ROW_LETTERS.good),
    warn: count(ROW_LETTERS.warn),
    refused: count(ROW_LETTERS.refused),
    held: count(ROW_LETTERS.held),
  };
}
