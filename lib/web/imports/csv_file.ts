/**
 * Reads separated values as spreadsheets of all countries write them: comma, semicolon or tab, quotes in quotes, line
 * ends of any system, UTF-8 or UTF-16.
 *
 * @module
 */

import { SHEET_LIMITS } from "../../domain/site_sheet.ts";
import { err, ok, type Result } from "../../result.ts";
import {
  type Breathe,
  createTableMaker,
  type FileFault,
  type SheetCell,
  type SheetTable,
  textCell,
} from "./table.ts";

const SEPARATORS = [",", ";", "\t"] as const;

/** Characters after which others get their turn. */
const CHARS_A_TURN = 20_000;

/** The text of a file; a mark at its beginning says which way it is written, without one it is UTF-8. */
export function decodeText(bytes: Uint8Array): Result<string, FileFault> {
  const [first, second] = bytes;
  const label = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : "utf-8";
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    if (text.includes("\0")) return err({ words: "The file is no text: CSV or XLSX is expected" });
    return ok(text);
  } catch {
    return err({
      words: "The file is not UTF-8: save it as “CSV UTF-8”, so that ä, é and ł arrive as they are",
    });
  }
}

/** Reads the rows of a text. */
export async function readCsv(text: string, breathe: Breathe): Promise<Result<SheetTable, FileFault>> {
  const told = /^sep=([,;\t|])\r?\n/i.exec(text);
  const body = told ? text.slice(told[0].length) : text;
  const separator = told?.[1] ?? separatorOf(body);
  const ends = new RegExp(`[\\r\\n${separator}]`, "g");
  const maker = createTableMaker();
  let line = told ? 2 : 1;
  let row = line;
  let turnAt = CHARS_A_TURN;
  for (let at = 0; at < body.length;) {
    const read = readRow(body, { at, separator, ends });
    if (read.openQuote) {
      return err({ words: `A quote that opens in line ${line} is never closed` });
    }
    const fault = maker.add(row, read.cells);
    if (fault) return err(fault);
    line += read.lines;
    row++;
    at = read.next;
    if (at >= turnAt) {
      await breathe();
      turnAt = at + CHARS_A_TURN;
    }
  }
  const table = maker.finish();
  return "words" in table ? err(table) : ok(table);
}

/** The one that stands most often outside of quotes in the first line. */
function separatorOf(text: string): string {
  const counts = new Map<string, number>(SEPARATORS.map((one) => [one, 0]));
  let quoted = false;
  for (const letter of text.slice(0, 20_000)) {
    if (letter === '"') quoted = !quoted;
    if (quoted) continue;
    if (letter === "\n" || letter === "\r") break;
    const count = counts.get(letter);
    if (count !== undefined) counts.set(letter, count + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? ",";
}

interface ReadRow {
  readonly cells: readonly SheetCell[];
  readonly next: number;
  readonly lines: number;
  readonly openQuote: boolean;
}

/** Cells of a row that are kept; what comes after is only counted, so that a line of commas costs nothing. */
const CELLS_KEPT = SHEET_LIMITS.columns + 1;

interface RowPlace {
  readonly at: number;
  readonly separator: string;
  /** Finds the end of a cell without quotes. */
  readonly ends: RegExp;
}

function readRow(text: string, { at, separator, ends }: RowPlace): ReadRow {
  const cells: SheetCell[] = [];
  const keep = (cell: SheetCell) => {
    if (cells.length < CELLS_KEPT) cells.push(cell);
    else if (typeof cell !== "string" || cell.trim() !== "") cells[CELLS_KEPT - 1] = cell;
  };
  let next = at;
  let lines = 1;
  for (;;) {
    const quoted = text[next] === '"' ? readQuoted(text, next) : null;
    if (quoted?.openQuote) return { cells, next: text.length, lines, openQuote: true };
    // After a closing quote whatever stands before the separator belongs to the cell no more.
    const end = endOf(text, { at: quoted?.next ?? next, ends });
    keep(cellOf(quoted?.text ?? text.slice(next, end)));
    lines += quoted?.breaks ?? 0;
    next = end;
    if (text[next] !== separator) break;
    next++;
  }
  if (text[next] === "\r") next++;
  if (text[next] === "\n") next++;
  return { cells, next, lines, openQuote: false };
}

function endOf(text: string, { at, ends }: Pick<RowPlace, "at" | "ends">): number {
  ends.lastIndex = at;
  return ends.exec(text)?.index ?? text.length;
}

interface ReadCell {
  readonly text: string;
  readonly next: number;
  readonly breaks: number;
  readonly openQuote: boolean;
}

function readQuoted(text: string, at: number): ReadCell {
  const parts: string[] = [];
  let from = at + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end < 0) return { text: "", next: text.length, breaks: 0, openQuote: true };
    parts.push(text.slice(from, end));
    if (text[end + 1] !== '"') {
      const all = parts.join('"');
      return { text: all, next: end + 1, breaks: all.split("\n").length - 1, openQuote: false };
    }
    from = end + 2;
  }
}

function cellOf(text: string): SheetCell {
  return textCell(text.slice(0, SHEET_LIMITS.cellChars), text.length);
}
