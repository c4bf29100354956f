import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { startMariadb } from "../engines/mariadb.ts";
import { runUntil, until } from "../fakes/manual_clock.ts";
import { allChannels, dueAfter, FIRST, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const COMPLETE = 2;

Deno.test("collector keeps what it read while the database is away, says so, and stores it when it is back", async () => {
  const server = await startMariadb();
  try {
    const databaseUrl = await server.createDatabase();
    const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, "schneider-iem3000")] }];
    await withEstate(
      { specs: [{ endpoints }, { endpoints }, { endpoints }], databaseUrl },
      async (estate) => {
        const { clock, db: checks } = estate;
        await dueAfter(checks, FIRST, 0);
        const db = await openDatabase(databaseUrl, { statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 });
        const collector = estate.collector({}, { db });
        collector.wake();
        await until("all are read and wait to be stored", async () => {
          if (collector.status().running.length > 0 && collector.status().visiting > 0) return false;
          return await Promise.resolve(collector.status().held.visits === 3);
        });
        server.pause();
        for (let i = 0; i < 600 && collector.status().databaseAway === null; i++) {
          await clock.advance(250);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        const away = collector.status();
        ok(away.databaseAway !== null);
        strictEqual(away.held.visits, 3);
        ok(away.held.values > 0);
        for (let s = 0; s < 600; s += 30) await clock.advance(30_000); // ten minutes
        strictEqual(collector.status().held.visits, 3);
        server.resume();
        for (let i = 0; i < 600 && collector.status().running.length > 0; i++) {
          await clock.advance(10_000);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        strictEqual(collector.status().databaseAway, null);
        strictEqual(collector.status().held.visits, 0);
        deepStrictEqual((await ledgerOf(checks, FIRST)).map(({ state }) => state), [
          COMPLETE,
          COMPLETE,
          COMPLETE,
        ]);
        const channels = await allChannels(checks, { from: FIRST, to: FIRST + 1 });
        strictEqual(
          channels.every(({ reasons }) => reasons.every((r) => r.readingReason === undefined)),
          true,
        );
        const rows = await checks.kysely.selectFrom("recent").select(["read_s"]).execute();
        ok(rows.every(({ read_s }) => (read_s ?? 999) < 60), "read before the outage, not after it");
        ok(clock.nowMs() > endMsOf(FIRST) + 600_000);
        await runUntil(clock, collector.drain(1_000), () => false);
        await db.close();
      },
    );
  } finally {
    await server.stop();
  }
});
