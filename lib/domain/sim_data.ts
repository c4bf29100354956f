/**
 * The data of a SIM out of the router's own counters, which are read once a day: what was used in the billing month,
 * what it will come to, and what of it was Wattpost's own. Pure.
 *
 * The counters start again with the month, with a restart or each day, depending on firmware and settings, and
 * nothing tells when. So a counter that fell began again from 0: what it shows now was used at least, what passed
 * between the last reading and the new start is not known. Every sum that holds such a stretch, or a day that was not
 * read, says "at least". Where a month began between the two readings, the counter is taken to have begun with it.
 *
 * @module
 */

import { addDays, type LocalDate } from "./local_day.ts";

/** A reading of the counters of one SIM. */
export interface DataRead {
  /** Epoch seconds. */
  readonly atS: number;
  /** Bytes received as counted; `null`: not read. */
  readonly receivedB: number | null;
  /** Bytes sent as counted; `null`: not read. */
  readonly sentB: number | null;
}

/** Bytes that were used between two readings. */
export interface DataStretch {
  /** Epoch seconds of the earlier reading. */
  readonly fromS: number;
  /** Epoch seconds of the later one. */
  readonly toS: number;
  /** Bytes. */
  readonly bytes: number;
  /** Whether it may have been more. */
  readonly atLeast: boolean;
}

/** Where a 32-bit counter begins again by itself. */
const WRAP_B = 2 ** 32;

/** A counter near its end that is near its beginning at the next reading has wrapped: the last and first 10 %. */
const WRAP_NEAR_B = WRAP_B * 0.1;

/** Pairs of readings from which a counter that fell more often than not is one that starts again each day. */
const DAILY_PAIRS = 4;

/**
 * Stretches between readings, oldest first; readings without both counters are passed over.
 *
 * @param monthsS Epoch seconds at which months began, ascending: a counter that fell across one began with it.
 */
export function stretchesOf(
  reads: readonly DataRead[],
  monthsS: readonly number[] = [],
): readonly DataStretch[] {
  const pairs = pairsOf(reads);
  const fell = pairs.filter((pair) => hasFallen(pair));
  const daily = pairs.length >= DAILY_PAIRS && fell.length * 2 > pairs.length;
  return pairs.flatMap((pair): readonly DataStretch[] => {
    const { before, now } = pair;
    const received = countedSince(before.receivedB, now.receivedB, daily);
    const sent = countedSince(before.sentB, now.sentB, daily);
    const [fromS, toS, bytes] = [before.atS, now.atS, received.bytes + sent.bytes];
    const atLeast = received.atLeast || sent.atLeast;
    const began = monthsS.findLast((atS) => atS > fromS && atS < toS);
    if (daily || began === undefined || !received.atLeast || !sent.atLeast) {
      return [{ fromS, toS, bytes, atLeast }];
    }
    return [{ fromS, toS: began, bytes: 0, atLeast: true }, { fromS: began, toS, bytes, atLeast: false }];
  });
}

interface ReadBoth {
  readonly atS: number;
  readonly receivedB: number;
  readonly sentB: number;
}

interface Pair {
  readonly before: ReadBoth;
  readonly now: ReadBoth;
}

function pairsOf(reads: readonly DataRead[]): readonly Pair[] {
  const known = reads.flatMap(({ atS, receivedB, sentB }): readonly ReadBoth[] =>
    receivedB === null || sentB === null ? [] : [{ atS, receivedB, sentB }]
  );
  return known.slice(1).flatMap((now, i) => {
    const before = known[i];
    return before && now.atS > before.atS ? [{ before, now }] : [];
  });
}

function hasFallen({ before, now }: Pair): boolean {
  return countedSince(before.receivedB, now.receivedB, false).atLeast ||
    countedSince(before.sentB, now.sentB, false).atLeast;
}

function countedSince(before: number, now: number, daily: boolean) {
  if (daily) return { bytes: now, atLeast: true };
  if (now >= before) return { bytes: now - before, atLeast: false };
  const wrapped = before >= WRAP_B - WRAP_NEAR_B && before < WRAP_B && now <= WRAP_NEAR_B;
  return wrapped ? { bytes: WRAP_B - before + now, atLeast: false } : { bytes: now, atLeast: true };
}

/** A local day on the clock. */
export interface DaySpan {
  /** Its date. */
  readonly date: LocalDate;
  /** Epoch seconds of its midnight. */
  readonly fromS: number;
  /** Epoch seconds of the next one. */
  readonly toS: number;
}

/** What was used on a local day. */
export interface DayData {
  /** Its date. */
  readonly date: LocalDate;
  /** Bytes, by the share of each stretch that lies in the day; `null`: no stretch does. */
  readonly bytes: number | null;
  /** Whether it may have been more: a counter began again, or part of the day lies between no readings. */
  readonly atLeast: boolean;
  /** Share of the day that lies between readings, 0 to 1. */
  readonly covered: number;
  /** Whether readings on both sides cover it from midnight to midnight. */
  readonly whole: boolean;
}

/** Shares stretches among local days. */
export function daysOfData(stretches: readonly DataStretch[], days: readonly DaySpan[]): readonly DayData[] {
  return days.map(({ date, fromS, toS }) => {
    let [bytes, coveredS, atLeast] = [0, 0, false];
    for (const stretch of stretches) {
      const insideS = Math.min(toS, stretch.toS) - Math.max(fromS, stretch.fromS);
      if (insideS <= 0) continue;
      bytes += stretch.bytes * insideS / (stretch.toS - stretch.fromS);
      coveredS += insideS;
      atLeast ||= stretch.atLeast;
    }
    const whole = coveredS >= toS - fromS - 1;
    return {
      date,
      bytes: coveredS > 0 ? Math.round(bytes) : null,
      atLeast: atLeast || !whole,
      covered: whole ? 1 : coveredS / (toS - fromS),
      whole,
    };
  });
}

