/**
 * Amounts that were replaced, all of them, beside the event of the device by which they were: a report can be made again
 * as it was before.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Executor } from "./db.ts";
import { bulkRows } from "./dialect.ts";
import { ROWS_A_STATEMENT } from "./gaps.ts";
import { piecesOf } from "./ids.ts";

/** An amount that was replaced. */
export interface Correction {
  /** The channel. */
  readonly channelId: number;
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** What it was; `null`: nothing. */
  readonly was: number | null;
  /** What it is; `null`: nothing. */
  readonly is: number | null;
}

const TYPES = {
  event_id: "int",
  channel_id: "int",
  half_hour: "int",
  amount_was: "int",
  amount_is: "int",
} as const;
const COLUMNS = Object.keys(TYPES) as (keyof typeof TYPES)[];

/** Keeps what an event replaced; an event replaces each amount once. */
export async function keepCorrections(
  tx: Executor,
  eventId: number,
  corrections: readonly Correction[],
): Promise<void> {
  for (const piece of piecesOf(corrections, ROWS_A_STATEMENT)) {
    const rows = piece.map(({ channelId, halfHour, was, is }) => [eventId, channelId, halfHour, was, is]);
    await tx.insertInto("correction").columns(COLUMNS).expression(
      tx.selectFrom(bulkRows(tx, TYPES, rows).as("j")).select(COLUMNS),
    ).execute();
  }
}

/** What an event replaced, by channel and half-hour, from a half-hour up to another one. */
export async function listCorrections(
  db: Executor,
  { eventId, from, to }: { readonly eventId: number; readonly from: HalfHour; readonly to: HalfHour },
): Promise<readonly Correction[]> {
  const rows = await db.selectFrom("correction")
    .select(["channel_id", "half_hour", "amount_was", "amount_is"]).where("event_id", "=", eventId)
    .where("half_hour", ">=", from).where("half_hour", "<", to).orderBy("channel_id").orderBy("half_hour")
    .execute();
  return rows.map((row) => ({
    channelId: row.channel_id,
    halfHour: row.half_hour,
    was: row.amount_was,
    is: row.amount_is,
  }));
}
