/**
 * The nightly work: counters learn their load shapes, days that are over are packed, what was packed long enough
 * ago is forgotten. Everything is bounded, can be repeated, and lets others in between two batches.
 *
 * @module
 */

import { closedHalfHourAt, HALF_HOURS_A_DAY } from "../domain/half_hour.ts";
import { learnLoadShape, type LoadShape } from "../domain/load_shape.ts";
import type { Log } from "../log.ts";
import { CHANNEL_KINDS, codeIn } from "./codes.ts";
import type { Database } from "./db.ts";
import { forgetRecent, forgetTraces, forgetWords, packNext } from "./packing.ts";
import { readHalfHours } from "./half_hours.ts";
import { saveLoadShapes } from "./shapes.ts";
import { forgetImports } from "./site_imports.ts";

/** Days that a load shape is learned from: four of each day of the week. */
export const SHAPE_DAYS = 28;

/** Counters of one batch: some 70,000 half-hours. */
const CHANNELS_A_BATCH = 50;

/** Days packed in one night at most: a fortnight that nobody packed is caught up in one. */
const DAYS_A_NIGHT = 15;

/** Rounds of forgetting traces in one night at most. */
const TRACES_A_NIGHT = 100;

/** Statements that forget words in one night at most: five days of 2,000,000 channels. */
const WORDS_A_NIGHT = 500;

/** What the nightly work needs. */
export interface NightlyOptions {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Ends the work between two batches. */
  readonly signal: AbortSignal;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** Where it says what it did. */
  readonly log: Pick<Log, "info">;
}

/** What was done in a night. */
export interface NightlyResult {
  /** Counters that have a load shape from now on. */
  readonly shapes: number;
  /** Days packed. */
  readonly days: number;
  /** Rows forgotten: readings, ledger, attempts, changes, words. */
  readonly forgotten: number;
}

/** Does the nightly work. Repeatable; when it is ended early the next night goes on. */
export async function runNightly(db: Database, options: NightlyOptions): Promise<NightlyResult> {
  const { nowMs, signal, log } = options;
  const startMs = db.clock.monotonicMs();
  const days = await packDays(db, options);
  const shapes = await learnLoadShapes(db, { nowMs, signal });
  const forgotten = await forgetOld(db, options);
  const tookMs = Math.round(db.clock.monotonicMs() - startMs);
  log.info("Nightly work done", { shapes, days, forgotten, tookMs, stopped: signal.aborted });
  return { shapes, days, forgotten };
}

/** Learns the load shape of every counter from its last 28 days; how many have one. */
export async function learnLoadShapes(
  db: Database,
  { nowMs, signal }: Pick<NightlyOptions, "nowMs" | "signal">,
): Promise<number> {
  const to = closedHalfHourAt(nowMs) + 1;
  const from = to - SHAPE_DAYS * HALF_HOURS_A_DAY;
  let learned = 0;
  for (let after = 0; !signal.aborted;) {
    const channelIds = await countersAfter(db, after);
    const last = channelIds.at(-1);
    if (last === undefined) break;
    const shapes = new Map<number, LoadShape>();
    for (const { channelId, amounts, quality } of await readHalfHours(db, { channelIds, from, to })) {
      const shape = learnLoadShape({ from, amounts, quality });
      if (shape) shapes.set(channelId, shape);
    }
    await saveLoadShapes(db, shapes, nowMs);
    learned += shapes.size;
    after = last;
    await db.clock.sleep(0, signal);
  }
  return learned;
}

async function countersAfter(db: Database, after: number): Promise<readonly number[]> {
  const rows = await db.reader.selectFrom("channel").select("channel_id").where("channel_id", ">", after)
    .where("kind", "=", codeIn(CHANNEL_KINDS, "counter")).where("until", "is", null)
    .orderBy("channel_id").limit(CHANNELS_A_BATCH).execute();
  return rows.map(({ channel_id }) => channel_id);
}

async function packDays(db: Database, { nowMs, signal, random }: NightlyOptions): Promise<number> {
  let days = 0;
  while (days < DAYS_A_NIGHT && !signal.aborted) {
    if (await packNext(db, { nowMs, token: newToken(random), signal }) === null) break;
    days++;
    await db.clock.sleep(0, signal);
  }
  return days;
}

/** Rounds of forgetting imports in one night at most. */
const IMPORTS_A_NIGHT = 100;

const FORGETTING = [
  { forget: forgetRecent, turns: DAYS_A_NIGHT },
  { forget: forgetTraces, turns: TRACES_A_NIGHT },
  { forget: forgetWords, turns: WORDS_A_NIGHT },
  { forget: forgetImports, turns: IMPORTS_A_NIGHT },
] as const;

async function forgetOld(db: Database, { nowMs, signal }: NightlyOptions): Promise<number> {
  let forgotten = 0;
  for (const { forget, turns } of FORGETTING) {
    for (let turn = 0; turn < turns && !signal.aborted; turn++) {
      const rows = await forget(db, { nowMs, signal });
      if (rows === 0) break;
      forgotten += rows;
      await db.clock.sleep(0, signal);
    }
  }
  return forgotten;
}

/** 31 random bits, never 0. */
function newToken(random: () => number): number {
  return 1 + Math.floor(random() * 0x7fff_fffe);
}
