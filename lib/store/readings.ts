/**
 * Readings go in and out by half-hours; that they lie in two shapes, by half-hour while they are written and by
 * day once they are only read, is known to this file and those it names.
 *
 * @module
 */

import { type HalfHour, utcDayOf } from "../domain/half_hour.ts";
import { readingCodeOf, type ReadingReason } from "../domain/reading.ts";
import type { Claim, ReadingRow, RecoveredAmount, StoredVisit } from "../domain/visit.ts";
import { appendChange, signalCommit } from "./changes.ts";
import { lockDays } from "./days.ts";
import { closeRows } from "./closing.ts";
import { codeIn, LEDGER_STATES } from "./codes.ts";
import { type Database, type Executor, StoreError, transaction } from "./db.ts";
import { keepAsGaps, keepMissing, spendGaps } from "./gaps.ts";
import { piecesOf, reserveIds } from "./ids.ts";
import { lockLedger, writeLedger } from "./ledger_rows.ts";
import { explainVisits } from "./maintenance.ts";
import { patchDays } from "./packed.ts";
import { channelsOf } from "./plans.ts";
import { isStorable, storableRow, writeRecent, writeRecovered } from "./recent.ts";
import type { LedgerTable } from "./schema.ts";
import { textIdsOf } from "./texts.ts";
import { completeSites, staleSites, writeAttempts, writeSeries } from "./visit_rows.ts";

export { loadCounterContexts } from "./contexts.ts";
export { type ChannelHalfHours, latestReadings, readHalfHours } from "./half_hours.ts";
export { textsOf } from "./texts.ts";

/** What became of each visit, by site. */
export interface StoreResult {
  /** Stored, now or by an earlier call whose outcome was not known. */
  readonly stored: readonly number[];
  /** Nothing stored: the half-hour before is under a living claim of another, or was stored after the contexts
   * were loaded. Load them again, judge again, store again shortly. */
  readonly deferred: readonly number[];
  /** Nothing stored: the ledger row no longer carries our token. */
  readonly lost: readonly number[];
}

/** Rows and recovered amounts of one call at most; a single visit may have more. */
export const STORE_LIMIT = 4_000;

/** Half-hours that may be open before one, as many as are caught up. */
const LOOK_BACK = 48;

/** Times that a commit whose outcome is unknown is looked up. */
const LOOK_UP_TRIES = 3;

/**
 * Stores visits of one claim in one transaction: all of a site or nothing. Can be called again with the same
 * visits whenever the outcome is unknown.
 */
export async function storeVisits(
  db: Database,
  claim: Claim,
  visits: readonly StoredVisit[],
  nowMs: number,
): Promise<StoreResult> {
  if (visits.length === 0) return { stored: [], deferred: [], lost: [] };
  const weight = visits.reduce((sum, visit) => sum + weightOf(visit), 0);
  if (visits.length > 1 && weight > STORE_LIMIT) {
    throw new RangeError(`${weight} rows and amounts in one store: at most ${STORE_LIMIT}`);
  }
  const whole: Batch = { claim, nowMs, visits: await prepared(db, visits) };
  const batch = weight > STORE_LIMIT ? await recoverAhead(db, whole) : whole;
  for (let tries = 1;; tries++) {
    try {
      const result = await transaction(db, (tx) => storeBatch(tx, batch));
      if (result.stored.length > 0) signalCommit(db);
      return result;
    } catch (error) {
      // Whether it was committed is seen by the mark on the ledger rows: the same transaction once more finds out.
      const unknown = error instanceof StoreError && error.commitUnknown;
      if (!unknown || tries >= LOOK_UP_TRIES) throw error;
    }
    await db.clock.sleep(tries * 200);
  }
}

/** Rows and recovered amounts of a visit. */
export function weightOf({ rows, recovered }: StoredVisit): number {
  return rows.length + recovered.length;
}

interface Batch {
  readonly claim: Claim;
  readonly nowMs: number;
  readonly visits: readonly StoredVisit[];
}

/**
 * Texts become numbers and new series get ids, in short transactions before the one that stores. An amount that no
 * column holds stays missing: it must not keep what else was read from being stored.
 */
