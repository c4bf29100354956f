import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf, HALF_HOUR_MS, type HalfHour, utcDayOf } from "../../lib/domain/half_hour.ts";
import { readingCodeOf } from "../../lib/domain/reading.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import type { Database } from "../../lib/store/db.ts";
import { claimDue, openHalfHour } from "../../lib/store/ledger.ts";
import { forgetRecent, packNext } from "../../lib/store/packing.ts";
import { until } from "../fakes/manual_clock.ts";
import { allChannels, dueAfter, type Estate, FIRST, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const SMALL: Partial<SiteSpec> = {
  endpoints: [{ port: 0, kind: "gateway", meters: [meter(1, "schneider-iem3000")] }],
};

/** The half-hour in whose cycle the process was killed. */
const KILLED = FIRST + 2;

const energyAt = ({ sites, clock }: Estate) =>
  sites.map((site) => Math.floor(Number(site.endpoints[0]?.meters[0]?.energyWhAt(clock.nowMs()))));

/** Two whole half-hours, then a cycle that ends with one site stored, one open and one claimed. */
async function killedAmidCycle(estate: Estate): Promise<readonly number[]> {
  const { db, clock, siteIds } = estate;
  const collector = estate.collector();
  let energy: readonly number[] = [];
  for (const halfHour of [FIRST, FIRST + 1]) {
    await estate.goTo(halfHour);
    await dueAfter(db, halfHour, 0);
    energy = energyAt(estate);
    await estate.cycle(collector);
  }
  await estate.goTo(KILLED);
  await openHalfHour(db, KILLED, {
    dueMsOf: (halfHour, siteId) => endMsOf(halfHour) + (siteId === siteIds[0] ? 0 : 600_000),
  });
  collector.wake();
  await until("one site is stored", async () => {
    await clock.advance(2);
    return (await ledgerOf(db, KILLED))[0]?.state === 2;
  });
  await collector.drain(1_000);
  const nowMs = clock.nowMs() + 600_000;
  const request = { halfHour: KILLED, nowMs, claimMs: 90_000, limit: 1, token: 77, release: null };
  await claimDue(db, { ...request, afterSiteId: siteIds[1] ?? 0 });
  deepStrictEqual((await ledgerOf(db, KILLED)).map(({ state }) => state), [2, 0, 1]);
  return energy;
}

/** Every expected half-hour has a value or exactly one reason, and the energy since the second one is whole. */
async function checkWhole(
  db: Database,
  seen: { due: HalfHour; drawn: readonly number[]; siteIds: readonly number[] },
) {
  const channels = await allChannels(db, { from: FIRST, to: seen.due + 1 });
  ok(channels.length > 0);
  for (const { quantity, kind, quality, amounts, reasons, siteId } of channels) {
    const what = `${quantity} of site ${siteId}`;
    ok(!quality.includes("-"), `${what}: ${quality}`);
    const counts = kind === 0;
    strictEqual(reasons.length, new Set(reasons.map(({ index }) => index)).size, `${what}: one reason each`);
    for (const [i, letter] of [...quality].entries()) {
      const why = reasons.filter(({ index }) => index === i);
      strictEqual(amounts[i] === null, letter === "x", `${what} at ${i}`);
      if (letter !== "x") continue;
      ok(counts ? why[0]?.amountReason : why[0]?.readingReason, `${what} has a reason at ${i}`);
    }
    if (!counts) continue;
    strictEqual(quality.slice(2).includes("x"), false, `${what}: every amount is known`);
  }
  const sums = seen.siteIds.map((id) => {
    const energy = channels.find(({ quantity, siteId }) => quantity === "importWh" && siteId === id);
    return energy?.amounts.slice(2).reduce((sum: number, amount) => sum + (amount ?? NaN), 0);
  });
  deepStrictEqual(sums, seen.drawn);
}

for (const [down, called] of [[150, "three days"], [1_500, "a month"]] as const) {
  Deno.test(`wake() after ${called} of being down closes what was left open and recovers all energy`, () =>
    withEstate({ specs: [SMALL, SMALL, SMALL] }, async (estate) => {
      const { db, siteIds } = estate;
      const before = await killedAmidCycle(estate);
      const due = KILLED + down;
      await estate.goTo(due - 1);
      const collector = estate.collector();
      await estate.cycle(collector);
      await estate.goTo(due);
      await dueAfter(db, due, 0);
      const drawn = energyAt(estate).map((now, i) => now - (before[i] ?? 0));
      await estate.cycle(collector);
      deepStrictEqual((await ledgerOf(db, KILLED)).map(({ state }) => state), [2, 4, 4]);
      strictEqual((await db.kysely.selectFrom("open_gap").select("channel_id").execute()).length, 0);
      await checkWhole(db, { due, drawn, siteIds });
      const nowMs = endMsOf(due + 200);
      const days: number[] = [];
      for (let token = 1; token < 50; token++) {
        const packed = await packNext(db, { nowMs, token });
        if (packed === null) break;
        days.push(packed.day);
      }
      strictEqual(days[0], utcDayOf(KILLED), "the old day is packed");
      await checkWhole(db, { due, drawn, siteIds });
      while (await forgetRecent(db, { nowMs: nowMs + 3 * 48 * HALF_HOUR_MS }) > 0);
      await checkWhole(db, { due, drawn, siteIds });
    }));
}

Deno.test("runCycle() says that nobody was there when it begins just before the next boundary", () =>
  withEstate({ specs: Array.from({ length: 3 }, () => SMALL) }, async (estate) => {
    await dueAfter(estate.db, FIRST, 1_799_000); // nobody is visited any more
    await estate.goTo(FIRST, 1_770_000);
    await estate.cycle(estate.collector());
    const rows = await ledgerOf(estate.db, FIRST);
    deepStrictEqual(rows.map(({ reason }) => reason), Array(3).fill(readingCodeOf("we-were-down")));
  }));
