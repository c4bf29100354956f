import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createFlights } from "../../collector/flights.ts";
import { createMetrics, quantileOf } from "../../collector/metrics.ts";
import { createPacer } from "../../collector/pace.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";

Deno.test("createPacer() starts no more a second than the network bears, after a short burst", async () => {
  const clock = manualClock(0);
  const pacer = createPacer(clock, 20);
  const starts: number[] = [];
  const all = (async () => {
    for (let i = 0; i < 6; i++) {
      await pacer.next(new AbortController().signal);
      starts.push(clock.monotonicMs());
    }
  })();
  await runUntil(clock, all, () => false);
  deepStrictEqual(starts, [0, 0, 50, 100, 150, 200]);
});

Deno.test("createFlights() makes a half-hour wait for the site's earlier one", () => {
  const flights = createFlights();
  flights.begin(7, 100);
  flights.begin(7, 101);
  deepStrictEqual([flights.waits(7, 100), flights.waits(7, 101), flights.waits(8, 101)], [
    false,
    true,
    false,
  ]);
  flights.end(7, 100);
  strictEqual(flights.waits(7, 101), false);
});

Deno.test("createFlights() ends one claim of a half-hour and not another of the same", () => {
  const flights = createFlights();
  flights.begin(7, 100);
  flights.begin(7, 100);
  flights.end(7, 100);
  deepStrictEqual([flights.has(7, 100), flights.waits(7, 101)], [true, true]);
  flights.end(7, 100);
  flights.end(7, 100);
  deepStrictEqual([flights.has(7, 100), flights.waits(7, 101)], [false, false]);
});

Deno.test("createMetrics() counts tries by reason and seconds by bucket", () => {
  const metrics = createMetrics();
  const attempt = { atMs: 0, endpointId: 1, pathId: 1, tookMs: 5, requests: 3, bytes: 90 };
  metrics.attempted([{ ...attempt, reason: null }, { ...attempt, requests: 0, reason: "refused" }]);
  metrics.stored(4);
  const { attempts, requests, bytes, latenessSeconds } = metrics.read();
  deepStrictEqual([attempts, requests, bytes], [{ ok: 1, refused: 1 }, 3, 180]);
  strictEqual(latenessSeconds.counts[latenessSeconds.bounds.indexOf(5)], 1);
});

Deno.test("quantileOf() finds the middle, the late ones, and nothing in nothing", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  deepStrictEqual([quantileOf(values, 0.5), quantileOf(values, 0.95), quantileOf([], 0.5)], [51, 96, null]);
});
