/**
 * From a quantity to the words a device would send, and what they truly say: written on its own, so that the
 * simulator and the collector cannot agree on the same mistake.
 *
 * @module
 */

import { inOrder, textInOrder } from "../profiles/decode.ts";
import type { RegisterSpec, WordOrder } from "../profiles/profile.ts";

/** One quantity as a device answers it. */
export interface Answer {
  /** Its registers as on the wire; those of `plus` follow. */
  readonly words: readonly number[];
  /** Counts of an integer counter, whole base units of a float one, whole 10^-decimals of a gauge, a state's
   * number; `null`: a text, or no number. */
  readonly value: number | null;
  /** A text channel's text. */
  readonly text?: string;
}

/** Share of the first tariff in a counter that is a sum. */
const FIRST_TARIFF = 0.6;

/** Encodes a quantity in its base unit, or a text. */
export function encode(quantity: number | string, spec: RegisterSpec, order: WordOrder): Answer {
  if (typeof quantity === "string") return encodeText(quantity, spec, spec.wordOrder ?? order);
  const parts = 1 + (spec.plus?.length ?? 0);
  const shares = Array.from({ length: parts }, (_, i) => {
    const share = parts === 1 ? 1 : i === 0 ? FIRST_TARIFF : (1 - FIRST_TARIFF) / (parts - 1);
    return encodeNumber(quantity * share, spec);
  });
  return {
    words: shares.flatMap(({ words }) => inOrder(words, spec.wordOrder ?? order)),
    value: truthOf(shares.reduce((sum, { coded }) => sum + coded, 0), spec),
  };
}

/** The words of a quantity that the device cannot tell. */
export function encodeNothing(spec: RegisterSpec, order: WordOrder): Answer {
  const [sentinel] = spec.sentinels ?? [];
  const length = encodeNumber(0, spec).words.length;
  const float = spec.encoding === "f64" ? [0x7ff8, 0, 0, 0] : [0x7fc0, 0];
  const one = sentinel
    ? sentinel.match(/.{4}/g)?.map((digits) => parseInt(digits, 16)) ?? []
    : spec.encoding.startsWith("f")
    ? inOrder(float, spec.wordOrder ?? order)
    : Array.from({ length }, () => 0xffff);
  return { words: Array.from({ length: 1 + (spec.plus?.length ?? 0) }, () => one).flat(), value: null };
}

/** What the words say once decoded: the coded number has lost what its encoding cannot hold. */
function truthOf(coded: number, spec: RegisterSpec): number {
  const inBase = coded * (spec.scale ?? 1) + (spec.offset ?? 0);
  if (spec.kind !== "gauge") return Math.round(inBase);
  return Math.round(inBase * Math.pow(10, spec.decimals ?? 0));
}

interface Coded {
  readonly words: number[];
  readonly coded: number;
}

function encodeNumber(quantity: number, spec: RegisterSpec): Coded {
  const scaled = (quantity - (spec.offset ?? 0)) / (spec.scale ?? 1);
  const counts = spec.counter
    ? Math.floor(scaled * spec.counter.denominator / spec.counter.numerator)
    : Math.round(scaled);
  switch (spec.encoding) {
    case "f32":
    case "f32-either":
      return float32(scaled);
    case "f32-4q":
      return { ...float32(scaled), coded: Math.fround(scaled) };
    case "f64":
      return float64(scaled);
    case "u16":
    case "i16":
      return integer(counts, 1);
    case "u32":
    case "i32":
    case "ipv4":
      return integer(counts, 2);
    case "u64":
    case "i64":
      return integer(counts, 4);
    case "bcd":
      return decimal(counts, spec.words ?? 1);
    case "bit":
      return { words: [(counts & 1) << (spec.bit ?? 0)], coded: counts & 1 };
    case "string":
      return { words: Array.from({ length: spec.words ?? 1 }, () => 0), coded: 0 };
  }
}

function float32(x: number): Coded {
  const bits = new Uint32Array(new Float32Array([x]).buffer)[0] ?? 0;
  return { words: [Math.floor(bits / 65536), bits % 65536], coded: Math.fround(x) };
}

function float64(x: number): Coded {
  let bits = new BigUint64Array(new Float64Array([x]).buffer)[0] ?? 0n;
  const words: number[] = [];
  for (let i = 0; i < 4; i++, bits /= 65536n) words.unshift(Number(bits % 65536n));
  return { words, coded: x };
}

/** Two's complement over so many words; what is too large wraps, as in the device. */
function integer(x: number, length: number): Coded {
  const size = 65536n ** BigInt(length);
  const wrapped = ((BigInt(x) % size) + size) % size;
  let rest = wrapped;
  const words: number[] = [];
  for (let i = 0; i < length; i++, rest /= 65536n) words.unshift(Number(rest % 65536n));
  return { words, coded: x < 0 ? x : Number(wrapped) };
}

function decimal(x: number, length: number): Coded {
  const digits = String(x % 10 ** (length * 4)).padStart(length * 4, "0");
  const words = Array.from({ length }, (_, i) => parseInt(digits.slice(i * 4, i * 4 + 4), 16));
  return { words, coded: Number(digits) };
}

function encodeText(text: string, spec: RegisterSpec, order: WordOrder): Answer {
  if (spec.encoding === "ipv4") {
    const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
    return { words: inOrder([a * 256 + b, c * 256 + d], order), value: null, text };
  }
  const length = spec.words ?? 1;
  const bytes = new Uint8Array(length * 2);
  bytes.set(new TextEncoder().encode(text).slice(0, length * 2));
  const words = Array.from({ length }, (_, i) => (bytes[i * 2] ?? 0) * 256 + (bytes[i * 2 + 1] ?? 0));
  return { words: textInOrder(words, order), value: null, text };
}
