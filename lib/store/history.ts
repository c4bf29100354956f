/**
 * Writes the past of a site in one piece, as if it had been visited all along: what is long over in packed days,
 * the rest as the rows that the collector goes on from. One transaction a site, all or nothing, never twice.
 *
 * @module
 */

import type { ChannelKind } from "../domain/channel.ts";
import { endMsOf, type HalfHour, utcDayOf } from "../domain/half_hour.ts";
import { packDay } from "../domain/packing.ts";
import { readingCodeOf, type ReadingReason } from "../domain/reading.ts";
import type { Series } from "../domain/series.ts";
import type { AcceptedReading, Attempt, ReadingRow, VisitOutcome } from "../domain/visit.ts";
import { codeIn, LEDGER_STATES } from "./codes.ts";
import { DAY_FORGOTTEN, DAY_PACKED, lockDays } from "./days.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { bulkRows, insertMissing } from "./dialect.ts";
import { openGaps } from "./gaps.ts";
import { piecesOf, reserveIds } from "./ids.ts";
import { writeLedger } from "./ledger_rows.ts";
import { OUTCOME_LETTERS, rangeOf } from "./outcomes.ts";
import { type VersionedDay, writeDays } from "./packed.ts";
import { PACK_AFTER_HOURS } from "./packing.ts";
import { writeRecent } from "./recent.ts";
import type { LedgerTable } from "./schema.ts";
import { textIdsOf } from "./texts.ts";
import { writeAttempts, writeSeries } from "./visit_rows.ts";

/** Channels whose days are packed together: packing them holds the event loop. */
const CHANNELS_A_BATCH = 20;

/** The past of one channel. */
export interface ChannelHistory {
  /** The channel. */
  readonly channelId: number;
  /** How its values are used. */
  readonly kind: ChannelKind;
  /** A row for each half-hour that was expected of it, oldest first, recovered amounts filled in. */
  readonly rows: readonly ReadingRow[];
}

/** How a visit of the past ended. */
export interface PastVisit {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** How it ended. */
  readonly outcome: VisitOutcome;
  /** Why something lacks; `null`: nothing does. */
  readonly reason: ReadingReason | null;
  /** The path that answered; `null`: none did. */
  readonly pathId: number | null;
  /** Epoch milliseconds at which it was stored. */
  readonly storedMs: number;
  /** Its tries, where they are kept. */
  readonly attempts: readonly Attempt[];
}

/** The past of a site. */
export interface SiteHistory {
  /** The site. */
  readonly siteId: number;
  /** Its channels. */
  readonly channels: readonly ChannelHistory[];
  /** Its visits, one for each half-hour, oldest first and without a hole. */
  readonly visits: readonly PastVisit[];
  /** Series that its counters began; ids are 0. */
  readonly series: readonly Series[];
  /** Last accepted readings of counters that are missing at the end. */
  readonly openGaps: readonly (AcceptedReading & { readonly channelId: number })[];
}

