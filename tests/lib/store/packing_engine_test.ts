import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import {
  endMsOf,
  firstHalfHourOf,
  HALF_HOUR_MS,
  type HalfHour,
  utcDayOf,
} from "../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import type { RecoveredAmount } from "../../../lib/domain/visit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { countLedger } from "../../../lib/store/ledger.ts";
import { listSiteOutcomes } from "../../../lib/store/outcomes.ts";
import { forgetRecent, forgetWords, packNext, WORD_DAYS } from "../../../lib/store/packing.ts";
import { readHalfHours, storeVisits } from "../../../lib/store/readings.ts";
import { onEveryEngine } from "./engines.ts";
import { channelOf, claimAll, counterRow, failedVisit, plansOf, seriesAt, visitOf } from "./estate.ts";

const DAY = utcDayOf(Date.UTC(2026, 10, 16) / HALF_HOUR_MS);
const FIRST = firstHalfHourOf(DAY);
const PACK_MS = endMsOf(FIRST + 47 + 97);
const DARK: readonly HalfHour[] = [FIRST + 10, FIRST + 11, FIRST + 12];

/** A day of readings for some sites; dark for three half-hours. */
async function storeDay(db: Database, plans: readonly SitePlan[]): Promise<void> {
  for (let h = FIRST; h < FIRST + 48; h++) {
    const claim = await claimAll(db, h);
    const visits = plans.map((plan) => {
      if (DARK.includes(h)) return failedVisit(plan, h, "no-route");
      return visitOf(plan, h, h === FIRST ? { newSeries: [seriesAt(plan, h)] } : {});
    });
    await storeVisits(db, claim, visits, endMsOf(h));
  }
}

function recoveredOf(plan: SitePlan): readonly RecoveredAmount[] {
  return DARK.map((halfHour) => ({
    halfHour,
    channelId: channelOf(plan, "counter"),
    amount: 100,
    boundary: counterRow(plan, halfHour).boundary ?? 0,
    quality: "recovered",
  }));
}

async function read(db: Database, plans: readonly SitePlan[]) {
  const channelIds = plans.flatMap(({ channels }) => channels.map(({ id }) => id));
  return await readHalfHours(db, { channelIds, from: FIRST - 2, to: FIRST + 50 });
}

onEveryEngine(
  "packNext() changes nothing that readHalfHours() gives, nor the view, nor the outcomes",
  async (db) => {
    const plans = await plansOf(db, 3, FIRST);
    await storeDay(db, plans);
    const siteIds = plans.map(({ site }) => site.id);
    const range = { from: FIRST, to: FIRST + 48 };
    const before = [await read(db, plans), await viewRows(db), await listSiteOutcomes(db, siteIds, range)];
    strictEqual(await packNext(db, { nowMs: endMsOf(FIRST + 47), token: 1 }), null, "it is too early");
    deepStrictEqual(await packNext(db, { nowMs: PACK_MS, token: 1 }), { day: DAY, channels: 9 });
    strictEqual(await packNext(db, { nowMs: PACK_MS, token: 1 }), null);
    deepStrictEqual(
      [await read(db, plans), await viewRows(db), await listSiteOutcomes(db, siteIds, range)],
      before,
    );
    strictEqual(await forgetRecent(db, { nowMs: PACK_MS + 1 }), 0, "Recent stays for two days");
    const forgotten = await forgetRecent(db, { nowMs: PACK_MS + 3 * 24 * 3_600_000, rows: 4 });
    strictEqual(forgotten, 48 * (9 + 3));
    deepStrictEqual(
      [await read(db, plans), await viewRows(db), await listSiteOutcomes(db, siteIds, range)],
      before,
    );
  },
);

async function viewRows(db: Database) {
  const rows = await db.kysely.selectFrom("half_hourly_energy")
    .select(["starts_at_utc", "ends_at_utc", "site", "meter", "quantity", "amount", "unit", "quality"])
    .select(["half_hour", "channel_id"]).orderBy("channel_id").orderBy("half_hour").execute();
  return rows.map((row) => ({ ...row }));
}

