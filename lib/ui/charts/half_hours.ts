/**
 * Half-hours as a drawing sees them: which are known, which only about, which are missing, and runs of those.
 *
 * @module
 */

import type { CellQuality, HalfHourCell } from "./types.ts";

/** Consecutive indexes. */
export interface Run {
  /** The first index. */
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

/** A run of half-hours that are missing for one reason. */
export interface GapRun extends Run {
  /** Why, in words. */
  readonly reason: string;
}

/** The longest runs of the indexes 0 to `length - 1` for which the test holds. */
export function runsOf(length: number, holds: (index: number) => boolean): readonly Run[] {
  const runs: Run[] = [];
  let from = -1;
  for (let index = 0; index <= length; index++) {
    const on = index < length && holds(index);
    if (on && from < 0) from = index;
    if (!on && from >= 0) {
      runs.push({ from, to: index });
      from = -1;
    }
  }
  return runs;
}

/** Whether the amount is drawn with dots and written with `~`: its total or its shape is not metered. */
export function isAbout(quality: CellQuality): boolean {
  return quality === "recovered" || quality === "estimated" || quality === "suspect";
}

/** The amount to draw in Wh; `null` when there is none, whatever stands in the cell of a missing half-hour. */
export function amountOf(cell: Pick<HalfHourCell, "amountWh" | "quality">): number | null {
  return cell.quality === "missing" || cell.quality === "none" ? null : cell.amountWh;
}

/** Whether a half-hour was expected and has no amount. */
export function isGap(cell: Pick<HalfHourCell, "amountWh" | "quality">): boolean {
  return cell.quality !== "none" && amountOf(cell) === null;
}

/** Missing half-hours in a row with the same reason. */
export function gapsOf(
  cells: readonly { readonly reason?: string }[],
  missing: (index: number) => boolean,
): readonly GapRun[] {
  const gaps: GapRun[] = [];
  for (const run of runsOf(cells.length, missing)) {
    let from = run.from;
    for (let index = run.from + 1; index <= run.to; index++) {
      const reason = cells[from]?.reason;
      if (index < run.to && cells[index]?.reason === reason) continue;
      gaps.push({ from, to: index, reason: reason ?? "no data" });
      from = index;
    }
  }
  return gaps;
}

/** The local time half an hour after a label, as text: right unless the clocks change at that instant. */
export function halfHourLater(label: string): string {
  const minutes = (Number(label.slice(0, 2)) * 60 + Number(label.slice(3, 5)) + 30) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** From when to when a run lasts in local time, such as `03:00–04:00`. */
export function spanText(cells: readonly { readonly label: string }[], run: Run): string {
  const last = cells[run.to - 1]?.label ?? "00:00";
  return `${cells[run.from]?.label ?? last}–${cells[run.to]?.label ?? halfHourLater(last)}`;
}
