/**
 * What pages show of a site's energy: its total, who shares it, what is always drawn, what runs outside hours. A
 * sum with a missing part is missing, never too small.
 *
 * @module
 */

import { END_USES, type EndUse } from "./end_use.ts";
import type { HalfHour } from "./half_hour.ts";
import type { AmountHistory } from "./load_shape.ts";
import { type Completeness, completenessOf } from "./quality.ts";
import type { QualityLetter } from "./reading.ts";
import { powerWOf } from "./units.ts";

/** Half-hours that the baseload looks back on: 7 days. */
export const BASELOAD_HALF_HOURS = 336;

/** Measured half-hours that a baseload needs: a day. */
export const BASELOAD_MIN = 48;

/** The share of half-hours that draw less than the baseload: a few are lower by accident. */
const BASELOAD_PERCENTILE = 0.05;

/** Letters from the least trusted on; `-` is not expected at all. */
const LEAST_TRUSTED: readonly QualityLetter[] = ["x", "s", "a", "r", "e", "m"];

/** The energy of one meter. */
export interface Load {
  /** What it is for; `null`: not a load of its own. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** Its amounts in Wh. */
  readonly history: AmountHistory;
}

/** A run of half-hours. */
export interface Span {
  /** The first one. */
  readonly from: HalfHour;
  /** How many. */
  readonly count: number;
}

/** Sums for each half-hour of a span: an `AmountHistory` too. */
export interface Totals {
  /** The first half-hour. */
  readonly from: HalfHour;
  /** Wh; `null`: a part is missing, or nothing was expected. */
  readonly amounts: readonly (number | null)[];
  /** The least trusted letter among the parts; `-` where no part was expected. */
  readonly quality: string;
  /** Whether some parts are there and others missing. */
  readonly partial: readonly boolean[];
}

/** One layer of a stack. */
export interface StackLayer {
  /** The end use. */
  readonly endUse: EndUse;
  /** Its sums. */
  readonly totals: Totals;
}

/** Energy by end use, lowest layer first, and of the whole site. */
export interface Stack {
  /** Only end uses that are metered, and `other` where a whole-site meter shows more than they explain. */
  readonly layers: readonly StackLayer[];
  /** The whole site. */
  readonly total: Totals;
}

interface Part {
  readonly amount: number | null;
  readonly letter: string;
}

interface Sum {
  readonly amount: number | null;
  readonly letter: string;
  readonly partial: boolean;
}

/** The energy of the site in each half-hour: of its whole-site meters where any is expected, else of its end uses. */
export function siteTotals(loads: readonly Load[], span: Span): Totals {
  return totalsOf(span, (halfHour) => siteSum(loads, halfHour));
}

/**
 * The energy of the site by end use. What a whole-site meter shows beyond them is added to `other`; it is never
 * negative, because counters with coarse steps may explain a little more than all.
 */
export function stackByEndUse(loads: readonly Load[], span: Span): Stack {
  const total = siteTotals(loads, span);
  const hasWhole = loads.some(({ wholeSite }) => wholeSite);
  const layers = END_USES.flatMap((endUse): StackLayer[] => {
    const own = loads.filter((load) => !load.wholeSite && load.endUse === endUse);
    if (endUse === "other" && hasWhole) return [{ endUse, totals: otherTotals(loads, span) }];
    if (own.length === 0) return [];
    return [{ endUse, totals: totalsOf(span, (halfHour) => sumParts(partsAt(own, halfHour))) }];
  });
  return { layers, total };
}

/**
 * What is always drawn, in W: the 5th percentile of the measured half-hours among the last 336 given.
 *
 * @returns `null` while fewer than 48 are measured.
 */
export function baseloadWOf({ amounts, quality }: AmountHistory): number | null {
  const from = Math.max(0, amounts.length - BASELOAD_HALF_HOURS);
  const measured = amounts
    .flatMap((amount, i) => i >= from && amount !== null && quality[i] === "m" ? [amount] : [])
    .sort((a, b) => a - b);
  if (measured.length < BASELOAD_MIN) return null;
  return powerWOf(measured[Math.ceil(measured.length * BASELOAD_PERCENTILE) - 1] ?? null);
}

/** A half-hour with its amount. */
export interface Peak {
  /** When. */
  readonly halfHour: HalfHour;
  /** Wh. */
  readonly amount: number;
}

/** The half-hour with the largest amount, the earliest of equals; `null`: there is no amount at all. */
export function peakOf({ from, amounts }: AmountHistory): Peak | null {
  let peak: Peak | null = null;
  amounts.forEach((amount, i) => {
    if (amount !== null && (peak === null || amount > peak.amount)) peak = { halfHour: from + i, amount };
  });
  return peak;
}

/** A sum over time and how much of it is there. */
export interface EnergySum {
  /** Wh of the half-hours that have one; `null`: none has. Too small unless `completeness` is whole. */
  readonly amount: number | null;
  /** Half-hours with an amount, and expected. */
  readonly completeness: Completeness;
}

