/**
 * What charts are drawn from: half-hours with amounts in watt-hours and times as labels in the site's own zone,
 * made on the server, so that a drawing needs neither a clock nor a time zone.
 *
 * @module
 */

import type { EndUse } from "../../domain/end_use.ts";

/** How far a half-hour can be trusted; `none` is one that was not expected or has not ended, and is not drawn. */
export type CellQuality = "measured" | "edited" | "recovered" | "estimated" | "suspect" | "missing" | "none";

/** One half-hour of one thing. */
export interface HalfHourCell {
  /** Local time at which it starts, `HH:MM`. */
  readonly label: string;
  /** Amount in Wh; `null` when there is none, which is never drawn as 0. */
  readonly amountWh: number | null;
  /** How far the amount can be trusted. */
  readonly quality: CellQuality;
  /** Why there is no amount, in words. */
  readonly reason?: string;
  /** Whether the site is in its operating hours; absent when no hours are known. */
  readonly open?: boolean;
}

/** Where a local day begins among half-hours. */
export interface DayMark {
  /** Index of the first half-hour shown of the day. */
  readonly from: number;
  /** Short name, such as `Mon 23`. */
  readonly label: string;
  /** Long name, such as `Mon 23 Nov`. */
  readonly long: string;
}

/** A run of half-hours with the days they lie in. */
export interface HalfHours {
  /** In order, without holes. */
  readonly cells: readonly HalfHourCell[];
  /** The days they lie in; the first has `from` 0 and may have begun earlier. */
  readonly days: readonly DayMark[];
}

/** What the half-hour of a stack shares among its end uses. */
export interface LoadHalfHour {
  /** Local time at which it starts, `HH:MM`. */
  readonly label: string;
  /** The least trusted of its end uses, or `missing` when none has an amount. */
  readonly quality: CellQuality;
  /** Why amounts are missing, in words. */
  readonly reason?: string;
  /** Whether the site is in its operating hours; absent when no hours are known. */
  readonly open?: boolean;
}

/** The amounts of one end use. */
export interface LoadUse {
  /** Which end use. */
  readonly use: EndUse;
  /** Its name on the page. */
  readonly name: string;
  /** Wh a half-hour, as many as there are half-hours; `null` where there is none. */
  readonly amountsWh: readonly (number | null)[];
}

/** A load by end use over a run of half-hours. */
export interface LoadByUse {
  /** Epoch ms at which the first half-hour starts; each next one starts 1,800,000 ms later. */
  readonly firstMs: number;
  /** In order, without holes. */
  readonly halfHours: readonly LoadHalfHour[];
  /** In any order; charts stack them as the domain's `END_USES`. */
  readonly uses: readonly LoadUse[];
  /** The days they lie in. */
  readonly days: readonly DayMark[];
  /** Wh a half-hour of the site as a whole, where a meter shows it; `null` where not known. */
  readonly siteWh?: readonly (number | null)[];
  /** What is always drawn, in kW; `null` when not known. */
  readonly baseloadKw: number | null;
}

/** One local day of a heat map. */
export interface HeatDay {
  /** Short name, such as `Mon 23`. */
  readonly label: string;
  /** Name with the month, such as `23 Nov`. */
  readonly dayMonth: string;
  /** Whether a week begins with it: those days are named under the map. */
  readonly weekStart: boolean;
  /** Half-hours in the whole day, 46 to 50. */
  readonly halfHours: number;
  /** The half-hours so far; a day under way has fewer than `halfHours`. */
  readonly cells: readonly HalfHourCell[];
}

/** How many sites gave no reading for one half-hour. */
export interface CompletenessCell {
  /** Local time at which it starts, `HH:MM`. */
  readonly label: string;
  /** Sites that are still without. */
  readonly missing: number;
  /** Sites whose amount came later. */
  readonly recovered: number;
}

/** The signal of a router at one half-hour. */
export interface SignalCell {
  /** Local time at which it starts, `HH:MM`. */
  readonly label: string;
  /** Strength in dBm; `null` when the router was not read. */
  readonly dbm: number | null;
  /** Why it was not read, in words. */
  readonly reason?: string;
}

/** A choice of range that the server answers. */
export interface RangeChoice {
  /** Such as `7 days`. */
  readonly label: string;
  /** Where it leads. */
  readonly href: string;
  /** Whether it is the one shown. */
  readonly current: boolean;
}
