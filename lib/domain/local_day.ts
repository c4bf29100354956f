/**
 * Days as people at a site live them: 46 to 50 half-hours, because clocks change. The only file of the domain that
 * uses Temporal; phones lack it, so labels and offsets go to the browser as data.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { HALF_HOUR_MS, type HalfHour, halfHourOf, startMsOf } from "./half_hour.ts";

/** First and last year for which a zone's rules are known and checked. */
export const ZONE_YEARS: readonly [number, number] = [2000, 2050];

/** Offsets are checked from this year on: older oddities concern nobody's readings. */
const CHECKED_FROM = 2015;

/** Zones whose rules are kept in memory; there are about 600 names. */
const ZONES_KEPT = 700;

/** Longest range of local days that is listed at once. */
export const LOCAL_DAYS_MAX = 800;

const DAY_MS = 86_400_000;

/** A local date as `YYYY-MM-DD`. */
export type LocalDate = string;

/** Why a zone cannot be used. */
export type ZoneError =
  /** No such zone is known. */
  | { readonly kind: "unknown-zone"; readonly zone: string }
  /** Its clocks are, or were, not a whole number of half-hours from UTC. */
  | { readonly kind: "off-half-hour"; readonly zone: string; readonly offset: string };

/** What a label says besides the time: nothing, the hour comes again, or clocks jumped forward just before. */
export type LabelMark = "plain" | "repeated" | "after-skip";

/** A half-hour as the clock on the wall names it. */
export interface HalfHourLabel {
  /** Local time at its start, `HH:MM`. */
  readonly label: string;
  /** Minutes after local midnight by the clock on the wall, 0 to 1410. */
  readonly minute: number;
  /** What is special about it. */
  readonly mark: LabelMark;
}

/** A local day. */
export interface LocalDay {
  /** Its date, `YYYY-MM-DD`. */
  readonly date: LocalDate;
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
  /** The half-hour with which it begins. */
  readonly first: HalfHour;
  /** Half-hours that start in it, 46 to 50. */
  readonly count: number;
  /** One for each of them. */
  readonly labels: readonly HalfHourLabel[];
}

/** From when on an offset from UTC holds. */
export interface OffsetRule {
  /** Epoch milliseconds. */
  readonly fromMs: number;
  /** Milliseconds to add to UTC. */
  readonly offsetMs: number;
}

const kept = new Map<string, readonly OffsetRule[]>();

/**
 * Checks an IANA zone and gives its usual spelling. Zones that are off the half-hour in any of the years 2015 to
 * 2050 (Nepal, Chatham, Eucla) are refused: their days do not begin on a half-hour.
 */
export function checkZone(zone: string): Result<string, ZoneError> {
  const unknown = { kind: "unknown-zone", zone } as const;
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(zone)) return err(unknown);
  let name: string;
  try {
    name = new Temporal.ZonedDateTime(0n, zone).timeZoneId;
  } catch {
    return err(unknown);
  }
  const rules = offsetRules(name);
  const checkedMs = Date.UTC(CHECKED_FROM);
  for (const [i, { fromMs, offsetMs }] of rules.entries()) {
    const ended = (rules[i + 1]?.fromMs ?? Infinity) <= checkedMs;
    if (ended) continue;
    const startsOff = fromMs > checkedMs && fromMs % HALF_HOUR_MS !== 0;
    if (offsetMs % HALF_HOUR_MS !== 0 || startsOff) {
      return err({ kind: "off-half-hour", zone: name, offset: offsetText(offsetMs) });
    }
  }
  return ok(name);
}

/** Why a zone was refused, in words for the person who chose it. */
export function zoneErrorText(error: ZoneError): string {
  switch (error.kind) {
    case "unknown-zone":
      return `There is no time zone "${error.zone}": choose one like Europe/Berlin`;
    case "off-half-hour":
      return `${error.zone} is ${error.offset} from UTC, which is not a whole number of half-hours: ` +
        `its days do not begin on a half-hour that meters are read at`;
  }
}

/**
 * The offsets of a zone from 2000 to 2050, oldest first; the first also holds before, the last after.
 *
 * @param zone A zone that `checkZone` took; another one is a bug and throws.
 */
