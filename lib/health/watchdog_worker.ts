/**
 * The half of the watchdog that stands beside the event loop: it counts seconds of its own while the loop says nothing,
 * and ends the process when they are too many. Its own seconds are counted, not the clock's, so that a machine that was
 * suspended does not look like a loop that hangs. It imports nothing of ours: a Worker asks for the right to read each
 * file that it is made of.
 *
 * @module
 */

import process from "node:process";

/** What the loop says: that it turns, and once how long it may be silent. */
export interface Beat {
  /** Seconds of silence after which the process ends. */
  readonly limitS: number;
}

/** Milliseconds between two looks. */
const LOOK_MS = 1_000;

/** Looks for which a process outlives its end; then it is killed. */
const ABORT_LOOKS = 5;

let limitS = Infinity;
let silentS = 0;

globalThis.addEventListener("message", ({ data }: MessageEvent<Beat>) => {
  limitS = data.limitS;
  silentS = 0;
});

setInterval(() => {
  silentS++;
  if (silentS >= limitS + ABORT_LOOKS) process.kill(process.pid, "SIGKILL");
  if (silentS === limitS) end();
}, LOOK_MS);

/** Says so as the log does, and ends; a process may end itself without any permission. */
function end(): void {
  const msg = "The event loop hangs: the process ends, and is to be started anew";
  console.error(JSON.stringify({ time: new Date().toISOString(), level: "error", msg, silentS }));
  process.kill(process.pid, "SIGABRT");
}
