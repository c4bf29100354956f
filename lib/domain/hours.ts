/**
 * Operating hours: when a site is meant to run, in its local time. What runs outside of them is what operators
 * look for first.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import type { OpenStretch, WeekHours } from "./site.ts";

/** Names of the days as forms and messages use them, Monday first. */
export const WEEKDAYS: readonly string[] = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];

/** Stretches that a day may have. */
export const STRETCHES_MAX = 4;

const DAY_MIN = 1440;

/** What is wrong with one day's hours. */
export interface HoursError {
  /** 0 Monday to 6 Sunday; the place of the field. */
  readonly weekday: number;
  /** What is wrong and what is expected, for the person who typed it. */
  readonly message: string;
}

/** What hours need to know of a local day; `LocalDay` is one. */
export interface WallDay {
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
  /** Its half-hours by the clock on the wall. */
  readonly labels: readonly {
    /** Minutes after local midnight. */
    readonly minute: number;
  }[];
}

/**
 * Reads hours as people type them, one text a day from Monday on: `08:00-18:00`, `8-12, 13-17`, `24h`; empty or
 * `closed` when it stays closed. All errors come together.
 */
export function parseHours(texts: readonly string[]): Result<WeekHours, readonly HoursError[]> {
  const days = WEEKDAYS.map((_, weekday) => parseDay(texts[weekday] ?? ""));
  return gather(days);
}

/** Reads hours as they are stored: a list of seven lists of `{fromMin, toMin}`. */
export function readHours(value: unknown): Result<WeekHours, readonly HoursError[]> {
  if (!Array.isArray(value) || value.length !== WEEKDAYS.length) {
    return err([{ weekday: 0, message: "Seven days are expected, Monday first" }]);
  }
  return gather(value.map((day: unknown) => {
    if (!Array.isArray(day)) return err("A list of stretches is expected");
    const stretches = day.map(readStretch);
    const whole = stretches.flatMap((stretch) => stretch === null ? [] : [stretch]);
    if (whole.length < stretches.length) return err("Minutes after midnight are expected: fromMin, toMin");
    return checkDay(whole);
  }));
}

/** Hours as people type them, one text a day from Monday on; `closed` for a day without. */
export function formatHours(hours: WeekHours): readonly string[] {
  return WEEKDAYS.map((_, weekday) => {
    const day = hours[weekday] ?? [];
    return day.length === 0
      ? "closed"
      : day.map(({ fromMin, toMin }) => `${clock(fromMin)}-${clock(toMin)}`).join(", ");
  });
}

/** Whether it is open at a minute of a weekday (0 Monday) by the local clock. */
export function openAt(
  hours: WeekHours,
  at: { readonly weekday: number; readonly minute: number },
): boolean {
  return (hours[at.weekday] ?? []).some(({ fromMin, toMin }) => fromMin <= at.minute && at.minute < toMin);
}

/**
 * Whether it is open, for each half-hour of a local day; a repeated hour is open twice.
 *
 * @param hours `null`: not known, then nothing is known of the day either.
 */
export function openHalfHours(
  hours: WeekHours | null,
  day: WallDay,
): readonly boolean[] | null {
  if (hours === null) return null;
  return day.labels.map(({ minute }) => openAt(hours, { weekday: day.weekday, minute }));
}

type DayResult = Result<readonly OpenStretch[], string>;

function gather(days: readonly DayResult[]): Result<WeekHours, readonly HoursError[]> {
  const errors = days.flatMap((day, weekday) => day.ok ? [] : [{ weekday, message: day.error }]);
  return errors.length > 0 ? err(errors) : ok(days.flatMap((day) => day.ok ? [day.value] : []));
}

function parseDay(text: string): DayResult {
  const typed = text.trim().toLowerCase();
  if (typed === "" || typed === "closed") return ok([]);
  if (typed === "24h") return ok([{ fromMin: 0, toMin: DAY_MIN }]);
  const stretches: OpenStretch[] = [];
  for (const part of typed.split(",")) {
    const [from, to, ...more] = part.split(/[-–]/).map(minuteOf);
    if (from === undefined || to === undefined || from === null || to === null || more.length > 0) {
      return err(`"${part.trim()}" is not understood: write 08:00-18:00, or closed`);
    }
    stretches.push({ fromMin: from, toMin: to });
  }
  return checkDay(stretches);
}

/** Minutes after midnight of `8`, `08:30` or `24:00`; `null` for anything else. */
function minuteOf(text: string): number | null {
  const found = /^(\d{1,2})(?::(\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const minutes = Number(found[2] ?? "0");
  const minute = Number(found[1]) * 60 + minutes;
  return minutes < 60 && minute <= DAY_MIN ? minute : null;
}

function checkDay(stretches: readonly OpenStretch[]): DayResult {
  if (stretches.length > STRETCHES_MAX) return err(`At most ${STRETCHES_MAX} stretches a day are possible`);
  const sorted = [...stretches].sort((a, b) => a.fromMin - b.fromMin);
  for (const [i, stretch] of sorted.entries()) {
    const text = `${clock(stretch.fromMin)}-${clock(stretch.toMin)}`;
    if (stretch.fromMin % 30 !== 0 || stretch.toMin % 30 !== 0) {
      return err(`${text} is not on the half-hour: readings cannot tell what is between`);
    }
    if (stretch.toMin <= stretch.fromMin) {
      return err(
        `${text} ends before it starts: write ${
          clock(stretch.fromMin)
        }-24:00 here and the rest on the next day`,
      );
    }
    const before = sorted[i - 1];
    if (before && before.toMin > stretch.fromMin) {
      return err(`${text} overlaps ${clock(before.fromMin)}-${clock(before.toMin)}`);
    }
  }
  return ok(sorted);
}

function readStretch(value: unknown): OpenStretch | null {
  if (typeof value !== "object" || value === null) return null;
  const { fromMin, toMin } = value as Partial<Record<keyof OpenStretch, unknown>>;
  const minute = (number: unknown): number is number =>
    Number.isInteger(number) && Number(number) >= 0 && Number(number) <= DAY_MIN;
  return minute(fromMin) && minute(toMin) ? { fromMin, toMin } : null;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
