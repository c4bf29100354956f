import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { CHECKS_SHARE, monthMbOf, pingBudgetOf } from "../../../lib/routers/pings.ts";

Deno.test("monthMbOf() agrees with what pings every 3 s were seen to take", () => {
  strictEqual(Math.round(monthMbOf(3)), 147);
});

const CASES = [
  { allowanceMb: 100_000, intervalS: 10 },
  { allowanceMb: 1_000, intervalS: 10 },
  { allowanceMb: 500, intervalS: 20 },
  { allowanceMb: 250, intervalS: 45 },
  { allowanceMb: 100, intervalS: 120 },
  { allowanceMb: 50, intervalS: 300 },
  { allowanceMb: 20, intervalS: 3_600 },
  { allowanceMb: 10, intervalS: null },
  { allowanceMb: 0, intervalS: null },
  { allowanceMb: null, intervalS: 60 },
];
for (const { allowanceMb, intervalS } of CASES) {
  Deno.test(`pingBudgetOf() checks a SIM of ${allowanceMb ?? "unknown"} MB every ${intervalS ?? "never"} s`, () => {
    deepStrictEqual(pingBudgetOf(allowanceMb).intervalS, intervalS);
  });
}

Deno.test("pingBudgetOf() stays below 5 % of every allowance", () => {
  for (let allowanceMb = 0; allowanceMb <= 5_000; allowanceMb++) {
    const { intervalS, monthMb } = pingBudgetOf(allowanceMb);
    ok(intervalS === null || monthMb < allowanceMb * CHECKS_SHARE, `${allowanceMb} MB`);
  }
});
