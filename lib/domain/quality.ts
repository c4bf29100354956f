/**
 * Validation of measured half-hours by the checks that metering knows by name (VEE: spike, high and low usage,
 * zero usage), and counting how complete a stretch is. A check never changes an amount: it makes it `suspect`.
 *
 * @module
 */

import { type Quality, qualityOf } from "./reading.ts";
import type { CounterRules } from "./counter.ts";
import { halfHoursForFiveSteps, stepInBase, STEPS_SURE } from "./step.ts";

/** Which check an amount failed. */
export type QualityCheck = "high" | "spike" | "low" | "zero";

/** What the checks found. */
export interface Verdict {
  /** `measured`, or `suspect` with the check that failed. */
  readonly quality: "measured" | "suspect";
  /** The check that failed; `null`: none did. */
  readonly check: QualityCheck | null;
}

/** A measured amount and what it is compared with. */
export interface AmountToCheck {
  /** The amount in base units. */
  readonly amount: number;
  /** Amounts before it, newest last, at best 336; `null`: none. Empty: they are not at hand, and `low` and `zero`
   * find nothing. */
  readonly earlier: readonly (number | null)[];
  /** Usual peak as a night has learned it, in base units; `null`: not known, the day before it is looked at. */
  readonly peak: number | null;
  /** Smallest change that the counter shows, in base units. */
  readonly step: number;
  /** Largest amount that breaker or transformers are rated for; `null`: not known. */
  readonly rated: number | null;
}

/** A peak that exceeds the usual one, the third-highest, by more than 180 % of it is a spike. */
const SPIKE_EXCESS = 1.8;

/** Lower than a tenth of the smallest amount at the same time on earlier days is low. */
const LOW_SHARE = 0.1;

/** Earlier amounts that are needed before anything is compared with them: a day. */
const EARLIER_MIN = 48;

const HALF_HOURS_AN_HOUR = 2;

/** Earlier days at the same time that are needed for the low check. */
const DAYS_MIN = 5;

/**
 * Checks a measured amount. `high`: more than breaker or transformers are rated for. `spike`: far above the usual
 * peak; where that is not known, the day's peak, far above its third-highest. `zero`: the counter stands still for longer than ever before, over as many half-hours
 * as usually make five steps. `low`: a tenth of what this time of day never fell below.
 */
export function checkAmount(seen: AmountToCheck): Verdict {
  const check = isHigh(seen)
    ? "high"
    : isSpike(seen)
    ? "spike"
    : isStuck(seen)
    ? "zero"
    : isLow(seen)
    ? "low"
    : null;
  return { quality: check === null ? "measured" : "suspect", check };
}

function isHigh({ amount, rated }: AmountToCheck): boolean {
  return rated !== null && amount > rated;
}

function isSpike({ amount, earlier, peak, step }: AmountToCheck): boolean {
  if (peak !== null) return isFarAbove({ amount, peak, step });
  const day = known(earlier.slice(-47));
  if (day.length < EARLIER_MIN / 2) return false;
  const [second = 0, third = 0] = [...day].sort((a, b) => b - a);
  // The day's third-highest counts with the amount itself.
  return amount > second && isFarAbove({ amount, peak: third, step });
}

function isFarAbove(
  { amount, peak, step }: { readonly amount: number; readonly peak: number; readonly step: number },
): boolean {
  return peak >= STEPS_SURE * step && (amount - peak) / peak > SPIKE_EXCESS;
}

function isStuck({ amount, earlier, step }: AmountToCheck): boolean {
  const amounts = known(earlier);
  if (amount !== 0 || amounts.length < EARLIER_MIN) return false;
  const usual = amounts.reduce((sum, number) => sum + number, 0) / amounts.length;
  const needed = halfHoursForFiveSteps(usual, step);
  if (needed === null) return false;
  const { longest, current } = zeroRuns(amounts);
  return current + 1 >= Math.max(2, needed) && current + 1 > longest;
}

/** The run of zeros at the end and the longest one before it. */
function zeroRuns(amounts: readonly number[]): { readonly longest: number; readonly current: number } {
  let longest = 0;
  let current = 0;
  for (const amount of amounts) {
    if (amount === 0) {
      current++;
    } else {
      longest = Math.max(longest, current);
      current = 0;
    }
  }
  return { longest, current };
}

function isLow({ amount, earlier, step }: AmountToCheck): boolean {
  const sameTime: number[] = [];
  for (let i = earlier.length - 48; i >= 0; i -= 48) {
    const other = earlier[i];
    if (other !== null && other !== undefined) sameTime.push(other);
  }
  if (amount === 0 || sameTime.length < DAYS_MIN) return false;
  const smallest = Math.min(...sameTime);
  return smallest >= STEPS_SURE * step && amount < smallest * LOW_SHARE;
}

function known(amounts: readonly (number | null)[]): readonly number[] {
  return amounts.flatMap((amount) => amount === null ? [] : [amount]);
}

/**
 * The quality of an amount as it is stored: a measured one that fails `high` or `spike` is suspect, its value stays.
 * `low` and `zero` need weeks of amounts of every counter in every half-hour (340 rows a counter, where all else of
 * it takes three): they are left to rules, which look at many half-hours anyway.
 *
 * @param peak Usual peak as the last night has learned it; `null`: not known, only the rating is looked at.
 */
export function storedQuality(
  { amount, quality }: { readonly amount: number | null; readonly quality: Quality },
  { rules, peak }: { readonly rules: CounterRules; readonly peak: number | null },
): Quality {
  if (quality !== "measured" || amount === null) return quality;
  const step = stepInBase(rules.step, rules);
  const rated = rules.maxPerHour === null ? null : rules.maxPerHour / HALF_HOURS_AN_HOUR + step;
  return checkAmount({ amount, earlier: [], peak, step, rated }).quality;
}

/** How complete a stretch of half-hours is. */
export interface Completeness {
  /** Half-hours with a value. */
  readonly have: number;
  /** Half-hours in which one was expected. */
  readonly expected: number;
}

/** Counts a stretch of quality letters; `-` (not expected) counts nowhere, only `x` is a missing value. */
export function completenessOf(letters: string): Completeness {
  const counts = countQualities(letters);
  const expected = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { have: expected - counts.missing, expected };
}

/** The completeness of several channels together. */
export function sumCompleteness(parts: readonly Completeness[]): Completeness {
  return parts.reduce(
    (sum, part) => ({ have: sum.have + part.have, expected: sum.expected + part.expected }),
    { have: 0, expected: 0 },
  );
}

/** How much of what was expected is there, 0 to 1; `null`: nothing was expected. */
export function shareOf({ have, expected }: Completeness): number | null {
  return expected === 0 ? null : have / expected;
}

/** How many half-hours of a stretch of quality letters have each quality. */
export function countQualities(letters: string): Readonly<Record<Quality, number>> {
  const counts = { measured: 0, recovered: 0, estimated: 0, suspect: 0, missing: 0, edited: 0 };
  for (const letter of letters) {
    const quality = qualityOf(letter);
    if (quality !== undefined) counts[quality]++;
  }
  return counts;
}
