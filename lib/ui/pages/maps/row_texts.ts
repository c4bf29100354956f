/**
 * Rows of a register map as they are typed: every field a text, with what may be chosen for it. Pure, for pages and the
 * editor in the browser alike.
 *
 * @module
 */

import type { Figure } from "../../format.ts";
import type { FieldOption } from "../../Input.tsx";

/** Fields of a row in the order in which they are filled in. */
export const ROW_FIELDS = [
  "quantity",
  "address",
  "encoding",
  "wordOrder",
  "scale",
  "unit",
  "kind",
  "functionCode",
  "offset",
  "decimals",
  "low",
  "high",
  "sentinels",
  "bit",
  "words",
  "modulus",
  "plus",
  "daily",
  "note",
] as const;

/** A field of a row. */
export type RowField = (typeof ROW_FIELDS)[number];

/** A row as typed. */
export type RowTexts = Readonly<Record<RowField, string>>;

/** What is wrong with a row: by field; `""` belongs to the row as a whole. */
export type RowFaults = Readonly<Partial<Record<RowField | "", string>>>;

/** What was read for a row. */
export interface LiveCell {
  /** Register words in hex, separated by spaces; empty: not read. */
  readonly words: string;
  /** What they mean; `null`: nothing, see `reason`. */
  readonly figure: Figure | null;
  /** Why there is none, in words; `null`: there is one. */
  readonly reason: string | null;
  /** Milliseconds until the answer; `null`: there was none. */
  readonly tookMs: number | null;
}

/** A row of the editor. */
export interface EditorRow {
  /** Names it on the page, 1 and up; rows keep their order, numbers may be left out. */
  readonly id: number;
  /** As typed. */
  readonly texts: RowTexts;
  /** What is wrong with it. */
  readonly faults: RowFaults;
  /** What was read; `null`: nothing yet. */
  readonly live: LiveCell | null;
  /** Whether it was added just now: it is open on a phone. */
  readonly added?: boolean | undefined;
}

/** Rows of a map at most. */
export const MAP_ROWS_MAX = 300;

/** The name of a row's field in the form. */
export function rowFieldName(id: number, field: RowField): string {
  return `r${id}-${field}`;
}

/** Which row and field a name of the form means; `null`: none. */
export function parseRowFieldName(
  name: string,
): { readonly id: number; readonly field: RowField } | null {
  const [, number = "", text] = /^r([1-9]\d{0,3})-(\w{1,20})$/.exec(name) ?? [];
  const field = ROW_FIELDS.find((one) => one === text);
  return field ? { id: Number(number), field } : null;
}

/** A row with nothing typed. */
export const EMPTY_ROW: RowTexts = Object.fromEntries(ROW_FIELDS.map((field) => [field, ""])) as RowTexts;

/** What a field is called. */
export const FIELD_NAMES: Readonly<Record<RowField, string>> = {
  quantity: "Quantity",
  address: "Address",
  encoding: "Type",
  wordOrder: "Word order",
  scale: "Scale",
  unit: "Unit",
  kind: "Kind",
  functionCode: "Function",
  offset: "Offset",
  decimals: "Decimals kept",
  low: "Smallest",
  high: "Largest",
  sentinels: "No value",
  bit: "Bit",
  words: "Registers",
  modulus: "Rolls over at",
  plus: "Plus registers",
  daily: "Read",
  note: "Note",
};

const same = (values: readonly string[]): readonly FieldOption[] =>
  values.map((value) => ({ value, label: value }));

/** How a value may be coded. */
export const ENCODING_OPTIONS: readonly FieldOption[] = same([
  "u16",
  "i16",
  "u32",
  "i32",
  "u64",
  "i64",
  "f32",
  "f64",
  "bcd",
  "bit",
  "string",
  "ipv4",
  "f32-4q",
  "f32-either",
]);

/** Word orders, the map's own first. */
export const ORDER_OPTIONS: readonly FieldOption[] = [
  { value: "", label: "as device" },
  { value: "big", label: "ABCD" },
  { value: "little", label: "CDAB" },
  { value: "big-swapped", label: "BADC" },
  { value: "little-swapped", label: "DCBA" },
];

/** How values may be used. */
export const KIND_OPTIONS: readonly FieldOption[] = [
  { value: "", label: "by unit" },
  ...same(["gauge", "counter", "state", "text"]),
];

/** Function codes, the map's own first. */
export const FUNCTION_OPTIONS: readonly FieldOption[] = [
  { value: "", label: "as device" },
  { value: "1", label: "1 coils" },
  { value: "2", label: "2 inputs" },
  { value: "3", label: "3 holding" },
  { value: "4", label: "4 input" },
];

/** How often it is read. */
export const DAILY_OPTIONS: readonly FieldOption[] = [
  { value: "", label: "every half-hour" },
  { value: "yes", label: "once a day" },
];

/** Base units that are suggested. */
export const UNITS: readonly string[] = [
  "Wh",
  "W",
  "V",
  "A",
  "Hz",
  "varh",
  "var",
  "VAh",
  "VA",
  "%",
  "°C",
  "L",
  "s",
  "min",
  "count",
  "B",
  "dBm",
  "dB",
  "°",
];

/** How addresses are written. */
export const NOTATION_OPTIONS: readonly FieldOption[] = [
  { value: "0-based", label: "from 0, as on the wire" },
  { value: "1-based", label: "from 1, as many manuals" },
  { value: "40001-style", label: "40001-style, with the table" },
];
