/**
 * The workbench at work: reads a window once or twice, ranks the ways to read it, looks at what it says of the wiring, and
 * writes the chosen way into the working copy.
 *
 * @module
 */

import { HttpError } from "fresh";
import { checkWiring, wiringWords } from "../../../domain/wiring.ts";
import { wiringReadsOf } from "../../../domain/wiring_reads.ts";
import { readingReasonWords } from "../../../domain/words.ts";
import { decode } from "../../../profiles/decode.ts";
import { parseMap } from "../../../profiles/map_text.ts";
import { addressesOf, wordsOf } from "../../../profiles/profile.ts";
import { type RegisterMap, specOfRow } from "../../../profiles/register_map.ts";
import { findReadings, type LaterRead } from "../../../profiles/workbench.ts";
import { err, ok, type Result } from "../../../result.ts";
import { readMap, saveMap } from "../../../store/register_maps.ts";
import type { WorkbenchOutcome } from "../../../ui/pages/maps/WorkbenchPage.tsx";
import { authorOf, writeDown } from "../../author.ts";
import type { FieldErrors } from "../../form.ts";
import { storedMapOf } from "../../own_maps.ts";
import { servicesOf, type State } from "../../state.ts";
import { countPerson } from "../../too_many.ts";
import { FAR_PLACE, MAP_READ_MS, MAP_READS } from "./editor_act.ts";
import { textsOfMap } from "./map_form.ts";
import type { OpenMap } from "./open_map.ts";
import { findPlace, placeTrace, type ReadFrom } from "./place.ts";
import { plainValue } from "./read_rows.ts";
import { type AnswerAbout, candidateItems, rawLines, verdictWords } from "./workbench_answer.ts";
import {
  earlierOf,
  proposedQuantity,
  readSeen,
  rowOfWay,
  type SeenReads,
  seenText,
  windowName,
  type WorkbenchWish,
} from "./workbench_form.ts";

/** What came of a look. */
export interface Looked {
  /** What it says. */
  readonly outcome: WorkbenchOutcome;
  /** What the rules of wiring say. */
  readonly findings: readonly string[];
}

