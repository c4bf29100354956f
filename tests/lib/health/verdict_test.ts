import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { healthBody, type Verdict, worstOf } from "../../../lib/health/verdict.ts";

const GOOD: Verdict = { name: "database:responseTime", status: "pass", observed: 2, unit: "ms" };

Deno.test("worstOf() is as bad as the worst part", () => {
  strictEqual(worstOf([]), "pass");
  strictEqual(worstOf([GOOD, { name: "kv", status: "warn" }]), "warn");
  strictEqual(worstOf([{ name: "kv", status: "warn" }, { name: "cron", status: "fail" }, GOOD]), "fail");
});

Deno.test("healthBody() lists each check under its name with what was observed", () => {
  const body = JSON.parse(healthBody([GOOD], { release: "7", time: "2026-11-25T10:30:00Z" }));
  strictEqual(body.status, "pass");
  strictEqual(body.releaseId, "7");
  deepStrictEqual(body.checks["database:responseTime"], [{
    status: "pass",
    observedValue: 2,
    observedUnit: "ms",
    time: "2026-11-25T10:30:00Z",
  }]);
});