/** A billing month. */
export interface BillingMonth {
  /** Its first day. */
  readonly from: LocalDate;
  /** The first day of the next. */
  readonly to: LocalDate;
}

/** The billing month in which a date lies. It starts on `startDay`, 1 to 31; in a shorter month on its last day. */
export function billingMonthOf(date: LocalDate, startDay: number): BillingMonth {
  const [year = 0, month = 1] = date.split("-").map(Number);
  const from = startIn(year, month, startDay);
  return date >= from
    ? { from, to: startIn(year, month + 1, startDay) }
    : { from: startIn(year, month - 1, startDay), to: from };
}

function startIn(year: number, month: number, startDay: number): LocalDate {
  const last = new Date(Date.UTC(year, month, 0));
  const first = new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 8);
  return `${first}${String(Math.min(startDay, last.getUTCDate())).padStart(2, "0")}`;
}

/** Days between two dates. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** What was used in a billing month so far. */
export interface MonthUse {
  /** Bytes. */
  readonly bytes: number;
  /** Whether it may have been more. */
  readonly atLeast: boolean;
  /** Epoch seconds up to which it is known; `null`: no reading in this month. */
  readonly untilS: number | null;
}

/**
 * What was used since a month began.
 *
 * @param fromS Epoch seconds at which the month began.
 */
export function monthUseOf(stretches: readonly DataStretch[], fromS: number): MonthUse {
  const inside = stretches.filter(({ toS }) => toS > fromS);
  const first = inside[0];
  if (!first) return { bytes: 0, atLeast: true, untilS: null };
  const bytes = inside.reduce((sum, stretch) => {
    const share = (stretch.toS - Math.max(fromS, stretch.fromS)) / (stretch.toS - stretch.fromS);
    return sum + stretch.bytes * share;
  }, 0);
  const gap = first.fromS > fromS + 1 ||
    inside.some(({ fromS: from }, i) => i > 0 && from !== inside[i - 1]?.toS);
  return {
    bytes: Math.round(bytes),
    atLeast: gap || inside.some(({ atLeast }) => atLeast),
    untilS: inside.at(-1)?.toS ?? null,
  };
}

/** Whole days that a forecast looks back on. */
export const FORECAST_DAYS = 14;

/** Whole days below which nothing is forecast. */
export const FORECAST_LEAST = 3;

/** What a month will come to. */
export type Forecast =
  | { readonly kind: "too-early"; /** Whole days known so far. */ readonly days: number }
  | {
    readonly kind: "known";
    /** Bytes at the month's end. */
    readonly bytes: number;
    /** Twice the spread of so many days below. */
    readonly lowB: number;
    /** And above. */
    readonly highB: number;
    /** Mean bytes a day that it goes on from. */
    readonly dayB: number;
    /** Whole days it was taken from. */
    readonly days: number;
    /** Whether so far, or one of the days, is "at least". */
    readonly atLeast: boolean;
  };

/**
 * So far, plus the mean of the last 14 whole days for each day that is left, without those in which a counter began
 * again as long as three others are there; low and high are twice the standard
 * deviation of as many days, which vary one without the other. Never below what was used already.
 *
 * @param days Newest last.
 * @param daysLeft From the last reading to the end of the month; parts of a day count.
 */
export function forecastOf(use: MonthUse, days: readonly DayData[], daysLeft: number): Forecast {
  const covered = days.filter((day) => day.whole && day.bytes !== null).slice(-FORECAST_DAYS);
  const exact = covered.filter(({ atLeast }) => !atLeast);
  const whole = exact.length >= FORECAST_LEAST ? exact : covered;
  if (whole.length < FORECAST_LEAST || use.untilS === null) return { kind: "too-early", days: whole.length };
  const dayB = whole.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) / whole.length;
  const variance = whole.reduce((sum, { bytes }) => sum + ((bytes ?? 0) - dayB) ** 2, 0) / (whole.length - 1);
  const left = Math.max(0, daysLeft);
  const spread = 2 * Math.sqrt(variance * left);
  const bytes = use.bytes + dayB * left;
  return {
    kind: "known",
    bytes: Math.round(bytes),
    lowB: Math.round(Math.max(use.bytes, bytes - spread)),
    highB: Math.round(bytes + spread),
    dayB: Math.round(dayB),
    days: whole.length,
    atLeast: use.atLeast || whole.some(({ atLeast }) => atLeast),
  };
}

/** When an allowance is used up. */
export type UsedUp =
  | { readonly kind: "not-this-month" | "not-known" }
  | { readonly kind: "already" }
  | { readonly kind: "on"; /** The local date. */ readonly date: LocalDate };

/** The day on which an allowance will be used up at the forecast's rate. */
export function usedUpOf(
  { use, forecast, allowanceB }: {
    readonly use: MonthUse;
    readonly forecast: Forecast;
    readonly allowanceB: number;
  },
  { today, month }: { readonly today: LocalDate; readonly month: BillingMonth },
): UsedUp {
  if (use.bytes >= allowanceB) return { kind: "already" };
  if (forecast.kind === "too-early") return { kind: "not-known" };
  if (forecast.dayB <= 0) return { kind: "not-this-month" };
  const date = addDays(today, Math.floor((allowanceB - use.bytes) / forecast.dayB));
  return date < month.to && forecast.bytes >= allowanceB ? { kind: "on", date } : { kind: "not-this-month" };
}
