/**
 * Derives the half-hours of one counter again from what was read: after a person said that another meter had been there
 * since, readings that were taken for a jump, for a new series or even for more energy are judged anew. Pure.
 *
 * @module
 */

import { counterOf } from "./boundary.ts";
import { type CounterRules, judgeReading } from "./counter.ts";
import { endSOf, type HalfHour } from "./half_hour.ts";
import type { LoadShape } from "./load_shape.ts";
import { storedQuality } from "./quality.ts";
import type { Series } from "./series.ts";
import { type AcceptedReading, type ReadingRow, recoveredRow } from "./visit.ts";

/** What is derived again. */
export interface Replay {
  /** The counter's channel. */
  readonly channelId: number;
  /** The accepted reading before the first row; `null`: there is none. */
  readonly start: AcceptedReading | null;
  /** Everything that was stored since, oldest first. */
  readonly rows: readonly ReadingRow[];
  /** Its series, oldest first: those that begin before the rows, and the one that a person began. */
  readonly series: readonly Series[];
  /** How it counts at an instant in epoch seconds and at a value in register counts. */
  readonly rulesAt: (atS: number, value: number) => CounterRules;
  /** Its load shape; `null`: it has none. */
  readonly shape: LoadShape | null;
  /** Its usual peak; `null`: not known. */
  readonly peak: number | null;
}

/** What came out. */
export interface Replayed {
  /** The rows as they are now, oldest first; half-hours that had none and have an amount now among them. */
  readonly rows: readonly ReadingRow[];
  /** Series that begin with one of the readings, with id 0. */
  readonly newSeries: readonly Series[];
  /** The last accepted reading, if the newest row has none: it is kept as an open gap. `null`: nothing to keep. */
  readonly gap: AcceptedReading | null;
}

/** Derives rows again. What a person edited stays as it is. */
export function replayCounter(replay: Replay): Replayed {
  const { channelId, shape, peak } = replay;
  const rows = new Map<HalfHour, ReadingRow>(replay.rows.map((row) => [row.halfHour, row]));
  const started: Series[] = [];
  let last = replay.start;
  let newest: HalfHour | null = null;
  let candidate: { readonly halfHour: HalfHour; readonly atS: number; readonly value: number } | null = null;
  for (const { halfHour } of replay.rows) {
    const row = rows.get(halfHour);
    if (!row) continue;
    const atS = endSOf(halfHour) + (row.readS ?? 0);
    const reading = row.readingReason === null && row.value !== null && row.readS !== null
      ? { atS, value: row.value, words: row.words ?? "" }
      : null;
    const series = [...replay.series, ...started].filter(({ sinceS }) => sinceS <= atS)
      .toSorted((a, b) => a.sinceS - b.sinceS).at(-1) ?? null;
    const rules = replay.rulesAt(atS, reading?.value ?? 0);
    const judged = judgeReading({
      halfHour,
      channelId,
      rules,
      series,
      context: {
        channelId,
        last,
        inGap: last !== null && last.halfHour < halfHour - 1,
        candidate: candidate?.halfHour === halfHour - 1 ? candidate : null,
      },
      reading,
      shape,
    });
    const { boundary, amount, amountReason, newSeries } = judged;
    if (row.quality !== "edited") {
      rows.set(halfHour, {
        ...row,
        boundary,
        amount,
        amountReason,
        quality: storedQuality(judged, { rules, peak }),
      });
    }
    for (const it of judged.recovered) {
      const old = rows.get(it.halfHour);
      if (old?.quality !== "edited") rows.set(it.halfHour, recoveredRow(old, it));
    }
    if (newSeries) started.push(newSeries);
    newest = halfHour;
    candidate = amountReason === "implausible" && reading ? { halfHour, ...reading } : null;
    if (judged.accepted && reading) {
      last = acceptedReading({ halfHour, ...reading }, { series: newSeries ?? series, boundary });
    }
  }
  const sorted = [...rows.values()].sort((a, b) => a.halfHour - b.halfHour);
  return { rows: sorted, newSeries: started, gap: last !== null && last.halfHour !== newest ? last : null };
}

function acceptedReading(
  reading: Pick<AcceptedReading, "halfHour" | "atS" | "value" | "words">,
  { series, boundary }: { readonly series: Series | null; readonly boundary: number | null },
): AcceptedReading {
  const counter = series && counterOf(reading.value, series);
  return { ...reading, seriesId: series?.id ?? 0, boundary, ...(counter === null ? {} : { counter }) };
}
