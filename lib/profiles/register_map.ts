/**
 * A register map that people make for a device the library does not know: a table of rows, edited on a page, and a
 * device profile once it is published. Pure.
 *
 * @module
 */

import type { ChannelKind, Unit } from "../domain/channel.ts";
import { type OwnProfileId, ownProfileId } from "./book.ts";
import {
  type CounterSpec,
  type DeviceKind,
  type DeviceProfile,
  type Encoding,
  type FunctionCode,
  readsBits,
  type RegisterSpec,
  type WordOrder,
} from "./profile.ts";

/** One quantity of a register map. */
export interface MapRow {
  /** Its name, such as `importWh`: unique in the map, its last letters are the unit. */
  readonly quantity: string;
  /** First register or coil, 0-based as on the wire, 0 to 65,535. */
  readonly address: number;
  /** How the value is coded; a coil is a `bit`. */
  readonly encoding: Encoding;
  /** Registers of a `string` or `bcd`; absent for the others. */
  readonly words?: number;
  /** Which bit of the register, 0 the lowest, for `bit`; absent for the others and for coils. */
  readonly bit?: number;
  /** With which function it is read. */
  readonly functionCode: FunctionCode;
  /** In which order its words and bytes come. */
  readonly wordOrder: WordOrder;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** Factor from the coded number to the base unit; 1 for counters of whole numbers. */
  readonly scale: number;
  /** Added to the scaled number, in the base unit; 0 but for gauges. */
  readonly offset: number;
  /** A gauge is kept as a whole number of 10^-decimals units; 0 for the other kinds. */
  readonly decimals: number;
  /** Smallest and largest believable value in the base unit; `null`: anything is believed. */
  readonly range: readonly [number, number] | null;
  /** Register words, hex as on the wire, that mean "no value". */
  readonly sentinels: readonly string[];
  /** How a counter counts; present exactly when `kind` is `counter`. */
  readonly counter?: CounterSpec;
  /** Further registers whose numbers are added. */
  readonly plus: readonly number[];
  /** Whether it is read once a day only. */
  readonly daily: boolean;
  /** What the manual calls it, or what a reader should know; may be empty. */
  readonly note: string;
}

/** What a register map says besides its rows. */
export interface MapHead {
  /** Vendor and model as people call it: unique among register maps. */
  readonly name: string;
  /** Who makes the device; may be empty. */
  readonly vendor: string;
  /** Its model; may be empty. */
  readonly model: string;
  /** What it is. */
  readonly kind: DeviceKind;
  /** Function code of rows that do not say theirs. */
  readonly functionCode: FunctionCode;
  /** Word order of rows that do not say theirs. */
  readonly wordOrder: WordOrder;
  /** Most registers, or coils, that one request may ask for, 1 to 125. */
  readonly wordsPerRequest: number;
  /** Unwanted registers that may be read through to save a request; 0: never. */
  readonly gapWords: number;
  /** Milliseconds a request is expected to take. */
  readonly requestMs: number;
  /** Milliseconds that the device wants between two requests. */
  readonly pauseMs: number;
  /** Largest power in W that it can measure directly; `null`: transformers decide. */
  readonly maxPowerW: number | null;
  /** Whether its counters fall to 0 without power. */
  readonly forgetsWithoutPower: boolean;
  /** Manual, edition, page, and what it does not say; may be empty. */
  readonly notes: string;
  /** Id of the device profile that it was copied from; `null`: it began empty. */
  readonly basedOn: string | null;
}

/** A register map. */
export interface RegisterMap extends MapHead {
  /** Its quantities, in the order in which people read them. */
  readonly rows: readonly MapRow[];
}

/** Rows of a register map at most. */
export const ROWS_MAX = 300;

/** A register map without rows, as most devices want to be asked. */
export const EMPTY_MAP: RegisterMap = {
  name: "",
  vendor: "",
  model: "",
  kind: "meter",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 60,
  gapWords: 0,
  requestMs: 300,
  pauseMs: 0,
  maxPowerW: null,
  forgetsWithoutPower: false,
  notes: "",
  basedOn: null,
  rows: [],
};

