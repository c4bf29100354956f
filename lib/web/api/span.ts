/**
 * From when to when: instants on the half-hour or local dates of a site become half-hours.
 *
 * @module
 */

import {
  closedHalfHourAt,
  HALF_HOUR_MS,
  HALF_HOURS_A_DAY,
  type HalfHour,
  halfHourOf,
} from "../../domain/half_hour.ts";
import { isLocalDate, localDay } from "../../domain/local_day.ts";
import { err, ok, type Result } from "../../result.ts";

/** Half-hours from one to another (exclusive). */
export interface Span {
  /** The first. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
}

/** What was asked. */
export interface AskedSpan {
  /** An instant or a local date. */
  readonly from: string;
  /** An instant or a local date, itself not included. */
  readonly to: string;
  /** Zone of the site. */
  readonly zone: string;
  /** Longest span in days. */
  readonly daysMax: number;
}

/** The boundaries that a span lies between, or what is wrong, by parameter. A local day more or less is no sin. */
export function spanOf(asked: AskedSpan): Result<Span, Readonly<Record<string, string>>> {
  const { daysMax, zone } = asked;
  const from = edgeOf(asked.from, zone);
  const to = edgeOf(asked.to, zone);
  if (!from.ok || !to.ok) {
    return err({ ...(from.ok ? {} : { from: from.error }), ...(to.ok ? {} : { to: to.error }) });
  }
  if (to.value <= from.value) return err({ to: "Must be later than from" });
  // An hour more where the clocks were set back.
  if (to.value - from.value > daysMax * HALF_HOURS_A_DAY + 2) {
    return err({ to: `At most ${daysMax} days after from` });
  }
  return ok({ from: from.value, to: to.value });
}

function edgeOf(text: string, zone: string): Result<HalfHour, string> {
  const date = text.slice(0, 10);
  if (!isLocalDate(date)) return err("Is no date of the years 2000 to 2050");
  if (text.length === 10) {
    const day = localDay(zone, date);
    return day.count > 0 ? ok(day.first) : err("The site had no such day");
  }
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return err("Is no instant");
  return ms % HALF_HOUR_MS === 0 ? ok(halfHourOf(ms)) : err("Must lie on :00 or :30");
}

/** What of a span is over. */
export function closedPart({ from, to }: Span, nowMs: number): Span {
  return { from, to: Math.max(from, Math.min(to, closedHalfHourAt(nowMs) + 1)) };
}
