import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type ProvenRestore,
  RESTORE_OLD_MS,
  type RestoreReport,
} from "../../../lib/domain/restore_report.ts";
import { restoreMetrics, restoreVerdict } from "../../../lib/health/restore.ts";

const NOW_MS = 1_795_974_709_000;

const PROVEN: ProvenRestore = {
  backup: "wattpost-20261127T021500Z",
  backupMs: NOW_MS - 180_000_000,
  startedMs: NOW_MS - 172_800_000,
  tookMs: 250_000,
  rows: 5_012_345,
  bytes: 183_000_000,
  into: "sqlite 3.53",
  steps: [],
  compared: [],
};

const FAILED = {
  backup: PROVEN.backup,
  startedMs: NOW_MS,
  tookMs: 1,
  words: "Cannot read /var/backups/x",
  todo: "Look",
  differing: [],
};

const told = (more: Partial<RestoreReport>) => ({
  kind: "told" as const,
  value: { atMs: NOW_MS, running: null, proven: null, failed: null, ...more },
});

const CASES = [
  { name: "a proven restore passes", seen: told({ proven: PROVEN }), want: "pass" },
  { name: "one under way passes", seen: told({ running: { backup: "b", startedMs: NOW_MS } }), want: "pass" },
  { name: "none at all is worth a look", seen: told({}), want: "warn" },
  {
    name: "an old one is worth a look",
    seen: told({ proven: { ...PROVEN, startedMs: NOW_MS - RESTORE_OLD_MS - 1 } }),
    want: "warn",
  },
  {
    name: "one that never ended is worth a look",
    seen: told({ running: { backup: "b", startedMs: 0 } }),
    want: "warn",
  },
  { name: "a failed one is a failure", seen: told({ proven: PROVEN, failed: FAILED }), want: "fail" },
  {
    name: "what is not understood is worth a look",
    seen: { kind: "unreadable", why: "x" } as const,
    want: "warn",
  },
];
for (const { name, seen, want } of CASES) {
  Deno.test(`restoreVerdict(): ${name}`, () => strictEqual(restoreVerdict(seen, NOW_MS)?.status, want));
}

Deno.test("restoreVerdict() judges nothing where nobody tells, and never tells paths to whoever asks", () => {
  strictEqual(restoreVerdict({ kind: "absent" }, NOW_MS), null);
  const verdict = restoreVerdict(told({ failed: FAILED }), NOW_MS);
  ok(verdict);
  ok(!verdict.output?.includes("/var/"));
  match(verdict.detail ?? "", /\/var\/backups/);
});

Deno.test("restoreMetrics() says how old the proven restore is and how long it took", () => {
  const metrics = restoreMetrics(told({ proven: PROVEN }), NOW_MS);
  deepStrictEqual(metrics.map(({ name, samples }) => [name, samples[0]?.value]), [
    ["wattpost_restore_failed", 0],
    ["wattpost_restore_proven_age_seconds", 172_800],
    ["wattpost_restore_proven_duration_seconds", 250],
    ["wattpost_restore_proven_rows", 5_012_345],
  ]);
  strictEqual(restoreMetrics(told({ failed: FAILED }), NOW_MS)[0]?.samples[0]?.value, 1);
  deepStrictEqual(restoreMetrics({ kind: "absent" }, NOW_MS), []);
});