export function offsetRules(zone: string): readonly OffsetRule[] {
  const known = kept.get(zone);
  if (known) return known;
  const endMs = Date.UTC(ZONE_YEARS[1] + 1);
  let at: Temporal.ZonedDateTime | null = new Temporal.ZonedDateTime(
    BigInt(Date.UTC(ZONE_YEARS[0])) * 1_000_000n,
    zone,
  );
  const rules: OffsetRule[] = [];
  while (at !== null && at.epochMilliseconds < endMs) {
    rules.push({ fromMs: at.epochMilliseconds, offsetMs: at.offsetNanoseconds / 1e6 });
    at = at.getTimeZoneTransition("next");
  }
  if (kept.size >= ZONES_KEPT) kept.clear();
  kept.set(zone, rules);
  return rules;
}

/** Whether a text is a date of the calendar, `YYYY-MM-DD`, in the years 2000 to 2050. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return false;
  const year = Number(text.slice(0, 4));
  return year >= ZONE_YEARS[0] && year <= ZONE_YEARS[1];
}

/** The local time `HH:MM` at an instant in epoch milliseconds. */
export function localLabel(zone: string, instantMs: number): string {
  return clockText(minuteOfDay(instantMs + offsetMsAt(zone, instantMs)));
}

/** The local date in which a half-hour starts, and to which it belongs. */
export function localDateOf(zone: string, halfHour: HalfHour): LocalDate {
  const startMs = startMsOf(halfHour);
  return dateText(startMs + offsetMsAt(zone, startMs));
}

/** The weekday of a local date, 0 Monday to 6 Sunday. */
export function weekdayOf(date: LocalDate): number {
  return (Math.floor(utcMidnightMs(date) / DAY_MS) + 3) % 7;
}

/** The local date some days later (or earlier, when negative). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateText(utcMidnightMs(date) + days * DAY_MS);
}

/**
 * A local day with its half-hours. A half-hour belongs to the day in which it starts.
 *
 * @param zone A zone that `checkZone` took.
 * @param date A date for which `isLocalDate` holds; another one is a bug and throws.
 */
export function localDay(zone: string, date: LocalDate): LocalDay {
  const utcDay = utcMidnightMs(date) / DAY_MS;
  const midnight = halfHourOf(utcDay * DAY_MS); // local midnight is 14 h before to 12 h after it
  const labels: HalfHourLabel[] = [];
  let first: HalfHour = 0;
  let before = -30;
  let latest = -30;
  for (let halfHour = midnight - 30; halfHour < midnight + 80; halfHour++) {
    const localMs = startMsOf(halfHour) + offsetMsAt(zone, startMsOf(halfHour));
    if (Math.floor(localMs / DAY_MS) !== utcDay) continue;
    const minute = minuteOfDay(localMs);
    const mark = minute <= latest ? "repeated" : minute > before + 30 ? "after-skip" : "plain";
    if (labels.length === 0) first = halfHour;
    labels.push({ label: clockText(minute), minute, mark });
    before = minute;
    latest = Math.max(latest, minute);
  }
  return { date, weekday: weekdayOf(date), first, count: labels.length, labels };
}

/**
 * The local days from one date to another, both included, oldest first; none when they are the wrong way round.
 *
 * @param dates At most 800 days apart; more is a bug and throws.
 */
export function localDaysBetween(
  zone: string,
  dates: { readonly from: LocalDate; readonly to: LocalDate },
): readonly LocalDay[] {
  const count = (utcMidnightMs(dates.to) - utcMidnightMs(dates.from)) / DAY_MS + 1;
  if (count > LOCAL_DAYS_MAX) throw new RangeError(`Cannot list ${count} local days at once`);
  return Array.from({ length: Math.max(0, count) }, (_, i) => localDay(zone, addDays(dates.from, i)));
}

function offsetMsAt(zone: string, instantMs: number): number {
  const rules = offsetRules(zone);
  let low = 0;
  let high = rules.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((rules[middle]?.fromMs ?? Infinity) <= instantMs) low = middle;
    else high = middle - 1;
  }
  return rules[low]?.offsetMs ?? 0;
}

function utcMidnightMs(date: LocalDate): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new RangeError(`"${date}" is no date`);
  return ms;
}

function dateText(localMs: number): LocalDate {
  return new Date(localMs).toISOString().slice(0, 10);
}

function minuteOfDay(localMs: number): number {
  return Math.floor(((localMs % DAY_MS) + DAY_MS) % DAY_MS / 60_000);
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function offsetText(offsetMs: number): string {
  return `${offsetMs < 0 ? "−" : "+"}${clockText(Math.floor(Math.abs(offsetMs) / 60_000))}`;
}
