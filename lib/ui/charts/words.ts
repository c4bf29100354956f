/**
 * What a chart says in one sentence, made from the data alone: the peak and when, the largest end use, what is
 * missing and what is only about right.
 *
 * @module
 */

import { END_USES } from "../../domain/end_use.ts";
import { countText, energyText, numberText, percentText, powerText } from "../format.ts";
import { amountOf, isAbout, isGap } from "./half_hours.ts";
import { kwText } from "./scale.ts";
import type { CompletenessCell, DayMark, HalfHours, HeatDay, LoadByUse, SignalCell } from "./types.ts";

/** The day in which a half-hour lies. */
export function dayOf(days: readonly DayMark[], index: number): DayMark | undefined {
  return days.findLast((day) => day.from <= index);
}

/** When a half-hour starts, such as `Mon 23 07:00`. */
export function whenText(
  { cells, days }: {
    readonly cells: readonly { readonly label: string }[];
    readonly days: readonly DayMark[];
  },
  index: number,
): string {
  return [dayOf(days, index)?.label, cells[index]?.label].filter(Boolean).join(" ");
}

/** When a half-hour starts, in a sentence: `on Mon 23 at 07:00`. */
export function onText(
  { cells, days }: {
    readonly cells: readonly { readonly label: string }[];
    readonly days: readonly DayMark[];
  },
  index: number,
): string {
  const day = dayOf(days, index);
  return `${day ? `on ${day.label} ` : ""}at ${cells[index]?.label ?? ""}`;
}

/** The largest value and its index; `undefined` when there is none. */
export function peakOf(
  values: readonly (number | null)[],
): { readonly value: number; readonly index: number } | undefined {
  let peak: { value: number; index: number } | undefined;
  values.forEach((value, index) => {
    if (value !== null && (!peak || value > peak.value)) peak = { value, index };
  });
  return peak;
}

/** How many half-hours are measured, about right and missing, such as `44 measured, 2 ~ estimated, 2 missing`. */
export function qualityText(cells: HalfHours["cells"]): string {
  const due = cells.filter((cell) => cell.quality !== "none");
  const missing = due.filter(isGap).length;
  const about = due.filter((cell) => !isGap(cell) && isAbout(cell.quality)).length;
  const parts = [`${numberText(due.length - missing - about)} measured`];
  if (about > 0) parts.push(`${numberText(about)} ~ estimated`);
  parts.push(missing > 0 ? `${numberText(missing)} missing` : "none missing");
  return parts.join(", ");
}

/** Says what the last half-hours hold. */
export function stripSummary(strip: HalfHours): string {
  const peak = peakOf(strip.cells.map(amountOf));
  const quality = qualityText(strip.cells);
  if (!peak) return `No half-hour has an amount: ${quality}.`;
  const about = isAbout(strip.cells[peak.index]?.quality ?? "none") ? "~" : "";
  return `Peak ${about}${kwText(peak.value)} ${onText(strip, peak.index)}; ${quality}.`;
}

/** The amount of all end uses of each half-hour in Wh; `null` where none has one. */
export function totalsOf(load: LoadByUse): readonly (number | null)[] {
  return load.halfHours.map(({ quality }, index) => {
    if (quality === "missing" || quality === "none") return null;
    const known = load.uses.map((each) => each.amountsWh[index] ?? null).filter((amount) => amount !== null);
    return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0);
  });
}

/** The same, and for half-hours that lack an end use what the whole site drew, where that is known and more. */
export function siteTotalsOf(load: LoadByUse): readonly (number | null)[] {
  return totalsOf(load).map((total, index) => {
    if (total === null || !isPart(load, index)) return total;
    return Math.max(total, load.siteWh?.[index] ?? 0);
  });
}

/** Whether some end uses of a half-hour have an amount and others not: their sum is then too low. */
export function isPart(load: LoadByUse, index: number): boolean {
  const quality = load.halfHours[index]?.quality;
  if (quality === undefined || quality === "missing" || quality === "none") return false;
  return load.uses.some((use) => typeof use.amountsWh[index] !== "number");
}

/** Whether a half-hour was expected and is not whole. */
export function isWanting(load: LoadByUse, index: number, totals: readonly (number | null)[]): boolean {
  return load.halfHours[index]?.quality !== "none" && (totals[index] === null || isPart(load, index));
}

/** The end uses from the lowest of the stack to the highest. */
export function stacked(load: LoadByUse): LoadByUse["uses"] {
  return load.uses.toSorted((a, b) => END_USES.indexOf(a.use) - END_USES.indexOf(b.use));
}

const sumOf = (amounts: readonly (number | null)[]) =>
  amounts.reduce<number>((sum, each) => sum + (each ?? 0), 0);

