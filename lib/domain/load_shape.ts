/**
 * What a channel's week usually looks like. A gap in the readings is filled along this shape, so that the energy
 * of a dark night does not move into the morning.
 *
 * @module
 */

import { HALF_HOUR_S, type HalfHour } from "./half_hour.ts";
import { qualityOf } from "./reading.ts";

/** Half-hours in a week. */
export const HALF_HOURS_A_WEEK = 336;

/** Measured half-hours that are needed before a channel has a shape: as many as a week has. */
export const SHAPE_SAMPLES_MIN = 336;

/** Weight of a half-hour that draws exactly the channel's mean. */
export const SHAPE_MEAN = 1000;

/** Smallest weight, 2 % of the mean: no half-hour is believed to be certainly empty. */
export const SHAPE_WEIGHT_MIN = 20;

/** The usual week of a channel. */
export interface LoadShape {
  /** 336 whole numbers, at least 1: how much each half-hour of the UTC week draws, Monday 00:00 first. */
  readonly weights: readonly number[];
  /** Measured half-hours it was learned from. */
  readonly samples: number;
  /** Third-highest amount in base units, doubtful ones included: what grew for good is usual after a night. */
  readonly peak: number;
}

/** A stretch of half-hours of one counter, as the store gives it. */
export interface AmountHistory {
  /** The first half-hour. */
  readonly from: HalfHour;
  /** Amounts in the channel's base unit, oldest first; `null`: none. */
  readonly amounts: readonly (number | null)[];
  /** One quality letter for each amount, `-` where none was expected. */
  readonly quality: string;
}

/** Place of a half-hour in the UTC week, 0 (Monday 00:00) to 335. */
export function indexInWeek(halfHour: HalfHour): number {
  const mondayBased = halfHour + 3 * 48; // half-hour 0 is a Thursday
  return ((mondayBased % HALF_HOURS_A_WEEK) + HALF_HOURS_A_WEEK) % HALF_HOURS_A_WEEK;
}

/**
 * Learns the usual week of a channel from its measured half-hours; recovered ones are left out, because their
 * distribution was made by a shape. Half-hours of the week that were never measured take the mean of the same
 * time on other days, else of the whole.
 *
 * @returns `null` while fewer than 336 half-hours are measured, or while nothing was drawn at all.
 */
export function learnLoadShape(history: AmountHistory): LoadShape | null {
  const sums = new Array<number>(HALF_HOURS_A_WEEK).fill(0);
  const counts = new Array<number>(HALF_HOURS_A_WEEK).fill(0);
  history.amounts.forEach((amount, i) => {
    if (amount === null || qualityOf(history.quality[i] ?? "-") !== "measured") return;
    const place = indexInWeek(history.from + i);
    sums[place] = (sums[place] ?? 0) + amount;
    counts[place] = (counts[place] ?? 0) + 1;
  });
  const samples = sumOf(counts);
  const mean = samples === 0 ? 0 : sumOf(sums) / samples;
  if (samples < SHAPE_SAMPLES_MIN || mean <= 0) return null;
  const weights = sums.map((_, place) => {
    const usual = meanAt(sums, counts, [place]) ?? meanAt(sums, counts, sameTimeOf(place)) ?? mean;
    return Math.max(SHAPE_WEIGHT_MIN, Math.round(usual / mean * SHAPE_MEAN));
  });
  return { weights, samples, peak: peakOf(history) };
}

/**
 * Seconds from one instant to a later one, each weighted by how much its half-hour usually draws: a whole number
 * that never falls when the stretch grows. Without a shape every second weighs 1.
 *
 * @param span Epoch seconds, whole; `toS` is not before `fromS`.
 */
export function weightedSeconds(
  shape: LoadShape | null,
  span: { readonly fromS: number; readonly toS: number },
): number {
  const { fromS, toS } = span;
  if (shape === null) return toS - fromS;
  const weekS = HALF_HOURS_A_WEEK * HALF_HOUR_S;
  const weeks = Math.floor((toS - fromS) / weekS);
  let total = weeks === 0 ? 0 : weeks * sumOf(shape.weights) * HALF_HOUR_S;
  for (let atS = fromS + weeks * weekS; atS < toS;) { // less than a week: at most 337 half-hours
    const halfHour = Math.floor(atS / HALF_HOUR_S);
    const untilS = Math.min(toS, (halfHour + 1) * HALF_HOUR_S);
    total += (untilS - atS) * (shape.weights[indexInWeek(halfHour)] ?? SHAPE_MEAN);
    atS = untilS;
  }
  return total;
}

function peakOf({ amounts, quality }: AmountHistory): number {
  const [, , third] = amounts.flatMap((amount, i) => {
    const known = qualityOf(quality[i] ?? "-");
    return amount !== null && (known === "measured" || known === "suspect") ? [amount] : [];
  }).sort((a, b) => b - a);
  return third ?? 0;
}

function sameTimeOf(place: number): readonly number[] {
  return [0, 1, 2, 3, 4, 5, 6].map((day) => day * 48 + place % 48);
}

function meanAt(
  sums: readonly number[],
  counts: readonly number[],
  places: readonly number[],
): number | null {
  const count = sumOf(places.map((place) => counts[place] ?? 0));
  return count === 0 ? null : sumOf(places.map((place) => sums[place] ?? 0)) / count;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
