/**
 * Boundary counters: what a counter was at :00 and :30, from the two accepted reads around it. Every amount is a
 * difference of two of them, so any run of half-hours adds up exactly to the difference of its end boundaries.
 *
 * @module
 */

import { closedHalfHourAt, endSOf, type HalfHour } from "./half_hour.ts";
import { type LoadShape, weightedSeconds } from "./load_shape.ts";
import type { Series } from "./series.ts";

/** A read within so many seconds of its boundary counts as read at the boundary. */
export const ON_TIME_S = 60;

/** What a series says about turning register counts into its base unit. */
export type CountingRule = Pick<Series, "numerator" | "denominator" | "origin" | "base">;

/** A counter at an instant. */
export interface CounterPoint {
  /** Epoch seconds, whole. */
  readonly atS: number;
  /** The counter in base units of its series, whole. */
  readonly counter: number;
}

/** A boundary counter with its half-hour. */
export interface BoundaryCounter {
  /** The half-hour that the boundary closes. */
  readonly halfHour: HalfHour;
  /** The counter there, in base units of the series. */
  readonly boundary: number;
}

/**
 * The counter in base units: `floor((raw - origin) * numerator / denominator) + base`, exact for all whole numbers.
 *
 * @returns `null` when it does not fit 53 bits.
 */
export function counterOf(raw: number, rule: CountingRule): number | null {
  if (!Number.isSafeInteger(raw)) return null;
  const product = (BigInt(raw) - BigInt(rule.origin)) * BigInt(rule.numerator);
  const counter = Number(floorDivide(product, BigInt(rule.denominator)) + BigInt(rule.base ?? 0));
  return Number.isSafeInteger(counter) ? counter : null;
}

/**
 * The boundary counters of the half-hours `first` to `last` between two reads:
 * `B = a + floor((b - a) * w(a to boundary) / w(a to b))`. `w` is seconds; where more than one boundary lies
 * between the reads, or the later read came more than 60 s after its boundary, seconds weighted by the channel's
 * load shape if it has one. They never fall and never leave the reads' own counters.
 *
 * @param between The reads: the earlier at or before the first boundary, the later at or after the last one.
 */
export function boundariesBetween(
  between: { readonly earlier: CounterPoint; readonly later: CounterPoint; readonly shape: LoadShape | null },
  closing: { readonly first: HalfHour; readonly last: HalfHour },
): readonly BoundaryCounter[] {
  const { earlier, later } = between;
  const late = later.atS - endSOf(closing.last) > ON_TIME_S;
  const shape = late || closing.last > closing.first ? between.shape : null;
  const wholeWeight = weightedSeconds(shape, { fromS: earlier.atS, toS: later.atS });
  const growth = later.counter - earlier.counter;
  const found: BoundaryCounter[] = [];
  let weight = 0;
  let fromS = earlier.atS;
  for (let halfHour = closing.first; halfHour <= closing.last; halfHour++) {
    const toS = endSOf(halfHour);
    weight += weightedSeconds(shape, { fromS, toS });
    fromS = toS;
    found.push({ halfHour, boundary: earlier.counter + share(growth, { weight, wholeWeight }) });
  }
  return found;
}

/** As {@link boundariesBetween}, by way of a counter that a person read in between, if there is one. */
export function boundariesThrough(
  points: {
    readonly earlier: CounterPoint;
    readonly knot: CounterPoint | null;
    readonly later: CounterPoint;
    readonly shape: LoadShape | null;
  },
  { first, last }: { readonly first: HalfHour; readonly last: HalfHour },
): readonly BoundaryCounter[] {
  const { earlier, knot, later, shape } = points;
  if (knot === null) return boundariesBetween({ earlier, later, shape }, { first, last });
  const before = Math.max(first - 1, Math.min(last, closedHalfHourAt(knot.atS * 1000)));
  return [
    ...boundariesBetween({ earlier, later: knot, shape }, { first, last: before }),
    ...boundariesBetween({ earlier: knot, later, shape }, { first: before + 1, last }),
  ];
}

function share(growth: number, part: { readonly weight: number; readonly wholeWeight: number }): number {
  const product = growth * part.weight;
  if (Number.isSafeInteger(product)) return Math.floor(product / part.wholeWeight);
  return Number(floorDivide(BigInt(growth) * BigInt(part.weight), BigInt(part.wholeWeight)));
}

/** BigInt division rounds towards 0; a counter rounds down. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
