/**
 * The geometry of a day × half-hour map: classes from breaks that read easily, each half-hour at its local time,
 * and equal neighbours of a day drawn as one stroke, so that a year stays small.
 *
 * @module
 */

import { amountOf, isAbout, isGap } from "./half_hours.ts";
import { niceStep } from "./scale.ts";
import type { HeatDay } from "./types.ts";

/** Colours of the ramp. */
export const HEAT_CLASSES = 9;

/** Where each of the nine classes begins in kW: 0 and even steps, so that one value in fifty is above the last. */
export function classBreaks(kws: readonly number[]): readonly number[] {
  const sorted = kws.toSorted((a, b) => a - b);
  const high = sorted[Math.floor((sorted.length - 1) * 0.98)] ?? 0;
  const step = niceStep(Math.max(high, 0) / (HEAT_CLASSES - 0.5));
  return Array.from({ length: HEAT_CLASSES }, (_, index) => Number((index * step).toPrecision(6)));
}

/** The class of a power in kW, 0 to 8; negative power is in the lowest. */
export function classOf(kw: number, breaks: readonly number[]): number {
  return Math.max(0, breaks.findLastIndex((from) => kw >= from));
}

/** Where a half-hour stands in its day, in half-hours from local midnight. */
interface Slot {
  readonly from: number;
  readonly to: number;
}

/**
 * Puts each half-hour at its local time. The hour that comes twice when clocks go back shares its place in two
 * halves; the hour that is skipped stays empty.
 */
export function slotsOf(labels: readonly string[]): readonly Slot[] {
  const places = labels.map((label) =>
    Number(label.slice(0, 2)) * 2 + (Number(label.slice(3, 5)) >= 30 ? 1 : 0)
  );
  return places.map((place, index) => {
    const first = places.indexOf(place);
    const twice = places.lastIndexOf(place) !== first;
    if (!twice) return { from: place, to: place + 1 };
    return index === first ? { from: place, to: place + 0.5 } : { from: place + 0.5, to: place + 1 };
  });
}

/** Path data by what it draws. Strokes down the middle of a day, whose width is the day's; x counts days. */
export interface HeatPaths {
  /** By class, 0 to 8; empty where the class does not occur. */
  readonly classes: readonly string[];
  /** Half-hours that are missing. */
  readonly missing: string;
  /** Half-hours whose amount is about right. */
  readonly about: string;
}

/** What a half-hour is drawn as: a class, missing, or nothing. */
type Kind = number | "missing" | "nothing";

/** Draws all days. Runs of one class in a day are one stroke, placed from the end of the one before. */
export function heatPaths(days: readonly HeatDay[], breaks: readonly number[]): HeatPaths {
  const pens = Array.from({ length: HEAT_CLASSES }, penFrom0);
  const missing = penFrom0();
  const about = penFrom0();
  days.forEach((day, x) => {
    const slots = slotsOf(day.cells.map((cell) => cell.label));
    const kinds = day.cells.map((cell): Kind => {
      const amount = amountOf(cell);
      return amount === null ? (isGap(cell) ? "missing" : "nothing") : classOf(amount / 500, breaks);
    });
    for (const { value, from, to } of strokesOf(kinds, slots)) {
      if (typeof value === "number") pens[value]?.down({ x, from, to });
      if (value === "missing") missing.down({ x, from, to });
    }
    const abouts = day.cells.map((cell) => amountOf(cell) !== null && isAbout(cell.quality));
    for (const { value, from, to } of strokesOf(abouts, slots)) if (value) about.down({ x, from, to });
  });
  return { classes: pens.map((pen) => pen.path()), missing: missing.path(), about: about.path() };
}

interface Pen {
  readonly down: (stroke: { readonly x: number; readonly from: number; readonly to: number }) => void;
  readonly path: () => string;
}

/** Writes strokes relative to each other: the same few small numbers again and again compress to half. */
function penFrom0(): Pen {
  const parts: string[] = [];
  let at = { x: 0, y: 0 };
  return {
    down: ({ x, from, to }) => {
      parts.push(`m${x - at.x} ${from - at.y}v${to - from}`);
      at = { x, y: to };
    },
    path: () => parts.join(""),
  };
}

interface Stroke<T> extends Slot {
  readonly value: T;
}

function strokesOf<T>(values: readonly T[], slots: readonly Slot[]): readonly Stroke<T>[] {
  const strokes: Stroke<T>[] = [];
  let first = 0;
  for (let index = 1; index <= values.length; index++) {
    const start = slots[first];
    const last = slots[index - 1];
    if (index < values.length && values[index] === values[first] && slots[index]?.from === last?.to) continue;
    const value = values[first];
    if (start && last && value !== undefined) strokes.push({ value, from: start.from, to: last.to });
    first = index;
  }
  return strokes;
}

/** Where the site opens and closes on most of the days it opens; `undefined` when no hours are known. */
export function usualHours(
  days: readonly HeatDay[],
): { readonly opens: string; readonly closes: string } | undefined {
  const counts = new Map<string, number>();
  for (const { cells } of days) {
    const first = cells.findIndex((cell) => cell.open);
    const after = cells.findLastIndex((cell) => cell.open) + 1;
    const opens = cells[first]?.label;
    const closes = cells[after]?.label ?? (after >= 46 ? "24:00" : undefined);
    if (opens && closes) counts.set(`${opens} ${closes}`, (counts.get(`${opens} ${closes}`) ?? 0) + 1);
  }
  const usual = [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0].split(" ");
  return usual?.[0] && usual[1] ? { opens: usual[0], closes: usual[1] } : undefined;
}
