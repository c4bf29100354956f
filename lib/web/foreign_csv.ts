/**
 * Reads the rows of a load profile: a stamp and a figure, or date, time and figure, separated by comma, semicolon or
 * tab, with or without headings.
 *
 * @module
 */

import { FOREIGN_ROWS_MAX, type ForeignRow } from "../domain/foreign_intervals.ts";
import { readStamp } from "../domain/foreign_stamps.ts";
import { err, ok, type Result } from "../result.ts";

/** Characters of a line at most. */
const LINE_MAX = 2_000;

const SEPARATORS = [";", "\t", ","] as const;

/** Reads the rows of a text; why they cannot be read, a sentence without full stop. */
export function readForeignRows(text: string): Result<readonly ForeignRow[], string> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const separator = SEPARATORS.find((one) => lines.find((line) => line.trim() !== "")?.includes(one));
  if (separator === undefined) return err("The first line has one column: a stamp and a figure are expected");
  const rows: ForeignRow[] = [];
  for (const [i, line] of lines.entries()) {
    const row = i + 1;
    if (line.trim() === "") continue;
    if (line.length > LINE_MAX) {
      return err(`Line ${row} has ${line.length} characters, at most ${LINE_MAX} are read`);
    }
    const read = rowOf(cellsOf(line, separator), row);
    const isHeading = rows.length === 0 && row === 1 && readStamp(read.stamp) === null;
    if (!isHeading) rows.push(read);
    if (rows.length > FOREIGN_ROWS_MAX) {
      return err("There are more than 38,400 rows: split the file by years");
    }
  }
  return rows.length === 0 ? err("There are no rows below the headings") : ok(rows);
}

function rowOf([first = "", second = "", third = ""]: readonly string[], row: number): ForeignRow {
  const apart = /^\d{1,2}:\d{2}(:\d{2})?$/.test(second);
  return apart ? { row, stamp: `${first} ${second}`, figure: third } : { row, stamp: first, figure: second };
}

/** The first three cells of a line; quotes may stand around one, and two of them for one inside. */
function cellsOf(line: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length && cells.length < 3) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(line.slice(at));
    const end = line.indexOf(separator, at + (quoted?.[0].length ?? 0));
    const stop = end === -1 ? line.length : end;
    cells.push((quoted?.[1]?.replaceAll('""', '"') ?? line.slice(at, stop)).trim());
    at = stop + 1;
  }
  return cells;
}
