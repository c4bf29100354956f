import { deepStrictEqual, ok as assert } from "node:assert/strict";
import { endMsOf, endSOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import type { Database } from "../../../lib/store/db.ts";
import { closeHalfHour } from "../../../lib/store/ledger.ts";
import { packNext } from "../../../lib/store/packing.ts";
import { loadCounterContexts, readHalfHours, storeVisits } from "../../../lib/store/readings.ts";
import { onEveryEngine } from "./engines.ts";
import {
  channelOf,
  claimAll,
  counterRow,
  failedVisit,
  H,
  missingRows,
  plansOf,
  rowsOf,
  seriesAt,
  visitOf,
} from "./estate.ts";

async function gapsOf(db: Database): Promise<readonly (readonly [number, HalfHour])[]> {
  const gaps = await db.kysely.selectFrom("open_gap").select(["channel_id", "half_hour"])
    .orderBy("channel_id").execute();
  return gaps.map((gap) => [gap.channel_id, gap.half_hour]);
}

async function contextOf(db: Database, plan: SitePlan, halfHour: HalfHour) {
  const channelId = channelOf(plan, "counter");
  return (await loadCounterContexts(db, { halfHour, channelIds: [channelId] })).get(channelId);
}

async function storeFirst(db: Database, plan: SitePlan): Promise<void> {
  await storeVisits(
    db,
    await claimAll(db, H),
    [visitOf(plan, H, { newSeries: [seriesAt(plan, H)] })],
    endMsOf(H),
  );
}

onEveryEngine(
  "storeVisits() keeps a gap for an expected counter that the visit says nothing of",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    assert(plan);
    await storeFirst(db, plan);
    const rows = rowsOf(plan, H + 1).filter(({ channelId }) => channelId !== channelOf(plan, "counter"));
    const visit = visitOf(plan, H + 1, { outcome: "partial", rows });
    await storeVisits(db, await claimAll(db, H + 1), [visit], endMsOf(H + 1));
    deepStrictEqual(await gapsOf(db), [[channelOf(plan, "counter"), H]]);
  },
);

onEveryEngine(
  "storeVisits() keeps a gap for a counter that was implausible in an earlier try",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    assert(plan);
    await storeFirst(db, plan);
    const [, gauge, text] = rowsOf(plan, H + 1);
    assert(gauge && text);
    const garbage = counterRow(plan, H + 1, {
      amount: null,
      quality: "missing",
      amountReason: "implausible",
    });
    const retryAtMs = endMsOf(H + 1) + 20_000;
    const first = visitOf(plan, H + 1, { outcome: "partial", rows: [garbage, gauge], retryAtMs });
    await storeVisits(db, await claimAll(db, H + 1), [first], endMsOf(H + 1));
    deepStrictEqual(await gapsOf(db), [], "it may still come");
    const second = visitOf(plan, H + 1, { rows: [text] });
    await storeVisits(db, await claimAll(db, H + 1, retryAtMs), [second], retryAtMs);
    deepStrictEqual(await gapsOf(db), [[channelOf(plan, "counter"), H]]);
  },
);

onEveryEngine("closeHalfHour() keeps a reading as a gap however long ago it was", async (db) => {
  const [plan, never] = await plansOf(db, 2);
  assert(plan && never);
  await storeFirst(db, plan);
  const late = H + 70; // nobody wrote anything in between, as after an upgrade
  await claimAll(db, late);
  await closeHalfHour(db, late, { nowMs: endMsOf(late + 1) });
  deepStrictEqual(await gapsOf(db), [[channelOf(plan, "counter"), H]]);
});

onEveryEngine("loadCounterContexts() finds a reading however long ago it was", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  await storeFirst(db, plan);
  const context = await contextOf(db, plan, H + 70);
  deepStrictEqual([context?.last?.halfHour, context?.inGap], [H, false]);
});

/** As a slower process leaves it behind: a gap of a half-hour although a later one has an accepted reading. */
async function leaveGap(db: Database, plan: SitePlan, halfHour: HalfHour): Promise<void> {
  const { channelId, value, words, boundary } = counterRow(plan, halfHour);
  await db.kysely.insertInto("open_gap").values({
    channel_id: channelId,
    half_hour: halfHour,
    at_s: endSOf(halfHour) + 5,
    value: value ?? 0,
    words: null,
    series_id: 1,
    boundary,
  }).execute();
  deepStrictEqual(words?.length, 8);
}

onEveryEngine(
  "storeVisits() replaces a gap that a reading has overtaken when the next one is missing",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    assert(plan);
    await storeFirst(db, plan);
    await storeVisits(db, await claimAll(db, H + 1), [visitOf(plan, H + 1)], endMsOf(H + 1));
    await leaveGap(db, plan, H);
    await storeVisits(db, await claimAll(db, H + 2), [failedVisit(plan, H + 2, "no-route")], endMsOf(H + 2));
    deepStrictEqual(await gapsOf(db), [[channelOf(plan, "counter"), H + 1]]);
  },
);