/** What is looked at. */
export interface LookWish {
  /** The map. */
  readonly open: OpenMap;
  /** What is asked. */
  readonly wish: WorkbenchWish;
  /** The device by its name in forms. */
  readonly at: string;
  /** What the display shows, as typed. */
  readonly typed: string;
  /** What was seen before, as the form sent it. */
  readonly seen: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Reads the window and says what it can be. */
export async function look(state: State, looked: LookWish): Promise<Looked> {
  const { open, wish, at, signal } = looked;
  const found = await findPlace(state, at);
  if (found.kind === "none") throw new HttpError(422);
  if (found.kind === "far") return failed(FAR_PLACE, "Nothing was asked.");
  await countPerson(state, MAP_READS);
  const { place } = found;
  const { prober } = servicesOf(state);
  const until = AbortSignal.any([signal, AbortSignal.timeout(MAP_READ_MS + wish.againS * 1000)]);
  const { clock } = state.base;
  const read = await prober.readWindow(place, wish.window, until);
  await writeDown(state, {
    action: "register-map-read",
    subject: `register map ${open.record.id}`,
    ...(place.siteId !== null && { siteId: place.siteId }),
    after: {
      ...placeTrace(place),
      ...wish.window,
      outcome: read.ok ? "read" : read.error,
    },
  });
  if (!read.ok) return failedBy(read.error, place);
  const firstMs = clock.monotonicMs();
  let later: LaterRead | undefined;
  let { tookMs, bytes } = read.value;
  if (wish.againS > 0) {
    await clock.sleep(wish.againS * 1000, until);
    const again = await prober.readWindow(place, wish.window, until);
    if (!again.ok) return failedBy(again.error, place);
    const elapsedS = Math.max(0.001, (clock.monotonicMs() - firstMs) / 1000);
    later = { words: again.value.words, elapsedS, powerW: wish.powerW };
    tookMs += again.value.tookMs;
    bytes += again.value.bytes;
  }
  return answered({ looked, place, words: read.value.words, later, tookMs, bytes });
}

function failedBy(reason: Parameters<typeof readingReasonWords>[0] | "busy", { unitId }: ReadFrom): Looked {
  if (reason === "busy") {
    return failed(
      "Someone else is reading here",
      "One connection serves all devices behind this port. Try again in a moment.",
    );
  }
  const { short, advice: usual } = readingReasonWords(reason, { unitId });
  const advice = reason.startsWith("exception-")
    ? "Try the other function code, another first register, or fewer registers"
    : usual;
  return failed(`${short.charAt(0).toUpperCase()}${short.slice(1)}`, advice === null ? "" : `${advice}.`);
}

function failed(title: string, words: string): Looked {
  return { outcome: { kind: "failed", title, words }, findings: [] };
}

interface Answering {
  readonly looked: LookWish;
  readonly place: ReadFrom;
  readonly words: readonly number[];
  readonly later: LaterRead | undefined;
  readonly tookMs: number;
  readonly bytes: number;
}

function answered({ looked, place, words, later, tookMs, bytes }: Answering): Looked {
  const { wish, open, at, typed } = looked;
  const { window: { functionCode, address, count }, display, notation } = wish;
  const of = windowName(at, wish.window);
  const before = readSeen(looked.seen, { of, count });
  const window = { functionCode, address, words };
  const ratio = ratioOf(place, display.unit);
  const answer = findReadings({ window, display, later, ratio, earlier: earlierOf(before) });
  const reads: SeenReads["reads"] = [...before.reads, { words, display: typed }];
  const about: AnswerAbout = { window, display, notation, reads: reads.length, twice: later !== undefined };
  return {
    outcome: {
      kind: "read",
      verdict: answer.verdict,
      ...verdictWords(answer, about),
      candidates: candidateItems(answer, about),
      quantity: proposedQuantity(display, open.map),
      tookMs,
      bytes,
      lines: rawLines(about),
      seen: seenText({ of, reads }),
      reads: reads.length,
    },
    findings: findingsOf({ map: open.map, window, place, wish }),
  };
}

/** How much larger than the register the display may be, where it shows primary values and the register does not. */
function ratioOf({ transformer }: ReadFrom, unit: string): number {
  if (!transformer) return 1;
  const ct = transformer.ctPrimaryA / transformer.ctSecondaryA;
  const vt = transformer.vtPrimaryV / transformer.vtSecondaryV;
  switch (unit) {
    case "A":
      return ct;
    case "V":
      return vt;
    case "W":
    case "var":
    case "VA":
    case "Wh":
    case "varh":
    case "VAh":
      return ct * vt;
  }
  return 1;
}

interface FindingsQuestion {
  readonly map: RegisterMap;
  readonly window: AnswerAbout["window"];
  readonly place: ReadFrom;
  readonly wish: WorkbenchWish;
}

/** The rules of wiring on what the display shows and on rows of the map that lie within what was read. */
function findingsOf({ map, window, place, wish: { display } }: FindingsQuestion): readonly string[] {
  const values = new Map<string, number | null>();
  for (const row of map.rows.filter(({ functionCode }) => functionCode === window.functionCode)) {
    const spec = specOfRow(row, map);
    const length = wordsOf(spec);
    const parts = addressesOf(spec).map((address) => {
      const from = address - window.address;
      return from < 0 ? [] : window.words.slice(from, from + length);
    });
    if (parts.some((part) => part.length < length)) continue;
    const read = decode(parts.flat(), spec, map.wordOrder);
    const value = read.ok ? plainValue(read.value, spec) : null;
    if (typeof value === "number" || value === null) values.set(row.quantity, value);
  }
  const shown = display.value * display.factor;
  const quantity = proposedQuantity(display, { ...map, rows: [] });
  if (["V", "A", "Hz", "W"].includes(display.unit) && !values.has(quantity)) values.set(quantity, shown);
  const maxCurrentA = display.unit === "A" ? Math.abs(shown) : null;
  const supply = { transformer: place.transformer, nominalV: nominalOf(values, place) };
  return checkWiring(wiringReadsOf(values, supply, { maxCurrentA })).map(wiringWords);
}

/** Line-to-neutral voltages that are usual somewhere, in V. */
const USUAL_V = [230, 120, 277, 220] as const;

/** Of one voltage alone, the usual one that it is, or is √3 times; absent: the checks know better. */
function nominalOf(
  values: ReadonlyMap<string, number | null>,
  { transformer }: ReadFrom,
): number | undefined {
  const voltageV = values.get("voltageL1V") ?? null;
  if (voltageV === null || transformer || values.has("frequencyHz")) return undefined;
  const near = (wanted: number) => Math.abs(voltageV - wanted) <= wanted / 10;
  return USUAL_V.find(near) ?? USUAL_V.find((usual) => near(usual * Math.sqrt(3)));
}

/** A way that was chosen. */
export interface UseWish {
  /** The map. */
  readonly open: OpenMap;
  /** The version of the working copy that was looked at. */
  readonly version: number;
  /** The way, as its button sends it. */
  readonly way: string;
  /** Name of the row. */
  readonly quantity: string;
  /** What the display showed, for the row's note. */
  readonly display: string;
}

/** What came of it. */
export interface Used {
  /** Place of the row, from 1. */
  readonly row: number;
  /** Whether it took the place of one of that name. */
  readonly replaced: boolean;
}

/** Why a way was not written. */
export type UseTrouble =
  | { readonly kind: "faults"; readonly faults: FieldErrors }
  | { readonly kind: "changed"; readonly version: number };

/** Writes a way into the working copy: a new row, or in place of the row of that name. */
export async function useWay(state: State, wish: UseWish): Promise<Result<Used, UseTrouble>> {
  const { open: { record, map }, version, way, quantity, display } = wish;
  const note = display === ""
    ? "Found in the workbench"
    : `Found in the workbench when the display showed ${display}`;
  const fields = rowOfWay(way, { quantity: quantity.trim(), note: note.slice(0, 120) });
  if (!fields) throw new HttpError(400);
  const { head, rows } = textsOfMap(map, "0-based");
  const at = rows.findIndex(({ texts }) => texts.quantity === fields.quantity);
  const before = rows[at]?.texts;
  const next = before
    ? { ...before, ...fields, low: "", high: "", sentinels: "", bit: "", modulus: "", plus: "", offset: "" }
    : fields;
  const texts = rows.map((row) => row.texts);
  const all = before ? texts.with(at, { ...before, ...next }) : [...texts, next];
  const judged = parseMap({ head, rows: all, basedOn: map.basedOn });
  const row = before ? at + 1 : all.length;
  if (!judged.ok) return err({ kind: "faults", faults: faultsOf(judged.error) });
  const { db } = servicesOf(state);
  const saved = await saveMap(db, authorOf(state), {
    mapId: record.id,
    version,
    map: storedMapOf(judged.value),
  });
  if (saved.ok) return ok({ row, replaced: before !== undefined });
  if (saved.error !== "changed") {
    return err({ kind: "faults", faults: { "": "The map is too large to be kept: shorten its notes" } });
  }
  const now = await readMap(db, record.id);
  if (!now) throw new HttpError(404);
  return err({ kind: "changed", version: now.version });
}

function faultsOf(
  faults: readonly { readonly field: string; readonly value: string; readonly expected: string }[],
) {
  const words: Record<string, string> = {};
  for (const { field, value, expected } of faults) {
    const text = `${value === "" ? "" : `“${value}”: `}expected ${expected}`;
    words[field === "quantity" ? "quantity" : ""] ??= field === "quantity"
      ? text
      : `The row, ${field}: ${text}`;
  }
  return words;
}
