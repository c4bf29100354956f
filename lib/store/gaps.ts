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
import { isAccepted, newestAccepted } from "./accepted.ts";
import type { Executor } from "./db.ts";
import { bulkRows, dialectOf } from "./dialect.ts";
import { piecesOf } from "./ids.ts";
import { rangeOf } from "./outcomes.ts";

/** Rows of one statement: 6 ms on SQLite. */
export const ROWS_A_STATEMENT = 2_000;

/** Half-hours after a missing one in which a cycle that overlaps may already have stored: one statement asks. */
const LATER_LIMIT = 48;

const GAP_COLUMNS = ["channel_id", "half_hour", "at_s", "value", "words", "series_id", "boundary"] as const;

/** Keeps the readings of the half-hour before as open gaps, for counters that have none in this one. */
export async function openGapsOf(
  tx: Executor,
  halfHour: HalfHour,
  counters: readonly number[],
): Promise<void> {
  const { near: later, to } = await laterHalfHours(tx, halfHour);
  const muchLater = await newestAccepted(tx, counters, { from: halfHour + 1 + later.length, to });
  for (const ids of piecesOf(counters.filter((id) => !muchLater.has(id)), ROWS_A_STATEMENT)) {
    const rows = bulkRows(tx, { channel_id: "int" }, ids.map((id) => [id]));
    const atS = sql<number>`(r.half_hour + 1) * 1800 + r.read_s`;
    await tx.insertInto("open_gap").columns([...GAP_COLUMNS]).expression(
      tx.selectFrom(rows.as("j"))
        .crossJoin("recent as r") // keeps the order of the tables: each id is looked up
        .leftJoin(
          "recent as c",
          (join) => join.on("c.half_hour", "=", halfHour).onRef("c.channel_id", "=", "j.channel_id"),
        )
        .select(["r.channel_id", "r.half_hour", atS.as("at_s"), "r.value", "r.words"])
        .select(seriesAt(sql`r.channel_id`, atS).as("series_id"))
        .select("r.boundary")
        .modifyFront(dialectOf(tx) === "sqlite" ? sql`` : sql`straight_join`)
        .where("r.half_hour", "=", halfHour - 1).whereRef("r.channel_id", "=", "j.channel_id")
        .where(isAccepted("r")).where(sql<boolean>`(c.channel_id is null or not ${isAccepted("c")})`)
        .where(sql<boolean>`not exists (select 1 from open_gap g where g.channel_id = r.channel_id)`)
        .$if(later.length > 0, (q) => q.where(noneLater(sql`r.channel_id`, later))) as never,
    ).execute();
  }
}

/** Keeps readings as open gaps, unless the counter has one or a later accepted reading. */
export async function openGaps(
  tx: Executor,
  halfHour: HalfHour,
  gaps: readonly (AcceptedReading & { readonly channelId: number })[],
): Promise<void> {
  if (gaps.length === 0) return;
  const { near: later } = await laterHalfHours(tx, halfHour);
  for (const piece of piecesOf(gaps, ROWS_A_STATEMENT)) {
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
        .where(sql<boolean>`not exists (select 1 from open_gap g where g.channel_id = j.channel_id)`)
        .$if(later.length > 0, (q) => q.where(noneLater(sql`j.channel_id`, later))) as never,
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

/** The half-hours of Recent after one: those near it, and the end of all of them (exclusive). */
async function laterHalfHours(
  tx: Executor,
  halfHour: HalfHour,
): Promise<{ readonly near: readonly HalfHour[]; readonly to: HalfHour }> {
  const row = await tx.selectFrom("recent").select((eb) => eb.fn.max("half_hour").as("newest"))
    .executeTakeFirst();
  const newest = Math.max(row?.newest ?? halfHour, halfHour);
  return { near: rangeOf(halfHour + 1, Math.min(newest, halfHour + LATER_LIMIT) + 1), to: newest + 1 };
}

function noneLater(channelId: RawBuilder<unknown>, later: readonly HalfHour[]): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 from recent l where l.half_hour in (${sql.join(later)})
    and l.channel_id = ${channelId} and ${isAccepted("l")})`;
}
