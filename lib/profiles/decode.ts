/**
 * From register words to a value in its unit, or why there is none. Pure, and never throws for what a device
 * may send: only words of the wrong number are a bug.
 *
 * @module
 */

import { hexOf } from "../domain/visit.ts";
import { err, ok, type Result } from "../result.ts";
import { type Encoding, type RegisterSpec, type WordOrder, wordsOf } from "./profile.ts";

/** A value as it is kept. */
export type DecodedValue =
  | {
    /** Counts up. */
    readonly kind: "counter";
    /** Register counts of an integer; whole base units of a float; 0 to 2^53 - 1. */
    readonly value: number;
  }
  | {
    /** Has only a value at the reading. */
    readonly kind: "gauge";
    /** Whole 10^-decimals of its unit. */
    readonly value: number;
  }
  | {
    /** One of a few numbers. */
    readonly kind: "state";
    /** The number. */
    readonly value: number;
  }
  | {
    /** Words for people. */
    readonly kind: "text";
    /** Without control characters and surrounding blanks; may be empty. */
    readonly text: string;
  };

/** Why words are no value. */
export type DecodeReason = "not-a-number" | "out-of-range";

/** Below this, in degrees, a float read in the wrong byte order is taken for noise (11 m on the ground). */
const SMALLEST_EITHER = 1e-4;

/** Share of the larger limit by which a product of two numbers with a point may miss it: 3 × 0.1 is no more than 0.3. */
const RANGE_SLACK = 1e-12;

/**
 * Decodes the words of one quantity.
 *
 * @param words The registers of the quantity; those of `plus` follow in their order.
 * @param order Word order of the profile; the register's own wins.
 * @param near Where the value is expected, in its base unit: settles which byte order an `f32-either` came in
 * when both are believable (one in thirteen). `null`: not known, high byte first.
 */
export function decode(
  words: readonly number[],
  spec: RegisterSpec,
  order: WordOrder,
  near: number | null = null,
): Result<DecodedValue, DecodeReason> {
  const parts = partsOf(words, spec);
  if (parts.some((part) => isSentinel(part, spec))) return err("not-a-number");
  const wordOrder = spec.wordOrder ?? order;
  if (spec.encoding === "string") {
    return ok({ kind: "text", text: textOf(textInOrder(parts[0] ?? [], wordOrder)) });
  }
  const ordered = parts.map((part) => inOrder(part, wordOrder));
  if (spec.encoding === "ipv4") return ok({ kind: "text", text: addressOf(ordered[0] ?? []) });
  const coded: (number | bigint)[] = [];
  for (const part of ordered) {
    const number = spec.encoding === "f32-either" ? eitherOf(part, spec, near) : numberOf(part, spec);
    if (number === null) return err("not-a-number");
    coded.push(number);
  }
  return spec.kind === "counter" ? counterOf(coded, spec) : valueOf(coded, spec);
}

/** The words of one value, high word and high byte first. */
export function inOrder(words: readonly number[], order: WordOrder): readonly number[] {
  const turned = order === "little" || order === "little-swapped" ? words.toReversed() : words;
  return textInOrder(turned, order);
}

/** The words of a text, its first character first: the words of a text are never turned, their bytes may be. */
export function textInOrder(words: readonly number[], order: WordOrder): readonly number[] {
  if (order === "big" || order === "little") return words;
  return words.map((word) => (word & 0xff) << 8 | word >> 8);
}

/** What a value is coded as, as far as one number depends on it. */
export interface NumberCoding {
  /** How it lies in its registers. */
  readonly encoding: Encoding;
  /** Which bit, for `bit`. */
  readonly bit?: number | undefined;
}

/** The coded number of a value whose words are {@link inOrder}; `null`: not a number. */
export function codedNumber(
  words: readonly number[],
  { encoding, bit }: NumberCoding,
): number | bigint | null {
  if (encoding === "string" || encoding === "ipv4") return null;
  return numberOf(words, { encoding: encoding === "f32-either" ? "f32" : encoding, bit });
}

function partsOf(words: readonly number[], spec: RegisterSpec): readonly (readonly number[])[] {
  const length = wordsOf(spec);
  const count = 1 + (spec.plus?.length ?? 0);
  if (words.length !== length * count) {
    throw new RangeError(
      `Cannot decode register ${spec.address}: ${words.length} words, not ${length * count}`,
    );
  }
  if (count === 1) return [words];
  return Array.from({ length: count }, (_, i) => words.slice(i * length, (i + 1) * length));
}

function isSentinel(part: readonly number[], { sentinels }: RegisterSpec): boolean {
  if (!sentinels) return false;
  const hex = hexOf(part);
  return sentinels.some((sentinel) => sentinel.toLowerCase() === hex);
}

