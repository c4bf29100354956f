/**
 * Reads the rows of a register map from a device as they are typed, saved or not: as few requests as the map allows, and
 * where a device refuses one, again in halves, so that one wrong row does not hide the others.
 *
 * @module
 */

import type { ProbePlace, Prober } from "../../../domain/probe.ts";
import type { ReadingReason } from "../../../domain/reading.ts";
import { hexOf } from "../../../domain/visit.ts";
import { readingReasonWords } from "../../../domain/words.ts";
import { decode, type DecodedValue } from "../../../profiles/decode.ts";
import { ADDRESS_MAX } from "../../../profiles/map_address.ts";
import {
  addressesOf,
  type FunctionCode,
  readsBits,
  type RegisterSpec,
  wordsOf,
} from "../../../profiles/profile.ts";
import { type MapHead, type MapRow, specOfRow } from "../../../profiles/register_map.ts";
import type { LiveCell } from "../../../ui/pages/maps/row_texts.ts";
import { figureOf } from "../read_now.ts";

/** A row with its name on the page. */
export interface NamedRow {
  /** Its name. */
  readonly id: number;
  /** The row. */
  readonly row: MapRow;
}

/** What is read, and from where. */
export interface RowsQuestion {
  /** The rows. */
  readonly rows: readonly NamedRow[];
  /** What the map says of all. */
  readonly head: Pick<MapHead, "functionCode" | "wordOrder" | "wordsPerRequest" | "gapWords">;
  /** The device. */
  readonly place: ProbePlace & { readonly unitId: number };
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface RowsRead {
  /** For each row, by its name. */
  readonly cells: ReadonlyMap<number, LiveCell>;
  /** Numbers by quantity, in base units as the meter shows them; `null`: words came that mean nothing. */
  readonly values: ReadonlyMap<string, number | null>;
  /** Requests that were sent. */
  readonly requests: number;
  /** Bytes over the air. */
  readonly bytes: number;
  /** Why nothing can be read there at all; `null`: something can. */
  readonly reason: ReadingReason | "busy" | null;
}

/** Requests of one press at most. */
export const REQUESTS_MAX = 100;

interface Span {
  readonly functionCode: FunctionCode;
  readonly from: number;
  readonly to: number;
  readonly rows: readonly NamedRow[];
}

/** Whether one request can bring a row: what cannot is at fault already, and is told so beside it. */
export function canBeAsked(row: MapRow, head: RowsQuestion["head"]): boolean {
  const spec = specOfRow(row, head);
  const addresses = addressesOf(spec);
  const last = Math.max(...addresses) + wordsOf(spec) - 1;
  const isCoil = readsBits(row.functionCode);
  return last <= ADDRESS_MAX && last - Math.min(...addresses) < head.wordsPerRequest &&
    (!isCoil || row.encoding === "bit");
}

/** Reads the rows; never throws for what the world does. */
export async function readRowValues(prober: Prober, question: RowsQuestion): Promise<RowsRead> {
  const { rows, place, head, signal } = question;
  const cells = new Map<number, LiveCell>();
  const values = new Map<string, number | null>();
  const waiting = spansOf(rows, head);
  let [requests, bytes] = [0, 0];
  let reason: RowsRead["reason"] = null;
  const fail = (span: Span, why: RowsRead["reason"]) => {
    for (const { id } of span.rows) cells.set(id, failedCell(why ?? "visit-deadline", place.unitId));
  };
  for (let span = waiting.shift(); span; span = waiting.shift()) {
    if (reason !== null || signal.aborted || requests >= REQUESTS_MAX) {
      fail(span, reason);
      continue;
    }
    requests += 1;
    const { functionCode, from, to } = span;
    const read = await prober.readWindow(place, { functionCode, address: from, count: to - from }, signal);
    if (read.ok) {
      bytes += read.value.bytes;
      for (const row of span.rows) note(row, { span, answer: read.value, head, cells, values });
    } else if (isOfAll(read.error)) {
      reason = read.error;
      fail(span, reason);
    } else if (span.rows.length > 1) waiting.unshift(...halvesOf(span));
    else fail(span, read.error);
  }
  return { cells, values, requests, bytes, reason };
}

/** Whether a device that answers so will answer nothing else either. */
function isOfAll(reason: ReadingReason | "busy"): boolean {
  return !reason.startsWith("exception-");
}

function spansOf(rows: readonly NamedRow[], head: RowsQuestion["head"]): Span[] {
  const single = rows.map((named): Span => {
    const spec = specOfRow(named.row, head);
    const addresses = addressesOf(spec);
    return {
      functionCode: named.row.functionCode,
      from: Math.min(...addresses),
      to: Math.max(...addresses) + wordsOf(spec),
      rows: [named],
    };
  }).sort((one, other) => one.functionCode - other.functionCode || one.from - other.from);
  const spans: Span[] = [];
  for (const next of single) {
    const last = spans.at(-1);
    const joins = last && last.functionCode === next.functionCode && next.from - last.to <= head.gapWords &&
      Math.max(last.to, next.to) - last.from <= head.wordsPerRequest;
    if (joins) {
      spans[spans.length - 1] = {
        ...last,
        to: Math.max(last.to, next.to),
        rows: [...last.rows, ...next.rows],
      };
    } else spans.push(next);
  }
  return spans;
}

function halvesOf({ rows }: Span): readonly Span[] {
  const half = Math.ceil(rows.length / 2);
  const all = { functionCode: 3, wordOrder: "big", wordsPerRequest: 125, gapWords: 125 } as const;
  return [rows.slice(0, half), rows.slice(half)].flatMap((part) => spansOf(part, all));
}

interface Noting {
  readonly span: Span;
  readonly answer: { readonly words: readonly number[]; readonly tookMs: number };
  readonly head: RowsQuestion["head"];
  readonly cells: Map<number, LiveCell>;
  readonly values: Map<string, number | null>;
}

function note({ id, row }: NamedRow, { span, answer, head, cells, values }: Noting): void {
  const spec = specOfRow(row, head);
  const length = wordsOf(spec);
  const words = addressesOf(spec).flatMap((address) =>
    answer.words.slice(address - span.from, address - span.from + length)
  );
  const shown = { words: words.map((word) => hexOf([word]).toUpperCase()).join(" "), tookMs: answer.tookMs };
  const read = decode(words, spec, head.wordOrder);
  if (!read.ok) {
    const { short } = readingReasonWords(read.error);
    cells.set(id, { ...shown, figure: null, reason: capital(short) });
    values.set(row.quantity, null);
    return;
  }
  const value = plainValue(read.value, spec);
  cells.set(id, { ...shown, figure: figureOf(value, row), reason: null });
  if (typeof value === "number") values.set(row.quantity, value);
}

/** In base units, without any ratio of transformers: what the meter itself shows. */
export function plainValue(decoded: DecodedValue, spec: RegisterSpec): number | string {
  switch (decoded.kind) {
    case "text":
      return decoded.text;
    case "state":
      return decoded.value;
    case "gauge":
      return decoded.value / 10 ** (spec.decimals ?? 0);
    case "counter": {
      const { numerator, denominator } = spec.counter ?? { numerator: 1, denominator: 1 };
      return decoded.value * numerator / denominator;
    }
  }
}

function failedCell(reason: ReadingReason | "busy", unitId: number): LiveCell {
  const words = reason === "busy" ? "others are reading here" : readingReasonWords(reason, { unitId }).short;
  return { words: "", figure: null, reason: capital(words), tookMs: null };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
