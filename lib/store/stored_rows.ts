/**
 * Rows as they were stored, with their words, from both shapes, and how rows that were derived again take their place.
 *
 * @module
 */

import {
  firstHalfHourOf,
  HALF_HOURS_A_DAY,
  type HalfHour,
  type UtcDay,
  utcDayOf,
} from "../domain/half_hour.ts";
import { packDay, unpackDay } from "../domain/packing.ts";
import type { ReadingRow } from "../domain/visit.ts";
import { DAY_FORGOTTEN, DAY_OPEN, DAY_PACKED, lockDays } from "./days.ts";
import type { Executor } from "./db.ts";
import { chunksOf, rangeOf } from "./outcomes.ts";
import { kindsOf, lockDayRows, patchDays, writeDays } from "./packed.ts";
import { selectRecent, storableRow, writeRecent } from "./recent.ts";

/** A stretch of half-hours of channels. */
export interface Stretch {
  /** The channels. */
  readonly channelIds: readonly number[];
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The one after the last. */
  readonly to: HalfHour;
}

/** Locks the days of a stretch for one who stores, and gives their states. */
async function daysOf(tx: Executor, { from, to }: Stretch): Promise<ReadonlyMap<UtcDay, number>> {
  const known = await tx.selectFrom("day_state").select("day").where("day", ">=", utcDayOf(from))
    .where("day", "<=", utcDayOf(to - 1)).execute();
  return await lockDays(tx, known.map(({ day }) => day));
}

/** What was stored of channels, oldest first, locked until the transaction ends. */
export async function storedRows(
  tx: Executor,
  stretch: Stretch,
): Promise<ReadonlyMap<number, readonly ReadingRow[]>> {
  const { channelIds, from, to } = stretch;
  if (channelIds.length === 0 || from >= to) return new Map();
  const states = await daysOf(tx, stretch);
  const packed = [...states].filter(([, state]) => state >= DAY_PACKED).map(([day]) => day);
  const kinds = await kindsOf(tx, channelIds);
  const rows: ReadingRow[] = [];
  for (const { packed: day } of await lockDayRows(tx, packed, channelIds)) {
    rows.push(...unpackDay(day, kinds.get(day.channelId) ?? "counter"));
  }
  const unpacked = rangeOf(from, to).filter((it) => (states.get(utcDayOf(it)) ?? DAY_OPEN) < DAY_PACKED);
  for (const halfHours of chunksOf(unpacked, channelIds.length)) {
    rows.push(...await selectRecent(tx, halfHours, channelIds));
  }
  const within = rows.filter(({ halfHour }) => halfHour >= from && halfHour < to)
    .sort((a, b) => a.halfHour - b.halfHour);
  return Map.groupBy(within, ({ channelId }) => channelId);
}

/** Writes rows in place of what is there, wherever that lies. */
export async function rewriteRows(tx: Executor, rows: readonly ReadingRow[]): Promise<void> {
  if (rows.length === 0) return;
  const storable = rows.map(storableRow);
  const states = await lockDays(tx, storable.map(({ halfHour }) => utcDayOf(halfHour)));
  const inRecent = storable.filter(({ halfHour }) =>
    (states.get(utcDayOf(halfHour)) ?? DAY_OPEN) < DAY_FORGOTTEN
  );
  await writeRecent(tx, inRecent, { rewritten: true });
  await patchDays(tx, { states, rows: storable, recovered: [], rewritten: true });
}

/** Takes away what was stored of channels that were not there; how many rows. */
export async function dropRows(tx: Executor, stretch: Stretch): Promise<number> {
  const { channelIds, from, to } = stretch;
  if (channelIds.length === 0 || from >= to) return 0;
  const stored = await storedRows(tx, stretch);
  const days = await daysOf(tx, stretch);
  for (const halfHours of chunksOf(rangeOf(from, to), channelIds.length)) {
    await tx.deleteFrom("recent").where("half_hour", "in", halfHours).where("channel_id", "in", channelIds)
      .execute();
  }
  const kinds = await kindsOf(tx, channelIds);
  const packed = [...days].filter(([, state]) => state !== DAY_OPEN).map(([day]) => day);
  const kept = (await lockDayRows(tx, packed, channelIds)).map(({ packed: old, version }) => {
    const kind = kinds.get(old.channelId) ?? "counter";
    const rows = unpackDay(old, kind).filter(({ halfHour }) => halfHour < from || halfHour >= to);
    const { raw, ...day } = packDay({ day: old.day, channelId: old.channelId, kind, rows });
    return { packed: { ...day, raw: old.raw === null ? null : raw ?? emptyRaw() }, version: version + 1 };
  });
  await writeDays(tx, kept);
  return [...stored.values()].reduce((sum, rows) => sum + rows.length, 0);
}

function emptyRaw() {
  const nothing = JSON.stringify(new Array<null>(HALF_HOURS_A_DAY).fill(null));
  return { words: nothing, readS: nothing, values: nothing, versions: "[]" };
}

/** The first half-hour of a day that is so many days before the one that holds a half-hour. */
export function daysBefore(halfHour: HalfHour, days: number): HalfHour {
  return firstHalfHourOf(utcDayOf(halfHour) - days);
}
