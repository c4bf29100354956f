import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { endMsOf, endSOf } from "../../../lib/domain/half_hour.ts";
import type { RecoveredAmount } from "../../../lib/domain/visit.ts";
import { getSitePlan, loadPlans } from "../../../lib/store/plans.ts";
import { registerSite } from "../../../lib/store/sites.ts";
import {
  claimDue,
  closeHalfHour,
  countLedger,
  openHalfHour,
  unclosedHalfHours,
} from "../../../lib/store/ledger.ts";
import { loadCounterContexts, readHalfHours, storeVisits } from "../../../lib/store/readings.ts";
import { onEveryEngine } from "./engines.ts";
import {
  channelOf,
  claimAll,
  counterRow,
  draftOf,
  DUE_AT_ONCE,
  failedVisit,
  H,
  missingRows,
  plansOf,
  rowsOf,
  seriesAt,
  visitOf,
} from "./estate.ts";

const NOW = endMsOf(H);

onEveryEngine("registerSite() keeps everything and refuses a name that is taken", async (db) => {
  const draft = draftOf("Ärla mill");
  const id = await registerSite(db, draft);
  assert(id.ok);
  deepStrictEqual(await registerSite(db, draftOf("Ärla Mill")), { ok: false, error: { kind: "name-taken" } });
  const plan = await getSitePlan(db, id.value, H);
  assert(plan);
  deepStrictEqual(plan.site, {
    id: id.value,
    name: draft.name,
    town: draft.town,
    zone: draft.zone,
    latitude: draft.latitude,
    longitude: draft.longitude,
    hours: draft.hours,
    collected: true,
  });
  deepStrictEqual(plan.paths.map(({ rank, kind, host }) => [rank, kind, host]), [
    [0, "cellular", "127.0.0.1"],
    [1, "wired", "127.0.0.2"],
  ]);
  deepStrictEqual(plan.meters[0]?.transformer, draft.endpoints[0]?.meters[0]?.transformer);
  strictEqual(plan.meters[0]?.endUse, "heating");
  const ids = plan.channels.map((channel) => channel.id);
  deepStrictEqual(ids, [ids[0], (ids[0] ?? 0) + 1, (ids[0] ?? 0) + 2]);
  strictEqual((await getSitePlan(db, id.value, H - 1))?.channels.length, 0);
  strictEqual(await getSitePlan(db, id.value + 1, H), null);
});

onEveryEngine("openHalfHour() makes each row once", async (db) => {
  await plansOf(db, 5);
  strictEqual(await openHalfHour(db, H - 1), 0);
  const [one, two] = await Promise.all([openHalfHour(db, H), openHalfHour(db, H)]);
  strictEqual(one + two, 5);
  strictEqual(await openHalfHour(db, H), 0);
  deepStrictEqual(await countLedger(db, H), { open: 5, claimed: 0, complete: 0, partial: 0, failed: 0 });
  deepStrictEqual(await unclosedHalfHours(db, H + 1), [H]);
});

onEveryEngine("claimDue() gives each site to one claimer, phase by phase", async (db) => {
  const plans = await plansOf(db, 40);
  await openHalfHour(db, H, { dueMsOf: (_, siteId) => NOW + (siteId % 2) * 1_000 });
  const claimers = [1, 2, 3].map(async (token) => {
    const claimed: number[] = [];
    for (let cursor = 0, more = true; more;) {
      const request = {
        halfHour: H,
        nowMs: NOW,
        claimMs: 60_000,
        limit: 7,
        afterSiteId: cursor,
        release: null,
      };
      const result = await claimDue(db, { ...request, token: token * 1_000 + cursor });
      claimed.push(...result.claim?.siteIds ?? []);
      ({ cursor, more } = result);
      if (!more) assert(result.nextDueMs === NOW + 1_000, `next due ${result.nextDueMs}`);
    }
    return claimed;
  });
  const all = (await Promise.all(claimers)).flat().sort((a, b) => a - b);
  const even = plans.map(({ site }) => site.id).filter((id) => id % 2 === 0);
  deepStrictEqual(all, even);
  // A claim that is no longer alive is free again.
  const again = await claimDue(db, {
    halfHour: H,
    nowMs: NOW + 61_000,
    claimMs: 60_000,
    limit: 200,
    afterSiteId: 0,
    token: 9,
    release: null,
  });
  strictEqual(again.claim?.siteIds.length, 40);
});

