/**
 * Reads the first sheet of a workbook: what is typed in is told from formulas, dates and errors, and nothing is
 * inflated before its size is judged.
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
  type TableMaker,
  textCell,
} from "./table.ts";
import { readStyles } from "./xlsx_styles.ts";
import { inflate, readZip, type ZipEntry, type ZipTrouble } from "./zip.ts";
import { readXml, type XmlHearer, XmlTrouble } from "./xml.ts";

const ENTRIES_MAX = 500;

/** Pieces of a file after which others get their turn. */
const PIECES_A_TURN = 2;

/** Shared strings at most: each cell may have its own. */
const STRINGS_MAX = SHEET_LIMITS.rows * SHEET_LIMITS.columns + SHEET_LIMITS.columns;

const TROUBLES: Readonly<Record<ZipTrouble, string>> = {
  "broken": "The file is no whole workbook: save it again as XLSX, or as CSV UTF-8",
  "locked": "The workbook is protected by a password: save it without one",
  "too-large": "The workbook holds more than 50 MB or 500 files: save the sheet of sites alone",
};

/** Something that ends the reading, said in words. */
class Refused extends Error {}

type Files = ReadonlyMap<string, ZipEntry>;

/** Reads a workbook. */
export async function readXlsx(
  file: Uint8Array,
  breathe: Breathe,
): Promise<Result<SheetTable, FileFault>> {
  const zip = readZip(file, { entries: ENTRIES_MAX, inflatedBytes: SHEET_LIMITS.inflatedBytes });
  if (!zip.ok) return err({ words: TROUBLES[zip.error] });
  try {
    const sheet = await firstSheet(zip.value);
    const strings = await readStrings(zip.value, breathe);
    const styles = zip.value.get("xl/styles.xml");
    const dates = styles ? await readStyles((hearer) => readXml(inflate(styles), hearer)) : [];
    const maker = createTableMaker();
    const hearer = sheetHearer(maker, { strings, dates });
    await readXml(inTurns(inflate(sheet), breathe), hearer);
    const table = maker.finish();
    return "words" in table ? err(table) : ok(table);
  } catch (error) {
    if (error instanceof Refused) return err({ words: error.message });
    // What a damaged file makes its readers throw.
    if (error instanceof XmlTrouble || error instanceof RangeError || error instanceof TypeError) {
      return err({ words: TROUBLES.broken });
    }
    throw error;
  }
}

async function* inTurns(pieces: AsyncIterable<Uint8Array>, breathe: Breathe): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const piece of pieces) {
    yield piece;
    if (++count % PIECES_A_TURN === 0) await breathe();
  }
}

/** The first sheet of the workbook, in the order of its tabs. */
async function firstSheet(files: Files): Promise<ZipEntry> {
  let relation = "";
  await readXml(inflate(fileOf(files, "xl/workbook.xml")), {
    open(name, attributes) {
      if (name === "sheet" && relation === "") relation = attributeOf(attributes, "id");
    },
    text: () => {},
    close: () => {},
  });
  let target = "";
  await readXml(inflate(fileOf(files, "xl/_rels/workbook.xml.rels")), {
    open(name, attributes) {
      if (name === "Relationship" && attributes["Id"] === relation) target = attributes["Target"] ?? "";
    },
    text: () => {},
    close: () => {},
  });
  const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  return fileOf(files, path);
}

function fileOf(files: Files, path: string): ZipEntry {
  const file = files.get(path);
  if (!file) throw new Refused("The file is no workbook: CSV or XLSX is expected");
  return file;
}

function attributeOf(attributes: Readonly<Record<string, string>>, name: string): string {
  const key = Object.keys(attributes).find((one) => one.endsWith(`:${name}`));
  return key === undefined ? "" : attributes[key] ?? "";
}

async function readStrings(files: Files, breathe: Breathe): Promise<readonly SheetCell[]> {
  const file = files.get("xl/sharedStrings.xml");
  if (!file) return [];
  const strings: SheetCell[] = [];
  const text = textHearer();
  await readXml(inTurns(inflate(file), breathe), {
    open(name) {
      if (name === "si") text.begin();
      text.open(name);
    },
    text: text.text,
    close(name) {
      text.close(name);
      if (name !== "si") return;
      strings.push(text.end());
      if (strings.length > STRINGS_MAX) throw new Refused(TROUBLES["too-large"]);
    },
  });
  return strings;
}

