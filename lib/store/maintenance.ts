/**
 * Maintenance windows of sites and devices: set ahead or afterwards, ended early, and what they explain. Reasons are
 * changed, values never.
 *
 * @module
 */

import {
  firstHalfHourOf,
  HALF_HOURS_A_DAY,
  type HalfHour,
  halfHourOf,
  utcDayOf,
} from "../domain/half_hour.ts";
import {
  isCovered,
  isExplained,
  type MaintenanceWindow,
  type WindowRefusal,
  WINDOWS_MAX,
  windowTroubles,
} from "../domain/maintenance.ts";
import { readingCodeOf, readingReasonOf } from "../domain/reading.ts";
import type { ReadingRow, StoredVisit } from "../domain/visit.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { appendChange, signalCommit } from "./changes.ts";
import type { Database, Executor } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { rewriteRows, storedRows } from "./stored_rows.ts";
import { type Changing, within } from "./within.ts";

/** A window as it is kept. */
export interface KeptWindow extends MaintenanceWindow {
  /** Its id. */
  readonly id: number;
  /** Name of the device; `null`: the whole site. */
  readonly device: string | null;
  /** Why, in a few words. */
  readonly why: string;
  /** Whether the site is visited all the same. */
  readonly visited: boolean;
  /** Who set it; `null`: nobody known any more. */
  readonly by: string | null;
  /** Epoch milliseconds at which it was set. */
  readonly createdMs: number;
  /** Epoch milliseconds at which it was ended early; `null`: it was not. */
  readonly endedMs: number | null;
}

const MAINTENANCE = readingCodeOf("maintenance");

/** The windows of a site, the one that ends last first, at most 200. */
export async function listWindows(db: Database, siteId: number): Promise<readonly KeptWindow[]> {
  const rows = await db.reader.selectFrom("maintenance as w").leftJoin("user as u", "u.user_id", "w.user_id")
    .leftJoin("meter as m", "m.meter_id", "w.meter_id")
    .select(["w.maintenance_id", "w.meter_id", "w.from_half_hour", "w.to_half_hour", "w.why", "w.visited"])
    .select(["w.created_ms", "w.ended_ms", "u.name as by", "m.name as device"])
    .where("w.site_id", "=", siteId).orderBy("w.to_half_hour", "desc").orderBy("w.maintenance_id", "desc")
    .limit(WINDOWS_MAX).execute();
  return rows.map((row) => ({
    id: row.maintenance_id,
    meterId: row.meter_id,
    device: row.device,
    from: row.from_half_hour,
    to: row.to_half_hour,
    why: row.why,
    visited: row.visited === 1,
    by: row.by,
    createdMs: row.created_ms,
    endedMs: row.ended_ms,
  }));
}

/** A window to be set. */
export interface NewWindow extends MaintenanceWindow {
  /** The site. */
  readonly siteId: number;
  /** Why, 1 to 200 characters. */
  readonly why: string;
  /** Whether the site is visited all the same; a device alone always is. */
  readonly visited: boolean;
}

