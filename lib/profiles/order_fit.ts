/**
 * How the words of a device look in each order of words and bytes: which of its quantities mean nothing, break a rule
 * of wiring, or count as no counter does. Pure.
 *
 * @module
 */

import type { OrderFit } from "../domain/device_reads.ts";
import type { Transformer } from "../domain/site.ts";
import { checkWiring } from "../domain/wiring.ts";
import { wiringReadsOf } from "../domain/wiring_reads.ts";
import { codedNumber, decode, inOrder } from "./decode.ts";
import { type DeviceProfile, type Encoding, type RegisterSpec, type WordOrder, wordsOf } from "./profile.ts";
import { ALL_ORDERS, ORDER_LETTERS } from "./words.ts";

/** A number with its place in the register map. */
export interface ReadWords {
  /** As read. */
  readonly words: readonly number[];
  /** What they mean. */
  readonly spec: RegisterSpec;
  /** Their value by the profile, where it was decoded already; `null`: they mean nothing. */
  readonly value?: number | null;
}

/** What the meter itself shows in base units, before any ratio that we apply; `null`: the words mean nothing. */
export function meterValue(words: readonly number[], spec: RegisterSpec, order: WordOrder): number | null {
  const decoded = decode(words, spec, order);
  if (!decoded.ok) return null;
  const value = decoded.value;
  switch (value.kind) {
    case "counter": {
      const { numerator, denominator } = spec.counter ?? { numerator: 1, denominator: 1 };
      return value.value * numerator / denominator;
    }
    case "gauge":
      return value.value / 10 ** (spec.decimals ?? 0);
    case "state":
      return value.value;
    case "text":
      return null;
  }
}

/** The numbers of one reading. */
export interface OrderReading {
  /** Their words by quantity. */
  readonly words: ReadonlyMap<string, ReadWords>;
}

/** Readings that are looked at, evenly over the day. */
const READINGS_MAX = 12;

/** A float nearer to 0 is none of a meter's: its words came in another order. */
const NOISE = 1e-9;

/** Times that a counter falls in a day without anything being wrong with its order: a reset. */
const FALLS_MAX = 1;

/** Growths of a counter that say something about its order. */
const GROWTHS_MIN = 3;

/** In a wrong order the lowest byte counts at least so much. */
const BYTE = 256;

/** Encodings that no order changes, or that settle it for themselves. */
const UNORDERED: readonly Encoding[] = ["string", "ipv4", "bit", "f32-either"];

/** The profile's order first, then the others if the first leaves doubts; empty: there are no numbers. */
export function orderFitsOf(
  profile: DeviceProfile,
  readings: readonly OrderReading[],
  transformer: Transformer | null,
): readonly OrderFit[] {
  const looked = lookedAt(profile, readings);
  if (looked.length === 0) return [];
  const sample = evenly(readings, READINGS_MAX);
  const fitOf = (order: WordOrder, own: boolean) => orderFit(sample, { order, own, looked, transformer });
  const own = fitOf(profile.wordOrder, true);
  if (own.doubtful.length === 0) return [own];
  return [
    own,
    ...ALL_ORDERS.filter((order) => order !== profile.wordOrder).map((order) => fitOf(order, false)),
  ];
}

/** Numbers of more than one register, where there are any: only of these the order of words can be seen. */
function lookedAt(profile: DeviceProfile, readings: readonly OrderReading[]): readonly string[] {
  const read = new Set(readings.flatMap(({ words }) => [...words.keys()]));
  const ordered = Object.entries(profile.registers).filter(([quantity, { encoding }]) =>
    read.has(quantity) && !UNORDERED.includes(encoding)
  );
  const long = ordered.filter(([, spec]) => wordsOf(spec) > 1);
  return (long.length > 0 ? long : ordered).map(([quantity]) => quantity);
}

function evenly<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.round(i * (list.length - 1) / (most - 1))])
    .flatMap((each) => each === undefined ? [] : [each]);
}

