/**
 * What is known of counters before a visit is judged: their last accepted reading, wherever it stands.
 *
 * @module
 */

import { counterOf } from "../domain/boundary.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import { endSOf } from "../domain/half_hour.ts";
import type { Series } from "../domain/series.ts";
import type { AcceptedReading, CounterContext, ReadingRow } from "../domain/visit.ts";
import { newestAcceptedEver } from "./accepted.ts";
import type { Database, Executor } from "./db.ts";
import { hexOf } from "./dialect.ts";
import { piecesOf } from "./ids.ts";
import { seriesOf } from "./plans.ts";
import { selectRecent } from "./recent.ts";

/** Channels of one call at most. */
const CHANNELS_LIMIT = 4_000;

const CHANNELS_A_STATEMENT = 2_000;

/** The contexts of counters for the reading that closes a half-hour; at most 4,000. */
export async function loadCounterContexts(
  db: Database,
  { halfHour, channelIds }: { readonly halfHour: HalfHour; readonly channelIds: readonly number[] },
): Promise<ReadonlyMap<number, CounterContext>> {
  if (channelIds.length > CHANNELS_LIMIT) {
    throw new RangeError(`${channelIds.length} channels at once: at most ${CHANNELS_LIMIT}`);
  }
  const previous = new Map<number, ReadingRow>();
  const gaps = new Map<number, AcceptedReading>();
  for (const ids of piecesOf(channelIds, CHANNELS_A_STATEMENT)) {
    for (const row of await selectRecent(db.reader, [halfHour - 1], ids)) previous.set(row.channelId, row);
    for (const [channelId, gap] of await gapsOf(db.reader, ids)) gaps.set(channelId, gap);
  }
  const series = await seriesOf(db.reader, channelIds);
  const lastRow = (id: number) => {
    const row = previous.get(id);
    return row ? acceptedOf(row, series.get(id) ?? []) : null;
  };
  const unknown = channelIds.filter((id) => lastRow(id) === null && !gaps.has(id));
  const earlier = await newestAcceptedBefore(db.reader, halfHour - 1, unknown);
  return new Map(channelIds.map((channelId) => {
    const row = previous.get(channelId);
    const list = series.get(channelId) ?? [];
    const early = earlier.get(channelId);
    const gap = withCounter(gaps.get(channelId), list);
    const last = lastRow(channelId) ?? gap ?? (early ? acceptedOf(early, list) : null);
    return [channelId, {
      channelId,
      last,
      inGap: last !== null && last === gap,
      candidate: row ? candidateOf(row) : null,
    }];
  }));
}

/** The readings of counters that are kept apart. */
export async function gapsOf(
  db: Executor,
  ids: readonly number[],
): Promise<readonly (readonly [number, AcceptedReading])[]> {
  const rows = await db.selectFrom("open_gap")
    .select(["channel_id", "half_hour", "at_s", "value", "series_id", "boundary", hexOf("words").as("words")])
    .where("channel_id", "in", ids).execute();
  return rows.map((row) => [row.channel_id, {
    halfHour: row.half_hour,
    atS: row.at_s,
    value: row.value,
    words: row.words ?? "",
    seriesId: row.series_id,
    boundary: row.boundary,
  }]);
}

/** The newest accepted rows before a half-hour that is not closed yet: storing will open their gap and spend it. */
async function newestAcceptedBefore(
  db: Executor,
  halfHour: HalfHour,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, ReadingRow>> {
  const newest = new Map<number, ReadingRow>();
  const found = await newestAcceptedEver(db, channelIds, halfHour);
  for (const [at, group] of Map.groupBy(found, ([, at]) => at)) {
    for (const row of await selectRecent(db, [at], group.map(([id]) => id))) newest.set(row.channelId, row);
  }
  return newest;
}

/** The counter of a reading that was kept apart is that of the series which was in force when it was read. */
function withCounter(gap: AcceptedReading | undefined, series: readonly Series[]): AcceptedReading | null {
  const own = gap && series.findLast(({ sinceS }) => sinceS <= gap.atS);
  const counter = gap && own ? counterOf(gap.value, own) : null;
  return counter === null ? gap ?? null : gap ? { ...gap, counter } : null;
}

/** The accepted reading of a row; `null`: it has none. */
export function acceptedOf(row: ReadingRow, series: readonly Series[]): AcceptedReading | null {
  if (row.readingReason !== null || row.value === null || row.readS === null) return null;
  if (row.amountReason === "implausible") return null;
  const atS = endSOf(row.halfHour) + row.readS;
  const own = series.findLast(({ sinceS }) => sinceS <= atS);
  const counter = own ? counterOf(row.value, own) : null;
  return {
    halfHour: row.halfHour,
    atS,
    value: row.value,
    words: row.words ?? "",
    seriesId: own?.id ?? 0,
    boundary: row.boundary,
    ...(counter === null ? {} : { counter }),
  };
}

function candidateOf(row: ReadingRow): CounterContext["candidate"] {
  if (row.amountReason !== "implausible" || row.value === null || row.readS === null) return null;
  return { atS: endSOf(row.halfHour) + row.readS, value: row.value };
}
