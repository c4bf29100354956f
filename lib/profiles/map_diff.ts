/**
 * What changed between two versions of a register map, in words. Pure.
 *
 * @module
 */

import { FIELD_WORDS, HEAD_FIELDS, ROW_FIELDS, type RowField } from "./map_fault.ts";
import { rowFieldsOf } from "./map_row_text.ts";
import { headFieldsOf } from "./map_text.ts";
import type { MapRow, RegisterMap } from "./register_map.ts";

/** One difference. */
export interface MapChange {
  /** The quantity; `null`: the map itself. */
  readonly quantity: string | null;
  /** `added` and `removed` are rows; `renamed` is the same register under another name. */
  readonly kind: "added" | "removed" | "renamed" | "changed" | "moved";
  /** A sentence without full stop, such as `importWh: scale was 1, is 1000`. */
  readonly words: string;
  /** Whether readings mean something else since: all but notes and order. */
  readonly matters: boolean;
}

/** Every difference, the map's own first, then row by row as the newer one has them, then what was removed. */
export function diffMaps(older: RegisterMap, newer: RegisterMap): readonly MapChange[] {
  const before = new Map(older.rows.map((row) => [row.quantity, row]));
  const after = new Map(newer.rows.map((row) => [row.quantity, row]));
  const removed = older.rows.filter(({ quantity }) => !after.has(quantity));
  const renamed = new Map<string, MapRow>();
  for (const row of newer.rows.filter(({ quantity }) => !before.has(quantity))) {
    const twin = removed.find((one) => isSameRegister(one, row) && ![...renamed.values()].includes(one));
    if (twin) renamed.set(row.quantity, twin);
  }
  return [
    ...headChanges(older, newer),
    ...newer.rows.flatMap((row) => rowChanges(row, before.get(row.quantity) ?? renamed.get(row.quantity))),
    ...removed.filter((row) => ![...renamed.values()].includes(row)).map(removedRow),
    ...orderChange(older, newer),
  ];
}

function isSameRegister(one: MapRow, other: MapRow): boolean {
  return one.address === other.address && one.functionCode === other.functionCode && one.bit === other.bit &&
    one.encoding === other.encoding;
}

function headChanges(older: RegisterMap, newer: RegisterMap): readonly MapChange[] {
  const [was, is] = [headFieldsOf(older), headFieldsOf(newer)];
  return HEAD_FIELDS.filter((field) => was[field] !== is[field]).map((field) => ({
    quantity: null,
    kind: "changed",
    words: field === "notes"
      ? "Notes were rewritten"
      : capital(changeWords(FIELD_WORDS[field], was[field], is[field])),
    // Rows carry their own function code and word order.
    matters: field === "maxPowerW" || field === "forgetsWithoutPower" || field === "kind",
  }));
}

function rowChanges(row: MapRow, before: MapRow | undefined): readonly MapChange[] {
  const { quantity } = row;
  const is = rowFieldsOf(row, "0-based");
  if (!before) {
    return [{ quantity, kind: "added", words: `${quantity} is new: ${summary(is)}`, matters: true }];
  }
  const was = rowFieldsOf(before, "0-based");
  const changes: MapChange[] = ROW_FIELDS.filter((field) => field !== "quantity" && was[field] !== is[field])
    .map((field) => ({
      quantity,
      kind: "changed",
      words: `${quantity}: ${changeWords(FIELD_WORDS[field], was[field], is[field])}`,
      matters: field !== "note" && field !== "daily",
    }));
  if (before.quantity === quantity) return changes;
  const words = `${before.quantity} is called ${quantity}`;
  return [{ quantity, kind: "renamed", words, matters: true }, ...changes];
}

function removedRow(row: MapRow): MapChange {
  const { quantity } = row;
  const words = `${quantity} is gone: ${summary(rowFieldsOf(row, "0-based"))}`;
  return { quantity, kind: "removed", words, matters: true };
}

function orderChange(older: RegisterMap, newer: RegisterMap): readonly MapChange[] {
  const kept = (map: RegisterMap, other: RegisterMap) =>
    map.rows.map(({ quantity }) => quantity)
      .filter((name) => other.rows.some(({ quantity }) => quantity === name)).join(" ");
  return kept(older, newer) === kept(newer, older)
    ? []
    : [{ quantity: null, kind: "moved", words: "Rows stand in another order", matters: false }];
}

function summary(fields: Readonly<Record<RowField, string>>): string {
  const { address, encoding, functionCode, wordOrder, scale, unit } = fields;
  return `address ${address}, function ${functionCode}, ${encoding}, ${wordOrder}, scale ${scale}${
    unit === "" ? "" : ` ${unit}`
  }`;
}

function changeWords(name: string, was: string, is: string): string {
  const shown = (text: string) => text === "" ? "empty" : text;
  return `${name} was ${shown(was)}, is ${shown(is)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