/** Gathers the texts of a string, in pieces of several formats or whole; how it is spoken is left out. */
function textHearer() {
  let parts: string[] = [];
  let chars = 0;
  let inText = false;
  let spoken = 0;
  return {
    begin() {
      parts = [];
      chars = 0;
    },
    open(name: string) {
      if (name === "rPh") spoken++;
      inText = name === "t" && spoken === 0;
    },
    text(piece: string) {
      if (!inText) return;
      if (chars < SHEET_LIMITS.cellChars) parts.push(piece.slice(0, SHEET_LIMITS.cellChars - chars));
      chars += piece.length;
    },
    close(name: string) {
      if (name === "rPh") spoken--;
      inText = false;
    },
    end(): SheetCell {
      return textCell(parts.join(""), chars);
    },
  };
}

interface Book {
  readonly strings: readonly SheetCell[];
  /** Whether each format shows dates or times. */
  readonly dates: readonly boolean[];
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly isDate: boolean;
  value: string;
  formula: string | null;
}

/** Hears rows and cells of a sheet. */
function sheetHearer(maker: TableMaker, book: Book): XmlHearer {
  let row = 0;
  let cells: SheetCell[] = [];
  let cell: OpenCell | null = null;
  let inside: "value" | "formula" | null = null;
  const inline = textHearer();
  return {
    open(name, attributes) {
      if (name === "row") {
        row = Number(attributes["r"] ?? row + 1);
        cells = [];
      } else if (name === "c") {
        cell = openCell(attributes, { book, next: cells.length });
        inline.begin();
      } else if (name === "mergeCell") refuseMerged(attributes["ref"] ?? "");
      else if (cell !== null) {
        inside = name === "v" ? "value" : name === "f" ? "formula" : null;
        // A formula may be shared with another cell, and be empty here.
        if (name === "f") cell.formula ??= "";
        inline.open(name);
      }
    },
    text(text) {
      if (cell === null) return;
      if (inside === "value" && cell.value.length < 64) cell.value += text.slice(0, 64);
      if (inside === "formula" && cell.formula !== null && cell.formula.length < 64) {
        cell.formula += text.slice(0, 64);
      }
      inline.text(text);
    },
    close(name) {
      inside = null;
      inline.close(name);
      if (name === "c" && cell !== null) {
        while (cells.length < cell.column) cells.push("");
        cells[cell.column] = cellOf(cell, { book, inline: inline.end });
        cell = null;
      } else if (name === "row") {
        const fault = maker.add(row, cells);
        if (fault) throw new Refused(fault.words);
      }
    },
  };
}

function openCell(
  attributes: Readonly<Record<string, string>>,
  { book, next }: { readonly book: Book; readonly next: number },
): OpenCell {
  const letters = /^[A-Z]{1,3}/.exec(attributes["r"] ?? "")?.[0];
  const column = letters === undefined ? next : columnIndex(letters);
  if (column > SHEET_LIMITS.columns) {
    // What stands further right counts as one too many, if anything does.
    return {
      column: SHEET_LIMITS.columns,
      type: attributes["t"] ?? "n",
      isDate: false,
      value: "",
      formula: null,
    };
  }
  const isDate = book.dates[Number(attributes["s"] ?? "0")] ?? false;
  return { column, type: attributes["t"] ?? "n", isDate, value: "", formula: null };
}

function columnIndex(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellOf(
  { type, isDate, value, formula }: OpenCell,
  { book, inline }: { readonly book: Book; readonly inline: () => SheetCell },
): SheetCell {
  if (formula !== null) return { kind: "formula", text: `=${formula}`.slice(0, 200) };
  switch (type) {
    case "s":
      return book.strings[Number(value)] ?? "";
    case "inlineStr":
      return inline();
    case "str":
      return textCell(value);
    case "b":
      return value === "1" ? "yes" : "no";
    case "e":
      return { kind: "error", text: value };
    case "d":
      return { kind: "date", text: value };
    default:
      if (isDate && value !== "") return { kind: "date", text: dateText(Number(value)) };
      return numberText(value);
  }
}

/** A number as it was typed: workbooks write 54.9748 as 54.974800000000002. */
function numberText(value: string): string {
  const number = Number(value);
  return value.trim() === "" || !Number.isFinite(number) ? value : String(Number(number.toPrecision(15)));
}

const DAY_MS = 86_400_000;

/** Day 25,569 of a workbook is 1 January 1970. */
function dateText(days: number): string {
  const instantMs = Math.round((days - 25_569) * DAY_MS);
  if (!(Math.abs(instantMs) < 8e15)) return String(days);
  const [date = "", time = ""] = new Date(instantMs).toISOString().split("T");
  const clock = time.slice(0, 5);
  return days < 1 ? clock : clock === "00:00" ? date : `${date} ${clock}`;
}

function refuseMerged(ref: string): never {
  throw new Refused(
    `Cells ${
      ref.slice(0, 20).replace(":", " to ")
    } are merged: split them, and write into each row what holds for it`,
  );
}
