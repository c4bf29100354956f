/**
 * Instants as people write them: a date and a time by the clock on the wall of a site.
 *
 * @module
 */

import { HALF_HOUR_MS, halfHourOf, startMsOf } from "../../../domain/half_hour.ts";
import { isLocalDate, localDateOf, localDay, localLabel } from "../../../domain/local_day.ts";
import { err, ok, type Result } from "../../../result.ts";

const MINUTE_MS = 60_000;

/** Epoch seconds of a local date and time; the first of two where an hour comes again. */
export function instantOf(
  zone: string,
  { date, time }: { readonly date: string; readonly time: string },
): Result<number, string> {
  const [, hours = "", minutes = ""] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (!isLocalDate(date)) return err(`"${date.slice(0, 20)}" is no date, expected one such as 2026-11-29`);
  if (hours === "") return err(`"${time.slice(0, 20)}" is no time, expected one such as 10:10`);
  const label = `${hours.padStart(2, "0")}:${minutes}`;
  const day = localDay(zone, date);
  const past = Number(minutes) % 30;
  for (let halfHour = day.first; halfHour < day.first + day.count; halfHour++) {
    const ms = startMsOf(halfHour) + past * MINUTE_MS;
    if (localLabel(zone, ms) === label) return ok(ms / 1000);
  }
  return err(`The clocks skip ${label} on ${date}`);
}

/** The local date and time of an instant in epoch seconds, as a form holds them. */
export function localTexts(zone: string, atS: number): { readonly date: string; readonly time: string } {
  return { date: localDateOf(zone, halfHourOf(atS * 1000)), time: localLabel(zone, atS * 1000) };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An instant in epoch seconds in words: `29 Nov 2026 10:10`. */
export function instantText(zone: string, atS: number): string {
  const { date, time } = localTexts(zone, atS);
  return `${dateText(date)} ${time}`;
}

/** A local date in words: `29 Nov 2026`. */
export function dateText(date: string): string {
  const [year = "", month = "", day = ""] = date.split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** The start of a half-hour in words. */
export function halfHourText(zone: string, halfHour: number): string {
  return instantText(zone, halfHour * HALF_HOUR_MS / 1000);
}
