/**
 * The form of a register map as it stands in the browser: what is typed, and rows with what the server said of them.
 *
 * @module
 */

import type { AnswerRow, EditorAnswer } from "../../lib/ui/pages/maps/answer.ts";
import { HEAD_FIELDS, type HeadTexts } from "../../lib/ui/pages/maps/MapForm.tsx";
import {
  type EditorRow,
  EMPTY_ROW,
  ROW_FIELDS,
  type RowFaults,
  rowFieldName,
  type RowTexts,
} from "../../lib/ui/pages/maps/row_texts.ts";

/** A row as typed. */
export function typedRow(form: FormData, id: number): RowTexts {
  return Object.fromEntries(
    ROW_FIELDS.map((field) => [field, String(form.get(rowFieldName(id, field)) ?? "")]),
  ) as RowTexts;
}

/** The head as typed. */
export function typedHead(form: FormData): HeadTexts {
  return Object.fromEntries(HEAD_FIELDS.map((field) => [field, String(form.get(field) ?? "")])) as HeadTexts;
}

/** What an answer was to: a judgement leaves values where they are, reading brings them anew. */
export type AskedFor = "judge" | "read" | "save" | "show";

/** The rows after an answer; those of which it says nothing new stay the same objects. */
export function rowsAfter(
  rows: readonly EditorRow[],
  { answer, form, asked }: {
    readonly answer: EditorAnswer;
    readonly form: FormData;
    readonly asked: AskedFor;
  },
): readonly EditorRow[] {
  const said = new Map(answer.rows.map((row) => [row.id, row]));
  return rows.map((row) => rowAfter(row, { said: said.get(row.id), form, asked }));
}

function rowAfter(
  row: EditorRow,
  { said, form, asked }: {
    readonly said: AnswerRow | undefined;
    readonly form: FormData;
    readonly asked: AskedFor;
  },
): EditorRow {
  const live = asked === "read" ? said?.live ?? null : row.live;
  const faults = asked === "show" ? row.faults : said?.faults ?? {};
  const texts = said?.texts ?? typedRow(form, row.id);
  if (live === row.live && isSame(faults, row.faults) && isSameText(texts, row.texts)) return row;
  return { ...row, live, faults, texts };
}

function isSame(one: RowFaults, other: RowFaults): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isSameText(one: RowTexts, other: RowTexts): boolean {
  return ROW_FIELDS.every((field) => one[field] === other[field]);
}

/** A new row after the others: what follows the last one on the wire, coded as it is. */
export function newRow(rows: readonly EditorRow[], form: FormData): EditorRow {
  const id = Math.max(0, ...rows.map((row) => row.id)) + 1;
  const last = rows.at(-1);
  if (!last) return { id, texts: EMPTY_ROW, faults: {}, live: null, added: true };
  const { encoding, wordOrder, functionCode, address } = typedRow(form, last.id);
  const texts = { ...EMPTY_ROW, encoding, wordOrder, functionCode, address: addressAfter(address, encoding) };
  return { id, texts, faults: {}, live: null, added: true };
}

/** Registers that follow a value. */
const WORDS: Readonly<Record<string, number>> = {
  u16: 1,
  i16: 1,
  bit: 1,
  u64: 4,
  i64: 4,
  f64: 4,
};

function addressAfter(address: string, encoding: string): string {
  return /^\d{1,6}$/.test(address)
    ? String(Number(address) + (WORDS[encoding] ?? 2)).padStart(address.length, "0")
    : "";
}
