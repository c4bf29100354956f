import { ok, strictEqual } from "node:assert/strict";
import { endMsOf, HALF_HOUR_MS } from "../../../lib/domain/half_hour.ts";
import {
  dueMsOf,
  phaseMsOf,
  retriesEndMs,
  retryAtMs,
  visitBudgetMs,
  visitDeadlineMs,
  VISITS_MAX,
} from "../../../lib/domain/schedule.ts";

const H = 1_000_000;

Deno.test("phaseMsOf() spreads neighbouring sites evenly over 30 s and stays the same", () => {
  for (const start of [1, 5_000, 2 ** 31 - 3_001]) {
    const tenths = new Array<number>(10).fill(0);
    for (let id = start; id < start + 3_000; id++) {
      const phaseMs = phaseMsOf(id);
      ok(Number.isInteger(phaseMs) && phaseMs >= 0 && phaseMs <= 30_000);
      const tenth = Math.min(9, Math.floor(phaseMs / 3_000));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    ok(tenths.every((count) => count > 280 && count < 320), tenths.join(" "));
  }
  strictEqual(phaseMsOf(1), 18_541);
  strictEqual(dueMsOf(H, 1), endMsOf(H) + 18_541);
});

Deno.test("retryAtMs() pauses longer each time and stops so that the last visit ends 5 min before the boundary", () => {
  let endedMs = endMsOf(H) + 20_000;
  let lastPauseMs = 0;
  for (let visits = 1; visits < 50; visits++) {
    const atMs = retryAtMs({ halfHour: H, endedMs, visits, budgetMs: 60_000 });
    if (atMs === null) {
      ok(visits > 4 && visits <= VISITS_MAX, `${visits} visits`);
      return;
    }
    ok(atMs - endedMs >= lastPauseMs);
    lastPauseMs = atMs - endedMs;
    endedMs = atMs + 60_000;
    ok(endedMs <= endMsOf(H) + HALF_HOUR_MS - 300_000);
  }
  throw new Error("retries never end");
});

Deno.test("retryAtMs() uses the very last moment and not one after", () => {
  const lastMs = retriesEndMs(H) - 60_000 - 20_000;
  strictEqual(retryAtMs({ halfHour: H, endedMs: lastMs, visits: 1, budgetMs: 60_000 }), lastMs + 20_000);
  strictEqual(retryAtMs({ halfHour: H, endedMs: lastMs + 1, visits: 1, budgetMs: 60_000 }), null);
});

const BUDGETS: readonly [string, readonly number[], number][] = [
  ["no requests", [], 60_000],
  ["three quick ones", [200, 200, 200], 60_000],
  ["a slow serial line", new Array(40).fill(1_000), 95_000],
  ["more than anybody waits for", new Array(900).fill(1_000), 600_000],
];
for (const [name, requestsMs, want] of BUDGETS) {
  Deno.test(`visitBudgetMs() gives ${want / 1000} s for ${name}`, () =>
    strictEqual(visitBudgetMs(requestsMs), want));
}

Deno.test("visitDeadlineMs() never passes the next boundary", () => {
  const startMs = endMsOf(H) + HALF_HOUR_MS - 10_000;
  strictEqual(visitDeadlineMs({ halfHour: H, startMs, requestsMs: [] }), endMsOf(H) + HALF_HOUR_MS);
  strictEqual(visitDeadlineMs({ halfHour: H, startMs: endMsOf(H), requestsMs: [] }), endMsOf(H) + 60_000);
});
