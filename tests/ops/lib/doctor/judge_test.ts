import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { isNewEnough, judgeRouters } from "../../../../ops/lib/doctor/judge.ts";
import { agoText, bytesText, outcomeOf } from "../../../../ops/lib/doctor/told.ts";

const VERSIONS = [
  ["mariadb", "10.11.14-MariaDB-0+deb12u2", true],
  ["mariadb", "10.5.29-MariaDB", false],
  ["mariadb", "11.4.2-MariaDB", true],
  ["mysql", "8.0.36", true],
  ["mysql", "5.7.44", false],
  ["mysql", "9.7.0", true],
  ["sqlite", "3.37.2", false],
  ["sqlite", "3.53.2", true],
  ["mysql", "odd", true],
] as const;

for (const [engine, version, want] of VERSIONS) {
  Deno.test(`${engine} ${version} is ${want ? "" : "not "}new enough`, () => {
    strictEqual(isNewEnough(engine, version), want);
  });
}

function sample(silent: number, all: number) {
  return Array.from({ length: all }, (_, i) => ({
    site: `Site ${i}`,
    host: `203.0.113.${i}`,
    port: 502,
    why: i < silent ? "no answer in 8000 ms" : undefined,
  }));
}

const ROUTERS = [[0, 8, "pass"], [1, 8, "pass"], [3, 8, "warn"], [8, 8, "fail"], [1, 1, "warn"]] as const;

for (const [silent, all, want] of ROUTERS) {
  Deno.test(`${silent} silent routers of ${all}: ${want}`, () => {
    const outcome = judgeRouters(sample(silent, all));
    strictEqual(outcome.verdict, want);
    match(outcome.evidence, new RegExp(`^${all - silent} of ${all} took a connection`));
    if (silent > 0) match(outcome.evidence, /Site 0 \(203\.0\.113\.0:502\): no answer/);
  });
}

Deno.test("outcomeOf() tells what was seen from what to do", () => {
  const how = { seen: "6 days are left", remedy: "deno task certificates status" };
  deepStrictEqual(outcomeOf({ name: "x", status: "pass" }, how), { verdict: "pass", evidence: how.seen });
  const output = "It is not renewed: deno task certificates renew says why";
  deepStrictEqual(outcomeOf({ name: "x", status: "fail", output, detail: "port 80 is shut" }, how), {
    verdict: "fail",
    evidence: "6 days are left; It is not renewed; port 80 is shut",
    remedy: "deno task certificates renew says why",
  });
  deepStrictEqual(outcomeOf({ name: "x", status: "warn", output: "Answers slowly" }, how), {
    verdict: "warn",
    evidence: "6 days are left; Answers slowly",
    remedy: how.remedy,
  });
});

Deno.test("spans and sizes are told as people say them", () => {
  deepStrictEqual([5_000, 180_000, 7_300_000, 200_000_000].map(agoText), [
    "5 s ago",
    "3 min ago",
    "2 h ago",
    "2 days ago",
  ]);
  deepStrictEqual([400_000, 74_000_000, 271e9].map(bytesText), ["0.4 MB", "74 MB", "271 GB"]);
});