onEveryEngine("storeVisits() defers a visit judged by an overtaken gap once, not for ever", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const channelId = channelOf(plan, "counter");
  await storeFirst(db, plan);
  await storeVisits(db, await claimAll(db, H + 1), [visitOf(plan, H + 1)], endMsOf(H + 1));
  await leaveGap(db, plan, H);
  const claim = await claimAll(db, H + 3);
  const judged = async () => {
    const last = (await contextOf(db, plan, H + 3))?.last;
    return visitOf(plan, H + 3, { judgedBy: last ? [{ channelId, halfHour: last.halfHour }] : [] });
  };
  deepStrictEqual((await storeVisits(db, claim, [await judged()], endMsOf(H + 3))).deferred, [plan.site.id]);
  deepStrictEqual((await contextOf(db, plan, H + 3))?.last?.halfHour, H + 1);
  deepStrictEqual((await storeVisits(db, claim, [await judged()], endMsOf(H + 3))).stored, [plan.site.id]);
});

onEveryEngine(
  "storeVisits() gives back what was judged by an older reading whose boundary is unknown",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    assert(plan);
    await storeFirst(db, plan);
    await storeVisits(db, await claimAll(db, H + 1), [visitOf(plan, H + 1)], endMsOf(H + 1));
    const judgedBy = [{ channelId: channelOf(plan, "counter"), halfHour: H }];
    const visit = visitOf(plan, H + 2, { judgedBy, recovered: [] }); // the first amount is unknown: nothing recovered
    const result = await storeVisits(db, await claimAll(db, H + 2), [visit], endMsOf(H + 2));
    deepStrictEqual(result.deferred, [plan.site.id]);
  },
);

onEveryEngine("storeVisits() opens no gap for a counter that never had a reading", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const visit = failedVisit(plan, H, "no-route", { rows: missingRows(plan, H, "no-route") });
  await storeVisits(db, await claimAll(db, H), [visit], endMsOf(H));
  deepStrictEqual(await gapsOf(db), []);
});

onEveryEngine("closeHalfHour() misses a serial number only in its half-hour of the day", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const text = channelOf(plan, "text");
  await db.kysely.updateTable("channel").set({ quantity: "serial" }).where("channel_id", "=", text).execute();
  for (let h = H; h < H + 48; h++) {
    await claimAll(db, h);
    await closeHalfHour(db, h, { nowMs: endMsOf(h + 1) });
  }
  const rows = await db.kysely.selectFrom("recent").select(["channel_id", "half_hour"])
    .where("channel_id", "=", text).execute();
  deepStrictEqual(rows.map((row) => row.half_hour % 48), [plan.site.id % 48]);
});

for (const packed of [false, true]) {
  onEveryEngine(
    `storeVisits() recovers the amount of an implausible value and never believes it, ${packed}`,
    async (db) => {
      const [plan] = await plansOf(db, 1);
      assert(plan);
      const channelId = channelOf(plan, "counter");
      await storeFirst(db, plan);
      const garbage = {
        amount: null,
        boundary: null,
        quality: "missing",
        amountReason: "implausible",
      } as const;
      const rows = [counterRow(plan, H + 1, { ...garbage, value: 9 })];
      await storeVisits(db, await claimAll(db, H + 1), [visitOf(plan, H + 1, { rows })], endMsOf(H + 1));
      const back = packed ? H + 400 : H + 3;
      if (packed) deepStrictEqual((await packNext(db, { nowMs: endMsOf(back), token: 3 }))?.channels, 3);
      const recovered = [{
        halfHour: H + 1,
        channelId,
        amount: 42,
        boundary: 100_042,
        quality: "recovered" as const,
      }];
      const visit = visitOf(plan, back, { recovered });
      deepStrictEqual(
        (await storeVisits(db, await claimAll(db, back), [visit], endMsOf(back))).stored.length,
        1,
      );
      const [read] = await readHalfHours(db, { channelIds: [channelId], from: H, to: H + 2 });
      deepStrictEqual([read?.amounts, read?.quality], [[100, 42], "mr"]);
      deepStrictEqual(read?.reasons, [{ index: 1, amountReason: "implausible" }]);
      await db.kysely.deleteFrom("recent").where("half_hour", "=", back).execute();
      await db.kysely.deleteFrom("open_gap").execute();
      deepStrictEqual((await contextOf(db, plan, H + 2))?.last?.halfHour ?? H, H);
    },
  );
}
