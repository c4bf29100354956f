import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type CollectionFacts,
  completenessVerdict,
  cronVerdict,
  databaseVerdict,
  kvVerdict,
  lagVerdict,
  passwordsVerdict,
} from "../../../lib/health/checks.ts";

const HALF_HOUR = 1_800_000;
const FACTS: CollectionFacts = {
  nowMs: 1000 * HALF_HOUR + 60_000,
  collects: true,
  tickedMs: 1000 * HALF_HOUR,
  newestStored: 999,
  since: 100,
  reported: 50,
  expected: 50,
};

Deno.test("databaseVerdict() fails with what happens meanwhile, and warns when it is slow", () => {
  deepStrictEqual(databaseVerdict({ kind: "answered", tookMs: 2.04 }), {
    name: "database:responseTime",
    status: "pass",
    observed: 2,
    unit: "ms",
  });
  strictEqual(databaseVerdict({ kind: "answered", tookMs: 1500 }).status, "warn");
  deepStrictEqual(databaseVerdict({ kind: "away", why: "refused by user@db.internal" }), {
    name: "database:responseTime",
    status: "fail",
    output: "No answer. Readings are kept in memory until it is back",
    detail: "refused by user@db.internal",
  });
  strictEqual(kvVerdict({ kind: "away", why: "closed" }).status, "fail");
});

Deno.test("passwordsVerdict() fails when no worker is started any more", () => {
  const statuses = (["works", "recovering", "down"] as const).map((seen) => passwordsVerdict(seen).status);
  deepStrictEqual(statuses, ["pass", "warn", "fail"]);
});

const CASES = [
  { name: "all is well", facts: {}, want: ["pass", "pass", "pass"] },
  {
    name: "nothing is collected here",
    facts: { collects: false, tickedMs: 0, reported: 0 },
    want: ["pass", "pass", "pass"],
  },
  {
    name: "there is no site yet",
    facts: { expected: 0, reported: 0, newestStored: null, since: null },
    want: ["pass", "pass", "pass"],
  },
  { name: "the tick did not come", facts: { tickedMs: 998 * HALF_HOUR }, want: ["fail", "pass", "pass"] },
  {
    name: "the newest half-hour is an hour old",
    facts: { newestStored: 997 },
    want: ["pass", "warn", "pass"],
  },
  { name: "nothing was stored for hours", facts: { newestStored: 990 }, want: ["pass", "fail", "pass"] },
  {
    name: "nobody went to see for days",
    facts: { newestStored: null, reported: 0 },
    want: ["pass", "fail", "fail"],
  },
  {
    name: "the first site was registered half an hour ago and was not read",
    facts: { newestStored: null, since: 999, reported: 0 },
    want: ["pass", "pass", "fail"],
  },
  { name: "two of 50 sites are silent", facts: { reported: 48 }, want: ["pass", "pass", "warn"] },
  { name: "most sites are silent", facts: { reported: 20 }, want: ["pass", "pass", "fail"] },
] as const;
for (const { name, facts, want } of CASES) {
  Deno.test(`cronVerdict(), lagVerdict() and completenessVerdict() when ${name}`, () => {
    const seen = { ...FACTS, ...facts };
    deepStrictEqual(
      [cronVerdict(seen), lagVerdict(seen), completenessVerdict(seen)].map((v) => v.status),
      want,
    );
  });
}
