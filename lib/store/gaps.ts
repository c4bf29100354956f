/**
 * Open gaps: the last accepted reading of a counter that has been missing since. Opened when a reading is first
 * missing, spent by the next good one in the same transaction, never expiring: a site dark for a month is
 * recovered exactly.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import type { AcceptedReading } from "../domain/visit.ts";
import { isAccepted, newestAcceptedEver } from "./accepted.ts";
import type { Executor } from "./db.ts";
import { bulkRows, dialectOf } from "./dialect.ts";
import { piecesOf } from "./ids.ts";

/** Rows of one statement: 6 ms on SQLite. */
export const ROWS_A_STATEMENT = 2_000;

const GAP_COLUMNS = ["channel_id", "half_hour", "at_s", "value", "words", "series_id", "boundary"] as const;

/**
 * When a half-hour has ended: every one of these counters that has no accepted reading in it keeps its newest one as
 * an open gap, wherever in Recent that stands, unless it has a later one, or has a gap that is not older.
 */
export async function keepMissing(
  tx: Executor,
  halfHour: HalfHour,
  counters: readonly number[],
): Promise<void> {
  for (const ids of piecesOf(counters, ROWS_A_STATEMENT)) {
    const read = await acceptedIn(tx, halfHour, ids);
    const missing = ids.filter((id) => !read.has(id));
    if (missing.length === 0) continue;
    // A slower process may have left a gap behind a reading: that one is the newest now.
    const before = await acceptedIn(tx, halfHour - 1, missing);
    await spendOvertaken(tx, halfHour - 1, [...before]);
    const kept = new Set((await gapStartsOf(tx, missing)).keys());
    const newest = await newestAcceptedEver(tx, missing.filter((id) => !kept.has(id)));
    const last = [...newest].filter(([, at]) => at < halfHour);
    await keepAsGaps(tx, last.map(([channelId, at]) => ({ channelId, halfHour: at })));
  }
}

async function acceptedIn(
  tx: Executor,
  halfHour: HalfHour,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await tx.selectFrom("recent as r").select("r.channel_id").where("r.half_hour", "=", halfHour)
    .where("r.channel_id", "in", ids).where(isAccepted("r")).execute();
  return new Set(rows.map(({ channel_id }) => channel_id));
}

/** Spends the gaps of counters that are older than an accepted reading of a half-hour. */
export async function spendOvertaken(
  tx: Executor,
  halfHour: HalfHour,
  counters: readonly number[],
): Promise<void> {
  for (const ids of piecesOf(counters, ROWS_A_STATEMENT)) {
    await tx.deleteFrom("open_gap").where("channel_id", "in", ids).where("half_hour", "<", halfHour)
      .execute();
  }
}

/** Half-hours of the readings that are kept in open gaps, by channel. */
export async function gapStartsOf(
  tx: Executor,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, HalfHour>> {
  const starts = new Map<number, HalfHour>();
  for (const ids of piecesOf(channelIds, ROWS_A_STATEMENT)) {
    const rows = await tx.selectFrom("open_gap").select(["channel_id", "half_hour"])
      .where("channel_id", "in", ids).execute();
    for (const { channel_id, half_hour } of rows) starts.set(channel_id, half_hour);
  }
  return starts;
}

/** Keeps readings as open gaps, unless the counter has one or an accepted reading that is later than the gap's own. */
export async function openGaps(
  tx: Executor,
  gaps: readonly (AcceptedReading & { readonly channelId: number })[],
): Promise<void> {
  const newest = await newestAcceptedEver(tx, gaps.map(({ channelId }) => channelId));
  const last = gaps.filter(({ channelId, halfHour }) => (newest.get(channelId) ?? halfHour) <= halfHour);
  for (const piece of piecesOf(last, ROWS_A_STATEMENT)) {
    const rows = bulkRows(
      tx,
      {
        channel_id: "int",
        half_hour: "int",
        at_s: "bigint",
        value: "bigint",
        words: "hex",
        series_id: "int",
        boundary: "bigint",
      },
      piece.map((gap) => [
        gap.channelId,
        gap.halfHour,
        gap.atS,
        gap.value,
        gap.words === "" ? null : gap.words,
        gap.seriesId,
        gap.boundary,
      ]),
    );
    await tx.insertInto("open_gap").columns([...GAP_COLUMNS]).expression(
      tx.selectFrom(rows.as("j"))
        .select(["j.channel_id", "j.half_hour", "j.at_s", "j.value"])
        .select([sql`unhex(j.words)`.as("words"), "j.series_id", "j.boundary"])
        .where(
          sql<boolean>`not exists (select 1 from open_gap g where g.channel_id = j.channel_id)`,
        ) as never,
    ).execute();
  }
}

/** Spends the gaps of counters. */
export async function spendGaps(tx: Executor, channelIds: readonly number[]): Promise<void> {
  for (const ids of piecesOf(channelIds, ROWS_A_STATEMENT)) {
    await tx.deleteFrom("open_gap").where("channel_id", "in", ids).execute();
  }
}

/** Keeps accepted readings of Recent as open gaps, unless the counter has one; how many. */
export async function keepAsGaps(
  tx: Executor,
  readings: readonly { readonly channelId: number; readonly halfHour: HalfHour }[],
): Promise<number> {
  let kept = 0;
  const atS = sql<number>`(r.half_hour + 1) * 1800 + r.read_s`;
  for (const piece of piecesOf(readings, ROWS_A_STATEMENT)) {
    const rows = bulkRows(
      tx,
      { channel_id: "int", half_hour: "int" },
      piece.map(({ channelId, halfHour }) => [channelId, halfHour]),
    );
    const result = await tx.insertInto("open_gap").columns([...GAP_COLUMNS]).expression(
      tx.selectFrom(rows.as("j"))
        .crossJoin("recent as r") // keeps the order of the tables: each pair is looked up
        .select(["r.channel_id", "r.half_hour", atS.as("at_s"), "r.value", "r.words"])
        .select(seriesAt(sql`r.channel_id`, atS).as("series_id"))
        .select("r.boundary")
        .modifyFront(dialectOf(tx) === "sqlite" ? sql`` : sql`straight_join`)
        .whereRef("r.half_hour", "=", "j.half_hour").whereRef("r.channel_id", "=", "j.channel_id")
        .where(isAccepted("r"))
        .where(
          sql<boolean>`not exists (select 1 from open_gap g where g.channel_id = r.channel_id)`,
        ) as never,
    ).executeTakeFirst();
    kept += Number(result.numInsertedOrUpdatedRows ?? 0);
  }
  return kept;
}

/** The series that a reading of a channel belongs to; 0: none is stored. */
function seriesAt(channelId: RawBuilder<unknown>, atS: RawBuilder<number>): RawBuilder<number> {
  return sql<number>`coalesce((select s.series_id from series s where s.channel_id = ${channelId}
    and s.since_s <= ${atS} order by s.since_s desc limit 1), 0)`;
}
