/**
 * Judges a counter's reading: is it believable, which boundary counters and amounts does it settle, does it start
 * a new series. Boundary counters are fixed once the read after them is accepted.
 *
 * @module
 */

import {
  boundariesThrough,
  type BoundaryCounter,
  counterOf,
  type CounterPoint,
  ON_TIME_S,
} from "./boundary.ts";
import { closedHalfHourAt, endSOf, HALF_HOUR_S, type HalfHour, halfHourOf } from "./half_hour.ts";
import type { LoadShape } from "./load_shape.ts";
import type { AmountReason, Quality } from "./reading.ts";
import { type Series, startsShort } from "./series.ts";
import type { AcceptedReading, CounterContext, RecoveredAmount } from "./visit.ts";

/** Largest amount of a half-hour: amounts are 32-bit. */
export const AMOUNT_MAX = 2_147_483_647;

/** Longest gap that is recovered, in half-hours: ten years. Beyond it a new series starts. */
export const GAP_MAX = 175_680;

/** Tolerance over the largest power: current transformers and breakers carry more than their rating for a while. */
const POWER_TOLERANCE = 1.2;

/** Steps of the counter that its growth may exceed the limit by: one at each end. */
const STEPS_TOLERATED = 2;

/** How a counter counts and what can be believed of it. */
export interface CounterRules {
  /** Numerator of the factor from register counts to the base unit, whole, at least 1. */
  readonly numerator: number;
  /** Denominator of that factor, whole, at least 1. */
  readonly denominator: number;
  /** Register counts at which it rolls over to 0; `null`: not known, so it never does. */
  readonly modulus: number | null;
  /** Most it can count in an hour, in base units; `null`: not known, so only falling and absurd is refused. */
  readonly maxPerHour: number | null;
  /** Smallest change it can show, in register counts. */
  readonly step: number;
  /** Whether it falls to 0 without power: it then counts on from 0 as "at least". */
  readonly forgetsWithoutPower: boolean;
}

/** A decoded reading of a counter. */
export interface CounterReading {
  /** Epoch seconds at which it was read, whole. */
  readonly atS: number;
  /** Register counts. */
  readonly value: number;
  /** Register words, hex. */
  readonly words: string;
}

/** What is known when a reading is judged. */
export interface CounterInput {
  /** The half-hour that the reading closes. */
  readonly halfHour: HalfHour;
  /** The counter's channel. */
  readonly channelId: number;
  /** How it counts now. */
  readonly rules: CounterRules;
  /** Its newest series; `null`: it has none yet. */
  readonly series: Series | null;
  /** Its readings before. */
  readonly context: CounterContext;
  /** The reading; `null`: there is none. */
  readonly reading: CounterReading | null;
  /** Its load shape; `null`: it has none yet. */
  readonly shape: LoadShape | null;
}

/** What the reading settles. */
export interface CounterJudgement {
  /** Boundary counter at the end of the half-hour in base units of the series; `null`: not known. */
  readonly boundary: number | null;
  /** Amount of the half-hour in base units; `null`: none, for `amountReason`. */
  readonly amount: number | null;
  /** `measured`, `recovered`, `estimated` ("at least"), or `missing` without an amount. */
  readonly quality: Quality;
  /** Why there is no amount; `null`: there is one. */
  readonly amountReason: AmountReason | null;
  /** Whether the reading is believed: it is then the last accepted one for the next half-hour. */
  readonly accepted: boolean;
  /** Amounts of the half-hours since the last accepted reading, oldest first. */
  readonly recovered: readonly RecoveredAmount[];
  /** The series that the reading starts, with id 0; `null`: it goes on with the newest one. */
  readonly newSeries: Series | null;
  /** Whether the open gap is spent. */
  readonly spendsGap: boolean;
  /** The last accepted reading, to be kept apart until the next good one; `null`: nothing to keep. */
  readonly opensGap: AcceptedReading | null;
}

/** An accepted reading before this one, in the coordinates of its series. */
interface Earlier {
  readonly halfHour: HalfHour;
  readonly atS: number;
  readonly counter: number;
  readonly boundary: number | null;
}