/** Sets a window; half-hours of it that are past and were not read are explained at once. Its id. */
export async function addWindow(
  db: Changing,
  by: Author,
  window: NewWindow,
): Promise<Result<number, readonly WindowRefusal[]>> {
  const now = halfHourOf(by.atMs);
  const troubles = windowTroubles(window, now);
  if (troubles.length > 0) return err(troubles);
  const { siteId, meterId, from, to, why } = window;
  const visited = window.visited || meterId !== null;
  const added = await within(db, async (tx): Promise<Result<number, readonly WindowRefusal[]>> => {
    await tx.selectFrom("site").select("site_id").where("site_id", "=", siteId).modifyEnd(exclusiveLock(tx))
      .execute();
    const { windows } = await tx.selectFrom("maintenance").select((eb) =>
      eb.fn.countAll<number>().as("windows")
    )
      .where("site_id", "=", siteId).executeTakeFirstOrThrow();
    if (Number(windows) >= WINDOWS_MAX) return err([{ kind: "too-many" }]);
    if (meterId !== null) {
      const meter = await tx.selectFrom("meter").select("meter_id").where("meter_id", "=", meterId)
        .where("site_id", "=", siteId).executeTakeFirst();
      if (!meter) return err([{ kind: "no-such-device" }]);
    }
    const inserted = await tx.insertInto("maintenance").values({
      site_id: siteId,
      meter_id: meterId,
      from_half_hour: from,
      to_half_hour: to,
      why,
      visited: visited ? 1 : 0,
      user_id: by.userId,
      created_ms: by.atMs,
      ended_ms: null,
    }).executeTakeFirstOrThrow();
    const id = Number(inserted.insertId);
    const explained = await explainPast(tx, { ...window, to: Math.min(to, now + 1) });
    await appendAudit(tx, by, {
      action: "maintenance-set",
      subject: `maintenance ${id}`,
      siteId,
      after: { meterId, from, to, why, visited, explained },
    });
    if (explained > 0) {
      await appendChange(tx, { halfHour: Math.min(to, now) - 1, siteIds: [siteId], atMs: by.atMs });
    }
    return ok(id);
  });
  if (added.ok && "kysely" in db) signalCommit(db);
  return added;
}

/** Ends a window now: the half-hour under way is expected again. One that has not begun is as if it had never been. */
export async function endWindow(
  db: Changing,
  by: Author,
  { id, siteId }: { readonly id: number; readonly siteId: number },
): Promise<Result<number, WindowRefusal>> {
  const now = halfHourOf(by.atMs);
  return await within(db, async (tx): Promise<Result<number, WindowRefusal>> => {
    const window = await tx.selectFrom("maintenance").select(["from_half_hour", "to_half_hour"])
      .where("maintenance_id", "=", id).where("site_id", "=", siteId).modifyEnd(exclusiveLock(tx))
      .executeTakeFirst();
    if (!window) return err({ kind: "no-such-window" });
    if (window.to_half_hour <= now) return err({ kind: "over-already" });
    const to = Math.max(window.from_half_hour, now);
    await tx.updateTable("maintenance").set({ to_half_hour: to, ended_ms: by.atMs }).where(
      "maintenance_id",
      "=",
      id,
    )
      .execute();
    const entry = { action: "maintenance-ended", subject: `maintenance ${id}`, siteId };
    await appendAudit(tx, by, { ...entry, before: { to: window.to_half_hour }, after: { to } });
    return ok(id);
  });
}

/** Explains half-hours that are past; how many rows. */
async function explainPast(
  tx: Executor,
  window: MaintenanceWindow & { readonly siteId: number },
): Promise<number> {
  const { siteId, meterId, from, to } = window;
  if (to <= from) return 0;
  const channels = await tx.selectFrom("channel").select("channel_id").where("site_id", "=", siteId)
    .$if(meterId !== null, (q) => q.where("meter_id", "=", meterId ?? 0)).execute();
  const stored = await storedRows(tx, { channelIds: channels.map(({ channel_id }) => channel_id), from, to });
  const explained = [...stored.values()].flat().filter(({ readingReason }) => isExplained(readingReason))
    .map((row): ReadingRow => ({ ...row, readingReason: "maintenance" }));
  await rewriteRows(tx, explained);
  if (meterId === null) await explainLedger(tx, { siteId, from, to });
  return explained.length;
}

