/**
 * The form of the workbench: what is asked, where, and what was seen before; and the row that a way becomes.
 *
 * @module
 */

import { UNITS } from "../../../domain/channel.ts";
import type { ProbeWindow } from "../../../domain/probe.ts";
import { type DisplayValue, parseDisplay } from "../../../profiles/display.ts";
import { ADDRESS_MAX, type AddressNotation, parseAddress } from "../../../profiles/map_address.ts";
import type { RowFields } from "../../../profiles/map_fault.ts";
import { ENCODINGS, WORD_ORDERS } from "../../../profiles/profile.ts";
import type { RegisterMap } from "../../../profiles/register_map.ts";
import type { Candidate, EarlierRead } from "../../../profiles/workbench.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { WorkbenchTexts } from "../../../ui/pages/maps/WorkbenchPage.tsx";
import { choice, type FieldErrors, readForm } from "../../form.ts";
import { notationOf } from "./map_form.ts";

/** Registers of a window at most. */
const COUNT_MAX = 125;

/** Reads that are remembered at most. */
const SEEN_MAX = 4;

/** Seconds between two reads that can be chosen. */
const AGAIN_S = ["", "10", "20", "40"] as const;

/** What is asked. */
export interface WorkbenchWish {
  /** The registers. */
  readonly window: ProbeWindow & { readonly functionCode: 3 | 4 };
  /** What the display shows. */
  readonly display: DisplayValue;
  /** Seconds until it is read again; 0: it is read once. */
  readonly againS: number;
  /** Power meanwhile in W; `null`: not known. */
  readonly powerW: number | null;
  /** How the first register was written. */
  readonly notation: AddressNotation;
}

/** The form as it was typed. */
export function typedWorkbench(form: URLSearchParams): WorkbenchTexts {
  const text = (name: string) => (form.get(name) ?? "").slice(0, 60);
  return {
    at: text("at"),
    functionCode: text("functionCode"),
    start: text("start"),
    notation: text("notation"),
    count: text("count"),
    display: text("display"),
    againS: text("againS"),
    power: text("power"),
  };
}

const NAMES = [
  "version",
  "seen",
  "do",
  "use",
  "quantity",
  "at",
  "functionCode",
  "start",
  "notation",
  "count",
  "display",
  "againS",
  "power",
] as const;

/** Reads what is asked, or everything that is wrong with it. */
export function readWorkbench(form: URLSearchParams): Result<WorkbenchWish, FieldErrors> {
  const known = readForm<Record<string, string>>(
    form,
    Object.fromEntries(NAMES.map((name) => [name, (text: string | undefined) => ok(text ?? "")])),
  );
  if (!known.ok) return known;
  const texts = typedWorkbench(form);
  const faults: Record<string, string> = {};
  const take = <T>(field: keyof WorkbenchTexts, read: Result<T, string>): T | undefined => {
    if (read.ok) return read.value;
    faults[field] = read.error;
    return undefined;
  };
  const notation = notationOf(texts.notation) ?? "0-based";
  const display = take("display", capital(parseDisplay(texts.display)));
  const power = texts.power.trim() === "" ? null : take("power", powerOf(texts.power));
  const code = take("functionCode", choice(["3", "4"])(texts.functionCode));
  const start = take("start", expected(parseAddress(texts.start, notation)));
  const count = take("count", countOf(texts.count));
  const again = take("againS", againOf(texts.againS));
  if (texts.at === "") faults["at"] = "Choose a device";
  const implied = start?.functionCode ?? null;
  if (implied === 1 || implied === 2) faults["start"] = "Expected a register: 30001 or 40001 and on";
  if (start && count && start.address + count > ADDRESS_MAX + 1) {
    faults["count"] = `At most ${ADDRESS_MAX + 1 - start.address} from there on`;
  }
  const wrong = Object.keys(faults).length > 0 || !display || !start || !count || power === undefined;
  if (wrong || again === undefined || code === undefined) return err(faults);
  const functionCode = implied === 3 || implied === 4 ? implied : code === "3" ? 3 : 4;
  return ok({
    window: { functionCode, address: start.address, count },
    display,
    againS: Number(again),
    powerW: power,
    notation,
  });
}

function capital(read: Result<DisplayValue, string>): Result<DisplayValue, string> {
  return read.ok ? read : err(`${read.error.charAt(0).toUpperCase()}${read.error.slice(1)}`);
}

function expected<T>(read: Result<T, string>): Result<T, string> {
  return read.ok ? read : err(`Expected ${read.error}`);
}

function countOf(text: string): Result<number, string> {
  const count = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return count >= 1 && count <= COUNT_MAX ? ok(count) : err(`Expected a whole number from 1 to ${COUNT_MAX}`);
}

function againOf(text: string): Result<string, string> {
  const found = AGAIN_S.find((one) => one === text);
  return found === undefined ? err("Expected once, or 10, 20 or 40 s apart") : ok(found);
}

function powerOf(text: string): Result<number, string> {
  const read = parseDisplay(text);
  if (!read.ok) return capital(read) as Result<never, string>;
  return read.value.unit === "W"
    ? ok(read.value.value * read.value.factor)
    : err("Expected a power in W, kW or MW");
}

