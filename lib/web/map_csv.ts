/**
 * The rows of a register map as separated values, for spreadsheets: what is read back is the same rows, and no cell is
 * executed.
 *
 * @module
 */

import { ADDRESS_NOTATIONS, type AddressNotation } from "../profiles/map_address.ts";
import { faultOf, FIELD_WORDS, type MapFault, ROW_FIELDS, type RowField } from "../profiles/map_fault.ts";
import { rowFieldsOf } from "../profiles/map_row_text.ts";
import { headFieldsOf, parseMap } from "../profiles/map_text.ts";
import { MAP_FILE_MAX } from "../profiles/map_json.ts";
import type { RegisterMap } from "../profiles/register_map.ts";
import { err, type Result } from "../result.ts";
import { type CsvCell, csvText } from "./csv.ts";
import { readCsv } from "./imports/csv_file.ts";
import { cellText } from "./imports/table.ts";

/** The rows of a map below their headings; addresses are 0-based unless asked otherwise, and then the heading says so. */
export function mapToCsv(map: RegisterMap, notation: AddressNotation = "0-based"): string {
  const heading = (field: RowField) =>
    (field === "address" || field === "plus") && notation !== "0-based" ? `${field} ${notation}` : field;
  const rows = map.rows.map((row) => {
    const fields = rowFieldsOf(row, notation);
    return ROW_FIELDS.map((field) => cellOf(field, fields[field]));
  });
  return csvText([ROW_FIELDS.map(heading), ...rows]);
}

/** Reads rows into a map, which keeps all else; everything that is wrong is told. */
export async function mapFromCsv(
  text: string,
  map: RegisterMap,
  notation: AddressNotation = "0-based",
): Promise<Result<RegisterMap, readonly MapFault[]>> {
  if (text.length > MAP_FILE_MAX) return fileFault(text.length, `at most ${MAP_FILE_MAX} characters`);
  const table = await readCsv(text.replace(/^\uFEFF/, ""), () => Promise.resolve());
  if (!table.ok) return fileFault("", `rows below headings: ${table.error.words}`);
  const columns = table.value.headings.map((heading) => columnOf(heading, notation));
  const faults = columnFaults(table.value.headings, columns);
  if (faults.length > 0) return err(faults);
  const written = columns.find((column) => column?.field === "address")?.notation ?? notation;
  const rows = table.value.rows.map(({ cells }) =>
    Object.fromEntries(columns.map((column, i) => [column?.field ?? "", plainCell(cellText(cells[i]))]))
  );
  return parseMap({ head: headFieldsOf(map), rows, notation: written, basedOn: map.basedOn });
}

function fileFault(value: string | number, expected: string): Result<never, readonly MapFault[]> {
  return err([faultOf({ row: null, field: "file" }, value, expected)]);
}

interface Column {
  readonly field: RowField;
  readonly notation: AddressNotation;
}

/** What a heading means: the name of a field, or its words, after addresses with how they are written. */
function columnOf(heading: string, notation: AddressNotation): Column | undefined {
  const words = heading.trim().toLowerCase();
  const written = ADDRESS_NOTATIONS.find((one) => words.endsWith(` ${one}`));
  const name = written ? words.slice(0, -written.length - 1).trim() : words;
  const field = ROW_FIELDS.find((one) => one.toLowerCase() === name || FIELD_WORDS[one] === name);
  return field && { field, notation: written ?? notation };
}

function columnFaults(
  headings: readonly string[],
  columns: readonly (Column | undefined)[],
): readonly MapFault[] {
  const faults: MapFault[] = [];
  const refuse = (value: string, expected: string) =>
    void faults.push(faultOf({ row: null, field: "file" }, value, expected));
  headings.forEach((heading, i) => {
    const field = columns[i]?.field;
    if (field === undefined) refuse(heading, `headings out of ${ROW_FIELDS.join(", ")}`);
    else if (columns.findIndex((column) => column?.field === field) < i) {
      refuse(heading, "every heading once");
    }
  });
  for (const field of ["quantity", "address", "encoding"] as const) {
    if (!columns.some((column) => column?.field === field)) refuse("", `a column "${field}"`);
  }
  const notations = columns.filter((column) => column?.field === "address" || column?.field === "plus");
  if (new Set(notations.map((column) => column?.notation)).size > 1) {
    refuse("", "all addresses to be written alike");
  }
  return faults;
}

/** Numbers as numbers; hexadecimal as such, so that no spreadsheet takes `7e10` for a number. */
function cellOf(field: RowField, text: string): CsvCell {
  if (field === "sentinels") return text === "" ? null : text.split(" ").map((word) => `0x${word}`).join(" ");
  if (text !== "" && field !== "note" && field !== "quantity" && String(Number(text)) === text) {
    return Number(text);
  }
  return text === "" ? null : guarded(text);
}

/** Where {@link csvText} leads a formula with an apostrophe: at the beginning, or of what a spreadsheet may cut off. */
const PLACES = '(?:^|(?<=[;\\t\\r\\n]"*))';

/** With one apostrophe more where there are some already, so that taking one away gives the text again. */
function guarded(text: string): string {
  return text.replaceAll(new RegExp(`${PLACES}(?='+[=+\\-@\\t\\r\\n])`, "g"), "'");
}

/** A cell without the apostrophe that kept it from being executed. */
function plainCell(text: string): string {
  return text.replaceAll(new RegExp(`${PLACES}'(?='*[=+\\-@\\t\\r\\n])`, "g"), "");
}