async function prepared(db: Database, visits: readonly StoredVisit[]): Promise<readonly StoredVisit[]> {
  const texts = visits.flatMap(({ rows }) => rows.flatMap(({ text }) => text === undefined ? [] : [text]));
  const textIds = texts.length > 0 ? await textIdsOf(db, texts) : new Map<string, number>();
  const seriesCount = visits.reduce((sum, { newSeries }) => sum + newSeries.length, 0);
  let seriesId = seriesCount > 0 ? await reserveIds(db, "series", seriesCount) : 0;
  return visits.map((visit) => ({
    ...visit,
    rows: visit.rows.map((row) => storableRow(withText(row, textIds))),
    recovered: visit.recovered.filter(isStorable),
    newSeries: visit.newSeries.map((series) => ({ ...series, id: seriesId++ })),
  }));
}

function withText({ text, ...row }: ReadingRow, ids: ReadonlyMap<string, number>): ReadingRow {
  return text === undefined ? row : { ...row, value: ids.get(text) ?? null };
}

async function storeBatch(tx: Executor, { claim, visits, nowMs }: Batch): Promise<StoreResult> {
  const { halfHour, token } = claim;
  const recoveredDays = visits.flatMap(({ recovered }) =>
    recovered.map((amount) => utcDayOf(amount.halfHour))
  );
  const states = await lockDays(tx, [utcDayOf(halfHour), ...recoveredDays]);
  const rows = new Map(
    (await lockLedger(tx, halfHour, visits.map(({ siteId }) => siteId))).map((r) => [r.site_id, r]),
  );
  const held = visits.filter(({ siteId }) => rows.get(siteId)?.token === token);
  const heldIds = new Set(held.map(({ siteId }) => siteId));
  const already = visits.filter(({ siteId }) => !heldIds.has(siteId) && rows.get(siteId)?.mark === token);
  const waiting = await settleEarlier(tx, { halfHour, siteIds: [...heldIds], nowMs });
  const stale = await staleSites(tx, halfHour, held);
  const ready = held.filter(({ siteId }) => !waiting.has(siteId) && !stale.has(siteId));
  const now = await explainVisits(tx, halfHour, ready);
  await writeVisits(tx, { claim, nowMs, visits: now }, { states, ledger: rows });
  const stored = now.map(({ siteId }) => siteId);
  await appendChange(tx, { halfHour, siteIds: stored, atMs: nowMs });
  const done = new Set([...stored, ...already.map(({ siteId }) => siteId)]);
  const lost = visits.map(({ siteId }) => siteId).filter((id) => !done.has(id) && !heldIds.has(id));
  const deferred = [...heldIds].filter((id) => !done.has(id));
  return { stored: [...done], deferred, lost };
}

/**
 * A visit after a long time: the amounts that are more than one transaction should bear are written before it, and
 * what remains is given back. The gap stays open until the visit itself is stored, and while it is open its amounts
 * can be written again, also with others.
 */
async function recoverAhead(db: Database, batch: Batch): Promise<Batch> {
  const [visit] = batch.visits;
  if (visit === undefined) return batch;
  const inOrder = visit.recovered.toSorted((a, b) =>
    utcDayOf(a.halfHour) - utcDayOf(b.halfHour) || a.channelId - b.channelId || a.halfHour - b.halfHour
  );
  const last = new Map(
    visit.recovered.toSorted((a, b) => b.halfHour - a.halfHour).map((it) => [it.channelId, it.halfHour - 1]),
  );
  const pieces = piecesOf(inOrder, STORE_LIMIT);
  for (const recovered of pieces.slice(0, -1)) {
    const written = await transaction(
      db,
      (tx) => recoverPiece(tx, { ...batch, visits: [{ ...visit, recovered }] }, last),
    );
    if (!written) return batch; // lost, deferred or stored already: the transaction that stores finds out
  }
  return { ...batch, visits: [{ ...visit, recovered: pieces.at(-1) ?? [] }] };
}

