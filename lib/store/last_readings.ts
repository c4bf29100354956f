/**
 * Keeps the newest accepted readings of counters as open gaps before nobody can find them any more: before an
 * outage, and before a day's rows are forgotten.
 *
 * @module
 */

import { sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import { newestAccepted, recentBounds } from "./accepted.ts";
import { type Database, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { keepAsGaps, ROWS_A_STATEMENT } from "./gaps.ts";

/**
 * Keeps as an open gap, however old, the last accepted reading of every counter that is still expected, has no gap
 * and no accepted reading from a half-hour on; how many. Repeatable; whoever ends it must not forget anything.
 */
export async function keepLastReadings(
  db: Database,
  { before, signal }: { readonly before: HalfHour; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  let kept = 0;
  const bounds = await recentBounds(db.kysely);
  for (let after: number | null = 0; bounds !== null && after !== null && !signal?.aborted;) {
    const ids = await withoutGap(db, { after, before });
    const newest = await newestAccepted(db.kysely, ids, { from: bounds.oldest, to: bounds.newest + 1 });
    const last = [...newest].filter(([, halfHour]) => halfHour < before);
    if (last.length > 0) kept += await keep(db, last);
    after = ids.length === ROWS_A_STATEMENT ? ids.at(-1) ?? null : null;
  }
  return kept;
}

async function withoutGap(
  db: Database,
  { after, before }: { readonly after: number; readonly before: HalfHour },
): Promise<readonly number[]> {
  const rows = await db.kysely.selectFrom("channel as c").select("c.channel_id")
    .where("c.channel_id", ">", after).where("c.kind", "=", 0)
    .where((eb) => eb.or([eb("c.until", "is", null), eb("c.until", ">", before)]))
    .where(sql<boolean>`not exists (select 1 from open_gap g where g.channel_id = c.channel_id)`)
    .orderBy("c.channel_id").limit(ROWS_A_STATEMENT).execute();
  return rows.map(({ channel_id }) => channel_id);
}

/** Half-hours in which cycles may be storing right now. */
const STORING = 4;

async function keep(db: Database, last: readonly (readonly [number, HalfHour])[]): Promise<number> {
  return await transaction(db, async (tx) => {
    // Whoever stores into the newest days is through or waits: a gap never stays behind a later reading.
    await tx.selectFrom("day_state").select("day").where(
      "day",
      ">=",
      tx.selectFrom("day_state").select(sql<number>`max(day) - 1`.as("day")) as never,
    ).orderBy("day").modifyEnd(exclusiveLock(tx)).execute();
    const to = ((await recentBounds(tx))?.newest ?? 0) + 1;
    const later = await newestAccepted(tx, last.map(([id]) => id), { from: to - STORING, to });
    const readings = last.filter(([id, halfHour]) => (later.get(id) ?? halfHour) <= halfHour);
    return await keepAsGaps(tx, readings.map(([channelId, halfHour]) => ({ channelId, halfHour })));
  });
}
