/**
 * Reads and changes packed days. A change unpacks the row, changes half-hours, packs it again and counts its
 * version up, all under the row's lock.
 *
 * @module
 */

import type { ChannelKind } from "../domain/channel.ts";
import { type UtcDay, utcDayOf } from "../domain/half_hour.ts";
import { packDay, type PackedDay, unpackDay } from "../domain/packing.ts";
import { type ReadingRow, type RecoveredAmount, recoveredRow } from "../domain/visit.ts";
import { CHANNEL_KINDS, choiceOf } from "./codes.ts";
import { DAY_OPEN, DAY_PACKED } from "./days.ts";
import type { Executor } from "./db.ts";
import { bulkRows, exclusiveLock } from "./dialect.ts";
import { gapStartsOf } from "./gaps.ts";
import { piecesOf } from "./ids.ts";
import { chunksOf } from "./outcomes.ts";
import { yieldToLoop } from "./sqlite.ts";

/** A packed day with the number of its changes. */
export interface VersionedDay {
  /** The day as the domain packs it. */
  readonly packed: PackedDay;
  /** Counts its changes, 1 at first. */
  readonly version: number;
}

/** Packed rows of one statement: each is some hundred bytes of JSON. */
const DAYS_A_STATEMENT = 500;

/** What people see of a packed day. */
export type VisibleDay = Pick<PackedDay, "day" | "channelId" | "amounts" | "quality" | "reasons">;

/** Packed rows read at once: some milliseconds of reading and unpacking. */
const READ_ROWS = 1_000;

/** The packed days of channels, as far as people see them, some at a time; the event loop turns in between. */
export async function* selectDays(
  db: Executor,
  days: readonly UtcDay[],
  channelIds: readonly number[],
): AsyncGenerator<readonly VisibleDay[]> {
  if (channelIds.length === 0) return;
  for (const piece of piecesOf(days, Math.max(1, Math.floor(READ_ROWS / channelIds.length)))) {
    const rows = await db.selectFrom("day").select(["day", "channel_id", "amounts", "qualities", "reasons"])
      .where("day", "in", piece).where("channel_id", "in", channelIds).execute();
    yield rows.map(({ day, channel_id: channelId, amounts, qualities: quality, reasons }) => ({
      day,
      channelId,
      amounts,
      quality,
      reasons,
    }));
    await yieldToLoop();
  }
}

/** The packed days of channels with their words, locked until the transaction ends. */
export async function lockDayRows(
  tx: Executor,
  days: readonly UtcDay[],
  channelIds: readonly number[],
): Promise<readonly VersionedDay[]> {
  const found: VersionedDay[] = [];
  for (const piece of chunksOf(days, channelIds.length)) {
    const rows = await tx.selectFrom("day as d")
      .leftJoin(
        "day_word as w",
        (join) => join.onRef("w.day", "=", "d.day").onRef("w.channel_id", "=", "d.channel_id"),
      )
      .select(["d.day", "d.channel_id", "d.version", "d.amounts", "d.qualities", "d.reasons", "d.boundaries"])
      .select(["w.words", "w.read_s", "w.counter_values", "w.versions"])
      .where("d.day", "in", piece).where("d.channel_id", "in", channelIds)
      .orderBy("d.day").orderBy("d.channel_id").modifyEnd(exclusiveLock(tx)).execute();
    for (const row of rows) {
      const { words, read_s: readS, counter_values: values, versions } = row;
      const raw = words !== null && readS !== null && values !== null && versions !== null
        ? { words, readS, values, versions }
        : null;
      const { day, channel_id: channelId, version, amounts, qualities: quality, reasons, boundaries } = row;
      found.push({ packed: { day, channelId, amounts, quality, reasons, boundaries, raw }, version });
    }
  }
  return found;
}

/** Writes packed days in place of what is there. */
export async function writeDays(tx: Executor, days: readonly VersionedDay[]): Promise<void> {
  const dayTypes = {
    day: "int",
    channel_id: "int",
    version: "int",
    amounts: "text",
    qualities: "text",
    reasons: "text",
    boundaries: "text",
  } as const;
  const wordTypes = {
    day: "int",
    channel_id: "int",
    words: "text",
    read_s: "text",
    counter_values: "text",
    versions: "text",
  } as const;
  const dayColumns = Object.keys(dayTypes) as (keyof typeof dayTypes)[];
  const wordColumns = Object.keys(wordTypes) as (keyof typeof wordTypes)[];
  for (const piece of piecesOf(days, DAYS_A_STATEMENT)) {
    const list = bulkRows(
      tx,
      dayTypes,
      piece.map(({ packed, version }) => {
        const { day, channelId, amounts, quality, reasons, boundaries } = packed;
        return [day, channelId, version, amounts, quality, reasons, boundaries];
      }),
    );
    await tx.replaceInto("day").columns(dayColumns).expression(tx.selectFrom(list.as("j")).select(dayColumns))
      .execute();
    const words = piece.flatMap(({ packed: { day, channelId, raw } }) =>
      raw ? [[day, channelId, raw.words, raw.readS, raw.values, raw.versions]] : []
    );
    if (words.length === 0) continue;
    const wordList = bulkRows(tx, wordTypes, words);
    await tx.replaceInto("day_word").columns(wordColumns)
      .expression(tx.selectFrom(wordList.as("j")).select(wordColumns)).execute();
  }
}

