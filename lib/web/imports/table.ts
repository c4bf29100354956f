/**
 * A sheet as it was read out of a file, whatever the file is.
 *
 * @module
 */

import { SHEET_LIMITS } from "../../domain/site_sheet.ts";

/** What stands in a cell: a text, or something else than one, with what is shown of it. */
export type SheetCell = string | {
  /** A formula, a date or a time, an error such as `#REF!`, or a text of more characters than are accepted. */
  readonly kind: "formula" | "date" | "error" | "long";
  /** What is shown of it. */
  readonly text: string;
  /** Characters of a text that is too long; counted as far as they are read. */
  readonly chars?: number;
};

/** A row below the headings. */
export interface SheetRow {
  /** Its number in the sheet; the headings usually are 1. */
  readonly row: number;
  /** Its cells; what is missing at the end is empty. */
  readonly cells: readonly SheetCell[];
}

/** A sheet with its headings. */
export interface SheetTable {
  /** Headings as they are written. */
  readonly headings: readonly string[];
  /** Rows in which something stands, at least one. */
  readonly rows: readonly SheetRow[];
}

/** Why a file cannot be read as a sheet, a sentence for people. */
export interface FileFault {
  /** What is wrong and what is expected, without full stop. */
  readonly words: string;
}

/** Lets others of the process work in between. */
export type Breathe = () => Promise<void>;

/** Makes a cell of a text; what is too long keeps only its beginning. */
export function textCell(text: string, chars: number = text.length): SheetCell {
  const trimmed = chars > SHEET_LIMITS.textChars ? text.trim() : text;
  if (trimmed.length <= SHEET_LIMITS.textChars && chars === text.length) return trimmed;
  return {
    kind: "long",
    text: trimmed.slice(0, SHEET_LIMITS.textChars),
    chars: Math.max(chars, trimmed.length),
  };
}

/** What is shown of a cell, and stored: never as much as would be accepted where it was cut. */
export function cellText(cell: SheetCell | undefined): string {
  if (cell === undefined || typeof cell === "string") return cell ?? "";
  return cell.kind === "long" ? `${cell.text}…` : cell.text;
}

/** Whether nothing stands in a cell. */
export function isBlank(cell: SheetCell): boolean {
  return typeof cell === "string" && cell.trim() === "";
}

/** Takes rows one after the other, the headings first, and refuses what is too much. */
export interface TableMaker {
  /** Adds a row; why there may be no more, `null`: there may. */
  add(row: number, cells: readonly SheetCell[]): FileFault | null;
  /** The table; why there is none. */
  finish(): SheetTable | FileFault;
}

/** Begins a table. */
export function createTableMaker(): TableMaker {
  let headings: readonly string[] | null = null;
  const rows: SheetRow[] = [];
  return {
    add(row, cells) {
      const last = cells.findLastIndex((cell) => !isBlank(cell));
      if (last < 0) return null;
      if (last >= SHEET_LIMITS.columns) {
        return { words: `Row ${row} has ${last + 1} columns, at most ${SHEET_LIMITS.columns} are read` };
      }
      if (headings === null) {
        const odd = cells.find((cell) => typeof cell !== "string");
        if (odd !== undefined) return { words: `The headings in row ${row} must be plain texts` };
        headings = cells.slice(0, last + 1).map(cellText);
        return null;
      }
      if (rows.length >= SHEET_LIMITS.rows) {
        return { words: "There are more than 5,000 rows: split the file, sites stay together" };
      }
      rows.push({ row, cells: cells.slice(0, last + 1) });
      return null;
    },
    finish() {
      if (headings === null) return { words: "The file is empty: headings are expected in its first row" };
      return rows.length === 0 ? { words: "There are headings and no rows below them" } : { headings, rows };
    },
  };
}