/** How a reading goes on from an earlier one. */
interface Continuation {
  readonly earlier: Earlier;
  /** The reading's counter in base units. */
  readonly counter: number;
  readonly newSeries: Series | null;
  /** Whether the counter may have counted more than it shows. */
  readonly atLeast: boolean;
  /** Why the half-hour after the earlier reading has no amount where that reading's boundary is unknown. */
  readonly unknownStart: AmountReason;
  /** Whether what flowed at the beginning of the half-hour after the earlier reading was not counted. */
  readonly startsShort?: boolean;
  /** What a person read in between; absent: nothing. */
  readonly knot?: CounterPoint;
}

/**
 * Judges the reading that closes a half-hour, or its absence.
 *
 * - The first reading, and the first of a new series, settles its boundary only when it was read exactly on it.
 *   Otherwise its half-hour has no amount (`first-reading`, `new-series`), and neither has the one after it, whose
 *   start is unknown (`first-reading`).
 * - A series starts with origin 0, so that boundary counters are never negative and look like the meter's display.
 *   A rollover, or a fall to 0 of a counter that forgets, starts a series whose origin is lowered by what the
 *   register lost: boundary counters go on without a jump and the amounts stay differences of them.
 * - A reading that cannot follow the last accepted one is `implausible` and never becomes the last one. If the
 *   half-hour before had such a reading too and the two agree with each other, they start a new series. A sudden 0
 *   is never a rollover and two of them prove nothing: dead gateways answer 0, and growth from it comes soon.
 * - Where another whole turn of a small counter would be as plausible, the amount is `estimated`: "at least".
 * - The first reading after a meter was replaced goes on from what a person read at that moment: the half-hour of it has
 *   what the old counter counted to its end and what the new one counted from its beginning.
 */
export function judgeReading(input: CounterInput): CounterJudgement {
  const { reading } = input;
  if (reading === null) return withoutReading(input, reasonWhenMissing(input));
  if (!fits(input, reading)) return withoutReading(input, "implausible");
  const last = lastInSeries(input);
  const changed = last === null && isAfterChange(input, reading);
  if (last === null && !changed) return beginSeries(input, reading);
  const followed = last === null ? changeoverOf(input, reading) : continuationOf(input, { last, reading });
  const found = followed ?? agreementOf(input, reading);
  const judged = found === null ? null : settle(input, { found, reading });
  return judged ?? withoutReading(input, "implausible");
}

/** Without any reading before, or with one whose boundary is unknown, no later reading will bring this amount. */
function reasonWhenMissing({ halfHour, context: { last } }: CounterInput): AmountReason {
  if (last === null) return "first-reading";
  return last.boundary === null && last.halfHour === halfHour - 1 ? "first-reading" : "no-later-reading-yet";
}

function withoutReading(input: CounterInput, amountReason: AmountReason): CounterJudgement {
  const { last, inGap } = input.context;
  return {
    boundary: null,
    amount: null,
    quality: "missing",
    amountReason,
    accepted: false,
    recovered: [],
    newSeries: null,
    spendsGap: false,
    opensGap: inGap ? null : last,
  };
}

/** Refuses what no counter can show, and clocks that ran backwards. */
function fits({ halfHour, rules, context: { last } }: CounterInput, reading: CounterReading): boolean {
  if (reading.value < 0 || counterOf(reading.value, { ...rules, origin: 0 }) === null) return false;
  if (reading.atS < endSOf(halfHour)) return false;
  return last === null || (reading.atS > last.atS && halfHour > last.halfHour);
}

/** The last accepted reading, if the newest series is still how the counter counts and holds that reading. */
function lastInSeries({ halfHour, rules, series, context: { last } }: CounterInput): AcceptedReading | null {
  if (last === null || series === null || !countsAlike(rules, series)) return null;
  return last.atS < series.sinceS || halfHour - last.halfHour > GAP_MAX ? null : last;
}

function countsAlike(rules: CounterRules, series: Series): boolean {
  return rules.numerator === series.numerator && rules.denominator === series.denominator &&
    rules.modulus === series.modulus;
}

