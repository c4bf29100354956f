/**
 * The refused rows of an import as a sheet that can be mended and uploaded again, each with why.
 *
 * @module
 */

import { placesOf } from "../../../domain/site_import.ts";
import { columnOf, WHY_HEADING } from "../../../domain/site_sheet.ts";
import type { Database } from "../../../store/db.ts";
import { piecesOf } from "../../../store/ids.ts";
import { type ImportRecord, readRows } from "../../../store/site_imports.ts";
import { csvText } from "../../csv.ts";
import type { Breathe } from "../../imports/table.ts";

const ROWS_AT_ONCE = 500;

/** The text of the sheet, with the mark by which spreadsheets know UTF-8. */
export async function refusedCsv(
  db: Database,
  { id, letters, columns }: Pick<ImportRecord, "id" | "letters" | "columns">,
  breathe: Breathe,
): Promise<string> {
  const parts = [csvText([[...columns.map((column) => columnOf(column).heading), WHY_HEADING]])];
  for (const piece of piecesOf(placesOf(letters, "refused"), ROWS_AT_ONCE)) {
    const rows = await readRows(db.kysely, id, piece);
    parts.push(csvText(rows.map(({ cells, notes, heldBy }) => {
      const whys = notes.filter(({ state }) => state === "refused")
        .map(({ column, words }) => `${columnOf(column).heading}: ${words}`);
      if (heldBy !== null) whys.push(`Waits for row ${heldBy} of the same site`);
      return [...columns.map((_, i) => cells[i] ?? ""), whys.join(". ")];
    })));
    await breathe();
  }
  return `\ufeff${parts.join("")}`;
}
