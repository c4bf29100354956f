/**
 * The nightly packing of days from Recent into the Day shape, and the forgetting of what is no longer needed. A
 * packer has a day by token and expiry; each batch is repeatable and holds the day's state alone while it lasts,
 * so that a value stored meanwhile is in the packed row or waits for it.
 *
 * @module
 */

import {
  firstHalfHourOf,
  HALF_HOUR_MS,
  HALF_HOURS_A_DAY,
  type UtcDay,
  utcDayOf,
} from "../domain/half_hour.ts";
import { packDay } from "../domain/packing.ts";
import { DAY_FORGOTTEN, DAY_OPEN, DAY_PACKED, DAY_PACKING, lockPacking } from "./days.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { bulkRows } from "./dialect.ts";
import { keepLastReadings } from "./last_readings.ts";
import { OUTCOME_LETTERS, rangeOf } from "./outcomes.ts";
import { kindsOf, writeDays } from "./packed.ts";
import { selectRecent } from "./recent.ts";

/** Hours after the end of a day before it is packed. */
export const PACK_AFTER_HOURS = 48;

/** Days after packing before its Recent rows are forgotten. */
export const FORGET_AFTER_DAYS = 2;

/** Channels of one batch, about 40 sites: some ten milliseconds. */
const CHANNELS_A_BATCH = 200;

/** Sites of one ledger batch. */
const SITES_A_BATCH = 500;

/** How long a packer has a day without extending it, in milliseconds. */
const PACKING_MS = 60_000;

/** Who packs and when. */
export interface PackRequest {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Random, 31 bits, never 0. */
  readonly token: number;
  /** Ends the work between two batches; the day is given back. */
  readonly signal?: AbortSignal;
}

/** A day that was packed. */
export interface PackResult {
  /** The day. */
  readonly day: UtcDay;
  /** Channels with a row of that day. */
  readonly channels: number;
}

/** Packs the oldest day that is over for 48 hours and has no open half-hour; `null`: there is none, another packer
 * took it over, or the work was ended. */
export async function packNext(db: Database, request: PackRequest): Promise<PackResult | null> {
  const day = await takeDay(db, request);
  if (day === null) return null;
  const packed = await packTaken(db, { ...request, day });
  if (packed === null && request.signal?.aborted) await giveBack(db, { day, token: request.token });
  return packed;
}

/** Rows that are packed already do no harm: they count once the whole day is packed, and are packed again then. */
async function giveBack(db: Database, { day, token }: { readonly day: UtcDay; readonly token: number }) {
  await db.kysely.updateTable("day_state").set({ state: DAY_OPEN, token: null, until_ms: null })
    .where("day", "=", day).where("state", "=", DAY_PACKING).where("token", "=", token).execute();
}

async function packTaken(
  db: Database,
  { day, ...request }: PackRequest & { readonly day: UtcDay },
): Promise<PackResult | null> {
  const startMs = db.clock.monotonicMs();
  const nowMs = () => request.nowMs + Math.round(db.clock.monotonicMs() - startMs);
  let channels = 0;
  for (let after = 0;;) {
    if (request.signal?.aborted) return null;
    const batch = await packBatch(db, { day, after, token: request.token, untilMs: nowMs() + PACKING_MS });
    if (batch === null) return null;
    channels += batch.channels;
    if (batch.next === null) break;
    after = batch.next;
  }
  for (let after: number | null = 0; after !== null;) {
    if (request.signal?.aborted) return null;
    const next: number | null | "lost" = await packLedger(db, { day, after, token: request.token });
    if (next === "lost") return null;
    after = next;
  }
  return await setPacked(db, { day, token: request.token, nowMs: nowMs() }) ? { day, channels } : null;
}

/** Times that the last step is tried while others store into the day. */
const PACKED_TRIES = 5;

