/**
 * Current and voltage transformers: by what a reading is multiplied, and how much power can flow at all.
 *
 * @module
 */

import type { Unit } from "./channel.ts";
import type { Transformer } from "./site.ts";

/** A ratio of whole numbers in lowest terms. */
export interface Ratio {
  /** At least 1. */
  readonly numerator: number;
  /** At least 1. */
  readonly denominator: number;
}

const ONE: Ratio = { numerator: 1, denominator: 1 };

/** Decimals of a rated current or voltage that count: 0.333 V is a secondary. */
const RATED_DECIMALS = 1000;

const SQRT_3 = Math.sqrt(3);

/** A ratio in lowest terms; its numbers may have up to three decimals. */
export function ratioOf(numerator: number, denominator: number): Ratio {
  const whole = [numerator, denominator].map((number) => Math.round(number * RATED_DECIMALS));
  const [top = 0, bottom = 0] = whole;
  if (top < 1 || bottom < 1) throw new RangeError(`${numerator}:${denominator} is no ratio`);
  const divisor = greatestCommonDivisor(top, bottom);
  return { numerator: top / divisor, denominator: bottom / divisor };
}

/**
 * Largest number of CT × VT in lowest terms: what a register's count is worth is at most 1,000,000 more, and the factor
 * of a counter is kept as whole numbers that stay exact.
 */
export const RATIO_PART_MAX = 9_000_000_000;

/**
 * The product of two ratios in lowest terms: exact where its numbers fit 53 bits, the nearest ratio of whole numbers
 * that do where they would not.
 */
export function timesRatio(one: Ratio, other: Ratio): Ratio {
  const numerator = one.numerator * other.numerator;
  const denominator = one.denominator * other.denominator;
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator)) return timesLong(one, other);
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/**
 * Why the factor of transformers that we apply cannot be kept exactly, as what is expected; `null`: it can.
 * `transformer` has rated values of at most three decimals.
 */
export function ratioTrouble(transformer: Transformer): string | null {
  const { numerator, denominator } = transformerRatio(transformer, "Wh");
  if (numerator <= RATIO_PART_MAX && denominator <= RATIO_PART_MAX) return null;
  return `ratings whose CT × VT is a ratio of whole numbers up to ${RATIO_PART_MAX}, not ` +
    `${numerator} : ${denominator}: take those with fewer decimals, such as 11000 : 110 for 6350.853 : 63.509`;
}

/**
 * What we multiply a reading by: power and energy take CT × VT, current CT, voltage VT, everything else (power
 * factor, Hz) nothing. 1 where the meter applies its ratios itself, or has none.
 */
export function transformerRatio(transformer: Transformer | null, unit: Unit): Ratio {
  if (transformer === null || transformer.appliedBy === "meter") return ONE;
  const ct = ratioOf(transformer.ctPrimaryA, transformer.ctSecondaryA);
  const vt = ratioOf(transformer.vtPrimaryV, transformer.vtSecondaryV);
  switch (unit) {
    case "Wh":
    case "varh":
    case "VAh":
    case "W":
    case "var":
    case "VA":
      return timesRatio(ct, vt);
    case "A":
      return ct;
    case "V":
      return vt;
    case "L":
    case "s":
    case "count":
    case "B":
    case "Hz":
    case "%":
    case "°C":
    case "dBm":
    case "dB":
    case "°":
    case "min":
    case "":
      return ONE;
  }
}

/** What is known about how much can flow. */
export interface PowerLimits {
  /** What was registered for the meter in W (breaker); `null`: nothing. */
  readonly maxPowerW: number | null;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Nominal line-to-neutral voltage of the supply before any VT, in V. */
  readonly nominalV: number;
  /** Phases that it measures. */
  readonly phases: 1 | 3;
  /** What the model can measure directly, in W; `null`: transformers decide. */
  readonly profileMaxPowerW: number | null;
}

/**
 * Largest believable power in W: as registered, else by the transformers' ratings, else the model's own. `null`:
 * nothing is known.
 */
export function maxPowerWOf(limits: PowerLimits): number | null {
  const { maxPowerW, transformer, nominalV, phases, profileMaxPowerW } = limits;
  if (maxPowerW !== null) return maxPowerW;
  if (transformer === null) return profileMaxPowerW;
  const { ctPrimaryA, vtPrimaryV, vtSecondaryV } = transformer;
  // A VT is rated line to line.
  const phaseV = vtPrimaryV > vtSecondaryV ? vtPrimaryV / SQRT_3 : nominalV;
  return Math.round(phases * phaseV * ctPrimaryA);
}

/**
 * Most base units that a counter can count in an hour; `null`: not known. Energy is bounded by power, seconds by
 * the clock.
 *
 * @param maxPowerW Largest believable power in W; `null`: not known.
 */
export function maxPerHourOf(unit: Unit, maxPowerW: number | null): number | null {
  if (unit === "s") return 3600;
  return unit === "Wh" || unit === "varh" || unit === "VAh" ? maxPowerW : null;
}

const LONGEST = BigInt(Number.MAX_SAFE_INTEGER);

function timesLong(one: Ratio, other: Ratio): Ratio {
  let top = BigInt(one.numerator) * BigInt(other.numerator);
  let bottom = BigInt(one.denominator) * BigInt(other.denominator);
  let [divisor, rest] = [top, bottom];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  [top, bottom] = [top / divisor, bottom / divisor];
  const [more, less] = top > bottom ? [top, bottom] : [bottom, top];
  const short = LONGEST * less / more || 1n;
  const near = more * short / less;
  const [long, brief] = more > LONGEST ? [near < LONGEST ? near : LONGEST, short] : [more, less];
  const [numerator, denominator] = top > bottom ? [long, brief] : [brief, long];
  return { numerator: Number(numerator), denominator: Number(denominator) };
}

function greatestCommonDivisor(one: number, other: number): number {
  let a = one;
  let b = other;
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
