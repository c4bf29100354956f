/**
 * The rows of a register map as people write them: every field a text, in forms and files alike. Pure.
 *
 * @module
 */

import { type ChannelKind, COUNTER_UNITS, type Unit, UNITS } from "../domain/channel.ts";
import type { Result } from "../result.ts";
import { type AddressNotation, formatAddress, parseAddress } from "./map_address.ts";
import { faultOf, type MapFault, type RowField, type RowFields, textTrouble } from "./map_fault.ts";
import { decimalNumber, scaleText, wholeCounts, wholeNumber } from "./map_number.ts";
import {
  type CounterSpec,
  type Encoding,
  ENCODINGS,
  type FunctionCode,
  isFloat,
  readsBits,
  WORD_ORDERS,
  type WordOrder,
} from "./profile.ts";
import { type MapHead, type MapRow, NOTE_MAX } from "./register_map.ts";

/** How the texts are meant. */
export interface RowReading {
  /** How addresses are written. */
  readonly notation: AddressNotation;
  /** Function code and word order of rows that do not say theirs. */
  readonly head: Pick<MapHead, "functionCode" | "wordOrder">;
}

/** A row that was read, with where it stood. */
export interface NumberedRow {
  /** Its place, the first is 1. */
  readonly number: number;
  /** The row. */
  readonly row: MapRow;
}

/** Ways in which manuals name encodings and word orders. */
const ENCODING_NAMES: Readonly<Record<string, Encoding>> = {
  uint16: "u16",
  int16: "i16",
  uint32: "u32",
  int32: "i32",
  uint64: "u64",
  int64: "i64",
  float: "f32",
  float32: "f32",
  float64: "f64",
  double: "f64",
  text: "string",
  ascii: "string",
};
const ORDER_NAMES: Readonly<Record<string, WordOrder>> = {
  abcd: "big",
  cdab: "little",
  badc: "big-swapped",
  dcba: "little-swapped",
};

const KINDS: readonly ChannelKind[] = ["counter", "gauge", "state", "text"];
const FUNCTION_CODES: readonly FunctionCode[] = [1, 2, 3, 4];

/** Largest believable counter where nobody says, in its base unit. */
const LARGEST_COUNTER = 1e13;

/** Registers that are added to a row at most, and words that mean "no value". */
const PLUS_MAX = 11;
const SENTINELS_MAX = 4;

/** Reads the rows that can be read and tells what is wrong with the others; an empty row is left out. */
export function readRows(
  rows: readonly RowFields[],
  reading: RowReading,
): { readonly rows: readonly NumberedRow[]; readonly faults: readonly MapFault[] } {
  const read: NumberedRow[] = [];
  const faults: MapFault[] = [];
  rows.forEach((fields, i) => {
    if (isEmptyRow(fields)) return;
    const reader = createReader(fields, i + 1);
    const row = readRow(reader, reading);
    if (reader.faults.length === 0) read.push({ number: i + 1, row });
    faults.push(...reader.faults);
  });
  return { rows: read, faults };
}

/** Whether nothing is typed in a row. */
export function isEmptyRow(fields: RowFields): boolean {
  return Object.values(fields).every((text) => text.trim() === "");
}

/** A row as texts that read back to the same row. */
export function rowFieldsOf(row: MapRow, notation: AddressNotation): Readonly<Record<RowField, string>> {
  const { functionCode, range, counter } = row;
  const address = (at: number) => formatAddress(at, { functionCode, notation });
  const isCounts = counter !== undefined && !isFloat(row.encoding);
  return {
    quantity: row.quantity,
    address: address(row.address),
    functionCode: String(functionCode),
    encoding: row.encoding,
    words: row.words === undefined ? "" : String(row.words),
    bit: row.bit === undefined ? "" : String(row.bit),
    wordOrder: row.wordOrder,
    kind: row.kind,
    unit: row.unit,
    scale: isCounts ? scaleText(counter) : String(row.scale),
    offset: row.offset === 0 ? "" : String(row.offset),
    decimals: row.kind === "gauge" ? String(row.decimals) : "",
    low: range ? String(range[0]) : "",
    high: range ? String(range[1]) : "",
    sentinels: row.sentinels.join(" "),
    modulus: counter?.modulus == null ? "" : String(counter.modulus),
    plus: row.plus.map(address).join(" "),
    daily: row.daily ? "yes" : "",
    note: row.note,
  };
}

