/**
 * Half-hours that a process left open: looked for however long ago that was, because a day with an open row is
 * never packed. What is known to be closed is remembered, so that looking again costs next to nothing.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Database } from "./db.ts";

/** Half-hours before one that are looked at one by one; older ones only where the ledger still has rows. */
const NEAR = 96;

/** Half-hours given by one call at most: ten days; the next call gives the rest. */
const UNCLOSED_LIMIT = 480;

interface Known {
  /** Near half-hours that are closed for good: closed rows are never opened again. */
  readonly closed: Set<HalfHour>;
  /** Everything before it is closed. */
  settled: HalfHour;
}

const KNOWN = new WeakMap<Database, Known>();

function knownOf(db: Database): Known {
  const known = KNOWN.get(db) ?? { closed: new Set(), settled: 0 };
  KNOWN.set(db, known);
  return known;
}

/** Forgets that a half-hour was closed: rows of it were made. */
export function noteOpened(db: Database, halfHour: HalfHour): void {
  const known = knownOf(db);
  known.closed.delete(halfHour);
  known.settled = Math.min(known.settled, halfHour);
}

/** The half-hours before one with rows that are still open or claimed, oldest first, at most 480. */
export async function unclosedHalfHours(db: Database, before: HalfHour): Promise<readonly HalfHour[]> {
  const known = knownOf(db);
  const near = before - NEAR;
  const unclosed = await unclosedBefore(db, near, known);
  for (let halfHour = near; halfHour < before && unclosed.length < UNCLOSED_LIMIT; halfHour++) {
    if (known.closed.has(halfHour)) continue;
    if (await hasOpenRow(db, halfHour)) unclosed.push(halfHour);
    else known.closed.add(halfHour);
  }
  for (const halfHour of known.closed) if (halfHour < near - NEAR) known.closed.delete(halfHour);
  return unclosed;
}

/** Goes from half-hour to half-hour that has rows: an outage has none, however long it was. */
async function unclosedBefore(db: Database, before: HalfHour, known: Known): Promise<HalfHour[]> {
  const unclosed: HalfHour[] = [];
  for (let from = known.settled; unclosed.length < UNCLOSED_LIMIT;) {
    const halfHour = await nextWithRows(db, { from, before });
    if (halfHour === null) {
      if (unclosed.length === 0) known.settled = Math.max(known.settled, before);
      break;
    }
    if (await hasOpenRow(db, halfHour)) unclosed.push(halfHour);
    from = halfHour + 1;
    if (unclosed.length === 0) known.settled = from;
  }
  return unclosed;
}

async function nextWithRows(
  db: Database,
  { from, before }: { readonly from: HalfHour; readonly before: HalfHour },
): Promise<HalfHour | null> {
  const row = await db.kysely.selectFrom("ledger").select("half_hour").where("half_hour", ">=", from)
    .where("half_hour", "<", before).orderBy("half_hour").limit(1).executeTakeFirst();
  return row?.half_hour ?? null;
}

async function hasOpenRow(db: Database, halfHour: HalfHour): Promise<boolean> {
  const row = await db.kysely.selectFrom("ledger").select("site_id").where("half_hour", "=", halfHour)
    .where("state", "in", [0, 1]).limit(1).executeTakeFirst();
  return row !== undefined;
}
