/**
 * A series is a stretch of a counter with one meter, register, factor, origin and modulus. Amounts are
 * differences of `floor((raw - origin) * numerator / denominator)`; nothing multiplies a stored counter. What a meter
 * had counted when it was replaced goes on as the base of the next series, so that boundary counters do not jump.
 *
 * @module
 */

import { ON_TIME_S } from "./boundary.ts";
import { endSOf } from "./half_hour.ts";
import type { AcceptedReading } from "./visit.ts";

/**
 * What is known of how a series goes on from the one before, where a person said so: `counted` the register stood at
 * the origin when so much had been counted, `at-least` the same with more counted than is known, `unseen` where the
 * register stood nobody knows: its first reading is its origin, and what came before it is not counted.
 */
export type SeriesBeginning = "counted" | "at-least" | "unseen";

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
  /** Base units that had been counted when the register stood at the origin; absent: 0. */
  readonly base?: number;
  /** How it goes on from the series before; absent: its first reading begins it. */
  readonly begins?: SeriesBeginning;
}

/** Whether a meter of which nobody knows all began to count after the boundary of its first, late reading. */
export function startsShort(
  series: Series,
  last: Pick<AcceptedReading, "halfHour" | "atS" | "value">,
): boolean {
  if (series.base === undefined || series.sinceS - endSOf(last.halfHour) <= ON_TIME_S) return false;
  return series.begins === "at-least" ||
    (series.begins === undefined && series.sinceS === last.atS && series.origin === last.value);
}
