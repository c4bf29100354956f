/**
 * Closes half-hours: what is still open when its retries are over gets exactly one reason for each expected
 * channel, and counters whose reading is first missing get an open gap. Living claims are left alone.
 *
 * @module
 */

import { isExpectedIn } from "../domain/daily.ts";
import { type HalfHour, utcDayOf } from "../domain/half_hour.ts";
import { isCovered } from "../domain/maintenance.ts";
import { amountCodeOf, readingCodeOf, type ReadingReason } from "../domain/reading.ts";
import { appendChange, signalCommit } from "./changes.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { lockDays } from "./days.ts";
import { bulkRows, insertMissing } from "./dialect.ts";
import { keepMissing, ROWS_A_STATEMENT } from "./gaps.ts";
import { piecesOf } from "./ids.ts";
import { keepLastReadings } from "./last_readings.ts";
import { lockLedger, writeLedger } from "./ledger_rows.ts";
import { listUnvisited, windowsAt } from "./maintenance.ts";
import { channelsOf } from "./plans.ts";
import { workingRelease } from "./releases.ts";
import type { LedgerTable } from "./schema.ts";

/** Sites closed in one transaction. */
const SITES_A_BATCH = 200;

/** How to close. */
export interface CloseOptions {
  /** Epoch milliseconds; claims that ended before are not alive. */
  readonly nowMs: number;
  /** The reason of what was never tried; default: we were down. */
  readonly reason?: ReadingReason;
  /** The release that closes: it closes nothing more once another one works. Absent: whichever works. */
  readonly release?: string;
}

/** Closes what is open in a half-hour, or claimed by one who is no more; how many sites. Repeatable. */
export async function closeHalfHour(
  db: Database,
  halfHour: HalfHour,
  options: CloseOptions,
): Promise<number> {
  let closed = 0;
  for (let after: number | null = 0; after !== null;) {
    const rows = await db.kysely.selectFrom("ledger").select("site_id").where("half_hour", "=", halfHour)
      .where("site_id", ">", after)
      .where((eb) =>
        eb.or([
          eb("state", "=", 0),
          eb.and([eb("state", "=", 1), eb("claim_until_ms", "<", options.nowMs)]),
        ])
      )
      .orderBy("site_id").limit(SITES_A_BATCH).execute();
    const ids = rows.map(({ site_id }) => site_id);
    if (options.release !== undefined && await workingRelease(db) !== options.release) return closed;
    if (ids.length > 0) closed += await closeBatch(db, halfHour, { siteIds: ids, ...options });
    after = ids.length === SITES_A_BATCH ? ids.at(-1) ?? null : null;
  }
  return closed;
}

async function closeBatch(
  db: Database,
  halfHour: HalfHour,
  options: CloseOptions & { readonly siteIds: readonly number[] },
): Promise<number> {
  const closed = await transaction(db, async (tx) => {
    await lockDays(tx, [utcDayOf(halfHour)]);
    const ids = await closeRows(tx, halfHour, options);
    await appendChange(tx, { halfHour, siteIds: ids, atMs: options.nowMs });
    return ids;
  });
  if (closed.length > 0) signalCommit(db);
  return closed.length;
}

/** Closes rows of sites within a transaction that has locked the day; the sites that were closed. */
export async function closeRows(
  tx: Executor,
  halfHour: HalfHour,
  { siteIds, nowMs, reason = "we-were-down" }: CloseOptions & { readonly siteIds: readonly number[] },
): Promise<readonly number[]> {
  const rows = (await lockLedger(tx, halfHour, siteIds))
    .filter(({ state, claim_until_ms }) => state === 0 || (state === 1 && (claim_until_ms ?? 0) < nowMs));
  const closed = rows.map((row): LedgerTable => ({
    ...row,
    state: row.has_reading ? 3 : 4,
    token: null,
    claim_until_ms: null,
    reason: row.reason ?? readingCodeOf(reason),
    stored_at_ms: nowMs,
    judged: 0,
  }));
  const reasons = new Map(closed.map((row) => [row.site_id, row.reason]));
  const channels = await channelsOf(tx, [...reasons.keys()], halfHour);
  const windows = await windowsAt(tx, halfHour, [...reasons.keys()]);
  const explained = (siteId: number, meterId: number | null) =>
    isCovered(windows.get(siteId) ?? [], { meterId, halfHour });
  const counters = channels.filter(({ kind }) => kind === "counter").map(({ id }) => id);
  const missing = channels.filter((channel) => isExpectedIn(channel, halfHour)).map((
    { id, siteId, meterId, kind, profileVersion },
  ) => ({
    channelId: id,
    profileVersion,
    readingReason: explained(siteId, meterId)
      ? readingCodeOf("maintenance")
      : reasons.get(siteId) ?? readingCodeOf(reason),
    amountReason: kind === "counter" ? amountCodeOf("no-later-reading-yet") : null,
  }));
  for (const piece of piecesOf(missing, ROWS_A_STATEMENT)) await insertMissingRows(tx, halfHour, piece);
  await keepMissing(tx, halfHour, counters);
  const told = closed.map((row) =>
    explained(row.site_id, null) ? { ...row, reason: readingCodeOf("maintenance") } : row
  );
  await writeLedger(tx, told, "replace");
  return [...reasons.keys()];
}

interface MissingRow {
  readonly channelId: number;
  readonly profileVersion: number;
  readonly readingReason: number;
  readonly amountReason: number | null;
}

async function insertMissingRows(
  tx: Executor,
  halfHour: HalfHour,
  rows: readonly MissingRow[],
): Promise<void> {
  const columns = [
    "half_hour",
    "channel_id",
    "profile_version",
    "quality",
    "reading_reason",
    "amount_reason",
  ] as const;
  const list = bulkRows(
    tx,
    {
      half_hour: "int",
      channel_id: "int",
      profile_version: "int",
      quality: "letter",
      reading_reason: "int",
      amount_reason: "int",
    },
    rows.map((
      row,
    ) => [halfHour, row.channelId, row.profileVersion, "x", row.readingReason, row.amountReason]),
  );
  await tx.insertInto("recent").columns([...columns]).expression(
    tx.selectFrom(list.as("j")).select([...columns]).where(({ not, exists, selectFrom }) =>
      not(exists(
        selectFrom("recent as p").select("p.channel_id").where("p.half_hour", "=", halfHour)
          .whereRef("p.channel_id", "=", "j.channel_id"),
      ))
    ),
  ).execute();
}

/** Closes at once what is not to be visited because of maintenance; how many sites. Repeatable. */
export async function closeUnvisited(db: Database, halfHour: HalfHour, nowMs: number): Promise<number> {
  const siteIds = await listUnvisited(db, halfHour);
  return siteIds.length === 0 ? 0 : await closeBatch(db, halfHour, { siteIds, nowMs, reason: "maintenance" });
}

/** Half-hours in which we were down, older than what is caught up. */
export interface OutageDraft {
  /** The first of them. */
  readonly from: HalfHour;
  /** The first that is expected again. */
  readonly to: HalfHour;
  /** Why. */
  readonly reason: ReadingReason;
}

/** Writes one outage and keeps the last readings before it, however old, as open gaps. Repeatable. */
export async function recordOutage(db: Database, { from, to, reason }: OutageDraft): Promise<void> {
  await keepLastReadings(db, { before: from });
  const row = { from_half_hour: from, to_half_hour: to, reason: readingCodeOf(reason) };
  await insertMissing(db.kysely, "outage", row);
  await db.kysely.updateTable("outage").set({ to_half_hour: to }).where("from_half_hour", "=", from)
    .where("to_half_hour", "<", to).execute();
}
