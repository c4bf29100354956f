/**
 * A series is a stretch of a counter with one meter, register, factor, origin and modulus. Amounts are
 * differences of `floor((raw - origin) * numerator / denominator)`; nothing multiplies a stored counter.
 *
 * @module
 */

/** One stretch of a counter. */
export interface Series {
  /** 0 while it is not stored yet. */
  readonly id: number;
  /** The counter's channel. */
  readonly channelId: number;
  /** Epoch seconds of its first reading. */
  readonly sinceS: number;
  /** Numerator of the factor from register counts to the channel's base unit, at least 1. */
  readonly numerator: number;
  /** Denominator of that factor, at least 1. */
  readonly denominator: number;
  /** Register counts at which the series starts. */
  readonly origin: number;
  /** Register counts at which the counter rolls over to 0; `null`: not known, so it never does. */
  readonly modulus: number | null;
}
