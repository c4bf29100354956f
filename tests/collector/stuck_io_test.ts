import { ok, strictEqual } from "node:assert/strict";
import { createCollector } from "../../collector/runner.ts";
import { CYCLE_LIMIT_MS } from "../../lib/health/watchdog.ts";
import { createLog } from "../../lib/log.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { until } from "../fakes/manual_clock.ts";
import { CONFIG, dueAfter, FIRST, ledgerOf, withEstate } from "./estate.ts";

const CLAIMED = 1;

Deno.test("status() tells of a cycle that stands still, and of none that waits", () =>
  withEstate({ specs: [{}] }, async ({ db, clock, collector, cycle }) => {
    const working = collector();
    await cycle(working);
    strictEqual(working.status().stuckMs, null, "a cycle that ended does not stand still");

    await clock.advance(1_800_000);
    await dueAfter(db, FIRST + 1, 0);
    const log = createLog({ clock, level: "error", write: () => {} });
    const stuck = createCollector({
      db,
      clock,
      random: Math.random,
      log,
      findProfile: profileOf,
      loadProfiles: () => new Promise(() => {}), // it is never answered
      config: CONFIG,
    });
    stuck.wake();
    await until("a site is claimed", async () => {
      await clock.advance(1_000);
      return (await ledgerOf(db, FIRST + 1)).some(({ state }) => state === CLAIMED);
    });
    ok((stuck.status().stuckMs ?? CYCLE_LIMIT_MS) < CYCLE_LIMIT_MS, String(stuck.status().stuckMs));
    await clock.advance(CYCLE_LIMIT_MS);
    ok((stuck.status().stuckMs ?? 0) >= CYCLE_LIMIT_MS, String(stuck.status().stuckMs));
  }));
