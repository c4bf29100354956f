/**
 * A whole register map from texts, and as texts: for forms, JSON and CSV alike. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { rowFaults } from "./map_check.ts";
import {
  faultOf,
  type HeadField,
  type HeadFields,
  type MapFault,
  type RowFields,
  textTrouble,
} from "./map_fault.ts";
import type { AddressNotation } from "./map_address.ts";
import { wholeNumber } from "./map_number.ts";
import { isEmptyRow, readRows } from "./map_row_text.ts";
import { DEVICE_KINDS, type FunctionCode, WORD_ORDERS } from "./profile.ts";
import { EMPTY_MAP, type MapHead, NAME_MAX, NOTES_MAX, type RegisterMap, ROWS_MAX } from "./register_map.ts";

/** A register map as it was typed. */
export interface MapTexts {
  /** All but its rows. */
  readonly head: HeadFields;
  /** Its rows in their order; those in which nothing stands are left out. */
  readonly rows: readonly RowFields[];
  /** How addresses are written; default 0-based. */
  readonly notation?: AddressNotation;
  /** Id of the device profile that it was copied from; default `null`. */
  readonly basedOn?: string | null;
}

const FUNCTION_CODES: readonly FunctionCode[] = [1, 2, 3, 4];

/** Reads a register map, or tells everything that is wrong with it at once. */
export function parseMap(
  { head, rows, notation = "0-based", basedOn = null }: MapTexts,
): Result<RegisterMap, readonly MapFault[]> {
  const read = readHead(head);
  const filled = rows.filter((row) => !isEmptyRow(row)).length;
  if (filled > ROWS_MAX) {
    const tooMany = faultOf({ row: null, field: "rows" }, filled, `at most ${ROWS_MAX} rows`);
    return err([...read.faults, tooMany]);
  }
  const found = readRows(rows, { notation, head: read.head });
  const faults = [...read.faults, ...[...found.faults, ...rowFaults(found.rows, read.head)].sort(byRow)];
  return faults.length > 0
    ? err(faults)
    : ok({ ...read.head, basedOn, rows: found.rows.map(({ row }) => row) });
}

function byRow(one: MapFault, other: MapFault): number {
  return (one.row ?? 0) - (other.row ?? 0);
}

/** What a register map says besides its rows, as texts that read back to the same. */
export function headFieldsOf(head: MapHead): Readonly<Record<HeadField, string>> {
  return {
    name: head.name,
    vendor: head.vendor,
    model: head.model,
    kind: head.kind,
    functionCode: String(head.functionCode),
    wordOrder: head.wordOrder,
    wordsPerRequest: String(head.wordsPerRequest),
    gapWords: String(head.gapWords),
    requestMs: String(head.requestMs),
    pauseMs: String(head.pauseMs),
    maxPowerW: head.maxPowerW === null ? "" : String(head.maxPowerW),
    forgetsWithoutPower: head.forgetsWithoutPower ? "yes" : "",
    notes: head.notes,
  };
}

/** What {@link EMPTY_MAP} says stands where nothing does. */
function readHead(
  fields: HeadFields,
): {
  readonly head: Omit<MapHead, "basedOn"> & { readonly basedOn: null };
  readonly faults: readonly MapFault[];
} {
  const faults: MapFault[] = [];
  const text = (field: HeadField) => (fields[field] ?? "").trim();
  const refuse = (field: HeadField, expected: string) =>
    void faults.push(faultOf({ row: null, field }, fields[field], expected));
  const short = (field: "name" | "vendor" | "model", least: number) => {
    const trouble = textTrouble(text(field), { least, most: NAME_MAX });
    if (trouble !== null) refuse(field, trouble);
    return text(field);
  };
  const whole = (
    field: "wordsPerRequest" | "gapWords" | "requestMs" | "pauseMs",
    least: number,
    most: number,
  ) => {
    if (text(field) === "") return EMPTY_MAP[field];
    const read = wholeNumber(text(field), { least, most });
    if (!read.ok) refuse(field, read.error);
    return read.ok ? read.value : EMPTY_MAP[field];
  };
  const oneOf = <T extends string>(field: HeadField, choices: readonly T[], instead: T): T => {
    const found = choices.find((one) => one === text(field));
    if (found === undefined && text(field) !== "") refuse(field, `one of ${choices.join(", ")}`);
    return found ?? instead;
  };
  const code = oneOf("functionCode", FUNCTION_CODES.map(String), String(EMPTY_MAP.functionCode));
  const wordsPerRequest = whole("wordsPerRequest", 1, 125);
  const notes = text("notes").replaceAll("\r\n", "\n");
  const trouble = textTrouble(notes, { least: 0, most: NOTES_MAX, lines: true });
  if (trouble !== null) refuse("notes", trouble);
  const head = {
    name: short("name", 1),
    vendor: short("vendor", 0),
    model: short("model", 0),
    kind: oneOf("kind", DEVICE_KINDS, EMPTY_MAP.kind),
    functionCode: FUNCTION_CODES.find((one) => String(one) === code) ?? EMPTY_MAP.functionCode,
    wordOrder: oneOf("wordOrder", WORD_ORDERS, EMPTY_MAP.wordOrder),
    wordsPerRequest,
    gapWords: whole("gapWords", 0, wordsPerRequest - 1),
    requestMs: whole("requestMs", 1, 60_000),
    pauseMs: whole("pauseMs", 0, 5_000),
    maxPowerW: maxPowerOf(text("maxPowerW"), (expected) => refuse("maxPowerW", expected)),
    forgetsWithoutPower: oneOf("forgetsWithoutPower", ["yes", "no"], "no") === "yes",
    notes,
    basedOn: null,
  };
  return { head, faults };
}

function maxPowerOf(text: string, refuse: (expected: string) => void): number | null {
  if (text === "") return null;
  const read = wholeNumber(text, { least: 1, most: 2_000_000_000 });
  if (!read.ok) refuse(`${read.error}, or nothing`);
  return read.ok ? read.value : null;
}
