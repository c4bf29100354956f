/**
 * What differs between two states of a register map, as its page shows it.
 *
 * @module
 */

import { diffMaps, type MapChange } from "../../../profiles/map_diff.ts";
import { FIELD_WORDS, HEAD_FIELDS, ROW_FIELDS } from "../../../profiles/map_fault.ts";
import { rowFieldsOf } from "../../../profiles/map_row_text.ts";
import { headFieldsOf } from "../../../profiles/map_text.ts";
import type { MapRow, RegisterMap } from "../../../profiles/register_map.ts";
import { countText } from "../../../ui/format.ts";
import type { DiffModel, DiffRow } from "../../../ui/pages/maps/DiffTable.tsx";

/** A state of a map with what it is called. */
export interface MapSide {
  /** Such as `Version 3`. */
  readonly label: string;
  /** The map. */
  readonly map: RegisterMap;
}

/** Differences that are shown at most; the rest is counted. */
const SHOWN_MAX = 400;

/** The differences. */
export function diffView(from: MapSide, to: MapSide): DiffModel {
  const changes = diffMaps(from.map, to.map);
  const rows = [...headRows(from.map, to.map), ...rowRows({ from: from.map, to: to.map, changes })];
  return {
    fromLabel: from.label,
    toLabel: to.label,
    summary: summaryOf(changes),
    sentences: changes.slice(0, SHOWN_MAX).map(({ words }) => words),
    rows: rows.slice(0, SHOWN_MAX),
  };
}

function summaryOf(changes: readonly MapChange[]): string {
  if (changes.length === 0) return "Both are the same.";
  const matter = changes.filter(({ matters }) => matters).length;
  const all = countText(changes.length, "difference");
  if (matter === 0) return `${all}; readings mean the same with both.`;
  return `${all}, ${matter} of which ${matter === 1 ? "changes" : "change"} what readings mean.`;
}

function headRows(from: RegisterMap, to: RegisterMap): readonly DiffRow[] {
  const [was, is] = [headFieldsOf(from), headFieldsOf(to)];
  return HEAD_FIELDS.filter((field) => was[field] !== is[field]).map((field) => ({
    id: `head ${field}`,
    kind: "changed",
    what: "Device",
    field: FIELD_WORDS[field],
    before: was[field],
    after: is[field],
  }));
}

interface RowSides {
  readonly from: RegisterMap;
  readonly to: RegisterMap;
  readonly changes: readonly MapChange[];
}

function rowRows({ from, to, changes }: RowSides): readonly DiffRow[] {
  const renamed = new Set(changes.filter(({ kind }) => kind === "renamed").map(({ quantity }) => quantity));
  const gone = from.rows.filter(({ quantity }) => !to.rows.some((row) => row.quantity === quantity));
  const twins = new Map<string, MapRow>();
  for (const row of to.rows.filter(({ quantity }) => renamed.has(quantity))) {
    const twin = gone.find((one) =>
      one.address === row.address && one.functionCode === row.functionCode && one.bit === row.bit &&
      one.encoding === row.encoding && ![...twins.values()].includes(one)
    );
    if (twin) twins.set(row.quantity, twin);
  }
  return [
    ...to.rows.flatMap((row) => {
      const before = from.rows.find(({ quantity }) => quantity === row.quantity) ?? twins.get(row.quantity);
      return before ? changedRows(before, row) : [wholeRow(row, "added")];
    }),
    ...gone.filter((row) => ![...twins.values()].includes(row)).map((row) => wholeRow(row, "removed")),
  ];
}

function changedRows(before: MapRow, after: MapRow): readonly DiffRow[] {
  const [was, is] = [rowFieldsOf(before, "0-based"), rowFieldsOf(after, "0-based")];
  return ROW_FIELDS.filter((field) => was[field] !== is[field]).map((field) => ({
    id: `${after.quantity} ${field}`,
    kind: "changed",
    what: after.quantity,
    field: FIELD_WORDS[field],
    before: was[field],
    after: is[field],
  }));
}

function wholeRow(row: MapRow, kind: "added" | "removed"): DiffRow {
  const { address, encoding, wordOrder, scale, unit } = rowFieldsOf(row, "0-based");
  const words = [address, encoding, wordOrder, `× ${scale}`, unit].filter((part) => part !== "").join(", ");
  return {
    id: `${row.quantity} ${kind}`,
    kind,
    what: row.quantity,
    field: "",
    before: kind === "removed" ? words : "",
    after: kind === "added" ? words : "",
  };
}
