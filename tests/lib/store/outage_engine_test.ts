import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import {
  endMsOf,
  firstHalfHourOf,
  HALF_HOUR_MS,
  type HalfHour,
  utcDayOf,
} from "../../../lib/domain/half_hour.ts";
import type { Database } from "../../../lib/store/db.ts";
import { closeHalfHour, openHalfHour, recordOutage, unclosedHalfHours } from "../../../lib/store/ledger.ts";
import { listCompleteness } from "../../../lib/store/overview.ts";
import { listSiteOutcomes } from "../../../lib/store/outcomes.ts";
import { forgetRecent, packNext } from "../../../lib/store/packing.ts";
import { loadCounterContexts, readHalfHours, storeVisits } from "../../../lib/store/readings.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { registerSite } from "../../../lib/store/sites.ts";
import { onEveryEngine } from "./engines.ts";
import {
  channelOf,
  claimAll,
  counterRow,
  draftOf,
  DUE_AT_ONCE,
  failedVisit,
  plansOf,
  seriesAt,
  visitOf,
} from "./estate.ts";

const FIRST = firstHalfHourOf(utcDayOf(Date.UTC(2026, 10, 16) / HALF_HOUR_MS));
const MONTH = 1_500;
const DAY_MS = 48 * HALF_HOUR_MS;

async function contextOf(db: Database, halfHour: HalfHour, channelId: number) {
  return (await loadCounterContexts(db, { halfHour, channelIds: [channelId] })).get(channelId);
}

onEveryEngine(
  "unclosedHalfHours() finds what was left open long ago, oldest first, and only once",
  async (db) => {
    await plansOf(db, 3, FIRST);
    for (const halfHour of [FIRST + 3, FIRST, FIRST + MONTH]) await openHalfHour(db, halfHour, DUE_AT_ONCE);
    const due = FIRST + MONTH + 10;
    deepStrictEqual(await unclosedHalfHours(db, due), [FIRST, FIRST + 3, FIRST + MONTH]);
    const nowMs = endMsOf(due);
    await closeHalfHour(db, FIRST, { nowMs });
    deepStrictEqual(await unclosedHalfHours(db, due), [FIRST + 3, FIRST + MONTH]);
    for (const halfHour of [FIRST + 3, FIRST + MONTH]) await closeHalfHour(db, halfHour, { nowMs });
    deepStrictEqual(await unclosedHalfHours(db, due), []);
    deepStrictEqual(await unclosedHalfHours(db, due), []);
    await openHalfHour(db, FIRST + 1, DUE_AT_ONCE);
    deepStrictEqual(await unclosedHalfHours(db, due), [FIRST + 1], "one that was opened meanwhile");
  },
);

onEveryEngine(
  "recordOutage() keeps the last accepted reading of each counter however old it is",
  async (db) => {
    const [early, late, gone] = await plansOf(db, 3, FIRST);
    assert(early && late && gone);
    for (let h = FIRST; h < FIRST + 8; h++) {
      const claim = await claimAll(db, h);
      const visits = [early, late, gone].map((plan) =>
        plan === early && h > FIRST + 2 ? failedVisit(plan, h, "no-route") : visitOf(plan, h)
      );
      await storeVisits(db, claim, visits, endMsOf(h));
    }
    await db.kysely.deleteFrom("open_gap").execute();
    const retired = { until: FIRST + 8 };
    await db.kysely.updateTable("channel").set(retired).where("site_id", "=", gone.site.id).execute();
    await recordOutage(db, { from: FIRST + 8, to: FIRST + MONTH, reason: "we-were-down" });
    const gaps = await db.kysely.selectFrom("open_gap").select(["channel_id", "half_hour", "value"])
      .orderBy("channel_id").execute();
    deepStrictEqual(gaps.map((gap) => [gap.channel_id, gap.half_hour, Number(gap.value)]), [
      [channelOf(early, "counter"), FIRST + 2, counterRow(early, FIRST + 2).value],
      [channelOf(late, "counter"), FIRST + 7, counterRow(late, FIRST + 7).value],
    ]);
  },
);

onEveryEngine(
  "forgetRecent() keeps the last reading of a counter that nobody read since, and no other",
  async (db) => {
    const [silent, read] = await plansOf(db, 2, FIRST);
    assert(silent && read);
    for (const h of [FIRST, FIRST + 5, FIRST + 47]) {
      const newSeries = (plan: typeof silent) => h === FIRST ? [seriesAt(plan, h)] : [];
      const visits = [silent, read].map((plan) => visitOf(plan, h, { newSeries: newSeries(plan) }));
      await storeVisits(db, await claimAll(db, h), visits, endMsOf(h));
    }
    await db.kysely.updateTable("site").set({ collected: 0 }).where("site_id", "=", silent.site.id).execute();
    await storeVisits(db, await claimAll(db, FIRST + 48), [visitOf(read, FIRST + 48)], endMsOf(FIRST + 48));
    const nowMs = endMsOf(FIRST + MONTH);
    await packNext(db, { nowMs, token: 1 });
    assert(await forgetRecent(db, { nowMs: nowMs + 3 * DAY_MS }) > 0);
    const channelId = channelOf(silent, "counter");
    const context = await contextOf(db, FIRST + MONTH, channelId);
    deepStrictEqual([context?.inGap, context?.last?.halfHour], [true, FIRST + 47]);
    assert((context?.last?.seriesId ?? 0) > 0);
    const gaps = await db.kysely.selectFrom("open_gap").select("channel_id").execute();
    deepStrictEqual(gaps.map((gap) => gap.channel_id), [channelId]);
  },
);

