/**
 * A meter that is not there: at any instant it knows what it would answer, as words and as numbers.
 *
 * @module
 */

import type { EndUse } from "../domain/end_use.ts";
import { profileOf } from "../profiles/mod.ts";
import {
  addressesOf,
  type DeviceProfile,
  type FunctionCode,
  type RegisterSpec,
  wordsOf,
} from "../profiles/profile.ts";
import { type Answer, encode, encodeNothing } from "./encode.ts";
import type { Load } from "./load.ts";
import { between, drift } from "./noise.ts";
import { routerSays } from "./router.ts";
import { type Fault, isActive, type MeterSpec } from "./spec.ts";

/** What a device says at an instant, by quantity. */
export type Reading = Readonly<Record<string, Answer>>;

/** Registers that are asked for. */
export interface Request {
  /** Function code, 1 to 4. */
  readonly functionCode: FunctionCode;
  /** First register, 0-based. */
  readonly address: number;
  /** Registers, at least 1. */
  readonly count: number;
}

/** A device at any instant. */
export interface SimulatedMeter {
  /** What it is. */
  readonly spec: MeterSpec;
  /** Its register map. */
  readonly profile: DeviceProfile;
  /** Energy in Wh that its load has drawn, as no fault changes it. */
  energyWhAt(instantMs: number): number;
  /** What it would answer for every quantity of its profile; faults change it. */
  readingAt(instantMs: number, faults?: readonly Fault[]): Reading;
  /** The words asked for; `null`: it has no such registers. */
  wordsAt(request: Request, instantMs: number, faults?: readonly Fault[]): readonly number[] | null;
}

/** A quantity in its base unit at an instant, or a text. */
export type Source = (quantity: string, instantMs: number) => number | string;

/** What a device needs besides its specification. */
export interface Behind {
  /** The load it measures; `undefined`: none. */
  readonly load?: Load;
  /** What it says of everything that is not measured; `undefined`: 0. */
  readonly source?: Source;
}

/** Power factor of a load by its use. */
const POWER_FACTORS: Readonly<Record<EndUse, number>> = {
  server: 0.95,
  ups: 0.98,
  other: 0.93,
  water: 0.84,
  lighting: 0.92,
  cooling: 0.82,
  heating: 0.99,
};

/** Base units at which a counter of unknown modulus rolls over when told to: 999,999.999 kWh. */
const DISPLAY_END = 1e9;

/** Makes a device; its profile must exist. */
export function createMeter(spec: MeterSpec, behind: Behind): SimulatedMeter {
  const profile = spec.profile ?? profileOf(spec.profileId);
  if (!profile) throw new RangeError(`No device profile "${spec.profileId}"`);
  const usual = behind.load ? measured(spec, profile, behind.load) : behind.source ?? (() => 0);
  const source: Source = (quantity, instantMs) => spec.says?.[quantity] ?? usual(quantity, instantMs);
  const answer = (quantity: string, register: RegisterSpec, at: Moment): Answer => {
    if (at.faults.some((fault) => fault.kind === "nan") && register.encoding !== "string") {
      return encodeNothing(register, profile.wordOrder);
    }
    const now = valueAt(source, quantity, register, at);
    return encode(register.kind === "text" ? String(now) : now, register, profile.wordOrder);
  };
  const registers = Object.entries(profile.registers);
  return {
    spec,
    profile,
    energyWhAt: (instantMs) => behind.load?.energyWhAt(instantMs) ?? 0,
    readingAt: (instantMs, faults = []) => {
      const at = momentOf(instantMs, faults);
      return Object.fromEntries(
        registers.map(([quantity, register]) => [quantity, answer(quantity, register, at)]),
      );
    },
    wordsAt: (request, instantMs, faults = []) => {
      const at = momentOf(instantMs, faults);
      const words = Array.from({ length: request.count }, () => 0);
      const filled = new Set<number>();
      let cut = false;
      for (const [quantity, register] of registers) {
        if ((register.functionCode ?? profile.functionCode) !== request.functionCode) continue;
        if (!overlaps(register, request)) continue;
        const length = wordsOf(register);
        const said = answer(quantity, register, at).words;
        addressesOf(register).forEach((address, part) => {
          const from = address - request.address;
          if (from + length <= 0 || from >= request.count) return;
          if (from < 0 || from + length > request.count) cut = true;
          for (let i = Math.max(0, -from); i < length && from + i < request.count; i++) {
            words[from + i] = (words[from + i] ?? 0) | (said[part * length + i] ?? 0);
            filled.add(from + i);
          }
        });
      }
      const wrong = spec.strict ? cut || filled.size !== request.count : filled.size === 0;
      return wrong ? null : words;
    },
  };
}