interface Reader {
  readonly faults: MapFault[];
  text(field: RowField): string;
  /** The value, or `instead` where it is wrong, which is noted. */
  take<T>(field: RowField, read: Result<T, string>, instead: T): T;
  refuse(field: RowField, expected: string): void;
}

function createReader(fields: RowFields, number: number): Reader {
  const faults: MapFault[] = [];
  const refuse = (field: RowField, expected: string) =>
    void faults.push(faultOf({ row: number, field }, fields[field], expected));
  return {
    faults,
    refuse,
    text: (field) => (fields[field] ?? "").trim(),
    take(field, read, instead) {
      if (read.ok) return read.value;
      refuse(field, read.error);
      return instead;
    },
  };
}

function readRow(reader: Reader, { notation, head }: RowReading): MapRow {
  const { text, take } = reader;
  const place = readPlace(reader, { notation, head });
  const encoding = choiceOf(reader, "encoding", { choices: ENCODINGS, names: ENCODING_NAMES });
  const unit = readUnit(reader);
  const kind = text("kind") === ""
    ? kindOf(encoding, unit)
    : choiceOf(reader, "kind", { choices: KINDS, names: {} });
  const whole = (field: RowField, least: number, most: number) =>
    text(field) === "" ? undefined : take(field, wholeNumber(text(field), { least, most }), least);
  const words = whole("words", 1, 125);
  const bit = whole("bit", 0, 15);
  const isBitOfCoil = bit === 0 && readsBits(place.functionCode);
  return {
    quantity: text("quantity"),
    ...place,
    encoding,
    ...(words !== undefined && { words }),
    ...(bit !== undefined && !isBitOfCoil && { bit }),
    wordOrder: text("wordOrder") === ""
      ? head.wordOrder
      : choiceOf(reader, "wordOrder", { choices: WORD_ORDERS, names: ORDER_NAMES }),
    kind,
    unit,
    ...readCounting(reader, { kind, encoding }),
    offset: text("offset") === "" ? 0 : take("offset", decimalNumber(text("offset")), 0),
    decimals: whole("decimals", 0, 6) ?? 0,
    range: readRange(reader, kind),
    sentinels: readSentinels(reader),
    plus: readPlus(reader, { notation, functionCode: place.functionCode }),
    daily: readDaily(reader),
    note: text("note"),
  };
}

/** Address and function code: the first digit of a 40001-style address implies one, and may not contradict. */
function readPlace(reader: Reader, { notation, head }: RowReading): Pick<MapRow, "address" | "functionCode"> {
  const { text, take, refuse } = reader;
  const place = take("address", parseAddress(text("address"), notation), { address: 0, functionCode: null });
  if (text("functionCode") === "") {
    return { address: place.address, functionCode: place.functionCode ?? head.functionCode };
  }
  const functionCode = FUNCTION_CODES.find((code) => String(code) === text("functionCode"));
  if (functionCode === undefined) {
    refuse("functionCode", "1 (coils), 2 (discrete inputs), 3 (holding) or 4 (input registers)");
  } else if (place.functionCode !== null && place.functionCode !== functionCode) {
    refuse("functionCode", `${place.functionCode}, as the address ${text("address")} says`);
  }
  return { address: place.address, functionCode: functionCode ?? head.functionCode };
}

function choiceOf<T extends string>(
  { text, refuse }: Reader,
  field: RowField,
  { choices, names }: { readonly choices: readonly T[]; readonly names: Readonly<Record<string, T>> },
): T {
  const typed = text(field).toLowerCase();
  const found = choices.find((one) => one === typed) ??
    (Object.hasOwn(names, typed) ? names[typed] : undefined);
  if (found === undefined) refuse(field, `one of ${choices.join(", ")}`);
  return found ?? choices[0] as T;
}

function readUnit({ text, refuse }: Reader): Unit {
  const typed = text("unit");
  const unit = UNITS.find((one) => one === typed);
  if (unit !== undefined) return unit;
  const [, prefix = "", base] = /^([kMG])(Wh|varh|VAh|W|var|VA|V|A)$/.exec(typed) ?? [];
  const factor = { k: "1000", M: "1000000", G: "1000000000" }[prefix];
  refuse(
    "unit",
    base === undefined
      ? `one of ${UNITS.filter((one) => one !== "").join(", ")}, or nothing`
      : `${base}, with the scale in ${base}: one ${typed} is ${factor} ${base}`,
  );
  return "";
}

