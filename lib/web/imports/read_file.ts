/**
 * Reads an uploaded file as a sheet, by what it is and not by what it is called.
 *
 * @module
 */

import { err, type Result } from "../../result.ts";
import { decodeText, readCsv } from "./csv_file.ts";
import type { Breathe, FileFault, SheetTable } from "./table.ts";
import { readXlsx } from "./xlsx_file.ts";

/** How files begin that people take for a workbook. */
const ZIP = [0x50, 0x4b];
const OLD_WORKBOOK = [0xd0, 0xcf, 0x11, 0xe0];
const PDF = [0x25, 0x50, 0x44, 0x46];

/** Reads a file. */
export async function readSheet(
  file: Uint8Array,
  breathe: Breathe,
): Promise<Result<SheetTable, FileFault>> {
  if (file.length === 0) return err({ words: "The file is empty: headings are expected in its first row" });
  if (begins(file, ZIP)) return await readXlsx(file, breathe);
  if (begins(file, OLD_WORKBOOK)) {
    return err({
      words: "This is a workbook of Excel 97 to 2003, or one with a password: save it as XLSX without one",
    });
  }
  if (begins(file, PDF)) return err({ words: "This is a PDF: CSV or XLSX is expected" });
  const text = decodeText(file);
  return text.ok ? await readCsv(text.value, breathe) : text;
}

function begins(file: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => file[i] === byte);
}