function beginSeries(input: CounterInput, reading: CounterReading): CounterJudgement {
  const { rules, context } = input;
  const prepared = input.series !== null && countsAlike(rules, input.series) &&
    (context.last === null || context.last.atS < input.series.sinceS);
  const newSeries = prepared ? null : seriesFrom(input, reading.atS);
  const series = newSeries ?? input.series ?? seriesFrom(input, reading.atS);
  const onBoundary = reading.atS === endSOf(input.halfHour);
  return {
    boundary: onBoundary ? counterOf(reading.value, series) : null,
    amount: null,
    quality: "missing",
    amountReason: context.last === null ? "first-reading" : "new-series",
    accepted: true,
    recovered: [],
    newSeries,
    spendsGap: context.inGap,
    opensGap: null,
  };
}

function seriesFrom({ channelId, rules }: CounterInput, sinceS: number): Series {
  const { numerator, denominator, modulus } = rules;
  return { id: 0, channelId, sinceS, numerator, denominator, origin: 0, modulus };
}

/** Whether the reading is the first of a series of which a person said how it goes on from the one before. */
function isAfterChange({ rules, series, context: { last } }: CounterInput, reading: CounterReading): boolean {
  if (series?.begins === undefined || !countsAlike(rules, series) || reading.atS < series.sinceS) {
    return false;
  }
  return last === null || last.atS < series.sinceS;
}

/** How the reading follows what a person read when the meter was replaced; `null`: it cannot. */
function changeoverOf(input: CounterInput, reading: CounterReading): Continuation | null {
  const { rules, series, context: { last } } = input;
  if (series === null) return null;
  const unseen = series.begins === "unseen";
  const { begins: _, ...plain } = series;
  const own = unseen ? { ...plain, id: 0, sinceS: reading.atS, origin: reading.value } : series;
  const knot = { atS: series.sinceS, counter: series.base ?? 0 };
  const counter = counterOf(reading.value, own);
  if (counter === null) return null;
  if (!plausible(counter - knot.counter, growthLimit(rules, reading.atS - knot.atS))) return null;
  // Without a base it goes on from no counter that was read before.
  const known = series.base !== undefined && last?.counter !== undefined && last.counter <= knot.counter
    ? { ...last, counter: last.counter }
    : null;
  return {
    earlier: known ?? {
      ...knot,
      halfHour: halfHourOf(knot.atS * 1000) - 1,
      boundary: knot.atS % HALF_HOUR_S === 0 ? knot.counter : null,
    },
    counter,
    newSeries: unseen ? own : null,
    atLeast: series.begins !== "counted",
    unknownStart: "new-series",
    knot,
  };
}

/** How the reading follows the last accepted one; `null`: it cannot. */
function continuationOf(
  input: CounterInput,
  pair: { readonly last: AcceptedReading; readonly reading: CounterReading },
): Continuation | null {
  const { rules } = input;
  const { last, reading } = pair;
  const series = input.series ?? seriesFrom(input, last.atS);
  const from = counterOf(last.value, series);
  if (from === null) return null;
  const earlier = { halfHour: last.halfHour, atS: last.atS, counter: from, boundary: last.boundary };
  const limit = growthLimit(rules, reading.atS - last.atS);
  const follow = (lost: number, atLeast: boolean): Continuation | null => {
    const { begins: _, ...plain } = series;
    const lowered = { ...plain, id: 0, sinceS: reading.atS, origin: series.origin - lost };
    const counter = counterOf(reading.value, lowered);
    if (counter === null || !plausible(counter - from, limit)) return null;
    return {
      earlier,
      counter,
      newSeries: lost === 0 ? null : lowered,
      atLeast: atLeast || anotherTurnFits({ rules, limit, growth: counter - from }),
      unknownStart: "first-reading",
      startsShort: startsShort(series, last),
    };
  };
  if (reading.value >= last.value) return follow(0, false);
  if (reading.value === 0) return null; // the next reading tells, and loses nothing by it
  const turned = rolledOver(rules, pair) && limit !== null ? follow(rules.modulus ?? 0, false) : null;
  return turned ?? (rules.forgetsWithoutPower ? follow(last.value, true) : null);
}

function rolledOver(
  { modulus }: CounterRules,
  { last, reading }: { readonly last: AcceptedReading; readonly reading: CounterReading },
): boolean {
  return modulus !== null && reading.value < modulus && last.value < modulus;
}

