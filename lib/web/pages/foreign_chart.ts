/**
 * The stretch of a load profile that is drawn over what is held: the last week in which both have half-hours.
 *
 * @module
 */

import type { Unit } from "../../domain/channel.ts";
import type { ForeignHalfHours } from "../../domain/foreign_intervals.ts";
import type { ChannelHalfHours } from "../../store/readings.ts";
import { countText, numberText } from "../../ui/format.ts";
import type { ForeignChart } from "../../ui/pages/ForeignPage.tsx";
import { axisOf } from "./axis.ts";
import { drawnAs } from "./foreign_amount.ts";

/** Half-hours that are drawn at most: a week. */
const DRAWN_MAX = 7 * 48;

/** Both of a stretch. */
export interface BothOf {
  /** The file. */
  readonly told: ForeignHalfHours;
  /** What is held. */
  readonly held: ChannelHalfHours;
  /** The site's zone. */
  readonly zone: string;
  /** Base unit. */
  readonly unit: Unit;
}

/** Draws both; `null`: the file has nothing. */
export function foreignChart({ told, held, zone, unit }: BothOf): ForeignChart | null {
  const { from: first, amounts } = told;
  if (amounts.length === 0) return null;
  const heldAt = (halfHour: number) => held.amounts[halfHour - held.from] ?? null;
  const last = amounts.findLastIndex((amount, i) => amount !== null && heldAt(first + i) !== null);
  const to = first + (last < 0 ? amounts.length : last + 1);
  const from = Math.max(first, to - DRAWN_MAX);
  const axis = axisOf(zone, { from, to, hours: null });
  const drawn = drawnAs(unit);
  const values = (amountAt: (halfHour: number) => number | null) =>
    axis.labels.map((_, i) => {
      const amount = amountAt(from + i);
      return amount === null ? null : drawn.of(amount);
    });
  const ours = values(heldAt);
  const theirs = values((halfHour) => amounts[halfHour - first] ?? null);
  const both = ours.filter((value, i) => value !== null && theirs[i] != null).length;
  const days = axis.days;
  return {
    labels: axis.labels,
    days,
    unit: drawn.unit,
    ours,
    theirs,
    summary: `${days[0]?.long ?? ""} to ${days.at(-1)?.long ?? ""}, ${countText(both, "half-hour")} of both`,
    rows: axis.labels.map((label, i) => {
      const day = days.findLast((one) => one.from <= i)?.label ?? "";
      return [`${day}, ${label}`, numberOf(ours[i]), numberOf(theirs[i])];
    }),
  };
}

function numberOf(value: number | null | undefined): string {
  return value == null ? "—" : numberText(value, 2);
}
