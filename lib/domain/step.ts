/**
 * The step of a counter is the smallest change it can show. Below five steps an amount is shown with ±, and rules
 * about zero or stuck counters look at as many half-hours as make five steps.
 *
 * @module
 */

/** Amounts of fewer steps are shown with ±. */
export const STEPS_SURE = 5;

/** Floats of 32 and 64 bits. */
export type FloatEncoding = "f32" | "f64";

/** What a float on the wire can tell apart: bits of the fraction and the smallest exponent (IEEE 754). */
const FLOATS = {
  f32: { fractionBits: 23, exponentMin: -126 },
  f64: { fractionBits: 52, exponentMin: -1022 },
} as const;

/** The distance from a float to the next larger one, in the unit on the wire: 0.125 for f32 at 1,050,000 kWh. */
export function floatStep(value: number, encoding: FloatEncoding): number {
  const { fractionBits, exponentMin } = FLOATS[encoding];
  const size = Math.abs(value);
  let exponent = Math.max(exponentMin, Math.floor(Math.log2(size)));
  if (2 ** exponent > size && exponent > exponentMin) exponent--; // log2 rounds up just below a power of two
  else if (2 ** (exponent + 1) <= size) exponent++;
  return 2 ** (exponent - fractionBits);
}

/** A float counter at one value. */
export interface FloatCounter {
  /** How it lies on the wire. */
  readonly encoding: FloatEncoding;
  /** The counter in whole base units, which are its counts. */
  readonly value: number;
  /** Base units for 1 on the wire: 1000 where the wire has kWh. */
  readonly scale: number;
}

/** The step of a float counter in base units, at least 1: it is kept in whole base units. */
export function floatCounterStep({ encoding, value, scale }: FloatCounter): number {
  return Math.max(1, Math.ceil(floatStep(value / scale, encoding) * scale));
}

/** A step in counts as base units, at least 1. */
export function stepInBase(
  step: number,
  factor: { readonly numerator: number; readonly denominator: number },
): number {
  return Math.max(1, Math.ceil(step * factor.numerator / factor.denominator));
}

/**
 * How far an amount may be off, in base units: one step, because each of its boundaries is rounded down; `null`
 * when it is five steps or more and need not be said.
 */
export function uncertaintyOf(amount: number, step: number): number | null {
  return amount >= STEPS_SURE * step ? null : step;
}

/**
 * Half-hours that a load needs to make five steps, at least 1: over fewer ones a counter that stands still proves
 * nothing.
 *
 * @param usual Usual amount of a half-hour in base units.
 * @returns `null` when it usually counts nothing.
 */
export function halfHoursForFiveSteps(usual: number, step: number): number | null {
  return usual > 0 ? Math.max(1, Math.ceil(STEPS_SURE * step / usual)) : null;
}
