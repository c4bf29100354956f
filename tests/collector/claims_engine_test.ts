/**
 * Two collectors of one release at one half-hour, on MariaDB and MySQL: each site is visited by one of them.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openDatabase } from "../../lib/store/db.ts";
import { ENGINES, withPlace } from "../lib/store/engines.ts";
import { runUntil } from "../fakes/manual_clock.ts";
import { allChannels, dueAfter, FIRST, isBusy, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const COMPLETE = 2;
const SITES = 24;

for (const engine of ENGINES.filter(({ name }) => name !== "sqlite")) {
  Deno.test(`wake() of two collectors shares the sites of a half-hour without overlap (${engine.name})`, () =>
    withPlace(engine, async ({ url }) => {
      const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, "eastron-sdm120")] }];
      const specs = Array.from({ length: SITES }, () => ({ endpoints }));
      await withEstate({ specs, databaseUrl: url }, async (estate) => {
        await dueAfter(estate.db, FIRST, 0);
        const other = await openDatabase(url, { poolSize: 4 });
        // Few places at once, so that neither can claim all of them in one go.
        const collectors = [
          estate.collector({ visitsAtOnce: 3 }),
          estate.collector({ visitsAtOnce: 3 }, { db: other }),
        ];
        for (const collector of collectors) collector.wake();
        const both = Promise.all(collectors.map((collector) => collector.idle()));
        await runUntil(estate.clock, both, () => collectors.some(isBusy));
        const ledger = await ledgerOf(estate.db, FIRST);
        deepStrictEqual(ledger.map(({ state, tries }) => [state, tries]), Array(SITES).fill([COMPLETE, 1]));
        const shares = collectors.map((collector) => collector.status().lastCycle?.sites ?? 0);
        strictEqual(shares.reduce((sum, share) => sum + share, 0), SITES);
        ok(shares.every((share) => share > 0), `shared ${shares}`);
        const opened = estate.sites.map((site) => site.endpoints[0]?.requests() ?? 0);
        strictEqual(new Set(opened).size, 1, "every meter was asked as often as the others");
        const channels = await allChannels(estate.db, { from: FIRST, to: FIRST + 1 });
        strictEqual(
          channels.every(({ reasons }) => reasons.every((r) => r.readingReason === undefined)),
          true,
        );
        await runUntil(estate.clock, Promise.all(collectors.map((it) => it.drain(1_000))), () => false);
        await other.close();
      });
    }));
}