function kindOf(encoding: Encoding, unit: Unit): ChannelKind {
  if (encoding === "string" || encoding === "ipv4") return "text";
  if (encoding === "bit") return "state";
  return COUNTER_UNITS.slice(0, 3).includes(unit) ? "counter" : "gauge";
}

interface Counting {
  readonly scale: number;
  readonly counter?: CounterSpec;
}

/** The scale of a gauge or a float; of a counter of whole numbers what a count is worth, and where it rolls over. */
function readCounting(
  { text, take, refuse }: Reader,
  { kind, encoding }: { readonly kind: ChannelKind; readonly encoding: Encoding },
): Counting {
  const typed = text("scale") === "" ? "1" : text("scale");
  const rollover = text("modulus");
  if (kind !== "counter" && rollover !== "") refuse("modulus", "nothing: only counters roll over");
  if (kind !== "counter") return { scale: take("scale", decimalNumber(typed), 1) };
  if (isFloat(encoding)) {
    if (rollover !== "") refuse("modulus", "nothing: a floating-point number does not roll over");
    const scale = take("scale", decimalNumber(typed), 1);
    return { scale, counter: { numerator: 1, denominator: 1, modulus: null } };
  }
  const counts = take("scale", wholeCounts(typed), { numerator: 1, denominator: 1 });
  const limits = { least: 2, most: Number.MAX_SAFE_INTEGER };
  const modulus = rollover === "" ? null : take("modulus", wholeNumber(rollover, limits), null);
  return { scale: 1, counter: { ...counts, modulus } };
}

function readRange({ text, take, refuse }: Reader, kind: ChannelKind): MapRow["range"] {
  const [low, high] = [text("low"), text("high")];
  if (low === "" && high === "") return kind === "counter" ? [0, LARGEST_COUNTER] : null;
  if (kind !== "counter" && (low === "" || high === "")) {
    refuse(low === "" ? "low" : "high", "both the smallest and the largest value, or neither");
    return null;
  }
  const most = high === "" ? LARGEST_COUNTER : take("high", decimalNumber(high), LARGEST_COUNTER);
  return [low === "" ? 0 : take("low", decimalNumber(low), 0), most];
}

function readSentinels({ text, refuse }: Reader): readonly string[] {
  const words = text("sentinels").toLowerCase().split(/[\s;]+/).filter((word) => word !== "")
    .map((word) => word.replace(/^0x/, ""));
  const right = words.every((word) => /^([0-9a-f]{4}){1,125}$/.test(word)) && words.length <= SENTINELS_MAX;
  if (!right) {
    refuse(
      "sentinels",
      `at most ${SENTINELS_MAX} values in hex, 4 digits a register, such as ffff or 7fc00000`,
    );
  }
  return right ? words : [];
}

function readPlus(
  { text, take, refuse }: Reader,
  { notation, functionCode }: { readonly notation: AddressNotation; readonly functionCode: FunctionCode },
): readonly number[] {
  const typed = text("plus").split(/[\s;]+/).filter((part) => part !== "");
  if (typed.length > PLUS_MAX) {
    refuse("plus", `at most ${PLUS_MAX} addresses`);
    return [];
  }
  return typed.map((part) => {
    const read = take("plus", parseAddress(part, notation), { address: 0, functionCode: null });
    if (read.functionCode !== null && read.functionCode !== functionCode) {
      refuse("plus", "addresses of the same kind of register as the row's own");
    }
    return read.address;
  });
}

function readDaily({ text, refuse }: Reader): boolean {
  const typed = text("daily").toLowerCase();
  const yes = ["yes", "true", "1", "daily"].includes(typed);
  if (!yes && !["", "no", "false", "0"].includes(typed)) refuse("daily", "yes, no or nothing");
  return yes;
}

/** What is wrong with the texts of a row that was read. */
export function rowTextFaults({ number, row }: NumberedRow): readonly MapFault[] {
  const trouble = textTrouble(row.note, { least: 0, most: NOTE_MAX });
  return trouble === null ? [] : [faultOf({ row: number, field: "note" }, row.note, trouble)];
}
