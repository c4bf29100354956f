/**
 * A process that runs one cycle over a database, and kills itself before a given statement: what a power cut does.
 *
 * @module
 */
import { createCollector } from "../../collector/runner.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { createLog } from "../../lib/log.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { openDatabase } from "../../lib/store/db.ts";

const [databaseUrl = "", startMs = "0", killAt = "0"] = Deno.args;
const sinceMs = performance.now();
const clock: Clock = {
  ...systemClock,
  nowMs: () => Math.floor(Number(startMs) + performance.now() - sinceMs),
};
let statements = 0;
const db = await openDatabase(databaseUrl, {
  onStatement: () => {
    if (++statements === Number(killAt)) Deno.kill(Deno.pid, "SIGKILL");
  },
});
const collector = createCollector({
  db,
  clock,
  random: Math.random,
  log: createLog({ clock, level: "warn", write: (line) => console.error(line) }),
  findProfile: profileOf,
  config: {
    release: "test",
    visitsAtOnce: 2,
    startsPerSecond: 1_000,
    connectTimeoutMs: 8_000,
    responseTimeoutMs: 5_000,
    loopbackSites: true,
    services: [],
    heldValues: 200_000,
  },
});
collector.wake();
await collector.idle();
await collector.drain(5_000);
await db.close();
console.log(statements);