/** The device profile that a published version of a register map is. */
export function profileOfMap(map: RegisterMap, id: OwnProfileId): DeviceProfile {
  const { kind, functionCode, wordOrder, wordsPerRequest, gapWords, requestMs, maxPowerW } = map;
  return {
    id: ownProfileId(id),
    version: id.version,
    vendor: map.vendor,
    models: [map.model === "" ? map.name : map.model],
    kind,
    source: `Register map "${map.name}", version ${id.version}`,
    confidence: "unverified",
    functionCode,
    wordOrder,
    wordsPerRequest,
    gapWords,
    requestMs,
    ...(map.pauseMs > 0 && { pauseMs: map.pauseMs }),
    maxPowerW,
    ...(map.forgetsWithoutPower && { forgetsWithoutPower: true }),
    registers: Object.fromEntries(map.rows.map((row) => [row.quantity, specOfRow(row, map)])),
    ...(map.notes !== "" && { quirks: map.notes.split("\n").filter((line) => line.trim() !== "") }),
  };
}

/** What a row looks like on the wire, in a map with these function code and word order. */
export function specOfRow(row: MapRow, head: Pick<MapHead, "functionCode" | "wordOrder">): RegisterSpec {
  const { address, encoding, words, bit, functionCode, wordOrder, kind, unit, counter } = row;
  return {
    address,
    encoding,
    ...(words !== undefined && { words }),
    ...(encoding === "bit" && { bit: bit ?? 0 }),
    ...(functionCode !== head.functionCode && { functionCode }),
    ...(wordOrder !== head.wordOrder && { wordOrder }),
    kind,
    unit,
    ...(row.scale !== 1 && { scale: row.scale }),
    ...(row.offset !== 0 && { offset: row.offset }),
    ...(kind === "gauge" && { decimals: row.decimals }),
    ...(row.range && { range: row.range }),
    ...(row.sentinels.length > 0 && { sentinels: row.sentinels }),
    ...(counter && { counter }),
    ...(row.plus.length > 0 && { plus: row.plus }),
    ...(row.daily && { daily: true }),
    ...(row.note !== "" && { note: row.note }),
  };
}

/** A copy of a device profile, to be changed and published as one's own. */
export function mapOfProfile(profile: DeviceProfile): RegisterMap {
  const { vendor, models, kind, functionCode, wordOrder, wordsPerRequest, gapWords, requestMs } = profile;
  const model = models[0] ?? "";
  const notes = [`Copied from ${profile.id}, version ${profile.version}: ${profile.source}`];
  return {
    name: `${vendor} ${model}`.trim().slice(0, NAME_MAX),
    vendor: vendor.slice(0, NAME_MAX),
    model: model.slice(0, NAME_MAX),
    kind,
    functionCode,
    wordOrder,
    wordsPerRequest,
    gapWords,
    requestMs,
    pauseMs: profile.pauseMs ?? 0,
    maxPowerW: profile.maxPowerW,
    forgetsWithoutPower: profile.forgetsWithoutPower ?? false,
    notes: [...notes, ...profile.quirks ?? []].join("\n").slice(0, NOTES_MAX),
    basedOn: profile.id,
    rows: Object.entries(profile.registers).map(([quantity, spec]) => rowOfSpec(quantity, spec, profile)),
  };
}

/** Characters of names at most. */
export const NAME_MAX = 80;

/** Characters of the notes at most. */
export const NOTES_MAX = 2_000;

/** Characters of a row's note at most. */
export const NOTE_MAX = 160;

function rowOfSpec(
  quantity: string,
  spec: RegisterSpec,
  head: Pick<MapHead, "functionCode" | "wordOrder">,
): MapRow {
  const functionCode = spec.functionCode ?? head.functionCode;
  const hasBit = spec.encoding === "bit" && !readsBits(functionCode);
  return {
    quantity,
    address: spec.address,
    encoding: spec.encoding,
    ...(spec.words !== undefined && { words: spec.words }),
    ...(hasBit && { bit: spec.bit ?? 0 }),
    functionCode,
    wordOrder: spec.wordOrder ?? head.wordOrder,
    kind: spec.kind,
    unit: spec.unit,
    scale: spec.scale ?? 1,
    offset: spec.offset ?? 0,
    decimals: spec.kind === "gauge" ? spec.decimals ?? 0 : 0,
    range: spec.range ?? null,
    sentinels: spec.sentinels ?? [],
    ...(spec.counter && { counter: spec.counter }),
    plus: spec.plus ?? [],
    daily: spec.daily ?? false,
    note: (spec.note ?? "").slice(0, NOTE_MAX),
  };
}
