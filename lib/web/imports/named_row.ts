/**
 * Rows whose cells are known by their columns, with what was noticed about them.
 *
 * @module
 */

import type { CellNote } from "../../domain/site_import.ts";
import type { ColumnId } from "../../domain/site_sheet.ts";
import { readCell } from "./cells.ts";
import type { SheetRow } from "./table.ts";

/** A row whose cells are known by their columns. */
export interface NamedRow {
  /** Its number in the sheet. */
  readonly row: number;
  /** Text of a cell; empty: nothing stands there, or it is refused. */
  readonly text: (column: ColumnId) => string;
  /** What was noticed so far. */
  readonly notes: CellNote[];
}

/** A port of a site, and the row that names it first; `null`: the router's own, that no row names. */
export interface NamedEndpoint {
  /** The row. */
  readonly row: NamedRow | null;
  /** As written. */
  readonly port: string;
  /** Gateway, router or device. */
  readonly kind: string;
}

/** Reads the cells of a row. */
export function nameCells(row: SheetRow, columns: readonly (ColumnId | null)[]): NamedRow {
  const notes: CellNote[] = [];
  const texts = new Map<ColumnId, string>();
  columns.forEach((column, i) => {
    if (column === null) return;
    const { text, note } = readCell(row.cells[i], column);
    if (note) notes.push(note);
    texts.set(column, text);
  });
  return { row: row.row, notes, text: (column) => texts.get(column) ?? "" };
}