onEveryEngine("half_hourly_energy shows what readHalfHours() gives, with timestamps in UTC", async (db) => {
  const [plan] = await plansOf(db, 1, FIRST);
  assert(plan);
  await storeDay(db, [plan]);
  for (const packed of [false, true]) {
    if (packed) await packNext(db, { nowMs: PACK_MS, token: 1 });
    const rows = await viewRows(db);
    const [counter] = await readHalfHours(db, {
      channelIds: [channelOf(plan, "counter")],
      from: FIRST,
      to: FIRST + 48,
    });
    deepStrictEqual(rows.map(({ amount }) => amount), counter?.amounts);
    const letters = rows.map(({ quality }) => quality === "missing" ? "x" : quality[0]).join("");
    strictEqual(letters, counter?.quality);
    const [first] = rows;
    assert(first);
    const instant = first.starts_at_utc;
    const text = instant instanceof Date ? instant.toISOString() : `${instant.replace(" ", "T")}.000Z`;
    strictEqual(text, "2026-11-16T00:00:00.000Z");
    deepStrictEqual([first.site, first.meter, first.quantity, first.unit, first.half_hour], [
      "Site 001",
      "Main",
      "importWh",
      "Wh",
      FIRST,
    ]);
  }
});

for (const when of ["before packing", "while packing", "after packing"] as const) {
  onEveryEngine(`storeVisits() loses no amount recovered ${when}`, async (db) => {
    const plans = await plansOf(db, 4, FIRST);
    await storeDay(db, plans);
    const late = FIRST + 200;
    const claim = await claimAll(db, late);
    const store = async (plan: SitePlan) => {
      const visit = visitOf(plan, late, { recovered: recoveredOf(plan) });
      const result = await storeVisits(db, claim, [visit], endMsOf(late));
      deepStrictEqual(result.stored, [plan.site.id]);
    };
    const pack = (token: number) => packNext(db, { nowMs: PACK_MS, token });
    const order = when === "before packing" ? [1, 0] : when === "after packing" ? [0, 1] : [0, 0];
    const run = [
      async () => {
        const packed = await Promise.all([pack(1), pack(2)]);
        strictEqual(packed.filter((it) => it !== null).length, 1, "two packers, one day");
      },
      () => Promise.all(plans.map(store)),
    ];
    const steps = run.map((step, i) => ({ step, at: order[i] ?? 0 })).sort((a, b) => a.at - b.at);
    if (when === "while packing") await Promise.all(steps.map(({ step }) => step()));
    else for (const { step } of steps) await step();
    const found = await readHalfHours(db, {
      channelIds: plans.map((plan) => channelOf(plan, "counter")),
      from: FIRST,
      to: FIRST + 48,
    });
    for (const { amounts, quality, reasons } of found) {
      deepStrictEqual(new Set(amounts), new Set([100]));
      strictEqual(quality, "m".repeat(10) + "rrr" + "m".repeat(35));
      deepStrictEqual(reasons, DARK.map((h) => ({ index: h - FIRST, readingReason: "no-route" })));
    }
  });
}

onEveryEngine("storeVisits() loses nothing when a packer was killed between two batches", async (db) => {
  const [early, late] = await plansOf(db, 2, FIRST);
  assert(early && late);
  await storeDay(db, [early, late]);
  await packNext(db, { nowMs: PACK_MS, token: 1 });
  // As a kill leaves it: the first site is packed, the second is not, the day is still the packer's.
  await db.kysely.deleteFrom("day").where("channel_id", "in", late.channels.map(({ id }) => id)).execute();
  await db.kysely.updateTable("day_state").set({ state: 1, token: 1, until_ms: PACK_MS + 60_000 }).execute();
  const back = FIRST + 200;
  const visits = [early, late].map((plan) => visitOf(plan, back, { recovered: recoveredOf(plan) }));
  await storeVisits(db, await claimAll(db, back), visits, endMsOf(back));
  strictEqual(await packNext(db, { nowMs: PACK_MS + 60_000, token: 2 }), null, "it is still the first one's");
  for (const state of ["packing", "packed"]) {
    const found = await readHalfHours(db, {
      channelIds: [early, late].map((plan) => channelOf(plan, "counter")),
      from: FIRST,
      to: FIRST + 48,
    });
    deepStrictEqual(found.map(({ amounts }) => new Set(amounts)), [new Set([100]), new Set([100])], state);
    if (state === "packed") break;
    deepStrictEqual(await packNext(db, { nowMs: PACK_MS + 61_000, token: 2 }), { day: DAY, channels: 6 });
  }
});

