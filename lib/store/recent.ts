/**
 * Writes of the Recent shape: a row per half-hour and channel, appended by half-hour, never changed but by a value
 * that takes the place of a reason.
 *
 * @module
 */

import { sql } from "kysely";
import { checkRow } from "../domain/packing.ts";
import {
  amountCodeOf,
  amountReasonOf,
  letterOf,
  qualityOf,
  readingCodeOf,
  readingReasonOf,
} from "../domain/reading.ts";
import type { ReadingRow, RecoveredAmount } from "../domain/visit.ts";
import type { Executor } from "./db.ts";
import { bulkRows, dialectOf, hexOf } from "./dialect.ts";
import { piecesOf } from "./ids.ts";

/** Rows of one statement: some milliseconds on SQLite. */
const ROWS_A_STATEMENT = 1_000;

/** The columns of a row. */
export const RECENT_COLUMNS = [
  "half_hour",
  "channel_id",
  "words",
  "read_s",
  "profile_version",
  "value",
  "boundary",
  "amount",
  "quality",
  "reading_reason",
  "amount_reason",
] as const;

const RECENT_TYPES = {
  half_hour: "int",
  channel_id: "int",
  words: "hex",
  read_s: "int",
  profile_version: "int",
  value: "bigint",
  boundary: "bigint",
  amount: "int",
  quality: "letter",
  reading_reason: "int",
  amount_reason: "int",
} as const;

const AMOUNT_MAX = 2_147_483_647;

/** Whether an amount may be stored: one beyond 32 bits is nobody's energy. */
export function isStorable({ amount }: Pick<ReadingRow, "amount">): boolean {
  return amount === null || Math.abs(amount) <= AMOUNT_MAX;
}

/** A row as it may be stored: an amount beyond 32 bits becomes implausible. */
export function storableRow(row: ReadingRow): ReadingRow {
  const fits = isStorable(row);
  const storable: ReadingRow = fits
    ? row
    : { ...row, amount: null, quality: "missing", amountReason: "implausible" };
  checkRow(storable);
  return storable;
}

/** Writes rows; a value may replace a reason, a reason never a value, unless they were derived again. */
export async function writeRecent(
  tx: Executor,
  rows: readonly ReadingRow[],
  { rewritten = false }: { readonly rewritten?: boolean } = {},
): Promise<void> {
  for (const piece of piecesOf(rows, ROWS_A_STATEMENT)) {
    const list = bulkRows(
      tx,
      RECENT_TYPES,
      piece.map((row) => [
        row.halfHour,
        row.channelId,
        row.words === "" ? null : row.words,
        row.readS,
        row.profileVersion,
        row.value,
        row.boundary,
        row.amount,
        letterOf(row.quality),
        row.readingReason && readingCodeOf(row.readingReason),
        row.amountReason && amountCodeOf(row.amountReason),
      ]),
    );
    await tx.replaceInto("recent").columns([...RECENT_COLUMNS]).expression(
      tx.selectFrom(list.as("j"))
        .select(["j.half_hour", "j.channel_id", sql`unhex(j.words)`.as("words"), "j.read_s"])
        .select(["j.profile_version", "j.value", "j.boundary", "j.amount", "j.quality"])
        .select(["j.reading_reason", "j.amount_reason"])
        .$if(
          !rewritten,
          (q) =>
            q.where(sql<boolean>`(j.reading_reason is null or not exists (select 1 from recent p
          where p.half_hour = j.half_hour and p.channel_id = j.channel_id and p.reading_reason is null))`),
        ) as never,
    ).execute();
  }
}

/** Gives missing amounts to earlier half-hours; the reason why the reading is missing stays. Half-hours that were
 * never opened get a row. As long as a gap is not spent, amounts recovered within it may be replaced: they are of a
 * visit that was not stored to its end. An implausible value stays marked: its amount does not make it accepted. */
export async function writeRecovered(tx: Executor, amounts: readonly RecoveredAmount[]): Promise<void> {
  const implausible = sql`p.amount_reason = ${amountCodeOf("implausible")}`;
  const types = {
    half_hour: "int",
    channel_id: "int",
    boundary: "bigint",
    amount: "int",
    quality: "letter",
  } as const;
  for (const piece of piecesOf(amounts, ROWS_A_STATEMENT)) {
    const list = bulkRows(
      tx,
      types,
      piece.map((it) => [it.halfHour, it.channelId, it.boundary, it.amount, letterOf(it.quality)]),
    );
    await tx.replaceInto("recent").columns([...RECENT_COLUMNS]).expression(
      tx.selectFrom(list.as("j"))
        .leftJoin(
          "recent as p",
          (join) => join.onRef("p.half_hour", "=", "j.half_hour").onRef("p.channel_id", "=", "j.channel_id"),
        )
        .select(["j.half_hour", "j.channel_id", "p.words", "p.read_s"])
        .select(sql`coalesce(p.profile_version, 1)`.as("profile_version"))
        .select(["p.value", "j.boundary", "j.amount", "j.quality"])
        .select(
          sql`case when p.channel_id is null then ${readingCodeOf("we-were-down")} else p.reading_reason end`
            .as("reading_reason"),
        )
        .select(sql`case when ${implausible} then p.amount_reason else null end`.as("amount_reason"))
        .modifyFront(dialectOf(tx) === "sqlite" ? sql`` : sql`straight_join`)
        .where(
          sql<boolean>`(p.channel_id is null or p.quality = 'x' or (p.quality in ('r', 'a')
            and (p.reading_reason is not null or ${implausible}) and exists (select 1 from open_gap g
              where g.channel_id = j.channel_id and g.half_hour < j.half_hour)))`,
        ) as never,
    ).execute();
  }
}

/** Rows of half-hours and channels, in no order. */
export async function selectRecent(
  db: Executor,
  halfHours: readonly number[],
  channelIds: readonly number[],
): Promise<readonly ReadingRow[]> {
  const rows = await db.selectFrom("recent")
    .select(["half_hour", "channel_id", "read_s", "profile_version", "value", "boundary", "amount"])
    .select(["quality", "reading_reason", "amount_reason", hexOf("words").as("words")])
    .where("half_hour", "in", halfHours).where("channel_id", "in", channelIds).execute();
  return rows.map((row): ReadingRow => ({
    halfHour: row.half_hour,
    channelId: row.channel_id,
    words: row.words === "" ? null : row.words,
    readS: row.read_s,
    profileVersion: row.profile_version,
    value: row.value,
    boundary: row.boundary,
    amount: row.amount,
    quality: qualityOf(row.quality) ?? "missing",
    readingReason: row.reading_reason === null ? null : readingReasonOf(row.reading_reason),
    amountReason: row.amount_reason === null ? null : amountReasonOf(row.amount_reason),
  }));
}
