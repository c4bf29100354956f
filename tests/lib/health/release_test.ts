import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { releaseMetrics, releaseVerdict } from "../../../lib/health/release.ts";
import { DEPLOY_LONGEST_MS, type ReleaseReport } from "../../../lib/domain/release_report.ts";

const report: ReleaseReport = {
  atMs: 2_000,
  release: "r17-63e2c47",
  deploy: { number: 17, release: "r17-63e2c47", beganMs: 1_000, outcome: "open" },
};

Deno.test("releaseVerdict() has nothing to say where no host tells", () => {
  strictEqual(releaseVerdict({ kind: "absent" }, 0), null);
  deepStrictEqual(releaseMetrics({ kind: "absent" }, 0), []);
});

Deno.test("releaseVerdict() warns of a deploy that is open for longer than any takes", () => {
  const told = { kind: "told", value: report } as const;
  strictEqual(releaseVerdict(told, 2_000)?.status, "pass");
  strictEqual(releaseVerdict(told, 1_001 + DEPLOY_LONGEST_MS)?.status, "warn");
});

Deno.test("releaseVerdict() warns where the file says nothing, and keeps why to the log", () => {
  const verdict = releaseVerdict({ kind: "unreadable", why: "it is no JSON" }, 0);
  deepStrictEqual([verdict?.status, verdict?.detail], ["warn", "it is no JSON"]);
});

Deno.test("releaseMetrics() say whether the newest deploy is open, and how old it is", () => {
  const found = releaseMetrics({ kind: "told", value: report }, 61_000);
  deepStrictEqual(found.map(({ name, samples }) => [name, samples[0]?.value]), [
    ["wattpost_deploy_open", 1],
    ["wattpost_deploy_undone", 0],
    ["wattpost_deploy_number", 17],
    ["wattpost_deploy_age_seconds", 60],
  ]);
});
