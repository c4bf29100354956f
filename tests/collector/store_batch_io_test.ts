import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { STORE_LIMIT } from "../../lib/store/readings.ts";
import { runUntil } from "../fakes/manual_clock.ts";
import { allChannels, FIRST, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const COMPLETE = 2;
const SITES = 3;
/** Half-hours of two weeks without this process. */
const DOWN = 672;
const endpoints = [{
  port: 0,
  kind: "gateway" as const,
  meters: [1, 2].map((unitId) => meter(unitId, "schneider-iem3000")),
}];

Deno.test("storeBatch() stores the amounts of two weeks in transactions that each can bear", () =>
  withEstate({ specs: Array.from({ length: SITES }, () => ({ endpoints })) }, async (estate) => {
    const { clock, db } = estate;
    const before = estate.collector();
    await estate.cycle(before);
    await runUntil(clock, before.drain(1_000), () => false);
    const back = FIRST + DOWN;
    await estate.goTo(back, 40_000); // all are due: they share a batch
    await estate.cycle(estate.collector());
    deepStrictEqual((await ledgerOf(db, back)).map(({ state }) => state), Array(SITES).fill(COMPLETE));
    const counters = (await allChannels(db, { from: FIRST, to: back + 1 })).filter(({ quality }) =>
      quality.includes("r")
    );
    const perSite = counters.length / SITES * (DOWN - 1);
    ok(perSite > STORE_LIMIT, `${perSite} amounts a site`);
    for (const { amounts } of counters) { // the first reading has no amount, and the half-hour after it no whole one
      strictEqual(amounts.slice(2).every((amount) => amount !== null), true);
    }
    const commits = await db.kysely.selectFrom("change_feed").select("half_hour")
      .where("half_hour", "=", back).execute();
    strictEqual(commits.length, SITES, "a site is more than one transaction should bear");
  }));
