/**
 * The state of a UTC day decides in which shape its readings are written. Whoever stores a value locks the state
 * (shared) first; the packer locks it alone, for as long as one of its batches takes.
 *
 * @module
 */

import type { UtcDay } from "../domain/half_hour.ts";
import type { Executor } from "./db.ts";
import { exclusiveLock, insertMissing, sharedLock } from "./dialect.ts";

/** Rows lie in Recent alone. */
export const DAY_OPEN = 0;
/** Some channels are packed already: what is stored goes to Recent and to the packed rows that are there. */
export const DAY_PACKING = 1;
/** Packed rows alone count; Recent still has what they were made of. */
export const DAY_PACKED = 2;
/** As packed, and Recent is empty. */
export const DAY_FORGOTTEN = 3;

/** Locks the states of days for one who stores, making those that are missing; the state of each day. */
export async function lockDays(tx: Executor, days: Iterable<UtcDay>): Promise<ReadonlyMap<UtcDay, number>> {
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  const found = await sharedStates(tx, sorted);
  const missing = sorted.filter((day) => !found.has(day));
  if (missing.length === 0) return found;
  for (const day of missing) await insertMissing(tx, "day_state", { day, state: DAY_OPEN });
  return await sharedStates(tx, sorted);
}

async function sharedStates(tx: Executor, days: readonly UtcDay[]): Promise<ReadonlyMap<UtcDay, number>> {
  if (days.length === 0) return new Map();
  const rows = await tx.selectFrom("day_state").select(["day", "state"]).where("day", "in", days)
    .orderBy("day").modifyEnd(sharedLock(tx)).execute();
  return new Map(rows.map(({ day, state }) => [day, state]));
}

/** Whether the packer with this token still has the day; nobody stores into it until the transaction ends. */
export async function lockPacking(tx: Executor, day: UtcDay, token: number): Promise<boolean> {
  const row = await tx.selectFrom("day_state").select(["state", "token"]).where("day", "=", day)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
  return row?.state === DAY_PACKING && row.token === token;
}

/** Which of the days are packed; the others lie in Recent. */
export async function packedDaysOf(db: Executor, from: UtcDay, to: UtcDay): Promise<ReadonlySet<UtcDay>> {
  const rows = await db.selectFrom("day_state").select("day").where("day", ">=", from).where("day", "<=", to)
    .where("state", ">=", DAY_PACKED).execute();
  return new Set(rows.map(({ day }) => day));
}