onEveryEngine("closeHalfHour() opens no gap behind a reading that came much later", async (db) => {
  const [plan] = await plansOf(db, 1, FIRST);
  assert(plan);
  await storeVisits(db, await claimAll(db, FIRST), [visitOf(plan, FIRST)], endMsOf(FIRST));
  await openHalfHour(db, FIRST + 1, DUE_AT_ONCE);
  const late = FIRST + 500;
  await storeVisits(db, await claimAll(db, late), [visitOf(plan, late)], endMsOf(late));
  strictEqual(await closeHalfHour(db, FIRST + 1, { nowMs: endMsOf(late) }), 1);
  deepStrictEqual(await db.kysely.selectFrom("open_gap").select("channel_id").execute(), []);
});

onEveryEngine(
  "readHalfHours(), listSiteOutcomes() and listCompleteness() tell what an outage hid",
  async (db) => {
    const [before, during] = [...await plansOf(db, 1, FIRST), ...(await plansLater(db))];
    assert(before && during);
    await storeVisits(db, await claimAll(db, FIRST), [visitOf(before, FIRST)], endMsOf(FIRST));
    await recordOutage(db, { from: FIRST + 1, to: FIRST + 100, reason: "we-were-down" });
    const range = { from: FIRST, to: FIRST + 102 };
    const channelIds = [before, during].flatMap((
      plan,
    ) => [channelOf(plan, "counter"), channelOf(plan, "gauge")]);
    const read = () => readHalfHours(db, { channelIds, ...range });
    const seen = await read();
    const whole = `m${"x".repeat(99)}--`;
    const part = `${"-".repeat(51)}${"x".repeat(49)}--`;
    deepStrictEqual(seen.map(({ quality }) => quality), [whole, whole, part, part]);
    deepStrictEqual(seen[0]?.reasons[0], {
      index: 1,
      readingReason: "we-were-down",
      amountReason: "no-later-reading-yet",
    });
    deepStrictEqual(seen[1]?.reasons.at(-1), { index: 99, readingReason: "we-were-down" });
    strictEqual(seen[0]?.reasons.length, 99);
    const outcomes = await listSiteOutcomes(db, [before.site.id, during.site.id], range);
    deepStrictEqual([...outcomes.values()].map((site) => site.outcomes), [
      `c${"f".repeat(99)}--`,
      `${"-".repeat(51)}${"f".repeat(49)}--`,
    ]);
    deepStrictEqual(outcomes.get(before.site.id)?.reasons[0], {
      halfHour: FIRST + 1,
      reason: "we-were-down",
    });
    const fleet = await listCompleteness(db, { reaches: [ALL_SITES], from: FIRST, to: FIRST + 102 });
    deepStrictEqual(
      [0, 1, 51, 99, 100].map((i) => [fleet[i]?.expected, fleet[i]?.complete, fleet[i]?.failed]),
      [[1, 1, 0], [1, 0, 1], [2, 0, 2], [2, 0, 2], [0, 0, 0]],
    );
    const back = FIRST + 101;
    const recovered = Array.from({ length: 100 }, (_, i) => ({
      halfHour: FIRST + 1 + i,
      channelId: channelOf(before, "counter"),
      amount: 100,
      boundary: counterRow(before, FIRST + 1 + i).boundary ?? 0,
      quality: "recovered" as const,
    }));
    const claim = await claimAll(db, back);
    await storeVisits(db, claim, [visitOf(before, back, { recovered })], endMsOf(back));
    for (const state of ["recent", "packed", "packed", "packed"]) {
      const [counter, gauge] = await read();
      strictEqual(counter?.quality, `m${"r".repeat(100)}m`, state);
      strictEqual(gauge?.quality, `m${"x".repeat(99)}-m`, state);
      deepStrictEqual(counter?.reasons[0], { index: 1, readingReason: "we-were-down" });
      await closeHalfHour(db, back, { nowMs: endMsOf(back + 1) });
      await packNext(db, { nowMs: endMsOf(FIRST + MONTH), token: 5 });
    }
  },
);

/** A site that was registered while nobody collected. */
async function plansLater(db: Database) {
  const id = await registerSite(db, draftOf("Later", FIRST + 51));
  const plan = id.ok ? await getSitePlan(db, id.value, FIRST + 60) : null;
  return plan ? [plan] : [];
}