async function setPacked(
  db: Database,
  { day, token, nowMs }: { readonly day: UtcDay; readonly token: number; readonly nowMs: number },
): Promise<boolean> {
  for (let tries = 1;; tries++) {
    try {
      const done = await db.kysely.updateTable("day_state")
        .set({ state: DAY_PACKED, token: null, until_ms: null, packed_ms: nowMs })
        .where("day", "=", day).where("state", "=", DAY_PACKING).where("token", "=", token)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    } catch (error) {
      if (!isStoreError(error, "conflict") || tries >= PACKED_TRIES) throw error;
    }
    await db.clock.sleep(tries * 100);
  }
}

/** Days that are looked at in one go, and in all: days with open half-hours are passed over. */
const DAYS_A_LOOK = 10;
const DAYS_LOOKED_AT = 400;

async function takeDay(db: Database, { nowMs, token }: PackRequest): Promise<UtcDay | null> {
  const before = utcDayOf(Math.floor(nowMs / HALF_HOUR_MS) - PACK_AFTER_HOURS * 2);
  for (let after = -1, looked = 0; looked < DAYS_LOOKED_AT; looked += DAYS_A_LOOK) {
    const candidates = await db.kysely.selectFrom("day_state").select("day").where("day", "<", before)
      .where("day", ">", after)
      .where((eb) =>
        eb.or([
          eb("state", "=", DAY_OPEN),
          eb.and([eb("state", "=", DAY_PACKING), eb("until_ms", "<", nowMs)]),
        ])
      )
      .orderBy("day").limit(DAYS_A_LOOK).execute();
    for (const { day } of candidates) {
      if (await hasOpenRows(db.kysely, day)) continue;
      const taken = await db.kysely.updateTable("day_state")
        .set({ state: DAY_PACKING, token, until_ms: nowMs + PACKING_MS }).where("day", "=", day)
        .where((eb) =>
          eb.or([
            eb("state", "=", DAY_OPEN),
            eb.and([eb("state", "=", DAY_PACKING), eb("until_ms", "<", nowMs)]),
          ])
        ).executeTakeFirst();
      if (taken.numUpdatedRows === 1n) return day;
    }
    if (candidates.length < DAYS_A_LOOK) break;
    after = candidates.at(-1)?.day ?? before;
  }
  return null;
}

