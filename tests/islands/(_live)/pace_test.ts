import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { backoffMs, paced } from "../../../islands/(_live)/pace.ts";
import { type ManualClock, manualClock } from "../../fakes/manual_clock.ts";

function pacing(clock: ManualClock) {
  return {
    gatherMs: 500,
    leastMs: 5_000,
    spreadMs: 1_000,
    deadlineMs: 30_000,
    wait: clock.sleep,
    random: () => 0,
  };
}

Deno.test("paced() asks once for a burst, and once more for what came meanwhile", async () => {
  const clock = manualClock(0);
  const atMs: number[] = [];
  const pace = paced(() => Promise.resolve(void atMs.push(clock.nowMs())), pacing(clock));
  for (let n = 0; n < 20; n++) {
    pace.ask();
    await clock.advance(100);
  }
  await clock.advance(60_000);
  deepStrictEqual(atMs, [500, 5_500]);
  pace.ask();
  await clock.advance(6_000);
  deepStrictEqual(atMs, [500, 5_500, 62_500]);
  pace.stop();
});

Deno.test("paced() never has two under way, gives up one that hangs, and does the next", async () => {
  const clock = manualClock(0);
  let under = 0;
  let most = 0;
  let done = 0;
  const hang = (signal: AbortSignal) =>
    new Promise<void>((_, reject) => {
      most = Math.max(most, ++under);
      signal.addEventListener("abort", () => {
        under -= 1;
        done += 1;
        reject(new Error("given up"));
      });
    });
  const pace = paced(hang, pacing(clock));
  for (let n = 0; n < 80; n++) {
    pace.ask();
    await clock.advance(1_000);
  }
  strictEqual(most, 1);
  strictEqual(done, 2);
  pace.stop();
  await clock.advance(0);
  strictEqual(under, 0);
});

Deno.test("paced() does nothing any more when the page has gone", async () => {
  const clock = manualClock(0);
  let done = 0;
  const pace = paced(() => Promise.resolve(void (done += 1)), pacing(clock));
  pace.ask();
  pace.stop();
  pace.ask();
  await clock.advance(60_000);
  strictEqual(done, 0);
  strictEqual(clock.sleepers(), 0);
});

const CASES = [
  { name: "soon at first", failures: 1, retryAfterMs: 0, want: [500, 1_000] },
  { name: "more patiently each time", failures: 4, retryAfterMs: 0, want: [4_000, 8_000] },
  { name: "each minute at the most", failures: 500, retryAfterMs: 0, want: [30_000, 60_000] },
  { name: "not before the server wants it", failures: 1, retryAfterMs: 10_000, want: [10_000, 20_000] },
  { name: "not never, whatever the server wants", failures: 1, retryAfterMs: 1e9, want: [120_000, 240_000] },
] as const;
for (const { name, failures, retryAfterMs, want } of CASES) {
  Deno.test(`backoffMs() tries again ${name}`, () => {
    const pauses = [0, 1].map((chance) => backoffMs(failures, { retryAfterMs, random: () => chance }));
    deepStrictEqual(pauses, want);
  });
}
