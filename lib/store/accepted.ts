/**
 * Which rows of Recent hold accepted readings of counters, and where the newest of them lie.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import { amountCodeOf } from "../domain/reading.ts";
import type { Executor } from "./db.ts";
import { chunksOf, rangeOf } from "./outcomes.ts";

const IMPLAUSIBLE = amountCodeOf("implausible");

/** Whether the row of a counter in Recent holds an accepted reading: a value that is not implausible. */
export function isAccepted(alias: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  return sql<boolean>`(${column("value")} is not null and ${column("reading_reason")} is null
    and (${column("amount_reason")} is null or ${column("amount_reason")} <> ${IMPLAUSIBLE}))`;
}

/** Half-hours looked at first, then further, then as many as the last says again and again. */
const STEPS = [1, 3, 12, 48];

/** The half-hour of each counter's newest accepted reading in Recent from one half-hour to another (exclusive). */
export async function newestAccepted(
  db: Executor,
  channelIds: readonly number[],
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<ReadonlyMap<number, HalfHour>> {
  const newest = new Map<number, HalfHour>();
  for (let end = to, step = 0; end > from; step++) {
    const start = Math.max(from, end - (STEPS[step] ?? 48));
    const wanted = channelIds.filter((id) => !newest.has(id));
    if (wanted.length === 0) break;
    for (const ids of chunksOf(wanted, end - start)) {
      const rows = await db.selectFrom("recent as r").select("r.channel_id")
        .select((eb) => eb.fn.max("r.half_hour").as("half_hour"))
        .where("r.half_hour", "in", rangeOf(start, end)).where("r.channel_id", "in", ids)
        .where(isAccepted("r")).groupBy("r.channel_id").execute();
      for (const { channel_id, half_hour } of rows) newest.set(channel_id, Number(half_hour));
    }
    end = start;
  }
  return newest;
}

/** Half-hours in which a counter without a series is looked for: its first accepted reading would have begun one. */
const WITHOUT_SERIES = 48;

/**
 * The half-hour of each counter's newest accepted reading in all of Recent before a half-hour (all of it when none is
 * given). Counters that never had one cost little: they have no series.
 */
export async function newestAcceptedEver(
  db: Executor,
  channelIds: readonly number[],
  before?: HalfHour,
): Promise<ReadonlyMap<number, HalfHour>> {
  const bounds = channelIds.length === 0 ? null : await recentBounds(db);
  if (bounds === null) return new Map();
  const to = Math.min(before ?? Infinity, bounds.newest + 1);
  const counting = await withSeries(db, channelIds);
  const others = channelIds.filter((id) => !counting.has(id));
  return new Map([
    ...await newestAccepted(db, [...counting], { from: bounds.oldest, to }),
    ...await newestAccepted(db, others, { from: Math.max(bounds.oldest, to - WITHOUT_SERIES), to }),
  ]);
}

async function withSeries(db: Executor, channelIds: readonly number[]): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const ids of chunksOf(channelIds, 1)) {
    const rows = await db.selectFrom("series").select("channel_id").distinct()
      .where("channel_id", "in", ids).execute();
    for (const { channel_id } of rows) found.add(channel_id);
  }
  return found;
}

/** The oldest and the newest half-hour of Recent; `null`: it is empty. */
export async function recentBounds(
  db: Executor,
): Promise<{ readonly oldest: HalfHour; readonly newest: HalfHour } | null> {
  const bounds = await db.selectFrom("recent").select((eb) => [
    eb.fn.min("half_hour").as("oldest"),
    eb.fn.max("half_hour").as("newest"),
  ]).executeTakeFirst();
  return bounds?.oldest == null ? null : { oldest: bounds.oldest, newest: bounds.newest };
}