/** What is stored into days that are not open. */
export interface LateValues {
  /** States of the days, locked. */
  readonly states: ReadonlyMap<UtcDay, number>;
  /** Rows as read. */
  readonly rows: readonly ReadingRow[];
  /** Amounts of earlier half-hours. */
  readonly recovered: readonly RecoveredAmount[];
  /** Whether rows take the place of what is there whatever it is: they were derived again. */
  readonly rewritten?: boolean;
}

/** Changes the packed rows of days that are packed or being packed; a packed day without a row gets one. */
export async function patchDays(tx: Executor, late: LateValues): Promise<void> {
  const notOpen = (halfHour: number) => (late.states.get(utcDayOf(halfHour)) ?? DAY_OPEN) !== DAY_OPEN;
  const rows = late.rows.filter(({ halfHour }) => notOpen(halfHour));
  const recovered = late.recovered.filter(({ halfHour }) => notOpen(halfHour));
  const touched = [...rows, ...recovered];
  if (touched.length === 0) return;
  const days = [...new Set(touched.map(({ halfHour }) => utcDayOf(halfHour)))].sort((a, b) => a - b);
  const channelIds = [...new Set(touched.map(({ channelId }) => channelId))].sort((a, b) => a - b);
  const kinds = await kindsOf(tx, channelIds);
  const gaps = await gapStartsOf(tx, [...new Set(recovered.map(({ channelId }) => channelId))]);
  const packed = new Map(
    (await lockDayRows(tx, days, channelIds)).map((
      day,
    ) => [keyOf(day.packed.day, day.packed.channelId), day]),
  );
  const changed: VersionedDay[] = [];
  const byDay = Map.groupBy(touched, ({ halfHour, channelId }) => keyOf(utcDayOf(halfHour), channelId));
  for (const [key, values] of byDay) {
    const first = values[0];
    if (!first) continue;
    const day = utcDayOf(first.halfHour);
    const old = packed.get(key);
    if (!old && (late.states.get(day) ?? DAY_OPEN) < DAY_PACKED) continue; // not packed yet: Recent has it
    const kind = kinds.get(first.channelId) ?? "counter";
    const slots = new Map((old ? unpackDay(old.packed, kind) : []).map((row) => [row.halfHour, row]));
    const inGap = (at: number) => at > (gaps.get(first.channelId) ?? Infinity);
    for (const value of values) {
      const rewritten = late.rewritten === true && "profileVersion" in value;
      const now = rewritten ? value : merged(slots.get(value.halfHour), value, inGap(value.halfHour));
      slots.set(value.halfHour, now);
    }
    const repacked = packDay({ day, channelId: first.channelId, kind, rows: [...slots.values()] });
    const raw = old && old.packed.raw === null ? null : repacked.raw;
    changed.push({ packed: { ...repacked, raw }, version: (old?.version ?? 0) + 1 });
  }
  await writeDays(tx, changed);
}

function keyOf(day: UtcDay, channelId: number): string {
  return `${day}/${channelId}`;
}

function merged(
  old: ReadingRow | undefined,
  value: ReadingRow | RecoveredAmount,
  inGap: boolean,
): ReadingRow {
  if ("profileVersion" in value) {
    const reasonOverValue = value.readingReason !== null && old && old.readingReason === null;
    return reasonOverValue ? old : value;
  }
  if (old && old.quality !== "missing" && !(inGap && isUnspent(old))) return old;
  return recoveredRow(old, value);
}

/** An amount recovered by a visit that was not stored to its end. */
function isUnspent({ quality, readingReason, amountReason }: ReadingRow): boolean {
  const unread = readingReason !== null || amountReason === "implausible";
  return unread && (quality === "recovered" || quality === "estimated");
}

/** The kinds of channels. */
export async function kindsOf(
  db: Executor,
  channelIds: readonly number[],
): Promise<ReadonlyMap<number, ChannelKind>> {
  const kinds = new Map<number, ChannelKind>();
  for (const ids of piecesOf(channelIds, 2_000)) {
    const rows = await db.selectFrom("channel").select(["channel_id", "kind"]).where("channel_id", "in", ids)
      .execute();
    for (const { channel_id, kind } of rows) kinds.set(channel_id, choiceOf(CHANNEL_KINDS, kind));
  }
  return kinds;
}
