/**
 * The past of a site goes in as one piece on every engine and comes out as it was judged; the nightly work learns
 * from it and packs what it left open.
 *
 * @module
 */
import assert from "node:assert/strict";
import { endMsOf, HALF_HOUR_MS, type HalfHour, halfHourOf } from "../../../lib/domain/half_hour.ts";
import { letterOf } from "../../../lib/domain/reading.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import { demoEstate } from "../../../lib/simulator/estate.ts";
import type { Database } from "../../../lib/store/db.ts";
import {
  preparePast,
  type SiteHistory,
  sitesWithoutPast,
  writeSiteHistory,
} from "../../../lib/store/history.ts";
import { lastOpenedHalfHour, listSiteOutcomes } from "../../../lib/store/ledger.ts";
import { runNightly } from "../../../lib/store/nightly.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { loadCounterContexts, readHalfHours, textsOf } from "../../../lib/store/readings.ts";
import { loadLoadShapes } from "../../../lib/store/shapes.ts";
import { registerSites } from "../../../lib/store/sites.ts";
import { historyOf } from "../../../ops/lib/demo_history.ts";
import { onEveryEngine } from "./engines.ts";

const TO: HalfHour = halfHourOf(Date.UTC(2026, 10, 25, 3));
const FROM = TO - 8 * 48;
const RANGE = { from: FROM, to: TO };

interface Past {
  readonly plan: SitePlan;
  readonly history: SiteHistory;
}

/** A site on its main path and one whose router hangs, each with eight days of past, not yet written. */
async function pastsOf(db: Database): Promise<readonly Past[]> {
  const estate = demoEstate(10, 1).filter((_, place) => place === 1 || place === 9);
  const ids = await registerSites(db, estate.map(({ registration }) => ({ ...registration, since: FROM })));
  assert.ok(ids.ok);
  const pasts: Past[] = [];
  for (const [i, { spec }] of estate.entries()) {
    const plan = await getSitePlan(db, ids.value[i] ?? 0, FROM);
    assert.ok(plan);
    const pause = () => Promise.resolve();
    pasts.push({ plan, history: await historyOf({ spec, plan, to: TO, operatorAway: true, pause }) });
  }
  await preparePast(db, { ...RANGE, nowMs: endMsOf(TO) });
  return pasts;
}

/** What must be read back: amounts or values by half-hour, letters, reasons. */
async function assertAsJudged(db: Database, { channels }: SiteHistory): Promise<void> {
  const read = await readHalfHours(db, { channelIds: channels.map(({ channelId }) => channelId), ...RANGE });
  const ids = read.flatMap(({ amounts }, i) => channels[i]?.kind === "text" ? amounts : []);
  const texts = await textsOf(db, ids.filter((id) => id !== null));
  channels.forEach(({ kind, rows }, i) => {
    const values = new Array<number | string | null>(TO - FROM).fill(null);
    const letters = new Array<string>(TO - FROM).fill("-");
    for (const row of rows) {
      values[row.halfHour - FROM] = kind === "counter" ? row.amount : row.text ?? row.value;
      letters[row.halfHour - FROM] = letterOf(row.quality);
    }
    const reasons = rows.filter((row) => row.readingReason ?? row.amountReason).map((row) => ({
      index: row.halfHour - FROM,
      ...(row.readingReason ? { readingReason: row.readingReason } : {}),
      ...(row.amountReason ? { amountReason: row.amountReason } : {}),
    }));
    const found = read[i]?.amounts.map((value) =>
      kind === "text" && value !== null ? texts.get(value) : value
    );
    assert.deepEqual(found, values);
    assert.equal(read[i]?.quality, letters.join(""));
    assert.deepEqual(read[i]?.reasons, reasons);
  });
}

async function countRows(db: Database): Promise<number> {
  let rows = 0;
  for (const table of ["recent", "day", "ledger", "ledger_day", "series", "attempt", "open_gap"] as const) {
    const found = await db.kysely.selectFrom(table).select((eb) => eb.fn.countAll<number>().as("rows"))
      .executeTakeFirstOrThrow();
    rows += Number(found.rows);
  }
  return rows;
}