function bytesOf(words: readonly number[]): DataView {
  return putWords(new DataView(new ArrayBuffer(words.length * 2)), words);
}

/** Bytes of the number that is decoded now: a night decodes millions of them. */
const NUMBER_BYTES = new DataView(new ArrayBuffer(2 * 125));

function putWords(view: DataView, words: readonly number[]): DataView {
  for (let i = 0; i < words.length; i++) view.setUint16(i * 2, words[i] ?? 0);
  return view;
}

/** UTF-8 up to the first NUL; broken sequences and control characters are dropped. */
function textOf(words: readonly number[]): string {
  const text = new TextDecoder().decode(bytesOf(words));
  return (text.split("\0", 1)[0] ?? "").replaceAll(/[\p{Cc}\p{Cf}\uFFFD]/gu, "").trim();
}

function addressOf(words: readonly number[]): string {
  return words.flatMap((word) => [word >> 8, word & 0xff]).join(".");
}

/** The coded number, high word first; `null`: not a number. */
function numberOf(words: readonly number[], spec: NumberCoding): number | bigint | null {
  const view = putWords(NUMBER_BYTES, words);
  const encoding = spec.encoding as Exclude<Encoding, "string" | "ipv4" | "f32-either">;
  switch (encoding) {
    case "u16":
      return view.getUint16(0);
    case "i16":
      return view.getInt16(0);
    case "u32":
      return view.getUint32(0);
    case "i32":
      return view.getInt32(0);
    case "u64":
      return view.getBigUint64(0);
    case "i64":
      return view.getBigInt64(0);
    case "f32":
      return finite(view.getFloat32(0));
    case "f64":
      return finite(view.getFloat64(0));
    case "f32-4q":
      return quadrantOf(view.getFloat32(0));
    case "bcd":
      return bcdOf(words);
    case "bit":
      return (view.getUint16(0) >> (spec.bit ?? 0)) & 1;
  }
}

function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

/** Schneider's 4Q_FP_PF: -2 to 2, where beyond ±1 the load is leading. */
function quadrantOf(x: number): number | null {
  if (!Number.isFinite(x)) return null;
  return Math.abs(x) > 1 ? Math.sign(x) * (2 - Math.abs(x)) : x;
}

/** The byte order that gives a believable number; of two such the nearer one. All zero means no fix. */
function eitherOf(words: readonly number[], spec: RegisterSpec, near: number | null): number | null {
  const view = bytesOf(words);
  const [low, high] = spec.range ?? [-Infinity, Infinity];
  const [first, second] = [view.getFloat32(0), view.getFloat32(0, true)]
    .filter((x) => Math.abs(x) >= SMALLEST_EITHER && x >= low && x <= high);
  if (first === undefined) return view.getUint32(0) === 0 ? null : finite(view.getFloat32(0));
  if (second === undefined || near === null) return first;
  return Math.abs(first - near) <= Math.abs(second - near) ? first : second;
}

function bcdOf(words: readonly number[]): bigint | null {
  const digits = hexOf(words);
  return /^\d+$/.test(digits) ? BigInt(digits) : null;
}

function counterOf(
  coded: readonly (number | bigint)[],
  spec: RegisterSpec,
): Result<DecodedValue, DecodeReason> {
  const counts = coded.every((part) => typeof part === "bigint")
    ? Number(coded.reduce((sum, part) => sum + part, 0n))
    : Math.round(coded.reduce<number>((sum, part) => sum + Number(part) * (spec.scale ?? 1), 0));
  const { numerator, denominator } = spec.counter ?? { numerator: 1, denominator: 1 };
  if (counts < 0 || coded.some((part) => Number(part) < 0 && counts !== 0)) return err("out-of-range");
  if (!inRange(counts * numerator / denominator, spec) || !Number.isSafeInteger(counts)) {
    return err("out-of-range");
  }
  return ok({ kind: "counter", value: counts + 0 });
}

function valueOf(
  coded: readonly (number | bigint)[],
  spec: RegisterSpec,
): Result<DecodedValue, DecodeReason> {
  const x = coded.reduce<number>((sum, part) => sum + Number(part) * (spec.scale ?? 1), spec.offset ?? 0);
  const value = Math.round(x * 10 ** (spec.decimals ?? 0)) + 0;
  if (!inRange(x, spec) || !Number.isSafeInteger(value)) return err("out-of-range");
  return ok({ kind: spec.kind === "state" ? "state" : "gauge", value });
}

function inRange(x: number, spec: RegisterSpec): boolean {
  if (spec.range === undefined) return true;
  const [low, high] = spec.range;
  const slack = Math.max(Math.abs(low), Math.abs(high)) * RANGE_SLACK;
  return x >= low - slack && x <= high + slack;
}