onEveryEngine("storeVisits() writes recovered amounts of days that were never opened", async (db) => {
  const [plan] = await plansOf(db, 1, FIRST);
  assert(plan);
  await storeVisits(db, await claimAll(db, FIRST), [visitOf(plan, FIRST)], endMsOf(FIRST));
  const back = FIRST + 150;
  const recovered = Array.from({ length: 149 }, (_, i): RecoveredAmount => ({
    halfHour: FIRST + 1 + i,
    channelId: channelOf(plan, "counter"),
    amount: 100,
    boundary: counterRow(plan, FIRST + 1 + i).boundary ?? 0,
    quality: "recovered",
  }));
  await storeVisits(db, await claimAll(db, back), [visitOf(plan, back, { recovered })], endMsOf(back));
  for (let packed = 0; packed < 4; packed++) {
    const [counter] = await readHalfHours(db, {
      channelIds: [channelOf(plan, "counter")],
      from: FIRST,
      to: back + 1,
    });
    strictEqual(counter?.quality, `m${"r".repeat(149)}m`);
    strictEqual(counter.amounts.reduce((sum: number, amount) => sum + (amount ?? 0), 0), 15_100);
    strictEqual(counter.reasons.length, 149);
    await packNext(db, { nowMs: PACK_MS + packed * 24 * 3_600_000, token: 1 + packed });
  }
  strictEqual((await countLedger(db, back)).complete, 1);
});

onEveryEngine("packNext() leaves a day alone while one of its half-hours is open", async (db) => {
  const [plan] = await plansOf(db, 1, FIRST);
  assert(plan);
  await claimAll(db, FIRST + 3);
  strictEqual(await packNext(db, { nowMs: PACK_MS, token: 1 }), null);
});

onEveryEngine("packNext() ends between two batches and leaves the day to whoever comes next", async (db) => {
  const plans = await plansOf(db, 2, FIRST);
  await storeDay(db, plans);
  const before = await read(db, plans);
  strictEqual(await packNext(db, { nowMs: PACK_MS, token: 1, signal: AbortSignal.abort() }), null);
  deepStrictEqual(await read(db, plans), before);
  deepStrictEqual(await packNext(db, { nowMs: PACK_MS + 1, token: 2 }), { day: DAY, channels: 6 });
  deepStrictEqual(await read(db, plans), before);
  const late = { nowMs: PACK_MS + 3 * 24 * 3_600_000 };
  strictEqual(await forgetRecent(db, { ...late, signal: AbortSignal.abort() }), 0);
  assert(await forgetRecent(db, late) > 0, "the day was not taken for forgotten");
});

onEveryEngine(
  "forgetWords() forgets words after their time, so many a statement, and no amount",
  async (db) => {
    const plans = await plansOf(db, 3, FIRST);
    await storeDay(db, plans);
    await packNext(db, { nowMs: PACK_MS, token: 1 });
    const before = await read(db, plans);
    const words = async () =>
      Number(
        (await db.kysely.selectFrom("day_word")
          .select((eb) => eb.fn.countAll<number>().as("rows")).executeTakeFirst())?.rows,
      );
    const kept = await words();
    assert(kept >= 6);
    const endMs = (DAY + WORD_DAYS) * 24 * 3_600_000;
    strictEqual(await forgetWords(db, { nowMs: endMs + 24 * 3_600_000 - 1 }), 0, "400 days are not over");
    const nowMs = endMs + 24 * 3_600_000;
    strictEqual(await forgetWords(db, { nowMs, rows: 4 }), 4);
    strictEqual(await words(), kept - 4);
    strictEqual(await forgetWords(db, { nowMs, rows: kept }), kept - 4);
    strictEqual(await forgetWords(db, { nowMs }), 0);
    deepStrictEqual(await read(db, plans), before);
    // An amount that is recovered only now still finds its day.
    const late = FIRST + 200;
    const visits = plans.map((plan) => visitOf(plan, late, { recovered: recoveredOf(plan) }));
    await storeVisits(db, await claimAll(db, late), visits, endMsOf(late));
    strictEqual((await read(db, plans))[0]?.quality.slice(2, 50), "m".repeat(10) + "rrr" + "m".repeat(35));
    strictEqual(await words(), 0);
  },
);

onEveryEngine(
  "packNext() and forgetRecent() go on past days that cannot be packed or are empty",
  async (db) => {
    const plans = await plansOf(db, 1, FIRST);
    for (let day = 0; day < 12; day++) await claimAll(db, FIRST + day * 48); // days that stay open
    const late = FIRST + 12 * 48;
    await storeVisits(
      db,
      await claimAll(db, late),
      plans.map((plan) => visitOf(plan, late)),
      endMsOf(late + 1),
    );
    await db.kysely.updateTable("ledger").set({ state: 1, token: 1 }).where("half_hour", "<", late).execute();
    const nowMs = endMsOf(late + 47 + 97);
    deepStrictEqual(await packNext(db, { nowMs, token: 1 }), { day: DAY + 12, channels: 3 });
    await db.kysely.insertInto("day_state").values({ day: DAY - 1, state: 2, packed_ms: 1 }).execute();
    strictEqual(
      await forgetRecent(db, { nowMs: nowMs + 3 * 24 * 3_600_000 }),
      4,
      "the empty day is not the end",
    );
  },
);