onEveryEngine("writeSiteHistory() is read back as it was judged, and is never written twice", async (db) => {
  const pasts = await pastsOf(db);
  const ids = pasts.map(({ plan }) => plan.site.id);
  for (const { plan, history } of pasts) {
    assert.deepEqual(await sitesWithoutPast(db, [plan.site.id], TO - 1), [plan.site.id]);
    assert.equal(await writeSiteHistory(db, history), true);
    await assertAsJudged(db, history);
  }
  const rows = await countRows(db);
  for (const { history } of pasts) assert.equal(await writeSiteHistory(db, history), false);
  assert.equal(await countRows(db), rows);
  assert.deepEqual(await sitesWithoutPast(db, ids, TO - 1), []);
  assert.equal(await lastOpenedHalfHour(db), TO - 1);
  const outcomes = await listSiteOutcomes(db, ids, RANGE);
  for (const { plan, history } of pasts) {
    const letters = history.visits.map(({ outcome }) => outcome.charAt(0)).join("");
    assert.equal(outcomes.get(plan.site.id)?.outcomes, letters);
  }
});

onEveryEngine("writeSiteHistory() leaves the counters where the next visit goes on", async (db) => {
  for (const { plan, history } of await pastsOf(db)) {
    await writeSiteHistory(db, history);
    const counters = history.channels.filter(({ kind }) => kind === "counter");
    const channelIds = counters.map(({ channelId }) => channelId);
    const contexts = await loadCounterContexts(db, { halfHour: TO, channelIds });
    const gaps = new Map(history.openGaps.map((gap) => [gap.channelId, gap]));
    const series = (await getSitePlan(db, plan.site.id, TO))?.series ?? [];
    for (const { channelId, rows } of counters) {
      const context = contexts.get(channelId);
      const gap = gaps.get(channelId);
      assert.equal(context?.inGap, gap !== undefined);
      const accepted = rows.findLast(({ value }) => value !== null);
      assert.deepEqual(
        [context?.last?.value, context?.last?.boundary, context?.last?.halfHour],
        [accepted?.value, accepted?.boundary, accepted?.halfHour],
      );
      assert.equal(context?.last?.seriesId, series.find((it) => it.channelId === channelId)?.id);
    }
  }
});

onEveryEngine("writeSiteHistory() writes nothing of a site when it is ended in between", async (db) => {
  const [past] = await pastsOf(db);
  assert.ok(past);
  const broken = past.history.visits.map((visit) => ({ ...visit, storedMs: 0.5 })); // refused after the readings
  await assert.rejects(writeSiteHistory(db, { ...past.history, visits: broken }), RangeError);
  assert.equal(await countRows(db), 0);
  assert.equal(await writeSiteHistory(db, past.history), true);
  await assertAsJudged(db, past.history);
});

onEveryEngine("runNightly() learns load shapes, packs what is over and forgets it later", async (db) => {
  const [past] = await pastsOf(db);
  assert.ok(past);
  await writeSiteHistory(db, past.history);
  const { signal } = new AbortController();
  const common = { signal, random: () => 0.5, log: { info: () => {} } };
  const nowMs = endMsOf(TO) + 2 * 48 * HALF_HOUR_MS;
  const night = await runNightly(db, { nowMs, ...common });
  assert.equal(night.days, 2);
  const counters = past.history.channels.filter(({ kind }) => kind === "counter");
  const loaded = counters.filter(({ rows }) => rows.some(({ amount }) => (amount ?? 0) > 0));
  const shapes = await loadLoadShapes(db, counters.map(({ channelId }) => channelId));
  assert.equal(shapes.size, night.shapes);
  for (const { channelId, rows } of loaded) {
    const learnable = rows.filter(({ quality, halfHour }) => quality === "measured" && halfHour < TO).length;
    assert.equal(shapes.has(channelId), learnable >= 336);
  }
  await assertAsJudged(db, past.history);
  const again = await runNightly(db, { nowMs, ...common });
  assert.deepEqual([again.days, again.forgotten], [0, 0]);
  const later = await runNightly(db, { nowMs: nowMs + 3 * 48 * HALF_HOUR_MS, ...common });
  assert.ok(later.days >= 1 && later.forgotten > 0);
  await assertAsJudged(db, past.history);
});

onEveryEngine("runNightly() stops where it is told to", async (db) => {
  const [past] = await pastsOf(db);
  assert.ok(past);
  await writeSiteHistory(db, past.history);
  const ended = AbortSignal.abort();
  const log = { info: () => {} };
  const night = await runNightly(db, { nowMs: endMsOf(TO + 480), signal: ended, random: () => 0.5, log });
  assert.deepEqual(night, { shapes: 0, days: 0, forgotten: 0 });
});