async function hasOpenRows(db: Executor, day: UtcDay): Promise<boolean> {
  const first = firstHalfHourOf(day);
  const row = await db.selectFrom("ledger").select("site_id").where("half_hour", ">=", first)
    .where("half_hour", "<", first + HALF_HOURS_A_DAY).where("state", "in", [0, 1]).limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

interface BatchRequest {
  readonly day: UtcDay;
  readonly after: number;
  readonly token: number;
  readonly untilMs: number;
}

interface Batch {
  readonly channels: number;
  readonly next: number | null;
}

async function packBatch(db: Database, { day, after, token, untilMs }: BatchRequest): Promise<Batch | null> {
  const ids = await channelsAfter(db.kysely, after);
  if (ids.length === 0) return { channels: 0, next: null };
  const kinds = await kindsOf(db.kysely, ids);
  const halfHours = rangeOf(firstHalfHourOf(day), firstHalfHourOf(day + 1));
  const packed = await transaction(db, async (tx) => {
    if (!await lockPacking(tx, day, token)) return null;
    const rows = await selectRecent(tx, halfHours, ids);
    const days = [...Map.groupBy(rows, ({ channelId }) => channelId)].map(([channelId, own]) => ({
      packed: packDay({ day, channelId, kind: kinds.get(channelId) ?? "counter", rows: own }),
      version: 1,
    }));
    await writeDays(tx, days);
    await tx.updateTable("day_state").set({ until_ms: untilMs }).where("day", "=", day).execute();
    return days.length;
  });
  if (packed === null) return null;
  return { channels: packed, next: ids.length === CHANNELS_A_BATCH ? ids.at(-1) ?? null : null };
}

async function channelsAfter(db: Executor, after: number): Promise<readonly number[]> {
  const rows = await db.selectFrom("channel").select("channel_id").where("channel_id", ">", after)
    .orderBy("channel_id").limit(CHANNELS_A_BATCH).execute();
  return rows.map(({ channel_id }) => channel_id);
}

async function packLedger(
  db: Database,
  { day, after, token }: { readonly day: UtcDay; readonly after: number; readonly token: number },
): Promise<number | null | "lost"> {
  const sites = await db.kysely.selectFrom("site").select("site_id").where("site_id", ">", after)
    .orderBy("site_id").limit(SITES_A_BATCH).execute();
  const ids = sites.map(({ site_id }) => site_id);
  if (ids.length === 0) return null;
  const first = firstHalfHourOf(day);
  const columns = { day: "int", site_id: "int", outcomes: "text", reasons: "text" } as const;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const held = await transaction(db, async (tx) => {
    if (!await lockPacking(tx, day, token)) return false;
    const rows = await tx.selectFrom("ledger").select(["half_hour", "site_id", "state", "reason"])
      .where("half_hour", "in", rangeOf(first, first + HALF_HOURS_A_DAY)).where("site_id", "in", ids)
      .orderBy("half_hour").execute();
    const days = [...Map.groupBy(rows, ({ site_id }) => site_id)].map(([siteId, own]) => {
      const letters = new Array<string>(HALF_HOURS_A_DAY).fill("-");
      for (const { half_hour, state } of own) letters[half_hour - first] = OUTCOME_LETTERS[state] ?? "-";
      const reasons = own.flatMap(({ half_hour, state, reason }) =>
        reason === null || state === 2 ? [] : [[half_hour - first, reason]]
      );
      return [day, siteId, letters.join(""), JSON.stringify(reasons)];
    });
    if (days.length === 0) return true;
    await tx.replaceInto("ledger_day").columns(names)
      .expression(tx.selectFrom(bulkRows(tx, columns, days).as("j")).select(names)).execute();
    return true;
  });
  if (!held) return "lost";
  return ids.length === SITES_A_BATCH ? ids.at(-1) ?? null : null;
}

/** What to forget. */
export interface ForgetRequest {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Rows of one statement, at most 20,000. */
  readonly rows?: number;
  /** Ends the work between two statements. */
  readonly signal?: AbortSignal;
}

const FORGET_ROWS = 20_000;

/** Forgets Recent and ledger rows of the next day with some that was packed two days ago, after keeping the readings
 * that a later one will need; the rows deleted, 0 when there is nothing left to forget. */
export async function forgetRecent(db: Database, request: ForgetRequest): Promise<number> {
  for (let days = 0; days < DAYS_LOOKED_AT && !request.signal?.aborted; days++) {
    const rows = await forgetDay(db, request);
    if (rows === null) break;
    if (rows > 0) return rows; // a day without any rows is not the end
  }
  return 0;
}

/** Forgets the oldest day that may be; `null`: there is none. */
async function forgetDay(
  db: Database,
  { nowMs, rows = FORGET_ROWS, signal }: ForgetRequest,
): Promise<number | null> {
  const packedBefore = nowMs - FORGET_AFTER_DAYS * HALF_HOURS_A_DAY * HALF_HOUR_MS;
  const found = await db.kysely.selectFrom("day_state").select("day").where("state", "=", DAY_PACKED)
    .where("packed_ms", "<=", packedBefore).orderBy("day").limit(1).executeTakeFirst();
  if (!found) return null;
  const first = firstHalfHourOf(found.day);
  await keepLastReadings(db, { before: first + HALF_HOURS_A_DAY, signal });
  let forgotten = 0;
  for (let halfHour = first; halfHour < first + HALF_HOURS_A_DAY; halfHour++) {
    if (signal?.aborted) return forgotten;
    forgotten += await forgetHalfHour(db, halfHour, Math.min(rows, FORGET_ROWS));
  }
  await db.kysely.updateTable("day_state").set({ state: DAY_FORGOTTEN }).where("day", "=", found.day)
    .where("state", "=", DAY_PACKED).execute();
  return forgotten;
}

async function forgetHalfHour(db: Database, halfHour: number, limit: number): Promise<number> {
  let forgotten = 0;
  for (const [table, id] of [["recent", "channel_id"], ["ledger", "site_id"]] as const) {
    for (let after = -1;;) {
      const batch = await db.kysely.selectFrom(table).select(id as never).where("half_hour", "=", halfHour)
        .where(id as never, ">", after as never).orderBy(id as never).limit(1).offset(limit - 1)
        .executeTakeFirst();
      const upTo = (batch as Readonly<Record<string, number>> | undefined)?.[id];
      const deleted = await db.kysely.deleteFrom(table).where("half_hour", "=", halfHour)
        .where(id as never, ">", after as never)
        .$if(upTo !== undefined, (q) => q.where(id as never, "<=", upTo as never)).executeTakeFirst();
      forgotten += Number(deleted.numDeletedRows);
      if (upTo === undefined) break;
      after = upTo;
    }
  }
  return forgotten;
}

/** Days that the words of packed days are kept: a year, and time to notice that a word order was wrong all along. */
export const WORD_DAYS = 400;

/** Forgets words of the oldest packed day that has some, if it is older than 400 days; the rows deleted by one
 * statement, 0 when there is nothing left to forget. Amounts and values stay. */
export async function forgetWords(
  db: Database,
  { nowMs, rows = FORGET_ROWS }: ForgetRequest,
): Promise<number> {
  const before = utcDayOf(Math.floor(nowMs / HALF_HOUR_MS)) - WORD_DAYS;
  const oldest = await db.kysely.selectFrom("day_word").select("day").where("day", "<", before).orderBy("day")
    .limit(1).executeTakeFirst();
  if (!oldest) return 0;
  const last = await db.kysely.selectFrom("day_word").select("channel_id").where("day", "=", oldest.day)
    .orderBy("channel_id").limit(1).offset(Math.min(rows, FORGET_ROWS) - 1).executeTakeFirst();
  const deleted = await db.kysely.deleteFrom("day_word").where("day", "=", oldest.day)
    .$if(last !== undefined, (q) => q.where("channel_id", "<=", last?.channel_id ?? 0)).executeTakeFirst();
  return Number(deleted.numDeletedRows);
}

/** Days that attempts are kept. */
export const ATTEMPT_DAYS = 14;

/** Days that changes are kept. */
export const CHANGE_DAYS = 1;

/** Half-hours of attempts deleted in one call: each is one statement. */
const ATTEMPT_HALF_HOURS = 200;

/** Forgets attempts older than 14 days and changes older than one; the rows deleted. */
export async function forgetTraces(
  db: Database,
  { nowMs, rows = FORGET_ROWS }: ForgetRequest,
): Promise<number> {
  const dayMs = HALF_HOURS_A_DAY * HALF_HOUR_MS;
  const before = Math.floor((nowMs - ATTEMPT_DAYS * dayMs) / HALF_HOUR_MS);
  const oldest = await db.kysely.selectFrom("attempt").select((eb) => eb.fn.min("half_hour").as("half_hour"))
    .executeTakeFirst();
  let forgotten = 0;
  const first = oldest?.half_hour ?? before;
  for (let halfHour = first; halfHour < before && halfHour < first + ATTEMPT_HALF_HOURS; halfHour++) {
    const deleted = await db.kysely.deleteFrom("attempt").where("half_hour", "=", halfHour)
      .executeTakeFirst();
    forgotten += Number(deleted.numDeletedRows);
  }
  const last = await db.kysely.selectFrom("change_feed").select(["change_id", "at_ms"]).orderBy("change_id")
    .limit(Math.min(rows, FORGET_ROWS)).execute();
  const over = last.filter(({ at_ms }) => at_ms < nowMs - CHANGE_DAYS * dayMs).map(({ change_id }) =>
    change_id
  );
  if (over.length > 0) {
    const deleted = await db.kysely.deleteFrom("change_feed").where("change_id", "<=", Math.max(...over))
      .where("at_ms", "<", nowMs - CHANGE_DAYS * dayMs).executeTakeFirst();
    forgotten += Number(deleted.numDeletedRows);
  }
  return forgotten;
}
