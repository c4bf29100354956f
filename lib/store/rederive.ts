/**
 * Derives half-hours of counters again from the words that were kept, once it is known that another meter, ratio or
 * register had been there since an instant. Every amount that this changes is given back, to be written down.
 *
 * @module
 */

import { counterOf } from "../domain/boundary.ts";
import type { CounterRules } from "../domain/counter.ts";
import { endSOf, HALF_HOUR_S, type HalfHour } from "../domain/half_hour.ts";
import { replayCounter } from "../domain/replay.ts";
import type { Series } from "../domain/series.ts";
import type { AcceptedReading, ReadingRow } from "../domain/visit.ts";
import { acceptedOf, gapsOf } from "./contexts.ts";
import type { Correction } from "./corrections.ts";
import type { Executor } from "./db.ts";
import { openGaps, spendGaps } from "./gaps.ts";
import { takeIds } from "./ids.ts";
import { seriesOf } from "./plans.ts";
import { readShapes } from "./shapes.ts";
import { daysBefore, rewriteRows, storedRows } from "./stored_rows.ts";
import { writeSeries } from "./visit_rows.ts";

/** What is known of a counter before an instant. */
export interface CounterBefore {
  /** Its series until then, oldest first. */
  readonly series: readonly Series[];
  /** The last accepted reading; `null`: there is none. */
  readonly last: AcceptedReading | null;
  /** Everything that was stored after that reading, oldest first. */
  readonly rows: readonly ReadingRow[];
}

/** Days that the last accepted reading is looked for: first few, then many. */
const DAYS_BACK = [2, 70];

/**
 * What is known of counters before an instant in epoch seconds, and what was stored since, up to a half-hour. A reading at
 * the instant itself is of what comes then.
 */
export async function countersBefore(
  tx: Executor,
  channelIds: readonly number[],
  { atS, to }: { readonly atS: number; readonly to: HalfHour },
): Promise<ReadonlyMap<number, CounterBefore>> {
  const all = await seriesOf(tx, channelIds);
  const gaps = new Map(channelIds.length === 0 ? [] : await gapsOf(tx, channelIds));
  const found = new Map<number, CounterBefore>();
  for (const days of DAYS_BACK) {
    const wanted = channelIds.filter((id) => !found.get(id)?.last);
    const from = daysBefore(Math.floor(atS / HALF_HOUR_S), days);
    const stored = await storedRows(tx, { channelIds: wanted, from, to });
    for (const channelId of wanted) {
      const series = (all.get(channelId) ?? []).filter(({ sinceS }) => sinceS < atS);
      const rows = stored.get(channelId) ?? [];
      const accepted = rows.map((row) =>
        acceptedOf(row, series)
      ).findLast((it) => it !== null && it.atS < atS) ?? null;
      const gap = gaps.get(channelId);
      const kept = gap && gap.atS < atS ? withCounter(gap, series) : null;
      const last = kept && (accepted === null || kept.halfHour > accepted.halfHour) ? kept : accepted;
      const since = rows.filter((row) => last === null ? isSince(row, atS) : row.halfHour > last.halfHour);
      found.set(channelId, { series, last, rows: since });
    }
  }
  return found;
}

/** Whether the reading of a row was taken at an instant or after it. */
function isSince({ halfHour, readS }: ReadingRow, atS: number): boolean {
  return endSOf(halfHour) + (readS ?? 0) >= atS;
}

function withCounter(gap: AcceptedReading, series: readonly Series[]): AcceptedReading {
  const own = series.findLast(({ sinceS }) => sinceS <= gap.atS);
  const counter = own ? counterOf(gap.value, own) : null;
  return counter === null ? gap : { ...gap, counter };
}

/** A counter that is derived again. */
export interface Rederived {
  /** Its channel. */
  readonly channelId: number;
  /** What is known of it before. */
  readonly before: CounterBefore;
  /** The series that begins at the instant; `null`: none does. */
  readonly begins: Series | null;
  /** A row as it is to be understood: with the number that its words mean now. */
  readonly understood: (row: ReadingRow) => ReadingRow;
  /** How it counts at an instant in epoch seconds and at a value. */
  readonly rulesAt: (atS: number, value: number) => CounterRules;
}

/** Derives counters again and stores what came out; the amounts that changed. */
export async function rederive(
  tx: Executor,
  counters: readonly Rederived[],
  { atS }: { readonly atS: number },
): Promise<readonly Correction[]> {
  const ids = counters.map(({ channelId }) => channelId);
  if (ids.length === 0) return [];
  const shapes = await readShapes(tx, ids);
  await tx.deleteFrom("series").where("channel_id", "in", ids).where("since_s", ">=", atS).execute();
  const started: Series[] = [];
  const changed: ReadingRow[] = [];
  const gaps: (AcceptedReading & { readonly channelId: number })[] = [];
  const corrections: Correction[] = [];
  for (const { channelId, before, begins, understood, rulesAt } of counters) {
    const shape = shapes.get(channelId) ?? null;
    const replayed = replayCounter({
      channelId,
      start: before.last,
      rows: before.rows.map(understood),
      series: [...before.series, ...(begins ? [begins] : [])],
      rulesAt,
      shape,
      peak: shape?.peak ?? null,
    });
    if (begins) started.push(begins);
    started.push(...replayed.newSeries);
    const old = new Map(before.rows.map((row) => [row.halfHour, row]));
    for (const row of replayed.rows) {
      const was = old.get(row.halfHour);
      if (was && JSON.stringify(was) === JSON.stringify(row)) continue;
      changed.push(row);
      if (was?.amount !== row.amount) {
        corrections.push({ channelId, halfHour: row.halfHour, was: was?.amount ?? null, is: row.amount });
      }
    }
    if (replayed.gap) gaps.push({ ...replayed.gap, channelId });
  }
  let seriesId = await takeIds(tx, "series", started.length);
  await writeSeries(tx, started.map((series) => ({ ...series, id: seriesId++ })));
  await rewriteRows(tx, changed);
  const read = counters.filter(({ before }) => before.rows.length > 0).map(({ channelId }) => channelId);
  await spendGaps(tx, read);
  await openGaps(tx, gaps.filter(({ channelId }) => read.includes(channelId)));
  return corrections;
}