/** Says which end use drew most, how much outside the operating hours, the peak and what is missing. */
export function loadSummary(load: LoadByUse): string {
  const totals = siteTotalsOf(load);
  const peak = peakOf(totals);
  if (!peak) return "No half-hour of this range has an amount.";
  const sum = sumOf(totals);
  const wanting = totals.filter((_, index) => isWanting(load, index, totals)).length;
  const about = wanting > 0 || load.halfHours.some((each) => isAbout(each.quality)) ? "~" : "";
  const sentences: string[] = [];
  const amounts = load.uses.map(({ name, amountsWh }) => ({
    name,
    amount: sumOf(amountsWh.map((amount, index) => totals[index] === null ? null : amount)),
  }));
  const largest = amounts.toSorted((a, b) => b.amount - a.amount)[0];
  if (largest && sum > 0) {
    const share = percentText(largest.amount / sum);
    sentences.push(
      `${largest.name} drew most: ${about}${energyText(largest.amount)} of ${about}${
        energyText(sum)
      } (${share})`,
    );
  }
  if (load.halfHours.some((each) => each.open !== undefined)) {
    const closed = sumOf(totals.filter((_, index) => load.halfHours[index]?.open === false));
    sentences.push(`${about}${energyText(closed)} outside operating hours`);
  }
  const when = onText({ cells: load.halfHours, days: load.days }, peak.index);
  sentences.push(`Peak ${kwText(peak.value)} ${when}`);
  if (wanting > 0) {
    sentences.push(
      `${countText(wanting, "half-hour")} ${wanting === 1 ? "is" : "are"} missing or incomplete`,
    );
  }
  return `${sentences.join(". ")}.`;
}

/** Says how many half-hours there are, when the peak was and what is missing. */
export function heatSummary(days: readonly HeatDay[]): string {
  const cells = days.flatMap((day) => day.cells.map((cell) => ({ day, cell })));
  const due = cells.filter(({ cell }) => cell.quality !== "none");
  const peak = peakOf(cells.map(({ cell }) => amountOf(cell)));
  const at = peak && cells[peak.index];
  const missing = due.filter(({ cell }) => isGap(cell)).length;
  const about = due.filter(({ cell }) => !isGap(cell) && isAbout(cell.quality)).length;
  const counts = `${countText(due.length, "half-hour")}: ${
    missing === 0 ? "none" : numberText(missing)
  } missing, ${about === 0 ? "none" : numberText(about)} estimated`;
  if (!peak || !at) return `${counts}.`;
  return `${counts}. Peak ${kwText(peak.value)} at ${at.cell.label} on ${at.day.label} ${monthOf(at.day)}.`;
}

function monthOf({ label, dayMonth }: HeatDay): string {
  const day = dayMonth.split(" ")[0] ?? "";
  return label.endsWith(day) ? dayMonth.slice(day.length + 1) : dayMonth;
}

/** Says how complete the half-hours of all sites are and which was the worst. */
export function completenessSummary(
  { cells, days, sites }: {
    readonly cells: readonly CompletenessCell[];
    readonly days: readonly DayMark[];
    readonly sites: number;
  },
): string {
  const worst = peakOf(cells.map((cell) => cell.missing + cell.recovered));
  const cell = worst && cells[worst.index];
  const expected = countText(sites * cells.length, "half-hour");
  if (!worst || !cell || worst.value === 0) return `All ${expected} were read on time.`;
  const missing = cells.reduce((sum, each) => sum + each.missing, 0);
  const gone = missing === 0
    ? `Nothing is missing of ${expected}`
    : `${numberText(missing)} of ${expected} ${missing === 1 ? "is" : "are"} still missing`;
  const when = onText({ cells, days }, worst.index);
  const lost = `${countText(worst.value, "site")} without a reading`;
  return `${gone}. Worst ${when}: ${lost}, ${numberText(cell.recovered)} recovered since.`;
}

/** Says the newest strength, the weakest, and for how many half-hours it was not read. */
export function signalSummary(cells: readonly SignalCell[], weakDbm: number): string {
  const known = cells.flatMap((cell) => cell.dbm === null ? [] : [{ label: cell.label, dbm: cell.dbm }]);
  const last = known.at(-1);
  if (!last) return "The signal was not read in this time.";
  const least = known.reduce((a, b) => b.dbm < a.dbm ? b : a);
  const weak = known.filter((cell) => cell.dbm < weakDbm).length;
  const parts = [`${numberText(last.dbm)} dBm at ${last.label}`];
  parts.push(`lowest ${numberText(least.dbm)} at ${least.label}`);
  parts.push(weak === 0 ? "never weak" : `weak in ${countText(weak, "half-hour")}`);
  if (known.length < cells.length) parts.push(`not read in ${numberText(cells.length - known.length)}`);
  return `${parts.join(", ")}.`;
}

/** What an end use drew in a half-hour, for a label. */
export function useText(amountWh: number | null): string {
  return amountWh === null ? "—" : numberText(amountWh / 500, 1);
}

/** Says one half-hour of a stack: when, the total, each end use from the largest, or why there is nothing. */
export function halfHourText(load: LoadByUse, index: number): string {
  const half = load.halfHours[index];
  if (!half) return "";
  const when = whenText({ cells: load.halfHours, days: load.days }, index);
  const total =
    totalsOf({ ...load, halfHours: [half], uses: load.uses.map((use) => oneOf(use, index)) })[0] ?? null;
  if (total === null) return `${when}: no data, ${half.reason ?? "not expected"}`;
  const about = isAbout(half.quality) ? "about " : "";
  const uses = load.uses.map((use) => ({ name: use.name, amount: use.amountsWh[index] ?? null }))
    .toSorted((a, b) => (b.amount ?? -1) - (a.amount ?? -1))
    .map(({ name, amount }) => amount === null ? `${name} not known` : `${name} ${powerText(amount * 2)}`);
  return `${when}: ${about}${kwText(total)}. ${uses.join(", ")}`;
}

function oneOf(use: LoadByUse["uses"][number], index: number): LoadByUse["uses"][number] {
  return { ...use, amountsWh: [use.amountsWh[index] ?? null] };
}
