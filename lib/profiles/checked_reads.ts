/**
 * From what was stored of a device in the last day to what its nightly check looks at. The kept words are decoded by
 * the profile as it is now, so that a profile that was put right today is not blamed for yesterday. Pure.
 *
 * @module
 */

import type { CheckedReading, DeviceReads, HalfHourGrowth } from "../domain/device_reads.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Transformer } from "../domain/site.ts";
import { floatCounterStep } from "../domain/step.ts";
import { transformerRatio } from "../domain/transformer.ts";
import { WIRING_QUANTITIES } from "../domain/wiring_reads.ts";
import { meterValue, orderFitsOf, type OrderReading, type ReadWords } from "./order_fit.ts";
import { addressesOf, type DeviceProfile, type RegisterSpec, wordsOf } from "./profile.ts";

/** What was stored of one quantity in a half-hour. */
export interface StoredQuantity {
  /** The half-hour that it closes. */
  readonly halfHour: HalfHour;
  /** Its name in the profile. */
  readonly quantity: string;
  /** Register words in hex; `null`: nothing was read, or a text. */
  readonly words: string | null;
  /** What a counter counted in the half-hour in its base unit, measured at both ends; `null`: not so. */
  readonly amount: number | null;
}

/** A device with its register map. */
export interface CheckedDevice {
  /** Its register map. */
  readonly profile: DeviceProfile;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
}

/** Counters whose growth is judged. */
const ENERGY_QUANTITIES: ReadonlySet<string> = new Set(["importWh", "exportWh"]);

/** Whether each reading of a quantity is judged; the words of the others only show their order, in a few readings. */
export function isJudged(quantity: string): boolean {
  return WIRING_QUANTITIES.has(quantity) || ENERGY_QUANTITIES.has(quantity);
}

/** What the check looks at, from what was stored. */
export function deviceReadsOf(device: CheckedDevice, stored: readonly StoredQuantity[]): DeviceReads {
  const { profile } = device;
  const byHalfHour = Map.groupBy(stored, ({ halfHour }) => halfHour);
  const halfHours = [...byHalfHour.keys()].sort((one, other) => one - other);
  const words: OrderReading[] = [];
  const readings: CheckedReading[] = [];
  for (const halfHour of halfHours) {
    const rows = byHalfHour.get(halfHour) ?? [];
    const read = wordsIn(profile, rows);
    if (read.size === 0) continue;
    words.push({ words: read });
    const values = new Map<string, number | null>();
    for (const [quantity, { value }] of read) if (value !== undefined) values.set(quantity, value);
    readings.push({ halfHour, values, growth: growthOf(device, rows, values) });
  }
  return { readings, orders: orderFitsOf(profile, words, device.transformer) };
}

/** Numbers of a reading, those that are judged with their values; words of another length another profile has read. */
function wordsIn(profile: DeviceProfile, rows: readonly StoredQuantity[]): ReadonlyMap<string, ReadWords> {
  const read = new Map<string, ReadWords>();
  for (const { quantity, words: hex } of rows) {
    const spec = profile.registers[quantity];
    if (!spec || hex === null || spec.kind === "text") continue;
    const words = wordsOfHex(hex);
    if (words.length !== wordsOf(spec) * addressesOf(spec).length) continue;
    const value = isJudged(quantity) ? meterValue(words, spec, profile.wordOrder) : undefined;
    read.set(quantity, value === undefined ? { words, spec } : { words, spec, value });
  }
  return read;
}

function wordsOfHex(hex: string): readonly number[] {
  const words: number[] = [];
  for (let at = 0; at + 4 <= hex.length; at += 4) words.push(parseInt(hex.slice(at, at + 4), 16));
  return words;
}

function growthOf(
  { profile, transformer }: CheckedDevice,
  rows: readonly StoredQuantity[],
  values: ReadonlyMap<string, number | null>,
): HalfHourGrowth | null {
  const ratio = transformerRatio(transformer, "Wh");
  const grown = (quantity: string) => {
    const amount = rows.find((row) => row.quantity === quantity)?.amount ?? null;
    return amount === null ? null : amount * ratio.denominator / ratio.numerator;
  };
  const importWh = grown("importWh");
  const spec = profile.registers["importWh"];
  if (importWh === null || spec?.kind !== "counter") return null;
  return { importWh, exportWh: grown("exportWh"), stepWh: stepWhOf(spec, values.get("importWh") ?? 0) };
}

function stepWhOf(spec: RegisterSpec, value: number): number {
  const { encoding, scale = 1 } = spec;
  if (encoding === "f32" || encoding === "f64") return floatCounterStep({ encoding, value, scale });
  const { numerator, denominator } = spec.counter ?? { numerator: 1, denominator: 1 };
  return numerator / denominator;
}
