/**
 * A device profile is the register map of a model, as data: adding a meter model touches one file and no logic.
 *
 * @module
 */

import type { ChannelKind, Unit } from "../domain/channel.ts";

/** How a value lies in its registers. */
export type Encoding =
  | "u16"
  | "i16"
  | "u32"
  | "i32"
  | "u64"
  | "i64"
  | "f32"
  | "f64"
  /** Power factor of four quadrants in an f32: beyond ±1 it means sign(x) * (2 - |x|), leading. */
  | "f32-4q"
  /** An f32 whose bytes some firmware sends fully reversed (DCBA): the order that is in `range` is taken. */
  | "f32-either"
  /** Four decimal digits a register. */
  | "bcd"
  /** Two characters a register, padded with NUL or blanks. */
  | "string"
  /** An IPv4 address in two registers, first octet highest; a text. */
  | "ipv4"
  /** One bit of a register, chosen by `bit`. */
  | "bit";

/**
 * In which order words and bytes come: `big` the high word first (ABCD), `little` the low word first (CDAB), and both
 * with the two bytes of every word swapped, `big-swapped` (BADC) and `little-swapped` (DCBA). The words of a text come as they are
 * read; its bytes may be swapped.
 */
export type WordOrder = "big" | "little" | "big-swapped" | "little-swapped";

/**
 * Registers are read with function code 3 (holding) or 4 (input), single bits with 1 (coils) or 2 (discrete inputs). A
 * coil is kept as one word, 0 or 1.
 */
export type FunctionCode = 1 | 2 | 3 | 4;

/** Whether a function code reads single bits, each kept as one word. */
export function readsBits(functionCode: FunctionCode): functionCode is 1 | 2 {
  return functionCode === 1 || functionCode === 2;
}

/** Every encoding, the plain numbers first. */
export const ENCODINGS: readonly Encoding[] = [
  "u16",
  "i16",
  "u32",
  "i32",
  "u64",
  "i64",
  "f32",
  "f64",
  "bcd",
  "bit",
  "string",
  "ipv4",
  "f32-4q",
  "f32-either",
];

/** Every word order, the commonest first. */
export const WORD_ORDERS: readonly WordOrder[] = ["big", "little", "big-swapped", "little-swapped"];

/** Whether an encoding is a floating-point number. */
export function isFloat(encoding: Encoding): boolean {
  return encoding.startsWith("f");
}

/** What one quantity looks like on the wire. */
export interface RegisterSpec {
  /** First register, 0-based as on the wire, 0 to 65,535. */
  readonly address: number;
  /** How the value is coded. */
  readonly encoding: Encoding;
  /** Registers of a `string` or `bcd`; the other encodings know their own length. */
  readonly words?: number;
  /** Which bit of the register, 0 the lowest, for `bit`; 0 for a coil. */
  readonly bit?: number;
  /** Function code, where it differs from the profile's. */
  readonly functionCode?: FunctionCode;
  /** Word order, where it differs from the profile's. */
  readonly wordOrder?: WordOrder;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** Factor from the coded number to the base unit; for counters only with f32 and f64. Default 1. */
  readonly scale?: number;
  /** Added to the scaled number, in the base unit; for gauges only. Default 0. */
  readonly offset?: number;
  /** A gauge is kept as a whole number of 10^-decimals units. Default 0. */
  readonly decimals?: number;
  /** Smallest and largest believable value in the base unit. */
  readonly range?: readonly [number, number];
  /** Register words, hex as on the wire, that mean "no value". */
  readonly sentinels?: readonly string[];
  /** How a counter counts; present exactly when `kind` is `counter`. */
  readonly counter?: CounterSpec;
  /** Further registers whose numbers are added (tariff 2 to tariff 1): read in the same request. */
  readonly plus?: readonly number[];
  /** Whether it is read once a day only (identity, data counters of a SIM). Default: every half-hour. */
  readonly daily?: boolean;
  /** What the manual calls it, or what a reader should know. */
  readonly note?: string;
}

/** How a counter counts. An integer counter is kept in register counts, a float in whole base units. */
export interface CounterSpec {
  /** Base units a count: numerator. 0.1 kWh a count is 100 / 1, 1 Wh is 1 / 1. */
  readonly numerator: number;
  /** Base units a count: denominator. */
  readonly denominator: number;
  /** Counts at which it rolls over to 0, from the manual (often display digits); `null`: not known. */
  readonly modulus: number | null;
}

/** What a device is. */
export type DeviceKind = "meter" | "router" | "io" | "ups" | "hvac" | "pulse";

/** Every kind of device. */
export const DEVICE_KINDS: readonly DeviceKind[] = ["meter", "router", "io", "ups", "hvac", "pulse"];

/** The register map of a model. */
export interface DeviceProfile {
  /** Unique, kebab-case: vendor and model. */
  readonly id: string;
  /** Grows by one with every change of meaning; kept with each reading. */
  readonly version: number;
  /** Who makes it. */
  readonly vendor: string;
  /** Models for which it holds. */
  readonly models: readonly string[];
  /** What it is. */
  readonly kind: DeviceKind;
  /** Document, edition and page the facts come from. */
  readonly source: string;
  /** `verified`: vendor document and a second source agree; `unverified`: check on site. */
  readonly confidence: "verified" | "unverified";
  /** Default function code. */
  readonly functionCode: FunctionCode;
  /** Default word order. */
  readonly wordOrder: WordOrder;
  /** Most registers, or coils, that one request may ask for, 1 to 125. */
  readonly wordsPerRequest: number;
  /** Unwanted registers that may be read through to save a request; 0: never read a register not listed. */
  readonly gapWords: number;
  /** Milliseconds a request is expected to take behind a serial line. */
  readonly requestMs: number;
  /** Milliseconds that the device wants between two requests. Default 0. */
  readonly pauseMs?: number;
  /** Largest power in W that the model can measure directly; `null`: transformers decide. */
  readonly maxPowerW: number | null;
  /** Whether its counters fall to 0 without power. Default false. */
  readonly forgetsWithoutPower?: boolean;
  /** Its quantities, in the order in which people read them. */
  readonly registers: Readonly<Record<string, RegisterSpec>>;
  /** What the documents do not say. */
  readonly quirks?: readonly string[];
}

/** Checks the shape of a profile while it is typed. */
export function defineProfile(profile: DeviceProfile): DeviceProfile {
  return profile;
}

const WORDS: Readonly<Record<Exclude<Encoding, "bcd" | "string">, number>> = {
  "u16": 1,
  "i16": 1,
  "u32": 2,
  "i32": 2,
  "u64": 4,
  "i64": 4,
  "f32": 2,
  "f64": 4,
  "f32-4q": 2,
  "f32-either": 2,
  "ipv4": 2,
  "bit": 1,
};

/** Registers that one value takes, 1 to 125; each register of `plus` takes as many again. */
export function wordsOf(spec: Pick<RegisterSpec, "encoding" | "words">): number {
  return spec.encoding === "bcd" || spec.encoding === "string" ? spec.words ?? 1 : WORDS[spec.encoding];
}

/** First registers of all parts of a quantity: its own, then those of `plus`. */
export function addressesOf(spec: Pick<RegisterSpec, "address" | "plus">): readonly number[] {
  return [spec.address, ...spec.plus ?? []];
}
