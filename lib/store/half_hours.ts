/**
 * Reads half-hours of channels from both shapes and merges them: packed days count where a day is packed, Recent
 * rows elsewhere.
 *
 * @module
 */

import { isExpectedIn } from "../domain/daily.ts";
import { firstHalfHourOf, HALF_HOURS_A_DAY, type HalfHour, utcDayOf } from "../domain/half_hour.ts";
import {
  type AmountReason,
  amountReasonOf,
  letterOf,
  type ReadingReason,
  readingReasonOf,
} from "../domain/reading.ts";
import type { ReadingRow } from "../domain/visit.ts";
import { packedDaysOf } from "./days.ts";
import type { Database } from "./db.ts";
import { listOutages } from "./outages.ts";
import { chunksOf, rangeOf } from "./outcomes.ts";
import { kindsOf, selectDays, type VisibleDay } from "./packed.ts";
import { selectRecent } from "./recent.ts";
import { textsOf } from "./texts.ts";

/** Half-hours of one channel. */
export interface ChannelHalfHours {
  /** The channel. */
  readonly channelId: number;
  /** The first half-hour. */
  readonly from: HalfHour;
  /** Amounts of a counter in its base unit, values of the other kinds; `null`: none. */
  readonly amounts: readonly (number | null)[];
  /** A quality letter each, `-` where there is no row: not expected, or not yet visited. */
  readonly quality: string;
  /** Why something is missing, by place, oldest first. */
  readonly reasons: readonly HalfHourReason[];
}

/** Why a half-hour lacks its reading or its amount. */
export interface HalfHourReason {
  /** Place in the lists. */
  readonly index: number;
  /** Why there is no reading. */
  readonly readingReason?: ReadingReason;
  /** Why there is no amount. */
  readonly amountReason?: AmountReason;
}

/** Channels of one call at most. */
const CHANNELS_LIMIT = 2_000;

/** Half-hours of one call at most: 400 days. */
const HALF_HOURS_LIMIT = 400 * HALF_HOURS_A_DAY;

/** Half-hours times channels of one call at most: a year of 100 channels. */
const VALUES_LIMIT = 2_000_000;

/** What to read. */
export interface HalfHourQuery {
  /** The channels, at most 2,000. */
  readonly channelIds: readonly number[];
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
}

/** Reads half-hours of channels, in the order in which the channels were asked for. */
export async function readHalfHours(
  db: Database,
  query: HalfHourQuery,
): Promise<readonly ChannelHalfHours[]> {
  const { channelIds, from, to } = query;
  const count = Math.max(0, to - from);
  const tooMany = channelIds.length > CHANNELS_LIMIT || count > HALF_HOURS_LIMIT ||
    count * channelIds.length > VALUES_LIMIT;
  if (tooMany) {
    throw new RangeError(`${channelIds.length} channels and ${count} half-hours are too many at once`);
  }
  if (channelIds.length === 0 || count === 0) return channelIds.map((id) => finished(builder(id, query)));
  const kinds = await kindsOf(db.reader, channelIds);
  const builders = new Map(channelIds.map((id) => [id, builder(id, query)]));
  const put = (row: ReadingRow) => {
    const own = builders.get(row.channelId);
    if (own) putRow(own, row, kinds.get(row.channelId) === "counter");
  };
  const days = rangeOf(utcDayOf(from), utcDayOf(to - 1) + 1);
  const packed = await packedDaysOf(db.reader, utcDayOf(from), utcDayOf(to - 1));
  for await (const piece of selectDays(db.reader, [...packed], channelIds)) {
    for (const day of piece) {
      const own = builders.get(day.channelId);
      if (own) putDay(own, day);
    }
  }
  const open = rangeOf(from, to).filter((halfHour) => !packed.has(utcDayOf(halfHour)));
  for (const piece of packed.size === days.length ? [] : chunksOf(open, channelIds.length)) {
    for (const row of await selectRecent(db.reader, piece, channelIds)) put(row);
  }
  await putOutages(db, builders, query);
  return channelIds.flatMap((id) => {
    const own = builders.get(id);
    return own ? [finished(own)] : [];
  });
}

/** Half-hours of outages that were expected and have no row: nobody opened them, and nobody has recovered them. */
async function putOutages(
  db: Database,
  builders: ReadonlyMap<number, Builder>,
  { channelIds, from, to }: HalfHourQuery,
): Promise<void> {
  const outages = await listOutages(db.reader, { from, to });
  if (outages.length === 0) return;
  const channels = await db.reader.selectFrom("channel")
    .select(["channel_id", "site_id", "quantity", "kind", "since", "until"])
    .where("channel_id", "in", channelIds).execute();
  for (const { channel_id, site_id: siteId, quantity, kind, since, until } of channels) {
    const own = builders.get(channel_id);
    const amountReason = kind === 0 ? { amountReason: "no-later-reading-yet" as const } : {};
    for (const { reason: readingReason, ...outage } of own ? outages : []) {
      const last = Math.min(outage.to, until ?? outage.to);
      for (let index = Math.max(outage.from, since) - from; index < last - from; index++) {
        if (own?.letters[index] !== "-" || !isExpectedIn({ siteId, quantity }, from + index)) continue;
        own.letters[index] = letterOf("missing");
        own.reasons.push({ index, readingReason, ...amountReason });
      }
    }
  }
}

interface Builder {
  readonly channelId: number;
  readonly from: HalfHour;
  readonly amounts: (number | null)[];
  readonly letters: string[];
  readonly reasons: HalfHourReason[];
}

