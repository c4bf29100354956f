/**
 * The form of a register map as it is sent: its head, its rows in their order, how addresses are written and where
 * values are read; and what is wrong with it, beside its row and field.
 *
 * @module
 */

import {
  ADDRESS_NOTATIONS,
  type AddressNotation,
  formatAddress,
  parseAddress,
} from "../../../profiles/map_address.ts";
import type { MapFault } from "../../../profiles/map_fault.ts";
import { rowFieldsOf } from "../../../profiles/map_row_text.ts";
import { headFieldsOf, parseMap } from "../../../profiles/map_text.ts";
import type { FunctionCode } from "../../../profiles/profile.ts";
import { EMPTY_MAP, type RegisterMap } from "../../../profiles/register_map.ts";
import { err, type Result } from "../../../result.ts";
import { HEAD_FIELDS, type HeadTexts } from "../../../ui/pages/maps/MapForm.tsx";
import {
  EMPTY_ROW,
  MAP_ROWS_MAX,
  parseRowFieldName,
  type RowFaults,
  type RowField,
  rowFieldName,
  type RowTexts,
} from "../../../ui/pages/maps/row_texts.ts";

/** A row as it was sent. */
export interface SentRow {
  /** Names it on the page. */
  readonly id: number;
  /** As typed. */
  readonly texts: RowTexts;
}

/** What is pressed. */
export type MapAct = "save" | "add" | "show" | "read" | "judge" | { readonly remove: number };

/** The form as it was sent. */
export interface SentMap {
  /** The version of the working copy that was looked at. */
  readonly version: number;
  /** What is wanted. */
  readonly act: MapAct;
  /** How the addresses are written. */
  readonly notation: AddressNotation;
  /** How they are to be shown. */
  readonly show: AddressNotation;
  /** Where values are read; empty: nowhere. */
  readonly at: string;
  /** The head as typed. */
  readonly head: HeadTexts;
  /** The rows in their order. */
  readonly rows: readonly SentRow[];
  /** A part of the name of a device that is looked for; may be empty. */
  readonly find: string;
  /** Why it cannot be a form of ours; `null`: it can. */
  readonly trouble: string | null;
}

/** What is wrong with a form, by where it stands. */
export interface MapFaultsShown {
  /** Of the head; `""` belongs to no field. */
  readonly head: Readonly<Record<string, string>>;
  /** Of the rows, by their names on the page. */
  readonly rows: ReadonlyMap<number, RowFaults>;
}

/** Characters of one field that are kept for showing it again; what is longer is refused either way. */
const TYPED_MAX = 400;

/** The same for the notes. */
const NOTES_TYPED_MAX = 4_000;

/** Names besides those of head and rows. */
const NAMES = new Set<string>(["version", "do", "notation", "show", "at", "find", ...HEAD_FIELDS]);

/** Reads the form; what was typed is kept whatever is wrong with it. */
export function readMapForm(form: URLSearchParams): SentMap {
  const rows = new Map<number, { -readonly [Field in RowField]?: string }>();
  let trouble: string | null = null;
  for (const name of new Set(form.keys())) {
    const texts = form.getAll(name);
    if (texts.length > 1) trouble ??= `"${shown(name)}" was sent more than once`;
    if (NAMES.has(name)) continue;
    const place = parseRowFieldName(name);
    if (!place) {
      trouble = `Unknown field "${shown(name)}"`;
      continue;
    }
    const row = rows.get(place.id) ?? {};
    row[place.field] = (texts[0] ?? "").slice(0, TYPED_MAX);
    rows.set(place.id, row);
  }
  if (rows.size > MAP_ROWS_MAX) trouble ??= `${rows.size} rows were sent, at most ${MAP_ROWS_MAX} are taken`;
  const version = form.get("version") ?? "";
  const act = actOf(form.get("do") ?? "save");
  if (!/^\d{1,9}$/.test(version) || act === null) trouble ??= "The form was not sent as it is";
  const notation = notationOf(form.get("notation")) ?? "0-based";
  return {
    version: trouble === null ? Number(version) : 0,
    act: act ?? "save",
    notation,
    show: notationOf(form.get("show")) ?? notation,
    at: (form.get("at") ?? "").slice(0, 60),
    find: (form.get("find") ?? "").trim().slice(0, 60),
    head: headOf(form),
    rows: [...rows].sort(([one], [other]) => one - other).slice(0, MAP_ROWS_MAX)
      .map(([id, texts]) => ({ id, texts: { ...EMPTY_ROW, ...texts } })),
    trouble,
  };
}