onEveryEngine("storeVisits() keeps every word of a sum, in its row and in an open gap", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const channelId = channelOf(plan, "counter");
  const words = "40c81cd6e631f8a1ffffffffffffffff0000000000000001";
  const context = async (halfHour: number) =>
    (await loadCounterContexts(db, { halfHour, channelIds: [channelId] })).get(channelId);
  const rows = rowsOf(plan, H).map((row) => row.channelId === channelId ? { ...row, words } : row);
  await storeVisits(
    db,
    await claimAll(db, H),
    [visitOf(plan, H, { rows, newSeries: [seriesAt(plan, H)] })],
    NOW,
  );
  const last = (await context(H + 1))?.last;
  assert(last);
  strictEqual(last.words, words);
  const dark = failedVisit(plan, H + 1, "no-route");
  await storeVisits(db, await claimAll(db, H + 1), [dark], endMsOf(H + 1));
  deepStrictEqual(await context(H + 2), { channelId, last, inGap: true, candidate: null });
});

onEveryEngine("storeVisits() stores what is held, once, and readHalfHours() gives it back", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const claim = await claimAll(db, H);
  const visit = visitOf(plan, H, { newSeries: [seriesAt(plan, H)] });
  deepStrictEqual(await storeVisits(db, claim, [visit], NOW), {
    stored: [plan.site.id],
    deferred: [],
    lost: [],
  });
  // Again, as after an unknown commit: nothing twice.
  deepStrictEqual(await storeVisits(db, claim, [visit], NOW), {
    stored: [plan.site.id],
    deferred: [],
    lost: [],
  });
  const [counter, gauge, text] = await readHalfHours(db, {
    channelIds: plan.channels.map(({ id }) => id),
    from: H - 1,
    to: H + 2,
  });
  deepStrictEqual(counter?.amounts, [null, 100, null]);
  strictEqual(counter?.quality, "-m-");
  deepStrictEqual(gauge?.amounts, [null, 2305, null]);
  strictEqual(text?.quality, "-m-");
  strictEqual((await getSitePlan(db, plan.site.id, H))?.series.length, 1);
  deepStrictEqual(await countLedger(db, H), { open: 0, claimed: 0, complete: 1, partial: 0, failed: 0 });
  strictEqual((await db.kysely.selectFrom("change_feed").select("change_id").execute()).length, 1);
});

onEveryEngine("storeVisits() stores nothing of a site whose claim another took over", async (db) => {
  const plans = await plansOf(db, 2);
  const [mine, taken] = plans;
  assert(mine && taken);
  const claim = await claimAll(db, H);
  await db.kysely.updateTable("ledger").set({ token: 7 }).where("site_id", "=", taken.site.id).execute();
  const result = await storeVisits(db, claim, plans.map((plan) => visitOf(plan, H)), NOW);
  deepStrictEqual(result, { stored: [mine.site.id], deferred: [], lost: [taken.site.id] });
  const rows = await db.kysely.selectFrom("recent").select("channel_id").execute();
  deepStrictEqual(
    rows.map(({ channel_id }) => channel_id).sort((a, b) => a - b),
    mine.channels.map(({ id }) => id),
  );
});

onEveryEngine("storeVisits() lets a value replace a reason and never a reason a value", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const [counter, gauge, text] = rowsOf(plan, H);
  const [, noGauge, noText] = missingRows(plan, H, "response-timeout");
  assert(counter && gauge && text && noGauge && noText);
  const first = await claimAll(db, H);
  const retryAtMs = NOW + 20_000;
  const rows = [counter, noGauge, noText];
  await storeVisits(db, first, [visitOf(plan, H, { outcome: "partial", retryAtMs, rows })], NOW);
  deepStrictEqual((await countLedger(db, H)).open, 1);
  const early = { halfHour: H, nowMs: NOW + 19_000, claimMs: 60_000, limit: 9, afterSiteId: 0 };
  deepStrictEqual((await claimDue(db, { ...early, token: 11, release: null })).nextDueMs, retryAtMs);
  const second = await claimAll(db, H, retryAtMs);
  const [noCounter] = missingRows(plan, H, "refused");
  assert(noCounter);
  await storeVisits(
    db,
    second,
    [visitOf(plan, H, { outcome: "partial", rows: [noCounter, gauge, noText] })],
    NOW,
  );
  deepStrictEqual((await countLedger(db, H)).partial, 1);
  const read = await readHalfHours(db, { channelIds: plan.channels.map(({ id }) => id), from: H, to: H + 1 });
  deepStrictEqual(read.map(({ amounts, quality }) => [amounts[0], quality]), [[100, "m"], [2305, "m"], [
    null,
    "x",
  ]]);
  deepStrictEqual(read[2]?.reasons, [{ index: 0, readingReason: "response-timeout" }]);
});