interface Moment {
  readonly instantMs: number;
  readonly faults: readonly Fault[];
}

function momentOf(instantMs: number, faults: readonly Fault[]): Moment {
  return { instantMs, faults: faults.filter((fault) => isActive(fault, instantMs)) };
}

function overlaps(register: RegisterSpec, request: Request): boolean {
  const length = wordsOf(register);
  return addressesOf(register).some((address) =>
    address < request.address + request.count && address + length > request.address
  );
}

/** The quantity as the faults let the device see it. */
function valueAt(source: Source, quantity: string, register: RegisterSpec, at: Moment): number | string {
  const now = source(quantity, at.instantMs);
  if (typeof now === "string" || register.kind !== "counter") {
    return routerSays(now, quantity, { source, ...at });
  }
  const then = (instantMs: number) => Number(source(quantity, instantMs));
  let counted = now;
  for (const fault of at.faults) {
    if (fault.kind === "frozen") counted = Math.min(counted, then(fault.atMs));
    if (fault.kind === "counter-reset" && at.instantMs >= fault.atMs) counted = now - then(fault.atMs);
    if (fault.kind === "rollover") counted = rolled(now - then(fault.atMs), register);
  }
  return counted;
}

/** Base units on a counter that reached its modulus `since` base units ago; negative: that many before. */
function rolled(since: number, register: RegisterSpec): number {
  const { modulus, numerator, denominator } = register.counter ??
    { modulus: null, numerator: 1, denominator: 1 };
  const end = modulus === null ? DISPLAY_END : modulus * numerator / denominator;
  return ((since % end) + end) % end;
}

/** Says one quantity at an instant. */
type Say = (instantMs: number) => number;

/** The quantities of a meter, all consistent with the energy of its load. */
function measured(spec: MeterSpec, profile: DeviceProfile, load: Load): Source {
  const factor = spec.wholeSite || !spec.endUse ? 0.91 : POWER_FACTORS[spec.endUse];
  const shares = "voltageL2V" in profile.registers ? sharesOf(spec.seed) : [1, 0, 0];
  const quantities = { load, factor, shares, seed: spec.seed };
  const says = new Map(
    Object.keys(profile.registers).map((quantity) => [quantity, sayOf(quantity, quantities)]),
  );
  return (quantity, instantMs) => says.get(quantity)?.(instantMs) ?? 0;
}

function sharesOf(seed: number): readonly number[] {
  const first = between(seed, 1, [0.31, 0.38]);
  const second = between(seed, 2, [0.29, 0.35]);
  return [first, second, 1 - first - second];
}

interface Quantities {
  readonly load: Load;
  readonly factor: number;
  readonly shares: readonly number[];
  readonly seed: number;
}

function sayOf(quantity: string, { load, factor, shares, seed }: Quantities): Say {
  const varPerWatt = Math.sqrt(1 / factor ** 2 - 1);
  const [, what = quantity, digit = "1"] = /^(power|voltage|current)L(\d)[WVA]$/.exec(quantity) ?? [];
  const share = shares[Number(digit) - 1] ?? 0;
  const voltage: Say = (instantMs) => 231 + 3 * drift(seed + Number(digit), instantMs / 600_000);
  switch (what) {
    case "importWh":
    case "outputWh":
      return load.energyWhAt;
    case "importVarh":
      return (instantMs) => load.energyWhAt(instantMs) * varPerWatt;
    case "importVAh":
      return (instantMs) => load.energyWhAt(instantMs) / factor;
    case "pulses1":
      return (instantMs) => load.energyWhAt(instantMs) / 1000;
    case "frequencyHz":
      return (instantMs) => 50 + 0.04 * drift(3, instantMs / 30_000);
    case "powerFactor":
      return () => factor;
    case "powerW":
      return load.powerWAt;
    case "reactiveVar":
      return (instantMs) => load.powerWAt(instantMs) * varPerWatt;
    case "apparentVA":
      return (instantMs) => load.powerWAt(instantMs) / factor;
    case "power":
      return (instantMs) => load.powerWAt(instantMs) * share;
    case "voltage":
      return voltage;
    case "current":
      return (instantMs) => load.powerWAt(instantMs) * share / factor / voltage(instantMs);
    case "serial":
      return () => 1_000_000 + seed % 8_999_999;
    case "onLine":
      return () => 1;
    case "batteryPercent":
      return () => 100;
    default:
      return () => 0;
  }
}