function shown(name: string): string {
  return [...name].slice(0, 40).join("").replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}

function actOf(text: string): MapAct | null {
  const [, row] = /^remove-([1-9]\d{0,3})$/.exec(text) ?? [];
  if (row !== undefined) return { remove: Number(row) };
  if (text === "find") return "show";
  return (["save", "add", "show", "read", "judge"] as const).find((act) => act === text) ?? null;
}

/** A notation by its name; `null`: there is none of that name. */
export function notationOf(text: string | null): AddressNotation | null {
  return ADDRESS_NOTATIONS.find((notation) => notation === text) ?? null;
}

function headOf(form: URLSearchParams): HeadTexts {
  return Object.fromEntries(HEAD_FIELDS.map((field) => {
    const most = field === "notes" ? NOTES_TYPED_MAX : TYPED_MAX;
    return [field, (form.get(field) ?? "").slice(0, most)];
  })) as HeadTexts;
}

/** The map that a form means, or what is wrong with it beside its field. */
export function judgeMap(
  { head, rows, notation }: Pick<SentMap, "head" | "rows" | "notation">,
  basedOn: string | null,
): Result<RegisterMap, MapFaultsShown> {
  const read = parseMap({ head, rows: rows.map(({ texts }) => texts), notation, basedOn });
  return read.ok ? read : err(shownFaults(read.error, rows));
}

/** Faults beside where they stand. */
export function shownFaults(faults: readonly MapFault[], rows: readonly SentRow[]): MapFaultsShown {
  const head: Record<string, string> = {};
  const byRow = new Map<number, Record<string, string>>();
  for (const { row, field, value, expected } of faults) {
    const words = value === "" ? `Expected ${expected}` : `“${value}”: expected ${expected}`;
    const sent = row === null ? undefined : rows[row - 1];
    if (!sent) {
      head[(HEAD_FIELDS as readonly string[]).includes(field) ? field : ""] ??= words;
      continue;
    }
    const of = byRow.get(sent.id) ?? {};
    of[field] ??= words;
    byRow.set(sent.id, of);
  }
  return { head, rows: byRow };
}

/** A stored map as its form shows it; rows are named from 1. */
export function textsOfMap(
  map: RegisterMap,
  notation: AddressNotation,
): { readonly head: HeadTexts; readonly rows: readonly SentRow[] } {
  return {
    head: headFieldsOf(map),
    rows: map.rows.map((row, index) => {
      const texts = rowFieldsOf(row, notation);
      return {
        id: index + 1,
        texts: {
          ...texts,
          wordOrder: row.wordOrder === map.wordOrder ? "" : texts.wordOrder,
          functionCode: row.functionCode === map.functionCode ? "" : texts.functionCode,
        },
      };
    }),
  };
}

/** The rows with their addresses written otherwise; what is no address stays as it was typed. */
export function inNotation(
  { head, rows, notation }: Pick<SentMap, "head" | "rows" | "notation">,
  show: AddressNotation,
): readonly SentRow[] {
  if (show === notation) return rows;
  return rows.map(({ id, texts }) => {
    const own = codeOf(texts.functionCode) ?? codeOf(head.functionCode) ?? EMPTY_MAP.functionCode;
    const turn = (text: string) => {
      const read = parseAddress(text, notation);
      if (!read.ok) return text;
      const functionCode = read.value.functionCode ?? own;
      return formatAddress(read.value.address, { functionCode, notation: show });
    };
    const implied = parseAddress(texts.address, notation);
    const kept = implied.ok && implied.value.functionCode !== null && show !== "40001-style" &&
        String(implied.value.functionCode) !== head.functionCode
      ? String(implied.value.functionCode)
      : texts.functionCode;
    const plus = texts.plus.split(/[\s;]+/).filter((part) => part !== "").map(turn).join(" ");
    return { id, texts: { ...texts, address: turn(texts.address), plus, functionCode: kept } };
  });
}

function codeOf(text: string): FunctionCode | null {
  return ([1, 2, 3, 4] as const).find((code) => String(code) === text.trim()) ?? null;
}

/** The number that a new row gets. */
export function nextRowId(rows: readonly SentRow[]): number {
  return Math.max(0, ...rows.map(({ id }) => id)) + 1;
}

/** Names of all fields of a row, for tests and programs that send the form. */
export function rowForm(id: number, texts: Partial<RowTexts>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).map(([field, text]) => [rowFieldName(id, field as RowField), text ?? ""]),
  );
}
