/**
 * The change feed: a row for each store, with the half-hour and the sites. It is an index of what may have
 * changed, not a queue: a lower id can become visible after a higher one, so readers reread the last 30 s and
 * skip what they have seen.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Database, Executor } from "./db.ts";

/** Something was stored. */
export interface Change {
  /** Grows, with gaps. */
  readonly id: number;
  /** The half-hour that was stored. */
  readonly halfHour: HalfHour;
  /** The sites. */
  readonly siteIds: readonly number[];
  /** Epoch milliseconds of the store. */
  readonly atMs: number;
}

/** Changes of one call at most. */
export const CHANGES_LIMIT = 1_000;

/** Appends a change within the transaction that makes it, if it has sites. */
export async function appendChange(tx: Executor, change: Omit<Change, "id">): Promise<void> {
  if (change.siteIds.length === 0) return;
  await tx.insertInto("change_feed")
    .values({ half_hour: change.halfHour, site_ids: JSON.stringify(change.siteIds), at_ms: change.atMs })
    .execute();
}

/** What to read of the feed. */
export interface ChangeQuery {
  /** Greater ids alone. */
  readonly afterId: number;
  /** Also those stored from this instant on whatever their id, epoch milliseconds: what became visible late. */
  readonly sinceMs?: number;
  /** Changes at most, 1 to 1,000. */
  readonly limit: number;
}

/** Changes in the order of their ids. */
export async function readChanges(db: Database, query: ChangeQuery): Promise<readonly Change[]> {
  const afterId = query.sinceMs === undefined
    ? query.afterId
    : Math.min(query.afterId, await lastIdBefore(db, query.afterId, query.sinceMs));
  const rows = await db.reader.selectFrom("change_feed").select([
    "change_id",
    "half_hour",
    "site_ids",
    "at_ms",
  ])
    .where("change_id", ">", afterId).orderBy("change_id").limit(Math.min(query.limit, CHANGES_LIMIT))
    .execute();
  return rows.map((row) => ({
    id: row.change_id,
    halfHour: row.half_hour,
    siteIds: JSON.parse(row.site_ids) as number[],
    atMs: row.at_ms,
  }));
}

/** Rows looked at for what became visible late. */
const LATE_LIMIT = 1_000;

async function lastIdBefore(db: Database, afterId: number, sinceMs: number): Promise<number> {
  const rows = await db.reader.selectFrom("change_feed").select(["change_id", "at_ms"])
    .where("change_id", "<=", afterId).orderBy("change_id", "desc").limit(LATE_LIMIT).execute();
  const fresh = rows.filter(({ at_ms }) => at_ms >= sinceMs).map(({ change_id }) => change_id);
  return fresh.length === 0 ? afterId : Math.min(...fresh) - 1;
}

/** The lowest id of what was stored from an instant on, epoch milliseconds; `null`: nothing was. */
export async function firstChangeSince(db: Database, sinceMs: number): Promise<number | null> {
  const newest = await newestChangeId(db);
  const before = await lastIdBefore(db, newest, sinceMs);
  return before === newest ? null : before + 1;
}

/** The newest id; 0: the feed is empty. */
export async function newestChangeId(db: Database): Promise<number> {
  const row = await db.reader.selectFrom("change_feed").select((eb) => eb.fn.max("change_id").as("id"))
    .executeTakeFirst();
  return row?.id ?? 0;
}

const LISTENERS = new WeakMap<Database, Set<() => void>>();

/** Calls the listener after each commit of this process that changed readings; returns what ends that. */
export function onLocalCommit(db: Database, listener: () => void): () => void {
  const listeners = LISTENERS.get(db) ?? new Set();
  LISTENERS.set(db, listeners);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells the listeners of this process. */
export function signalCommit(db: Database): void {
  for (const listener of LISTENERS.get(db) ?? []) listener();
}