onEveryEngine("storeVisits() completes a site by a retry that reads the rest", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const [counter, ...rest] = rowsOf(plan, H);
  assert(counter);
  const first = await claimAll(db, H);
  await storeVisits(
    db,
    first,
    [visitOf(plan, H, { outcome: "partial", retryAtMs: NOW + 1, rows: rest, reason: "unit-silent" })],
    NOW,
  );
  const second = await claimAll(db, H, NOW + 1);
  await storeVisits(db, second, [visitOf(plan, H, { outcome: "partial", rows: [counter] })], NOW + 2);
  deepStrictEqual((await countLedger(db, H)).complete, 1);
});

onEveryEngine(
  "storeVisits() waits for the half-hour before while its claim lives, else closes it",
  async (db) => {
    const [plan] = await plansOf(db, 1, H - 3);
    assert(plan);
    await claimAll(db, H - 3);
    const late = await claimAll(db, H - 1, NOW);
    const visit = visitOf(plan, H - 1);
    const alive = endMsOf(H - 3) + 80_000;
    deepStrictEqual((await storeVisits(db, late, [visit], alive)).deferred, [plan.site.id]);
    deepStrictEqual((await db.kysely.selectFrom("recent").select("channel_id").execute()).length, 0);
    deepStrictEqual((await storeVisits(db, late, [visit], NOW)).stored, [plan.site.id]);
    strictEqual((await countLedger(db, H - 3)).failed, 1);
    const read = await readHalfHours(db, { channelIds: [channelOf(plan, "counter")], from: H - 3, to: H });
    strictEqual(read[0]?.quality, "x-m");
    deepStrictEqual(read[0]?.reasons, [
      { index: 0, readingReason: "visit-deadline", amountReason: "no-later-reading-yet" },
    ]);
  },
);

onEveryEngine(
  "closeHalfHour() gives each expected channel exactly one reason and keeps one open gap",
  async (db) => {
    const plans = await plansOf(db, 3);
    const [read, retried, untouched] = plans;
    assert(read && retried && untouched);
    const first = await claimAll(db, H);
    await storeVisits(
      db,
      first,
      plans.map((plan) => visitOf(plan, H, { newSeries: [seriesAt(plan, H)] })),
      NOW,
    );
    const second = await claimAll(db, H + 1);
    const now = endMsOf(H + 1);
    await storeVisits(db, second, [visitOf(read, H + 1)], now);
    const failed = failedVisit(retried, H + 1, "connect-timeout", { rows: [], retryAtMs: now + 60_000 });
    await storeVisits(db, second, [failed], now);
    strictEqual(await closeHalfHour(db, H + 1, { nowMs: now + 1_000 }), 1, "the living claim is left alone");
    strictEqual(await closeHalfHour(db, H + 1, { nowMs: now + 100_000 }), 1);
    strictEqual(await closeHalfHour(db, H + 1, { nowMs: now + 200_000 }), 0);
    deepStrictEqual(await countLedger(db, H + 1), {
      open: 0,
      claimed: 0,
      complete: 1,
      partial: 0,
      failed: 2,
    });
    const rows = await db.kysely.selectFrom("recent").select(["channel_id", "reading_reason"])
      .where("half_hour", "=", H + 1).orderBy("channel_id").execute();
    deepStrictEqual(rows.map((row) => row.reading_reason), [null, null, null, 3, 3, 3, 14, 14, 14]);
    const contexts = await loadCounterContexts(db, {
      halfHour: H + 2,
      channelIds: plans.map((plan) => channelOf(plan, "counter")),
    });
    deepStrictEqual(
      plans.map((plan) => {
        const context = contexts.get(channelOf(plan, "counter"));
        return [context?.last?.halfHour, context?.inGap, context?.last?.atS, context?.last?.value];
      }),
      [
        [H + 1, false, endSOf(H + 1) + 5, 1_000_100],
        [H, true, endSOf(H) + 5, 1_000_000],
        [H, true, endSOf(H) + 5, 1_000_000],
      ],
    );
    assert((contexts.get(channelOf(retried, "counter"))?.last?.seriesId ?? 0) > 0);
  },
);

