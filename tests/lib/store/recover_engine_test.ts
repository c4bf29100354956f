/**
 * Visits after weeks without readings: more recovered amounts than one transaction should bear.
 */
import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import type { RecoveredAmount } from "../../../lib/domain/visit.ts";
import { type Database, StoreError } from "../../../lib/store/db.ts";
import { recordOutage } from "../../../lib/store/ledger.ts";
import { packNext } from "../../../lib/store/packing.ts";
import { readHalfHours, STORE_LIMIT, storeVisits } from "../../../lib/store/readings.ts";
import { onEveryEngine } from "./engines.ts";
import { channelOf, claimAll, counterRow, H, plansOf, seriesAt, visitOf } from "./estate.ts";

const DARK = 2 * STORE_LIMIT + 500;
const BACK = H + DARK + 1;
const DAY_MS = 24 * 3_600_000;

function recoveredOf(plan: SitePlan, amount: number): readonly RecoveredAmount[] {
  return Array.from({ length: DARK }, (_, i): RecoveredAmount => ({
    halfHour: H + 1 + i,
    channelId: channelOf(plan, "counter"),
    amount,
    boundary: 100_000 + amount * (i + 1),
    quality: "recovered",
  }));
}

/** A database that counts the rows of each transaction's recovered amounts, and goes away after some. */
function watched(db: Database, { leaveAfter }: { readonly leaveAfter: number }) {
  let begun = 0;
  const kysely = new Proxy(db.kysely, {
    get(target, key) {
      if (key === "transaction" && ++begun > leaveAfter) throw new StoreError("unavailable", "away");
      const value = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { db: { ...db, kysely }, begun: () => begun };
}

async function dark(db: Database) {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  await storeVisits(
    db,
    await claimAll(db, H),
    [visitOf(plan, H, { newSeries: [seriesAt(plan, H)] })],
    endMsOf(H),
  );
  await recordOutage(db, { from: H + 1, to: BACK, reason: "we-were-down" });
  return plan;
}

onEveryEngine(
  "storeVisits() writes what weeks of darkness hid in pieces, and again if it ends midway",
  async (db) => {
    const plan = await dark(db);
    const gaps = () => db.kysely.selectFrom("open_gap").select("channel_id").execute();
    await db.kysely.deleteFrom("open_gap").execute(); // as where nobody noticed that a reading is missing
    const claim = await claimAll(db, BACK);
    const { text: _, ...plain } = counterRow(plan, BACK);
    const visit = (amount: number) =>
      visitOf(plan, BACK, { rows: [plain], recovered: recoveredOf(plan, amount) });
    const leaving = watched(db, { leaveAfter: 1 });
    await rejects(storeVisits(leaving.db, claim, [visit(90)], endMsOf(BACK)), StoreError);
    strictEqual((await gaps()).length, 1, "a gap is there until all of it is stored");
    assert(
      await packNext(db, { nowMs: endMsOf(H) + 4 * DAY_MS, token: 5 }),
      "its first day is packed meanwhile",
    );
    // The next visit reads later: the same time has other amounts, and their sum must fit.
    const whole = watched(db, { leaveAfter: 99 });
    const stored = await storeVisits(whole.db, claim, [visit(100)], endMsOf(BACK));
    deepStrictEqual(stored, { stored: [plan.site.id], deferred: [], lost: [] });
    strictEqual(whole.begun(), 3, "no transaction has more than its share");
    strictEqual((await gaps()).length, 0);
    const [counter] = await readHalfHours(db, {
      channelIds: [channelOf(plan, "counter")],
      from: H + 1,
      to: BACK,
    });
    deepStrictEqual(new Set(counter?.amounts), new Set([100]));
    strictEqual(counter?.quality, "r".repeat(DARK));
  },
);

onEveryEngine("storeVisits() writes nothing ahead for a site whose claim has gone", async (db) => {
  const plan = await dark(db);
  const claim = await claimAll(db, BACK);
  const stranger = { ...claim, token: claim.token + 1_000 };
  const visit = visitOf(plan, BACK, { recovered: recoveredOf(plan, 100) });
  deepStrictEqual((await storeVisits(db, stranger, [visit], endMsOf(BACK))).lost, [plan.site.id]);
  const recovered = await db.kysely.selectFrom("recent").select("half_hour").where("quality", "=", "r")
    .execute();
  strictEqual(recovered.length, 0);
});