async function recoverPiece(
  tx: Executor,
  { claim, visits, nowMs }: Batch,
  last: ReadonlyMap<number, HalfHour>,
): Promise<boolean> {
  const { halfHour, token } = claim;
  const siteIds = visits.map(({ siteId }) => siteId);
  const recovered = visits.flatMap((visit) => visit.recovered);
  const states = await lockDays(tx, [halfHour, ...recovered.map((it) => it.halfHour)].map(utcDayOf));
  const rows = await lockLedger(tx, halfHour, siteIds);
  if (rows.length < siteIds.length || rows.some((row) => row.token !== token)) return false;
  if ((await settleEarlier(tx, { halfHour, siteIds, nowMs })).size > 0) return false;
  if ((await staleSites(tx, halfHour, visits)).size > 0) return false;
  const channelIds = new Set(recovered.map(({ channelId }) => channelId));
  const kept = [...last].filter(([channelId]) => channelIds.has(channelId));
  await keepAsGaps(tx, kept.map(([channelId, at]) => ({ channelId, halfHour: at }))); // where none is open yet
  await writeValues(tx, { states, rows: [], recovered });
  return true;
}

async function writeValues(
  tx: Executor,
  { states, rows, recovered }: {
    readonly states: ReadonlyMap<number, number>;
    readonly rows: readonly ReadingRow[];
    readonly recovered: readonly RecoveredAmount[];
  },
): Promise<void> {
  const isOpen = ({ halfHour }: { readonly halfHour: HalfHour }) => (states.get(utcDayOf(halfHour)) ?? 0) < 2;
  await writeRecent(tx, rows.filter(isOpen));
  await writeRecovered(tx, recovered.filter(isOpen));
  await patchDays(tx, { states, rows, recovered });
}

/**
 * Half-hours of a site are stored in their order. What is open before this one is closed now; a site under a
 * living claim is given back as waiting. Closing a half-hour closes those before it, so one that is closed needs
 * no further look.
 */
async function settleEarlier(
  tx: Executor,
  { halfHour, siteIds, nowMs }: {
    readonly halfHour: HalfHour;
    readonly siteIds: readonly number[];
    readonly nowMs: number;
  },
): Promise<ReadonlySet<number>> {
  const settled = await settledAt(tx, halfHour - 1, siteIds);
  const unsettled = siteIds.filter((id) => !settled.has(id));
  if (unsettled.length === 0) return new Set();
  const earlier = Array.from({ length: LOOK_BACK }, (_, i) => halfHour - LOOK_BACK + i);
  const openRows = () =>
    tx.selectFrom("ledger").select(["half_hour", "site_id"]).where("half_hour", "in", earlier)
      .where("site_id", "in", unsettled).where("state", "in", [0, 1]).orderBy("half_hour").execute();
  const open = await openRows();
  if (open.length === 0) return new Set();
  const days = [...new Set(open.map((row) => utcDayOf(row.half_hour)))];
  await lockDays(tx, days);
  for (const [at, group] of Map.groupBy(open, (row) => row.half_hour)) {
    // We were there, or else the half-hours would have been closed at the start: no visit was ready in time.
    const siteIds = group.map(({ site_id }) => site_id);
    await closeRows(tx, at, { siteIds, nowMs, reason: "visit-deadline" });
  }
  return new Set((await openRows()).map(({ site_id }) => site_id));
}

async function settledAt(
  tx: Executor,
  halfHour: HalfHour,
  siteIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (siteIds.length === 0) return new Set();
  const rows = await tx.selectFrom("ledger").select("site_id").where("half_hour", "=", halfHour)
    .where("site_id", "in", siteIds).where("state", ">=", 2).execute();
  return new Set(rows.map(({ site_id }) => site_id));
}

interface Locked {
  readonly states: ReadonlyMap<number, number>;
  readonly ledger: ReadonlyMap<number, LedgerTable>;
}

