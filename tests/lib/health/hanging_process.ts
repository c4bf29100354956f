/**
 * A process with a watchdog, whose event loop hangs once it was told what to do.
 *
 * @module
 */
import { systemClock } from "../../../lib/clock.ts";
import { startWatchdog } from "../../../lib/health/watchdog.ts";
import { createLog, writeToConsole } from "../../../lib/log.ts";

/** Seconds for which its event loop may hang. */
const LIMIT_S = 4;

/** Milliseconds for which it would hang. */
const HANG_MS = 120_000;

const log = createLog({ clock: systemClock, level: "info", write: writeToConsole });
startWatchdog({ clock: systemClock, log, stuckMs: () => null, onStuck: () => {}, loopLimitS: LIMIT_S });
// Longer than it may hang in one piece, so that a loop that turns is seen to be let alone.
await systemClock.sleep((LIMIT_S + 2) * 1_000);
console.log("it turned");
const endMs = systemClock.monotonicMs() + HANG_MS;
while (systemClock.monotonicMs() < endMs);
console.log("it survived");