/** Most base units that the counter can have counted meanwhile; `null`: no limit is known. */
function growthLimit(rules: CounterRules, elapsedS: number): number | null {
  if (rules.maxPerHour === null) return null;
  const steps = STEPS_TOLERATED * rules.step * rules.numerator / rules.denominator;
  return rules.maxPerHour * elapsedS / 3600 * POWER_TOLERANCE + steps;
}

function plausible(growth: number, limit: number | null): boolean {
  return growth >= 0 && (limit === null || growth <= limit);
}

function anotherTurnFits(
  seen: { readonly rules: CounterRules; readonly limit: number | null; readonly growth: number },
): boolean {
  const { rules, limit, growth } = seen;
  if (rules.modulus === null || limit === null) return false;
  return growth + rules.modulus * rules.numerator / rules.denominator <= limit;
}

/** How the reading agrees with the implausible one of the half-hour before; `null`: it does not. */
function agreementOf(input: CounterInput, reading: CounterReading): Continuation | null {
  const { candidate } = input.context;
  if (candidate === null || candidate.atS >= reading.atS) return null;
  if (candidate.value > reading.value || reading.value === 0) return null;
  const newSeries = seriesFrom(input, candidate.atS);
  const from = counterOf(candidate.value, newSeries);
  const counter = counterOf(reading.value, newSeries);
  const halfHour = closedHalfHourAt(candidate.atS * 1000);
  if (from === null || counter === null || halfHour >= input.halfHour) return null;
  if (!plausible(counter - from, growthLimit(input.rules, reading.atS - candidate.atS))) return null;
  const boundary = candidate.atS === endSOf(halfHour) ? from : null;
  return {
    earlier: { halfHour, atS: candidate.atS, counter: from, boundary },
    counter,
    newSeries,
    atLeast: false,
    unknownStart: "new-series",
  };
}

/** Boundary counters and amounts from the earlier reading to this one; `null`: an amount does not fit 32 bits. */
function settle(
  input: CounterInput,
  { found, reading }: { readonly found: Continuation; readonly reading: CounterReading },
): CounterJudgement | null {
  const { halfHour, channelId, shape } = input;
  const { earlier } = found;
  const boundaries = boundariesThrough(
    { earlier, knot: found.knot ?? null, later: { atS: reading.atS, counter: found.counter }, shape },
    { first: earlier.halfHour + 1, last: halfHour },
  );
  const amounts = amountsOf(earlier.boundary, boundaries);
  if (amounts.some(({ amount }) => amount > AMOUNT_MAX || amount < 0)) return null;
  const own = amounts.find((entry) => entry.halfHour === halfHour);
  const qualityOf = (at: HalfHour) =>
    found.atLeast || (found.startsShort && at === earlier.halfHour + 1) ? "estimated" : "recovered";
  const quality = qualityOf(halfHour);
  return {
    boundary: boundaries.at(-1)?.boundary ?? null,
    amount: own?.amount ?? null,
    quality: own === undefined
      ? "missing"
      : quality === "recovered" && onTime(halfHour, { earlier, reading })
      ? "measured"
      : quality,
    amountReason: own === undefined ? found.unknownStart : null,
    accepted: true,
    recovered: amounts.filter((entry) => entry.halfHour !== halfHour)
      .map((entry) => ({ ...entry, channelId, quality: qualityOf(entry.halfHour) })),
    newSeries: found.newSeries,
    spendsGap: input.context.inGap,
    opensGap: null,
  };
}

function amountsOf(
  start: number | null,
  boundaries: readonly BoundaryCounter[],
): readonly (BoundaryCounter & { readonly amount: number })[] {
  let before = start;
  return boundaries.flatMap((entry) => {
    const known = before;
    before = entry.boundary;
    return known === null ? [] : [{ ...entry, amount: entry.boundary - known }];
  });
}

/** Whether both boundaries of the half-hour were read within 60 s. */
function onTime(
  halfHour: HalfHour,
  { earlier, reading }: { readonly earlier: Earlier; readonly reading: CounterReading },
): boolean {
  return earlier.halfHour === halfHour - 1 && earlier.atS - endSOf(halfHour - 1) <= ON_TIME_S &&
    reading.atS - endSOf(halfHour) <= ON_TIME_S;
}
