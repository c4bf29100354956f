/**
 * Turns stored half-hours into the cells that charts draw, with every missing one explained.
 *
 * @module
 */

import type { HalfHour } from "../../domain/half_hour.ts";
import type { Totals } from "../../domain/usage.ts";
import { amountReasonWords, readingReasonWords } from "../../domain/words.ts";
import type { CellQuality, HalfHourCell } from "../../ui/charts/types.ts";
import type { ChannelHalfHours, HalfHourReason } from "../../store/half_hours.ts";
import type { Axis } from "./axis.ts";

const QUALITIES: Readonly<Record<string, CellQuality>> = {
  m: "measured",
  r: "recovered",
  a: "estimated",
  s: "suspect",
  x: "missing",
  e: "edited",
};

/** What a quality letter is drawn as; `-` and anything unknown is not drawn. */
export function cellQualityOf(letter: string | undefined): CellQuality {
  return QUALITIES[letter ?? "-"] ?? "none";
}

/** Why half-hours are missing, in words, by half-hour. */
export type ReasonsByHalfHour = ReadonlyMap<HalfHour, string>;

/** The reason that comes first among channels, for each half-hour in which one lacks its amount. */
export function reasonsOf(
  channels: readonly ChannelHalfHours[],
  units: ReadonlyMap<number, number>,
): ReasonsByHalfHour {
  const reasons = new Map<HalfHour, string>();
  for (const { channelId, from, reasons: own } of channels) {
    for (const reason of own) {
      if (!reasons.has(from + reason.index)) {
        reasons.set(from + reason.index, reasonText(reason, units.get(channelId)));
      }
    }
  }
  return reasons;
}

/** A stored reason in words; the reading's comes first, because it is the cause of the other. */
export function reasonText(reason: HalfHourReason, unitId: number | undefined): string {
  if (reason.readingReason) {
    return readingReasonWords(reason.readingReason, unitId === undefined ? {} : { unitId }).short;
  }
  return reason.amountReason ? amountReasonWords(reason.amountReason).short : "no data";
}

/** Half-hours of amounts along an axis; outside of what is stored nothing is drawn. */
export function cellsOf(
  { from, amounts, quality }: Pick<Totals, "from" | "amounts" | "quality">,
  axis: Axis,
  reasons: ReasonsByHalfHour,
): readonly HalfHourCell[] {
  return axis.labels.map((label, index) => {
    const at = axis.from + index - from;
    const letter = quality[at];
    const amountWh = amounts[at] ?? null;
    const drawn = cellQualityOf(amountWh === null && letter !== "-" && letter !== undefined ? "x" : letter);
    const reason = reasons.get(axis.from + index);
    const open = axis.open[index];
    return {
      label,
      amountWh,
      quality: drawn,
      ...(drawn === "missing" ? { reason: reason ?? "no data" } : {}),
      ...(open === undefined ? {} : { open }),
    };
  });
}