/** The energy of a span, such as a local day, out of a longer history; what the history lacks is missing. */
export function energyOver(history: AmountHistory, span: Span): EnergySum {
  let amount: number | null = null;
  let letters = "";
  for (let halfHour = span.from; halfHour < span.from + span.count; halfHour++) {
    const part = partOf(history, halfHour) ?? { amount: null, letter: "x" };
    letters += part.letter;
    if (part.amount !== null) amount = (amount ?? 0) + part.amount;
  }
  return { amount, completeness: completenessOf(letters) };
}

/**
 * The share of the energy that was drawn outside operating hours, 0 to 1; half-hours without amount are left out
 * on both sides.
 *
 * @param open For each half-hour of the history whether it is open.
 * @returns `null` when nothing was drawn or known.
 */
export function outOfHoursShareOf(history: AmountHistory, open: readonly boolean[]): number | null {
  let total = 0;
  let outside = 0;
  history.amounts.forEach((amount, i) => {
    const isOpen = open[i];
    if (amount === null || isOpen === undefined) return;
    total += amount;
    if (!isOpen) outside += amount;
  });
  return total > 0 ? outside / total : null;
}

/** The middle of the sums of earlier days of the same kind, such as Sundays; `null` with fewer than three. */
export function usualOf(sums: readonly (number | null)[]): number | null {
  const known = sums.flatMap((sum) => sum === null ? [] : [sum]).sort((a, b) => a - b);
  if (known.length < 3) return null;
  const [low = 0, high = 0] = [
    known[Math.floor((known.length - 1) / 2)],
    known[Math.floor(known.length / 2)],
  ];
  return (low + high) / 2;
}

/** The least trusted of some quality letters; `-` among others is passed over. */
export function leastTrusted(letters: readonly string[]): string {
  return LEAST_TRUSTED.find((letter) => letters.includes(letter)) ?? "-";
}

function totalsOf({ from, count }: Span, sumAt: (halfHour: HalfHour) => Sum): Totals {
  const sums = Array.from({ length: count }, (_, i) => sumAt(from + i));
  return {
    from,
    amounts: sums.map(({ amount }) => amount),
    quality: sums.map(({ letter }) => letter).join(""),
    partial: sums.map(({ partial }) => partial),
  };
}

function siteSum(loads: readonly Load[], halfHour: HalfHour): Sum {
  const whole = partsAt(loads.filter(({ wholeSite }) => wholeSite), halfHour);
  if (whole.some(({ letter }) => letter !== "-")) return sumParts(whole);
  return sumParts(partsAt(endUsesOf(loads), halfHour));
}

/**
 * `other`: its own meters, and what the whole-site meters show beyond all end uses. Where that rest is not known,
 * its own meters alone stand as partial: too small, and trusted as little as what is missing.
 */
function otherTotals(loads: readonly Load[], span: Span): Totals {
  const wholes = loads.filter(({ wholeSite }) => wholeSite);
  const uses = endUsesOf(loads);
  const own = uses.filter(({ endUse }) => endUse === "other");
  return totalsOf(span, (halfHour) => {
    const whole = sumParts(partsAt(wholes, halfHour));
    const explained = sumParts(partsAt(uses, halfHour));
    const metered = sumParts(partsAt(own, halfHour));
    if (whole.letter === "-") return metered;
    const letter = leastTrusted([whole.letter, explained.letter]);
    if (whole.amount === null || (explained.amount === null && explained.letter !== "-")) {
      return { amount: metered.amount, letter, partial: metered.amount !== null };
    }
    const rest = Math.max(0, whole.amount - (explained.amount ?? 0));
    return { amount: rest + (metered.amount ?? 0), letter, partial: false };
  });
}

function endUsesOf(loads: readonly Load[]): readonly Load[] {
  return loads.filter(({ wholeSite, endUse }) => !wholeSite && endUse !== null);
}

function partsAt(loads: readonly Load[], halfHour: HalfHour): readonly Part[] {
  return loads.map(({ history }) => partOf(history, halfHour) ?? { amount: null, letter: "-" });
}

function partOf({ from, amounts, quality }: AmountHistory, halfHour: HalfHour): Part | null {
  const letter = quality[halfHour - from];
  return letter === undefined ? null : { amount: amounts[halfHour - from] ?? null, letter };
}

function sumParts(parts: readonly Part[]): Sum {
  const expected = parts.filter(({ letter }) => letter !== "-");
  const there = expected.filter(({ amount }) => amount !== null);
  const whole = expected.length > 0 && there.length === expected.length;
  const letter = leastTrusted(expected.map(({ amount, letter }) => amount === null ? "x" : letter));
  return {
    amount: whole ? there.reduce((sum, { amount }) => sum + (amount ?? 0), 0) : null,
    letter,
    partial: !whole && there.length > 0,
  };
}