/** What was seen of a window, to be sent along. */
export interface SeenReads {
  /** Which window of which device: of another one nothing is remembered. */
  readonly of: string;
  /** What was read, and what the display showed. */
  readonly reads: readonly { readonly words: readonly number[]; readonly display: string }[];
}

/** Names a window of a device. */
export function windowName(at: string, { functionCode, address, count }: ProbeWindow): string {
  return `${at} ${functionCode} ${address} ${count}`;
}

/** Writes it into a hidden field. */
export function seenText({ of, reads }: SeenReads): string {
  return JSON.stringify({ of, reads: reads.slice(-SEEN_MAX) });
}

/** Reads it back; what is not of this window, or was made up, is as nothing. */
export function readSeen(text: string, { of, count }: { readonly of: string; readonly count: number }) {
  const none: SeenReads = { of, reads: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return none;
  }
  const { of: was, reads } = (value ?? {}) as { readonly of?: unknown; readonly reads?: unknown };
  if (was !== of || !Array.isArray(reads)) return none;
  const good = reads.slice(-SEEN_MAX).filter((read: unknown): read is SeenReads["reads"][number] => {
    const { words, display } = (read ?? {}) as { readonly words?: unknown; readonly display?: unknown };
    return Array.isArray(words) && words.length === count && typeof display === "string" &&
      words.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffff);
  });
  return { of, reads: good } satisfies SeenReads;
}

/** What was seen as the workbench takes it. */
export function earlierOf({ reads }: SeenReads): readonly EarlierRead[] {
  return reads.flatMap(({ words, display }) => {
    const read = parseDisplay(display.slice(0, 60));
    return read.ok ? [{ words, display: read.value }] : [];
  });
}

/** A way as a button sends it. */
export function wayText(
  { address, encoding, words, wordOrder, scale }: Candidate,
  { functionCode, display }: { readonly functionCode: 3 | 4; readonly display: DisplayValue },
): string {
  const plain = Number(scale.toPrecision(12));
  return [
    functionCode,
    address,
    encoding,
    words,
    wordOrder,
    plain,
    decimalsOf(plain, { encoding, display }),
    display.unit,
  ]
    .join(" ");
}

/** Decimals that a gauge keeps: what the display shows, and what an integer can tell. */
function decimalsOf(
  scale: number,
  { encoding, display }: { readonly encoding: string; readonly display: DisplayValue },
): number {
  const shown = display.decimals - Math.round(Math.log10(display.factor));
  const told = encoding.startsWith("f") ? shown + 1 : -Math.floor(Math.log10(scale) + 1e-9);
  return Math.max(0, Math.min(6, Math.max(shown, told)));
}

/** The fields of the row that a button's way becomes; `null`: no button of ours sent it. */
export function rowOfWay(
  way: string,
  { quantity, note }: { readonly quantity: string; readonly note: string },
) {
  const [
    code = "",
    address = "",
    encoding = "",
    words = "",
    order = "",
    scale = "",
    decimals = "",
    unit = "",
  ] = way
    .split(" ");
  const isWay = /^[34]$/.test(code) && /^\d{1,5}$/.test(address) && /^\d{1,3}$/.test(words) &&
    ENCODINGS.some((one) => one === encoding) && WORD_ORDERS.some((one) => one === order) &&
    /^[0-9.e+-]{1,24}$/.test(scale) && /^[0-6]$/.test(decimals) && UNITS.some((one) => one === unit);
  if (!isWay) return null;
  const counts = ["Wh", "varh", "VAh", "L", "s"].includes(unit) && Number(words) > 1;
  return {
    quantity,
    address,
    functionCode: code,
    encoding,
    words: encoding === "bcd" ? words : "",
    wordOrder: order,
    kind: counts ? "counter" : "gauge",
    unit,
    scale: plainNumber(Number(scale)),
    decimals: counts ? "" : decimals,
    note,
  } satisfies RowFields;
}

/** Without an exponent: 0.00001, not 1e-5. */
function plainNumber(value: number): string {
  return value.toFixed(12).replace(/\.?0+$/, "");
}

const PROPOSED: Readonly<Record<string, readonly string[]>> = {
  "Wh": ["importWh"],
  "varh": ["importVarh"],
  "VAh": ["importVAh"],
  "W": ["powerW"],
  "var": ["reactivePowerVar"],
  "VA": ["apparentPowerVA"],
  "V": ["voltageL1V", "voltageL2V", "voltageL3V"],
  "A": ["currentL1A", "currentL2A", "currentL3A"],
  "Hz": ["frequencyHz"],
  "%": ["share"],
  "°C": ["temperatureC"],
  "L": ["volume"],
  "s": ["operatingTimeS"],
  "min": ["remainingMin"],
};

/** A name for a quantity with this unit: of several phases the first that the map does not have. */
export function proposedQuantity({ unit, value }: DisplayValue, map: RegisterMap): string {
  const names = PROPOSED[unit] ?? [Math.abs(value) <= 1 ? "powerFactor" : "value"];
  const taken = new Set(map.rows.map(({ quantity }) => quantity));
  return names.find((name) => !taken.has(name)) ?? names[0] ?? "value";
}
