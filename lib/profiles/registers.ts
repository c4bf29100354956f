/**
 * The registers that most meters have, so that a profile says only what is its own: address, encoding, scale.
 *
 * @module
 */

import type { Encoding, RegisterSpec } from "./profile.ts";

/** What a profile adds to a common register. */
export type More = Partial<RegisterSpec>;

/** Largest believable counter in its base unit: 10 TWh, above what any register of ours can hold honestly. */
const LARGEST_COUNTER = 1e13;

/** A counter. Integer encodings count `step` base units; floats take `scale` to the base unit. */
function counter(
  unit: "Wh" | "varh" | "VAh",
  address: number,
  encoding: Encoding,
  more: CounterMore,
): RegisterSpec {
  const { step = 1, modulus = null, ...rest } = more;
  return {
    address,
    encoding,
    kind: "counter",
    unit,
    range: [0, LARGEST_COUNTER],
    counter: { numerator: step, denominator: 1, modulus },
    ...rest,
  };
}

/** What a profile adds to a counter. */
export interface CounterMore extends More {
  /** Base units a count, for integer encodings. Default 1. */
  readonly step?: number;
  /** Counts at which it rolls over to 0; default `null`: not known. */
  readonly modulus?: number | null;
}

/** A counter of active energy in Wh. */
export function wattHours(address: number, encoding: Encoding, more: CounterMore = {}): RegisterSpec {
  return counter("Wh", address, encoding, more);
}

/** A counter of reactive energy in varh. */
export function varHours(address: number, encoding: Encoding, more: CounterMore = {}): RegisterSpec {
  return counter("varh", address, encoding, more);
}

/** A counter of apparent energy in VAh. */
export function voltAmpereHours(address: number, encoding: Encoding, more: CounterMore = {}): RegisterSpec {
  return counter("VAh", address, encoding, more);
}

/** Active power in whole W, up to 20 MW either way. */
export function watts(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "W", decimals: 0, range: [-2e7, 2e7], ...more };
}

/** Reactive power in whole var, up to 20 Mvar either way. */
export function vars(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "var", decimals: 0, range: [-2e7, 2e7], ...more };
}

/** Apparent power in whole VA, up to 20 MVA; some meters give it the sign of the power. */
export function voltAmperes(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "VA", decimals: 0, range: [-2e7, 2e7], ...more };
}

/** Voltage in tenths of a volt, up to 36 kV. */
export function volts(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "V", decimals: 1, range: [0, 36_000], ...more };
}

/** Current in hundredths of an ampere, up to 10 kA; some meters give it the sign of the power. */
export function amperes(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "A", decimals: 2, range: [-10_000, 10_000], ...more };
}

/** Frequency in hundredths of a hertz, 40 to 70. */
export function hertz(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "Hz", decimals: 2, range: [40, 70], ...more };
}

/** Power factor in thousandths, -1 to 1. */
export function powerFactor(address: number, encoding: Encoding, more: More = {}): RegisterSpec {
  return { address, encoding, kind: "gauge", unit: "", decimals: 3, range: [-1.001, 1.001], ...more };
}
