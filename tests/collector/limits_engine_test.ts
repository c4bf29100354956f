import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openDatabase } from "../../lib/store/db.ts";
import { startMariadb } from "../engines/mariadb.ts";
import { runUntil, until } from "../fakes/manual_clock.ts";
import { dueAfter, type Estate, FIRST, isBusy, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const COMPLETE = 2;

function requestsOf({ sites }: Estate): number {
  return sites.reduce((sum, { endpoints }) => sum + (endpoints[0]?.requests() ?? 0), 0);
}

Deno.test("collector reads nothing more when memory is full while the database is away, and goes on afterwards", async () => {
  const server = await startMariadb();
  try {
    const databaseUrl = await server.createDatabase();
    const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, "eastron-sdm120")] }];
    const specs = Array.from({ length: 8 }, () => ({ endpoints }));
    await withEstate({ specs, databaseUrl }, async (estate) => {
      const { clock, db: checks } = estate;
      await dueAfter(checks, FIRST, 0);
      const db = await openDatabase(databaseUrl, { statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 });
      const collector = estate.collector({ visitsAtOnce: 2, heldValues: 1 }, { db });
      collector.wake();
      await until("the first two wait to be stored", () => collector.status().held.visits === 2);
      strictEqual(collector.status().held.full, true);
      server.pause();
      for (let i = 0; i < 40 && collector.status().databaseAway === null; i++) {
        await clock.advance(250);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      ok(collector.status().databaseAway !== null);
      const before = requestsOf(estate);
      for (let s = 0; s < 300; s += 30) await clock.advance(30_000);
      deepStrictEqual(
        [requestsOf(estate), collector.status().held.visits, collector.status().held.full],
        [before, 2, true],
      );
      server.resume();
      for (let i = 0; i < 100 && collector.status().running.length > 0; i++) {
        await clock.advance(5_000);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      deepStrictEqual((await ledgerOf(checks, FIRST)).map(({ state }) => state), Array(8).fill(COMPLETE));
      deepStrictEqual(collector.status().held, { visits: 0, values: 0, full: false });
      await runUntil(clock, collector.drain(1_000), () => false);
      await db.close();
    });
  } finally {
    await server.stop();
  }
});

Deno.test("wake() lets the claim of a long visit live as long as the visit may take", async () => {
  const meters = Array.from({ length: 60 }, (_, i) => meter(i + 1, "schneider-iem3000"));
  await withEstate({ specs: [{ endpoints: [{ port: 0, kind: "gateway", meters }] }] }, async (estate) => {
    const { db, clock } = estate;
    await dueAfter(db, FIRST, 0);
    const collector = estate.collector();
    const startMs = clock.nowMs();
    collector.wake();
    await until("the visit has begun", () => requestsOf(estate) > 0);
    const claimed = await db.kysely.selectFrom("ledger").select("claim_until_ms").executeTakeFirst();
    ok(
      (claimed?.claim_until_ms ?? 0) >= startMs + 150_000,
      `until ${(claimed?.claim_until_ms ?? 0) - startMs}`,
    );
    await runUntil(clock, collector.idle(), () => isBusy(collector));
    deepStrictEqual((await ledgerOf(db, FIRST)).map(({ state, tries }) => [state, tries]), [[COMPLETE, 1]]);
  });
});