async function explainLedger(
  tx: Executor,
  { siteId, from, to }: { readonly siteId: number; readonly from: HalfHour; readonly to: HalfHour },
): Promise<void> {
  for (let at = from; at < to; at += HALF_HOURS_A_DAY) {
    const halfHours = Array.from({ length: Math.min(HALF_HOURS_A_DAY, to - at) }, (_, i) => at + i);
    await tx.updateTable("ledger").set({ reason: MAINTENANCE }).where("half_hour", "in", halfHours)
      .where("site_id", "=", siteId).where("state", "in", [3, 4]).where("reason", "is not", null).execute();
  }
  const days = await tx.selectFrom("ledger_day").select(["day", "reasons"]).where("site_id", "=", siteId)
    .where("day", ">=", utcDayOf(from)).where("day", "<=", utcDayOf(to - 1)).execute();
  for (const { day, reasons } of days) {
    const list = JSON.parse(reasons ?? "[]") as readonly (readonly [number, number])[];
    const now = list.map(([index, code]): readonly [number, number] => {
      const halfHour = firstHalfHourOf(day) + index;
      const explained = halfHour >= from && halfHour < to && isExplained(readingReasonOf(code));
      return [index, explained ? MAINTENANCE : code];
    });
    await tx.updateTable("ledger_day").set({ reasons: JSON.stringify(now) }).where("day", "=", day)
      .where("site_id", "=", siteId).execute();
  }
}

/** The windows that hold a half-hour of sites, by site. */
export async function windowsAt(
  tx: Executor,
  halfHour: HalfHour,
  siteIds: readonly number[],
): Promise<ReadonlyMap<number, readonly MaintenanceWindow[]>> {
  if (siteIds.length === 0) return new Map();
  const rows = await tx.selectFrom("maintenance").select([
    "site_id",
    "meter_id",
    "from_half_hour",
    "to_half_hour",
  ])
    .where("to_half_hour", ">", halfHour).where("from_half_hour", "<=", halfHour).where(
      "site_id",
      "in",
      siteIds,
    )
    .execute();
  const windows = rows.map((row) => ({
    siteId: row.site_id,
    meterId: row.meter_id,
    from: row.from_half_hour,
    to: row.to_half_hour,
  }));
  return Map.groupBy(windows, ({ siteId }) => siteId);
}

/** Visits of a half-hour with what their windows explain. */
export async function explainVisits(
  tx: Executor,
  halfHour: HalfHour,
  visits: readonly StoredVisit[],
): Promise<readonly StoredVisit[]> {
  const windows = await windowsAt(tx, halfHour, visits.map(({ siteId }) => siteId));
  if (windows.size === 0) return visits;
  const covered = visits.filter(({ siteId }) => windows.has(siteId));
  const ids = covered.flatMap(({ rows }) => rows.map(({ channelId }) => channelId));
  const found = ids.length === 0
    ? []
    : await tx.selectFrom("channel").select(["channel_id", "meter_id"]).where("channel_id", "in", ids)
      .execute();
  const meters = new Map(found.map(({ channel_id, meter_id }) => [channel_id, meter_id]));
  return visits.map((visit) => {
    const own = windows.get(visit.siteId) ?? [];
    if (own.length === 0) return visit;
    const rows = visit.rows.map((row): ReadingRow => {
      const meterId = meters.get(row.channelId) ?? null;
      return isExplained(row.readingReason) && isCovered(own, { meterId, halfHour })
        ? { ...row, readingReason: "maintenance" }
        : row;
    });
    const whole = isExplained(visit.reason) && isCovered(own, { meterId: null, halfHour });
    return { ...visit, rows, reason: whole ? "maintenance" as const : visit.reason };
  });
}

/** Sites that are not visited in a half-hour, at most 500. */
export async function listUnvisited(db: Database, halfHour: HalfHour): Promise<readonly number[]> {
  const rows = await db.kysely.selectFrom("maintenance").select("site_id").distinct()
    .where("to_half_hour", ">", halfHour).where("from_half_hour", "<=", halfHour).where("visited", "=", 0)
    .where("meter_id", "is", null).orderBy("site_id").limit(500).execute();
  return rows.map(({ site_id }) => site_id);
}

/** Names what was set so far, so that what was counted before the newest window is counted again; 0: nothing. */
export async function newestWindow(db: Executor): Promise<number> {
  const row = await db.selectFrom("maintenance").select((eb) => eb.fn.max("maintenance_id").as("newest"))
    .executeTakeFirst();
  return row?.newest ?? 0;
}