async function writeVisits(tx: Executor, batch: Batch, { states, ledger }: Locked): Promise<void> {
  const { claim: { halfHour, token }, visits, nowMs } = batch;
  if (visits.length === 0) return;
  const series = visits.flatMap(({ newSeries }) => newSeries);
  if (series.length > 0) await writeSeries(tx, series);
  const rows = visits.flatMap((visit) => visit.rows);
  const recovered = visits.flatMap((visit) => visit.recovered);
  await writeValues(tx, { states, rows, recovered });
  await spendGaps(tx, spentOf(visits));
  await writeAttempts(
    tx,
    halfHour,
    visits.map((visit) => ({ visit, tries: ledger.get(visit.siteId)?.tries ?? 1 })),
  );
  const again = visits.filter(({ siteId }) => ledger.get(siteId)?.has_reading === 1).map(({ siteId }) =>
    siteId
  );
  const complete = await completeSites(tx, halfHour, again);
  const ended = visits.flatMap((visit) => {
    const row = ledger.get(visit.siteId);
    return row ? [{ visit, row, now: endedRow(row, visit, { token, nowMs, complete }) }] : [];
  });
  await keepMissingOf(tx, halfHour, ended.filter((it) => it.now.state >= 2 && mayLackCounters(it)));
  await writeLedger(tx, ended.map(({ now }) => now), "replace");
}

interface EndedVisit {
  readonly visit: StoredVisit;
  readonly row: LedgerTable;
}

/** Whether a counter may be without an accepted reading: everything was neither read at once nor believed. */
function mayLackCounters({ visit, row }: EndedVisit): boolean {
  return row.has_reading === 1 || visit.outcome !== "complete" ||
    visit.rows.some(({ amountReason }) => amountReason === "implausible");
}

/** A half-hour of sites has ended: whatever its visits asked for, every expected counter is looked at. */
async function keepMissingOf(tx: Executor, halfHour: HalfHour, ended: readonly EndedVisit[]): Promise<void> {
  const channels = await channelsOf(tx, ended.map(({ visit }) => visit.siteId), halfHour);
  await keepMissing(tx, halfHour, channels.filter(({ kind }) => kind === "counter").map(({ id }) => id));
}

/** A gap is spent by any accepted reading: its half-hour may have been closed only now. */
function spentOf(visits: readonly StoredVisit[]): readonly number[] {
  const accepted = visits.flatMap(({ rows }) =>
    rows.filter((row) =>
      (row.amount !== null || row.amountReason !== null) && row.readingReason === null &&
      row.value !== null &&
      row.amountReason !== "implausible"
    )
  );
  return [
    ...new Set([
      ...visits.flatMap(({ spentGaps }) => spentGaps),
      ...accepted.map(({ channelId }) => channelId),
    ]),
  ];
}

function endedRow(
  row: LedgerTable,
  visit: StoredVisit,
  { token, nowMs, complete }: {
    readonly token: number;
    readonly nowMs: number;
    readonly complete: ReadonlySet<number>;
  },
): LedgerTable {
  const hasReading = row.has_reading === 1 || visit.rows.some(({ readingReason }) => readingReason === null);
  const ended = complete.has(visit.siteId)
    ? "complete"
    : visit.outcome === "failed" && hasReading
    ? "partial"
    : visit.outcome;
  const open = visit.retryAtMs !== null && ended !== "complete";
  const reason = reasonOf(visit);
  return {
    ...row,
    state: open ? 0 : codeIn(LEDGER_STATES, ended),
    due_at_ms: open ? visit.retryAtMs ?? row.due_at_ms : row.due_at_ms,
    token: null,
    claim_until_ms: null,
    mark: token,
    has_reading: hasReading ? 1 : 0,
    reason: ended === "complete" ? null : reason === null ? row.reason : readingCodeOf(reason),
    path_id: visit.pathId ?? row.path_id,
    stored_at_ms: nowMs,
    judged: 0,
  };
}

/** The site's reason, else that of a channel, else that of the last try that failed. */
function reasonOf(visit: StoredVisit): ReadingReason | null {
  return visit.reason ??
    visit.rows.find(({ readingReason }) => readingReason !== null)?.readingReason ??
    visit.attempts.findLast(({ reason }) => reason !== null)?.reason ?? null;
}