function builder(channelId: number, { from, to }: HalfHourQuery): Builder {
  const count = Math.max(0, to - from);
  return {
    channelId,
    from,
    amounts: new Array<number | null>(count).fill(null),
    letters: new Array<string>(count).fill("-"),
    reasons: [],
  };
}

function putRow(own: Builder, row: ReadingRow, counter: boolean): void {
  const index = row.halfHour - own.from;
  if (index < 0 || index >= own.amounts.length) return;
  own.amounts[index] = counter ? row.amount : row.value;
  own.letters[index] = letterOf(row.quality);
  const { readingReason, amountReason } = row;
  if (readingReason === null && amountReason === null) return;
  own.reasons.push({
    index,
    ...(readingReason === null ? {} : { readingReason }),
    ...(amountReason === null ? {} : { amountReason }),
  });
}

/** Straight from the packed text: a year of 20 channels has 350,000 half-hours. */
function putDay(own: Builder, { day, amounts, quality, reasons }: VisibleDay): void {
  const first = firstHalfHourOf(day) - own.from;
  const values = JSON.parse(amounts) as readonly (number | null)[];
  const from = Math.max(0, -first);
  const to = Math.min(HALF_HOURS_A_DAY, own.amounts.length - first);
  for (let i = from; i < to; i++) {
    own.amounts[first + i] = values[i] ?? null;
    own.letters[first + i] = quality[i] ?? "-";
  }
  if (reasons === "[]") return;
  for (
    const [start, count, reading, amount] of JSON.parse(reasons) as readonly [
      number,
      number,
      number,
      number,
    ][]
  ) {
    for (let i = Math.max(from, start); i < Math.min(to, start + count); i++) {
      own.reasons.push({
        index: first + i,
        ...(reading === 0 ? {} : { readingReason: readingReasonOf(reading) }),
        ...(amount === 0 ? {} : { amountReason: amountReasonOf(amount) }),
      });
    }
  }
}

function finished({ channelId, from, amounts, letters, reasons }: Builder): ChannelHalfHours {
  return {
    channelId,
    from,
    amounts,
    quality: letters.join(""),
    reasons: reasons.sort((a, b) => a.index - b.index),
  };
}

/** Half-hours looked at first, then further, then as far as asked: most channels have a reading in the newest. */
const STEPS = [2, 10];

/** Half-hours looked back at most. */
const BACK_LIMIT = 7 * HALF_HOURS_A_DAY;

/** The newest row with a reading of each channel, not before a half-hour and as far back as Recent reaches (7 days
 * at most); channels without one are left out. */
export async function latestReadings(
  db: Database,
  { channelIds, notBefore }: { readonly channelIds: readonly number[]; readonly notBefore: HalfHour },
): Promise<ReadonlyMap<number, ReadingRow>> {
  if (channelIds.length > CHANNELS_LIMIT) {
    throw new RangeError(`${channelIds.length} channels: at most ${CHANNELS_LIMIT}`);
  }
  const latest = new Map<number, ReadingRow>();
  const bounds = await db.reader.selectFrom("recent")
    .select((eb) => [eb.fn.min("half_hour").as("oldest"), eb.fn.max("half_hour").as("newest")])
    .executeTakeFirst();
  if (bounds?.oldest == null || channelIds.length === 0) return latest;
  const newest = bounds.newest;
  const oldest = Math.max(bounds.oldest, notBefore, newest - BACK_LIMIT);
  for (let to = newest, step = 0; to >= oldest; step++) {
    const from = Math.max(oldest, to - (STEPS[step] ?? BACK_LIMIT));
    const wanted = channelIds.filter((id) => !latest.has(id));
    if (wanted.length === 0) break;
    await findLatest(db, latest, { halfHours: rangeOf(from, to + 1), wanted });
    to = from - 1;
  }
  return await withTexts(db, latest);
}

async function findLatest(
  db: Database,
  latest: Map<number, ReadingRow>,
  { halfHours, wanted }: { readonly halfHours: readonly HalfHour[]; readonly wanted: readonly number[] },
): Promise<void> {
  for (const ids of chunksOf(wanted, halfHours.length)) {
    const rows = await db.reader.selectFrom("recent").select("channel_id")
      .select((eb) => eb.fn.max("half_hour").as("half_hour"))
      .where("half_hour", "in", halfHours).where("channel_id", "in", ids).where("reading_reason", "is", null)
      .groupBy("channel_id").execute();
    for (const [at, group] of Map.groupBy(rows, ({ half_hour }) => Number(half_hour))) {
      const found = await selectRecent(db.reader, [at], group.map(({ channel_id }) => channel_id));
      for (const row of found) latest.set(row.channelId, row);
    }
  }
}

async function withTexts(
  db: Database,
  latest: ReadonlyMap<number, ReadingRow>,
): Promise<ReadonlyMap<number, ReadingRow>> {
  const kinds = await kindsOf(db.reader, [...latest.keys()]);
  const ids = [...latest.values()].flatMap(({ channelId, value }) =>
    kinds.get(channelId) === "text" && value !== null ? [value] : []
  );
  if (ids.length === 0) return latest;
  const texts = await textsOf(db, ids);
  return new Map([...latest].map(([id, row]) => {
    const text = kinds.get(id) === "text" && row.value !== null ? texts.get(row.value) : undefined;
    return [id, text === undefined ? row : { ...row, text }];
  }));
}
