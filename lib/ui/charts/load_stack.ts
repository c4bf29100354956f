/**
 * The geometry of a stack by end use: which heights lie between which, where the seams run, what its labels at the
 * right end say. Pure, and the same for the server's drawing and the island's.
 *
 * @module
 */

import { HALF_HOUR_MS } from "../../domain/half_hour.ts";
import { countText, numberText } from "../format.ts";
import { gapsOf, isAbout, runsOf, spanText } from "./half_hours.ts";
import type { Label } from "./labels.ts";
import type { LoadByUse } from "./types.ts";
import { isWanting, siteTotalsOf, stacked, totalsOf } from "./words.ts";

/** One end use of a stack: amounts below it and up to it in Wh; `null` where the half-hour has none. */
export interface Layer {
  /** Which end use. */
  readonly use: LoadByUse["uses"][number];
  /** Sum of those beneath. */
  readonly from: readonly (number | null)[];
  /** Sum with this one. */
  readonly to: readonly (number | null)[];
}

/** Stacks the end uses, lowest first. An end use without an amount adds nothing and is said to be wanting. */
export function layersOf(load: LoadByUse): readonly Layer[] {
  let from: readonly (number | null)[] = totalsOf(load).map((total) => total === null ? null : 0);
  return stacked(load).map((use) => {
    const below = from;
    const to = below.map((sum, index) => sum === null ? null : sum + Math.max(0, use.amountsWh[index] ?? 0));
    from = to;
    return { use, from: below, to };
  });
}

/** The largest of some amounts in Wh; 0 when there is none. */
export function largestOf(amounts: readonly (number | null)[]): number {
  return amounts.reduce<number>((most, each) => Math.max(most, each ?? 0), 0);
}

/**
 * How high each half-hour reaches in Wh: the sum of its layers, or of an incomplete half-hour what the whole site
 * drew, where that is known and no end use is left out.
 */
export function reachOf(load: LoadByUse, layers: readonly Layer[]): readonly (number | null)[] {
  return layers.length === load.uses.length ? siteTotalsOf(load) : layers.at(-1)?.to ?? [];
}

/** The last half-hour with a total; `undefined` when there is none. */
export function lastKnown(load: LoadByUse): number | undefined {
  const index = totalsOf(load).findLastIndex((total) => total !== null);
  return index < 0 ? undefined : index;
}

/** From a half-hour on: the same load, shorter. */
export function loadFrom(load: LoadByUse, from: number): LoadByUse {
  return {
    firstMs: load.firstMs + from * HALF_HOUR_MS,
    halfHours: load.halfHours.slice(from),
    uses: load.uses.map((use) => ({ ...use, amountsWh: use.amountsWh.slice(from) })),
    ...(load.siteWh ? { siteWh: load.siteWh.slice(from) } : {}),
    days: load.days.filter((_, index) => (load.days[index + 1]?.from ?? Infinity) > from)
      .map((day) => ({ ...day, from: Math.max(0, day.from - from) })),
    baseloadKw: load.baseloadKw,
  };
}

/** The names under a load whose days are read in pieces, and above it the reasons of gaps and what is estimated. */
export function reasonLabels(load: LoadByUse): readonly Label[] {
  const { halfHours } = load;
  const totals = totalsOf(load);
  const gone = (index: number) => totals[index] === null && halfHours[index]?.quality !== "none";
  const gaps = gapsOf(halfHours, gone).map((gap) => ({
    at: gap.from / halfHours.length,
    to: gap.to / halfHours.length,
    texts: [`No data ${spanText(halfHours, gap)}, ${gap.reason}`, `No data, ${gap.reason}`, "no data"],
    rank: -2 * (gap.to - gap.from),
  }));
  const about = runsOf(
    halfHours.length,
    (index) => totals[index] !== null && isAbout(halfHours[index]?.quality ?? "none"),
  ).map((run) => ({
    at: run.from / halfHours.length,
    to: run.to / halfHours.length,
    texts: [`~ estimated ${spanText(halfHours, run)}`, "~ estimated"],
    rank: -(run.to - run.from),
  }));
  return [...gaps, ...about].slice(0, 200);
}

/** Rows of a table by day: kWh of each end use and of all, and how complete the day is. */
export function dayRows(load: LoadByUse): readonly (readonly string[])[] {
  const totals = siteTotalsOf(load);
  return load.days.map((day, place) => {
    const to = load.days[place + 1]?.from ?? load.halfHours.length;
    const indexes = Array.from({ length: to - day.from }, (_, index) => day.from + index)
      .filter((index) => load.halfHours[index]?.quality !== "none");
    const wanting = indexes.filter((index) => isWanting(load, index, totals)).length;
    const about = wanting > 0 || indexes.some((index) => isAbout(load.halfHours[index]?.quality ?? "none"));
    const sum = (amounts: readonly (number | null)[]) => {
      const known = indexes.flatMap((index) => totals[index] === null ? [] : amounts[index] ?? []);
      if (known.length === 0) return "—";
      return (about ? "~" : "") + numberText(known.reduce((all, each) => all + each, 0) / 1000, 1);
    };
    const columns = stacked(load).toReversed().map((use) => sum(use.amountsWh));
    return [
      day.long,
      ...columns,
      sum(totals),
      `${indexes.length - wanting} of ${countText(indexes.length, "half-hour")}`,
    ];
  });
}