interface Looking {
  readonly order: WordOrder;
  /** Whether it is the profile's, in which some registers may have an order of their own. */
  readonly own: boolean;
  readonly looked: readonly string[];
  readonly transformer: Transformer | null;
}

function orderFit(readings: readonly OrderReading[], looking: Looking): OrderFit {
  const { order, looked, transformer } = looking;
  const seen = readings.map(({ words }): ReadonlyMap<string, SeenValue> =>
    new Map([...words].map(([quantity, read]) => [quantity, seenIn(read, looking)]))
  );
  const broken = seen.map((values) => brokenBy(values, transformer));
  const doubtful = looked.filter((quantity) => {
    const own = seen.flatMap((values, i) => {
      const value = values.get(quantity);
      return value ? [{ ...value, broken: broken[i]?.has(quantity) ?? false }] : [];
    });
    const bad = own.filter((each) => each.value === null || each.broken);
    return 2 * bad.length > own.length || countsStrangely(own);
  });
  const newest = new Map(looked.flatMap((quantity) => {
    const value = seen.findLast((values) => values.has(quantity))?.get(quantity);
    return value ? [[quantity, { value: value.value, unit: value.spec.unit }] as const] : [];
  }));
  return { order: ORDER_LETTERS[order], looked, doubtful, newest };
}

interface SeenValue {
  readonly value: number | null;
  readonly spec: RegisterSpec;
}

function seenIn({ words, spec: mapped, value: decoded }: ReadWords, { order, own }: Looking): SeenValue {
  const { wordOrder, ...plain } = mapped;
  const spec = own ? mapped : plain;
  const value = isNoise(words, spec, (own ? wordOrder : undefined) ?? order)
    ? null
    : own && decoded !== undefined
    ? decoded
    : meterValue(words, spec, order);
  return { value, spec };
}

/** Whether a float is so small that it is none: 230 V in another order is 2 · 10⁻⁴¹. */
function isNoise(words: readonly number[], spec: RegisterSpec, order: WordOrder): boolean {
  if (!spec.encoding.startsWith("f")) return false;
  const coded = Number(codedNumber(inOrder(words.slice(0, wordsOf(spec)), order), spec) ?? 0);
  return coded !== 0 && Math.abs(coded) < NOISE;
}

/** Quantities of a reading that break a rule of wiring. */
function brokenBy(
  seen: ReadonlyMap<string, SeenValue>,
  transformer: Transformer | null,
): ReadonlySet<string> {
  const values = new Map([...seen].map(([quantity, { value }]) => [quantity, value]));
  const broken = new Set<string>();
  for (const finding of checkWiring(wiringReadsOf(values, { transformer }))) {
    if (finding.kind === "frequency") broken.add("frequencyHz");
    if (finding.kind === "voltage" || finding.kind === "line-to-line") {
      broken.add(`voltageL${finding.phase}V`);
    }
    if (finding.kind === "power-sum") broken.add("powerW");
  }
  return broken;
}

/** Whether a counter falls again and again, or grows in nothing but whole 256s. */
function countsStrangely(seen: readonly SeenValue[]): boolean {
  const spec = seen[0]?.spec;
  if (spec?.kind !== "counter" || wordsOf(spec) < 2) return false;
  const { numerator, denominator } = spec.counter ?? { numerator: 1, denominator: 1 };
  const counts = seen.flatMap(({ value }) =>
    value === null ? [] : [Math.round(value * denominator / numerator)]
  );
  const growths = counts.slice(1).map((count, i) => count - (counts[i] ?? count)).filter((by) => by !== 0);
  if (growths.filter((by) => by < 0).length > FALLS_MAX) return true;
  const whole = !spec.encoding.startsWith("f") && growths.every((by) => by % BYTE === 0);
  return whole && growths.length >= GROWTHS_MIN;
}
