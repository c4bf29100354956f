/**
 * The form of the operating hours: a text for each day, and a way to say that a week is all the same.
 *
 * @module
 */

import { formatHours, parseHours, WEEKDAYS } from "../../../domain/hours.ts";
import type { WeekHours } from "../../../domain/site.ts";
import { err, ok, type Result } from "../../../result.ts";
import { dayField } from "../../../ui/pages/register/names.ts";
import { choice, type Field, type FieldErrors, line, readForm } from "../../form.ts";
import { tick, VERSION } from "./fields.ts";

/** Days that are as Monday where it is said so: Tuesday to Friday. */
const SAME_DAYS: readonly number[] = [1, 2, 3, 4];

/** Characters of one day's hours at most. */
const DAY_MAX = 80;

/** The form as it was sent. */
export interface ReadHours {
  /** The version that was looked at. */
  readonly version: number;
  /** Which button was pressed. */
  readonly do: "stay" | "next" | "skip";
  /** The hours; `null`: left out, or no day says anything. */
  readonly hours: WeekHours | null;
}

/** Reads the form. */
export function readHoursForm(form: URLSearchParams): Result<ReadHours, FieldErrors> {
  const days: Record<string, Field<string>> = {};
  WEEKDAYS.forEach((_, weekday) => days[dayField(weekday)] = line({ min: 0, max: DAY_MAX }));
  const read = readForm<Record<string, unknown>>(form, {
    ...days,
    version: VERSION,
    do: choice(["stay", "next", "skip"]),
    sameAsMonday: tick,
  });
  if (!read.ok) return read;
  const { version, do: pressed } = read.value as { readonly version: number; readonly do: ReadHours["do"] };
  if (pressed === "skip") return ok({ version, do: pressed, hours: null });
  const texts = WEEKDAYS.map((_, weekday) => dayText(form, weekday));
  // A week in which nothing is said is not one in which the site is closed: all of its energy would be waste.
  if (texts.every((text) => text.trim() === "")) return ok({ version, do: pressed, hours: null });
  const hours = parseHours(texts);
  if (hours.ok) return ok({ version, do: pressed, hours: hours.value });
  return err(Object.fromEntries(hours.error.map(({ weekday, message }) => [dayField(weekday), message])));
}

/** The text of a day as the form means it: Monday's where they are all the same. */
export function dayText(form: URLSearchParams, weekday: number): string {
  const same = form.get("sameAsMonday") === "on" && SAME_DAYS.includes(weekday);
  return form.get(dayField(same ? 0 : weekday)) ?? "";
}

/** What the form shows: texts of the seven days, and whether four of them are as Monday. */
export interface HoursTexts {
  /** Monday first. */
  readonly days: readonly string[];
  /** Whether Tuesday to Friday are as Monday. */
  readonly sameAsMonday: boolean;
}

/** What the form shows of stored hours; at first a week that is all the same. */
export function hoursTexts(hours: WeekHours | null): HoursTexts {
  if (!hours) return { days: WEEKDAYS.map(() => ""), sameAsMonday: true };
  const days = formatHours(hours);
  return { days, sameAsMonday: SAME_DAYS.every((weekday) => days[weekday] === days[0]) };
}

/** What was typed, for showing it again. */
export function typedHours(form: URLSearchParams): HoursTexts {
  const days = WEEKDAYS.map((_, weekday) => dayText(form, weekday).slice(0, DAY_MAX));
  return { days, sameAsMonday: form.get("sameAsMonday") === "on" };
}
