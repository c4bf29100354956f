/**
 * What channels said, half-hour by half-hour, with instants and words as they were kept; and a fingerprint of
 * half-hours, by which a program learns that nothing has changed without reading them again.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ChannelKind } from "../domain/channel.ts";
import { HALF_HOURS_A_DAY, type HalfHour, type UtcDay, utcDayOf } from "../domain/half_hour.ts";
import { unpackDay } from "../domain/packing.ts";
import type { ReadingRow } from "../domain/visit.ts";
import { packedDaysOf } from "./days.ts";
import type { Database } from "./db.ts";
import { piecesOf } from "./ids.ts";
import { listOutages } from "./outages.ts";
import { rangeOf } from "./outcomes.ts";
import { selectRecent } from "./recent.ts";
import { yieldToLoop } from "./sqlite.ts";
import { textsOf } from "./texts.ts";

/** Channels of one call at most. */
const CHANNELS_LIMIT = 20;

/** Half-hours of one call at most: 31 days of readings, one of which has an hour more. */
const HALF_HOURS_LIMIT = 31 * HALF_HOURS_A_DAY + 2;

/** Half-hours of one fingerprint at most: 401 days, since a local day may begin a day before that of UTC. */
const FINGERPRINT_LIMIT = 401 * HALF_HOURS_A_DAY;

/** Days of channels in one statement: some milliseconds of unpacking. */
const DAYS_A_STATEMENT = 200;

/** Half-hours of channels in one statement. */
const ROWS_A_STATEMENT = 4_000;

/** Which readings. */
export interface ReadingsQuery {
  /** Channels with their kinds, at most 20. */
  readonly channels: readonly { readonly id: number; readonly kind: ChannelKind }[];
  /** The first half-hour whose closing reading is asked for. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
}

/** The rows of channels in the order of channels and half-hours; half-hours without a row are left out. */
export async function readReadings(db: Database, query: ReadingsQuery): Promise<readonly ReadingRow[]> {
  const { channels, from, to } = query;
  if (channels.length > CHANNELS_LIMIT || to - from > HALF_HOURS_LIMIT) {
    throw new RangeError(`${channels.length} channels and ${to - from} half-hours are too many at once`);
  }
  if (channels.length === 0 || to <= from) return [];
  const ids = channels.map(({ id }) => id);
  const packed = await packedDaysOf(db.reader, utcDayOf(from), utcDayOf(to - 1));
  const rows = await unpackedRows(db, channels, packed);
  const open = rangeOf(from, to).filter((halfHour) => !packed.has(utcDayOf(halfHour)));
  for (const piece of piecesOf(open, Math.floor(ROWS_A_STATEMENT / ids.length))) {
    rows.push(...await selectRecent(db.reader, piece, ids));
    await yieldToLoop();
  }
  const place = new Map(ids.map((id, index) => [id, index]));
  const sorted = rows.filter(({ halfHour }) => halfHour >= from && halfHour < to).sort((a, b) =>
    (place.get(a.channelId) ?? 0) - (place.get(b.channelId) ?? 0) || a.halfHour - b.halfHour
  );
  return await withTexts(db, channels, sorted);
}

async function unpackedRows(
  db: Database,
  channels: ReadingsQuery["channels"],
  days: ReadonlySet<UtcDay>,
): Promise<ReadingRow[]> {
  const kinds = new Map(channels.map(({ id, kind }) => [id, kind]));
  const rows: ReadingRow[] = [];
  for (const piece of piecesOf([...days], Math.floor(DAYS_A_STATEMENT / channels.length))) {
    const found = await db.reader.selectFrom("day as d")
      .leftJoin(
        "day_word as w",
        (join) => join.onRef("w.day", "=", "d.day").onRef("w.channel_id", "=", "d.channel_id"),
      )
      .select(["d.day", "d.channel_id", "d.amounts", "d.qualities", "d.reasons", "d.boundaries"])
      .select(["w.words", "w.read_s", "w.counter_values", "w.versions"])
      .where("d.day", "in", piece).where("d.channel_id", "in", [...kinds.keys()]).execute();
    for (const row of found) {
      const { day, channel_id: channelId, amounts, qualities: quality, reasons, boundaries } = row;
      const { words, read_s: readS, counter_values: values, versions } = row;
      const raw = words !== null && readS !== null && values !== null && versions !== null
        ? { words, readS, values, versions }
        : null;
      const kind = kinds.get(channelId) ?? "counter";
      rows.push(...unpackDay({ day, channelId, amounts, quality, reasons, boundaries, raw }, kind));
    }
    await yieldToLoop();
  }
  return rows;
}

async function withTexts(
  db: Database,
  channels: ReadingsQuery["channels"],
  rows: readonly ReadingRow[],
): Promise<readonly ReadingRow[]> {
  const texts = new Set(channels.filter(({ kind }) => kind === "text").map(({ id }) => id));
  const ids = rows.flatMap(({ channelId, value }) => texts.has(channelId) && value !== null ? [value] : []);
  if (ids.length === 0) return rows;
  const words = await textsOf(db, ids);
  return rows.map((row) => {
    const text = texts.has(row.channelId) && row.value !== null ? words.get(row.value) : undefined;
    return text === undefined ? row : { ...row, text };
  });
}

/** Half-hours of channels. */
export interface FingerprintQuery {
  /** The channels, at most 20. */
  readonly channelIds: readonly number[];
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
}

/** A hash that is another one as soon as anything that is kept of these half-hours has changed, and the same until
 * then, but for days that were packed or whose words were forgotten meanwhile. */
export async function fingerprintOf(db: Database, query: FingerprintQuery): Promise<string> {
  const { channelIds, from, to } = query;
  if (channelIds.length > CHANNELS_LIMIT || to - from > FINGERPRINT_LIMIT) {
    throw new RangeError(`${channelIds.length} channels and ${to - from} half-hours are too many at once`);
  }
  const hash = createHash("sha256").update(JSON.stringify(query));
  if (channelIds.length === 0 || to <= from) return hash.digest("base64url");
  const packed = await packedDaysOf(db.reader, utcDayOf(from), utcDayOf(to - 1));
  for (
    const piece of piecesOf(
      [...packed].sort((a, b) => a - b),
      Math.floor(ROWS_A_STATEMENT / channelIds.length),
    )
  ) {
    const days = await db.reader.selectFrom("day as d")
      .leftJoin(
        "day_word as w",
        (join) => join.onRef("w.day", "=", "d.day").onRef("w.channel_id", "=", "d.channel_id"),
      )
      .select(["d.day", "d.channel_id", "d.version", "w.day as worded"])
      .where("d.day", "in", piece).where("d.channel_id", "in", channelIds)
      .orderBy("d.day").orderBy("d.channel_id").execute();
    for (const { day, channel_id, version, worded } of days) {
      hash.update(`${day} ${channel_id} ${version} ${worded === null ? 0 : 1}\n`);
    }
    await yieldToLoop();
  }
  const open = rangeOf(from, to).filter((halfHour) => !packed.has(utcDayOf(halfHour)));
  for (const piece of piecesOf(open, Math.floor(ROWS_A_STATEMENT / channelIds.length))) {
    const rows = [...await selectRecent(db.reader, piece, channelIds)];
    rows.sort((a, b) => a.halfHour - b.halfHour || a.channelId - b.channelId);
    for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
    await yieldToLoop();
  }
  for (const outage of await listOutages(db.reader, { from, to })) hash.update(JSON.stringify(outage));
  return hash.digest("base64url");
}