/** The half-hours of a past. */
export interface HistoryRange {
  /** The first. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
}

/** Says which days of a past are written packed: those that the packer would have packed. Repeatable; what a day
 * is already stays. */
export async function preparePast(
  db: Database,
  { from, to, nowMs }: HistoryRange & { readonly nowMs: number },
): Promise<void> {
  const packedBefore = utcDayOf(to - PACK_AFTER_HOURS * 2);
  for (const day of rangeOf(utcDayOf(from), packedBefore)) {
    await insertMissing(db.kysely, "day_state", { day, state: DAY_FORGOTTEN, packed_ms: nowMs });
  }
}

/** Of some sites those whose half-hour is in neither shape of the ledger: they lack their past. */
export async function sitesWithoutPast(
  db: Database,
  siteIds: readonly number[],
  halfHour: HalfHour,
): Promise<readonly number[]> {
  const lacking: number[] = [];
  for (const siteId of siteIds) if (!await hasPast(db.kysely, siteId, halfHour)) lacking.push(siteId);
  return lacking;
}

/** Writes the past of a site; `false`: it has one, nothing was written. */
export async function writeSiteHistory(db: Database, history: SiteHistory): Promise<boolean> {
  const first = history.visits[0];
  const last = history.visits.at(-1);
  if (!first || !last) return false;
  const channels = await withTextIds(db, history.channels);
  const firstId = history.series.length > 0 ? await reserveIds(db, "series", history.series.length) : 0;
  const series = history.series.map((it, i) => ({ ...it, id: firstId + i }));
  return await transaction(db, async (tx) => {
    const days = rangeOf(utcDayOf(first.halfHour), utcDayOf(last.halfHour) + 1);
    const states = await lockDays(tx, days);
    if (await hasPast(tx, history.siteId, last.halfHour)) return false;
    const isPacked = (halfHour: HalfHour) => (states.get(utcDayOf(halfHour)) ?? 0) >= DAY_PACKED;
    await writeSeries(tx, series);
    for (const piece of piecesOf(channels, CHANNELS_A_BATCH)) {
      await writeDays(tx, piece.flatMap((channel) => packedOf(channel, isPacked)));
    }
    await writeRecent(tx, channels.flatMap(({ rows }) => rows.filter((row) => !isPacked(row.halfHour))));
    await writeVisits(tx, history, isPacked);
    await openGaps(tx, history.openGaps.map((gap) => ({ ...gap, seriesId: seriesIdOf(gap, series) })));
    return true;
  });
}

async function hasPast(db: Executor, siteId: number, halfHour: HalfHour): Promise<boolean> {
  const row = await db.selectFrom("ledger").select("site_id").where("half_hour", "=", halfHour)
    .where("site_id", "=", siteId).executeTakeFirst();
  if (row) return true;
  const packed = await db.selectFrom("ledger_day").select("site_id").where("day", "=", utcDayOf(halfHour))
    .where("site_id", "=", siteId).executeTakeFirst();
  return packed !== undefined;
}

/** Text channels keep the number of their text as their value. */
async function withTextIds(
  db: Database,
  channels: readonly ChannelHistory[],
): Promise<readonly ChannelHistory[]> {
  const texts = new Set<string>();
  for (const { rows } of channels) for (const { text } of rows) if (text !== undefined) texts.add(text);
  const ids = texts.size > 0 ? await textIdsOf(db, texts) : new Map<string, number>();
  return channels.map((channel) =>
    channel.kind !== "text" ? channel : {
      ...channel,
      rows: channel.rows.map(({ text, ...row }) =>
        text === undefined ? row : { ...row, value: ids.get(text) ?? null }
      ),
    }
  );
}

function packedOf(
  { channelId, kind, rows }: ChannelHistory,
  isPacked: (halfHour: HalfHour) => boolean,
): readonly VersionedDay[] {
  const packable = rows.filter(({ halfHour }) => isPacked(halfHour));
  return [...Map.groupBy(packable, ({ halfHour }) => utcDayOf(halfHour))].map(([day, own]) => ({
    packed: packDay({ day, channelId, kind, rows: own }),
    version: 1,
  }));
}

async function writeVisits(
  tx: Executor,
  { siteId, visits }: SiteHistory,
  isPacked: (halfHour: HalfHour) => boolean,
): Promise<void> {
  const rows = visits.filter(({ halfHour }) => !isPacked(halfHour)).map((visit) => ledgerRow(siteId, visit));
  for (const piece of piecesOf(rows, 500)) await writeLedger(tx, piece, "insert");
  const packed = visits.filter(({ halfHour }) => isPacked(halfHour));
  const columns = { day: "int", site_id: "int", outcomes: "text", reasons: "text" } as const;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const days = [...Map.groupBy(packed, ({ halfHour }) => utcDayOf(halfHour))].map(([day, own]) => {
    const letters = new Array<string>(48).fill("-");
    const reasons: [number, number][] = [];
    for (const { halfHour, outcome, reason } of own) {
      const index = halfHour - day * 48;
      letters[index] = OUTCOME_LETTERS[codeIn(LEDGER_STATES, outcome)] ?? "-";
      if (reason !== null) reasons.push([index, readingCodeOf(reason)]);
    }
    return [day, siteId, letters.join(""), JSON.stringify(reasons)];
  });
  for (const piece of piecesOf(days, 500)) {
    await tx.replaceInto("ledger_day").columns(names)
      .expression(tx.selectFrom(bulkRows(tx, columns, piece).as("j")).select(names)).execute();
  }
  for (const { halfHour, attempts } of visits) {
    if (attempts.length > 0) await writeAttempts(tx, halfHour, [{ visit: { siteId, attempts }, tries: 1 }]);
  }
}

function ledgerRow(siteId: number, visit: PastVisit): LedgerTable {
  const { halfHour, outcome, reason, pathId, storedMs } = visit;
  return {
    half_hour: halfHour,
    site_id: siteId,
    state: codeIn(LEDGER_STATES, outcome),
    due_at_ms: endMsOf(halfHour),
    token: null,
    claim_until_ms: null,
    mark: null,
    tries: 1,
    has_reading: outcome === "failed" ? 0 : 1,
    reason: reason && readingCodeOf(reason),
    path_id: pathId,
    stored_at_ms: storedMs,
    judged: 0,
  };
}

function seriesIdOf(
  gap: AcceptedReading & { readonly channelId: number },
  series: readonly Series[],
): number {
  return series.findLast(({ channelId, sinceS }) => channelId === gap.channelId && sinceS <= gap.atS)?.id ??
    0;
}

/** A site by its name. */
export interface RegisteredSite {
  /** The site. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** First half-hour that is expected of it. */
  readonly since: HalfHour;
}

/** The sites that are registered, in the order of their ids, at most so many. */
export async function registeredSites(db: Database, limit: number): Promise<readonly RegisteredSite[]> {
  const rows = await db.kysely.selectFrom("site").select(["site_id", "name", "since"]).orderBy("site_id")
    .limit(limit).execute();
  return rows.map(({ site_id: id, name, since }) => ({ id, name, since }));
}