onEveryEngine(
  "storeVisits() spends a gap and writes the recovered amounts in the same transaction",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    assert(plan);
    const channelId = channelOf(plan, "counter");
    await storeVisits(db, await claimAll(db, H), [visitOf(plan, H, { newSeries: [seriesAt(plan, H)] })], NOW);
    for (const h of [H + 1, H + 2]) {
      await storeVisits(db, await claimAll(db, h), [failedVisit(plan, h, "no-route")], endMsOf(h));
    }
    const gaps = await db.kysely.selectFrom("open_gap").select(["half_hour", "value"]).execute();
    deepStrictEqual(gaps.map((gap) => [gap.half_hour, gap.value]), [[H, 1_000_000]]);
    const recovered = [H + 1, H + 2].map((halfHour) => ({
      halfHour,
      channelId,
      amount: 100,
      boundary: 100 * (halfHour - H),
      quality: "recovered" as const,
    }));
    const visit = visitOf(plan, H + 3, { recovered, spentGaps: [channelId] });
    await storeVisits(db, await claimAll(db, H + 3), [visit], endMsOf(H + 3));
    strictEqual((await db.kysely.selectFrom("open_gap").select("channel_id").execute()).length, 0);
    const [read] = await readHalfHours(db, { channelIds: [channelId], from: H, to: H + 4 });
    deepStrictEqual(read?.amounts, [100, 100, 100, 100]);
    strictEqual(read?.quality, "mrrm");
    deepStrictEqual(read?.reasons, [
      { index: 1, readingReason: "no-route" },
      { index: 2, readingReason: "no-route" },
    ]);
  },
);

onEveryEngine("storeVisits() gives back a visit that was judged before its past was stored", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const judgedBy = [{ channelId: channelOf(plan, "counter"), halfHour: H - 1 }];
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H)], NOW);
  const claim = await claimAll(db, H + 1);
  const result = await storeVisits(db, claim, [visitOf(plan, H + 1, { judgedBy })], endMsOf(H + 1));
  deepStrictEqual(result, { stored: [], deferred: [plan.site.id], lost: [] });
  deepStrictEqual((await storeVisits(db, claim, [visitOf(plan, H + 1)], NOW)).stored, [plan.site.id]);
});

onEveryEngine("storeVisits() turns an amount beyond 32 bits into an implausible one", async (db) => {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const rows = [counterRow(plan, H, { amount: 3_000_000_000 })];
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H, { rows })], NOW);
  const [read] = await readHalfHours(db, { channelIds: [channelOf(plan, "counter")], from: H, to: H + 1 });
  deepStrictEqual(read?.reasons, [{ index: 0, amountReason: "implausible" }]);
});

onEveryEngine("storeVisits() stores all sites although one recovers amounts beyond 32 bits", async (db) => {
  const [plan, other] = await plansOf(db, 2);
  assert(plan && other);
  await storeVisits(db, await claimAll(db, H), [visitOf(plan, H), visitOf(other, H)], NOW);
  const channelId = channelOf(plan, "counter");
  const recovered = [1, 2].map((i): RecoveredAmount => ({
    halfHour: H + i,
    channelId,
    amount: i === 1 ? 3_000_000_000 : 20,
    boundary: 3_000_000_000 + 20 * i,
    quality: "recovered",
  }));
  const later = [visitOf(plan, H + 3, { recovered }), visitOf(other, H + 3)];
  const { stored } = await storeVisits(db, await claimAll(db, H + 3), later, endMsOf(H + 3));
  deepStrictEqual(stored.toSorted((a, b) => a - b), [plan.site.id, other.site.id]);
  const [read] = await readHalfHours(db, { channelIds: [channelId], from: H + 1, to: H + 3 });
  deepStrictEqual(read?.amounts, [null, 20]);
});

onEveryEngine("loadPlans() brings many sites in their own channels", async (db) => {
  const plans = await plansOf(db, 12);
  const loaded = await loadPlans(db, plans.map(({ site }) => site.id), H);
  deepStrictEqual([...loaded.values()].map(({ channels }) => channels.length), plans.map(() => 3));
  await openHalfHour(db, H, DUE_AT_ONCE);
});
