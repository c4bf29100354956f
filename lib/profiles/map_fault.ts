/**
 * What is wrong with a register map: where, what stands there, and what is expected. Pure.
 *
 * @module
 */

/** Columns of a row as they are written down, in the order of a file. */
export const ROW_FIELDS = [
  "quantity",
  "address",
  "functionCode",
  "encoding",
  "words",
  "bit",
  "wordOrder",
  "kind",
  "unit",
  "scale",
  "offset",
  "decimals",
  "low",
  "high",
  "sentinels",
  "modulus",
  "plus",
  "daily",
  "note",
] as const;

/** A column of a row. */
export type RowField = (typeof ROW_FIELDS)[number];

/** A row as it was typed; what is absent is empty. */
export type RowFields = { readonly [Field in RowField]?: string };

/** What is written down besides the rows, in the order of a file. */
export const HEAD_FIELDS = [
  "name",
  "vendor",
  "model",
  "kind",
  "functionCode",
  "wordOrder",
  "wordsPerRequest",
  "gapWords",
  "requestMs",
  "pauseMs",
  "maxPowerW",
  "forgetsWithoutPower",
  "notes",
] as const;

/** What a register map says besides its rows. */
export type HeadField = (typeof HEAD_FIELDS)[number];

/** The same as it was typed; what is absent is empty. */
export type HeadFields = { readonly [Field in HeadField]?: string };

/** Something wrong with a register map. */
export interface MapFault {
  /** Which row, the first is 1; `null`: the map itself. */
  readonly row: number | null;
  /** Where; `file`: what was imported is no register map. */
  readonly field: RowField | HeadField | "rows" | "file";
  /** What stands there, at most 40 characters, without any that cannot be shown. */
  readonly value: string;
  /** What is expected, to stand after "expected". */
  readonly expected: string;
}

/** Characters of a value that are repeated. */
const VALUE_MAX = 40;

/** Control characters, marks of direction, broken surrogates, separators of lines. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A fault; the value is cut and cleaned. */
export function faultOf(
  where: Pick<MapFault, "row" | "field">,
  value: string | number | undefined,
  expected: string,
): MapFault {
  const text = String(value ?? "").slice(0, VALUE_MAX * 2).replaceAll(new RegExp(UNSHOWN, "gu"), "?");
  return { ...where, value: [...text].slice(0, VALUE_MAX).join(""), expected };
}

/** A fault as a sentence: `Row 3, address "70000": expected a whole number from 0 to 65535`. */
export function faultWords({ row, field, value, expected }: MapFault): string {
  const where = row === null ? FIELD_WORDS[field] : `Row ${row}, ${FIELD_WORDS[field]}`;
  const words = `${where}${value === "" ? "" : ` "${value}"`}: expected ${expected}`;
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Fields in words. */
export const FIELD_WORDS: Readonly<Record<MapFault["field"], string>> = {
  quantity: "quantity",
  address: "address",
  functionCode: "function code",
  encoding: "type",
  words: "registers",
  bit: "bit",
  wordOrder: "word order",
  kind: "kind",
  unit: "unit",
  scale: "scale",
  offset: "offset",
  decimals: "decimals",
  low: "smallest value",
  high: "largest value",
  sentinels: "no value",
  modulus: "rolls over at",
  plus: "added registers",
  daily: "read daily",
  note: "note",
  name: "name",
  vendor: "vendor",
  model: "model",
  wordsPerRequest: "registers a request",
  gapWords: "registers read through",
  requestMs: "milliseconds a request",
  pauseMs: "pause in milliseconds",
  maxPowerW: "largest power in W",
  forgetsWithoutPower: "counters forget without power",
  notes: "notes",
  rows: "rows",
  file: "file",
};

/** What is wrong with a text of a length, as what is expected; `null`: nothing. */
export function textTrouble(
  text: string,
  { least, most, lines = false }: { readonly least: number; readonly most: number; readonly lines?: boolean },
): string | null {
  if (UNSHOWN.test(lines ? text.replaceAll("\n", "") : text)) return "no characters that cannot be shown";
  if (text.length > most) return `at most ${most} characters, not ${text.length}`;
  return text.length < least ? "a text" : null;
}
