/**
 * Half-hours with their labels in a site's own zone: what every chart of a page is laid along.
 *
 * @module
 */

import { type HalfHour, startMsOf } from "../../domain/half_hour.ts";
import { openHalfHours } from "../../domain/hours.ts";
import { localDateOf, type LocalDay, localDaysBetween } from "../../domain/local_day.ts";
import type { WeekHours } from "../../domain/site.ts";
import type { DayMark } from "../../ui/charts/types.ts";
import type { SiteFacts } from "./site_view.ts";

/** A run of half-hours as the clock on the site's wall names them. */
export interface Axis {
  /** The first half-hour. */
  readonly from: HalfHour;
  /** How many. */
  readonly count: number;
  /** Local time at the start of each, `HH:MM`. */
  readonly labels: readonly string[];
  /** Whether the site is meant to run in each; `undefined`: no hours known. */
  readonly open: readonly (boolean | undefined)[];
  /** Where local days begin among them. */
  readonly days: readonly DayMark[];
  /** The local days they lie in, whole. */
  readonly localDays: readonly LocalDay[];
}

/** What the axis is made for. */
export interface AxisSpan {
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
  /** When the site is meant to run; `null`: not known. */
  readonly hours: WeekHours | null;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Lays half-hours along the local days of a zone. */
export function axisOf(zone: string, { from, to, hours }: AxisSpan): Axis {
  const count = Math.max(0, to - from);
  const localDays = localDaysBetween(zone, { from: localDateOf(zone, from), to: localDateOf(zone, to - 1) });
  const labels: string[] = [];
  const open: (boolean | undefined)[] = [];
  const days: DayMark[] = [];
  for (const day of localDays) {
    days.push({ from: Math.max(0, day.first - from), label: shortDay(day), long: longDay(day) });
    const whenOpen = openHalfHours(hours, day);
    day.labels.forEach(({ label }, index) => {
      const at = day.first + index;
      if (at < from || at >= to) return;
      labels.push(label);
      open.push(whenOpen?.[index]);
    });
  }
  return { from, count, labels, open, days, localDays };
}

/** `Mon 23` of a local day. */
export function shortDay({ date, weekday }: Pick<LocalDay, "date" | "weekday">): string {
  return `${WEEKDAYS[weekday] ?? ""} ${Number(date.slice(8))}`;
}

/** `Mon 23 Nov` of a local day. */
export function longDay(day: Pick<LocalDay, "date" | "weekday">): string {
  return `${shortDay(day)} ${monthOf(day.date)}`;
}

/** `23 Nov` of a local date. */
export function dayMonth(date: string): string {
  return `${Number(date.slice(8))} ${monthOf(date)}`;
}

function monthOf(date: string): string {
  return MONTHS[Number(date.slice(5, 7)) - 1] ?? "";
}

/** The local date of today in the site's zone. */
export function todayOf({ plan, nowMs }: Pick<SiteFacts, "plan" | "nowMs">): string {
  return localDateOf(plan.site.zone, Math.floor(nowMs / startMsOf(1)));
}
