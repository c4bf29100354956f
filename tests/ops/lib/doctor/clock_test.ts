import { match, strictEqual } from "node:assert/strict";
import { offsetOf, timeOutcome } from "../../../../ops/lib/doctor/clock.ts";

const TRACKING =
  "C0248F97,192.36.143.151,2,1764449000.123,-0.000123456,0.000050,0.000060,12.3,0.01,0.02,0.03,0.001,64.2,Normal\n";

Deno.test("offsetOf() reads how far off chrony says that the clock is", () => {
  strictEqual(offsetOf(TRACKING)?.toFixed(6), "-0.123456");
  strictEqual(offsetOf(TRACKING.replace("Normal", "Not synchronised")), null);
  strictEqual(offsetOf("506 Cannot talk to daemon"), null);
  strictEqual(offsetOf(""), null);
});

const CASES = [
  { offsetMs: -0.1, synchronized: null, verdict: "pass" },
  { offsetMs: 1_200, synchronized: true, verdict: "warn" },
  { offsetMs: -9_000, synchronized: true, verdict: "fail" },
  { offsetMs: null, synchronized: true, verdict: "pass" },
  { offsetMs: null, synchronized: false, verdict: "fail" },
  { offsetMs: null, synchronized: null, verdict: "not-run" },
] as const;

for (const { verdict, ...keeper } of CASES) {
  Deno.test(`a clock ${keeper.offsetMs} ms off, synchronized ${keeper.synchronized}: ${verdict}`, () => {
    const outcome = timeOutcome(keeper);
    strictEqual(outcome.verdict, verdict);
    if (outcome.verdict !== "pass") match(outcome.remedy, /\w/);
  });
}
