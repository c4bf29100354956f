import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  COMPARISONS_MAX,
  formatRestoreReport,
  parseRestoreReport,
  RESTORE_FILE_MAX,
  RESTORE_LONGEST_MS,
  RESTORE_OLD_MS,
  type RestoreReport,
  restoreStanding,
} from "../../../lib/domain/restore_report.ts";

const NOW_MS = 1_795_974_709_000;

const REPORT: RestoreReport = {
  atMs: NOW_MS,
  running: null,
  proven: {
    backup: "wattpost-20261127T021500Z",
    backupMs: NOW_MS - 180_000_000,
    startedMs: NOW_MS - 172_800_000,
    tookMs: 250_000,
    rows: 5_012_345,
    bytes: 183_000_000,
    into: "mysql 9.7.0",
    steps: [{ step: "check", tookMs: 12_000 }, { step: "load", tookMs: 220_000 }],
    compared: [{ what: "rows of 52 tables", backup: "5,012,345", restored: "5,012,345" }],
  },
  failed: {
    backup: "wattpost-20261128T021500Z",
    startedMs: NOW_MS - 60_000,
    tookMs: 4_000,
    words: 'Cannot read part "0007-day.jsonl.gz.age": its checksum is another one',
    todo: "Take the backup before it",
    differing: [],
  },
};

const told = (more: Partial<RestoreReport>): RestoreReport => ({ ...REPORT, ...more });

Deno.test("parseRestoreReport() reads what formatRestoreReport() writes", () => {
  for (const report of [REPORT, told({ proven: null, failed: null }), told({ failed: null })]) {
    deepStrictEqual(parseRestoreReport(formatRestoreReport(report)), { ok: true, value: report });
  }
  const running = told({ running: { backup: "wattpost-20261129T021500Z", startedMs: NOW_MS } });
  deepStrictEqual(parseRestoreReport(formatRestoreReport(running)), { ok: true, value: running });
});

Deno.test("formatRestoreReport() cuts what is too long, whatever a program said", () => {
  const one = { what: '"'.repeat(999), backup: "b\n".repeat(999), restored: "\ud800x".repeat(999) };
  const differing = Array.from({ length: COMPARISONS_MAX + 5 }, () => one);
  const compared = differing.map(({ what }) => ({ what, backup: what, restored: what }));
  const { proven, failed } = REPORT;
  ok(proven && failed);
  const text = formatRestoreReport(told({
    proven: { ...proven, compared },
    failed: { ...failed, words: "w\u0007".repeat(9_999), differing },
  }));
  ok(text.length <= RESTORE_FILE_MAX, `${text.length} characters`);
  const read = parseRestoreReport(text);
  ok(read.ok, read.ok ? "" : read.error);
  strictEqual(read.value.failed?.differing.length, COMPARISONS_MAX);
});

const BROKEN: readonly { readonly name: string; readonly text: string }[] = [
  { name: "no JSON", text: "{" },
  { name: "a list", text: "[]" },
  { name: "another version", text: JSON.stringify({ version: 2, ...REPORT }) },
  { name: "no time", text: JSON.stringify({ version: 1, ...REPORT, atMs: "now" }) },
  { name: "a path for a name", text: changed((proven) => ({ ...proven, backup: "../../etc" })) },
  { name: "a negative duration", text: changed((proven) => ({ ...proven, tookMs: -1 })) },
  { name: "an unknown step", text: changed((proven) => ({ ...proven, steps: [{ step: "x", tookMs: 1 }] })) },
  {
    name: "something proven that differs",
    text: changed((proven) => ({ ...proven, compared: [{ what: "rows", backup: "2", restored: "1" }] })),
  },
  { name: "more than it may hold", text: " ".repeat(RESTORE_FILE_MAX + 1) },
];

function changed(change: (proven: object) => object): string {
  return JSON.stringify({ version: 1, ...REPORT, proven: change(REPORT.proven ?? {}) });
}

for (const { name, text } of BROKEN) {
  Deno.test(`parseRestoreReport() refuses ${name}`, () => strictEqual(parseRestoreReport(text).ok, false));
}

const STANDINGS = [
  { want: "none", report: told({ proven: null, failed: null }) },
  { want: "proven", report: told({ failed: null }) },
  { want: "failed", report: REPORT },
  { want: "running", report: told({ running: { backup: "b", startedMs: NOW_MS - RESTORE_LONGEST_MS } }) },
  {
    want: "broken-off",
    report: told({ running: { backup: "b", startedMs: NOW_MS - RESTORE_LONGEST_MS - 1 } }),
  },
] as const;
for (const { want, report } of STANDINGS) {
  Deno.test(`restoreStanding() says ${want}`, () => strictEqual(restoreStanding(report, NOW_MS), want));
}

Deno.test("restoreStanding() calls a proven restore old once another one was due long ago", () => {
  const { proven } = REPORT;
  ok(proven);
  const at = (startedMs: number) =>
    restoreStanding(told({ failed: null, proven: { ...proven, startedMs } }), NOW_MS);
  strictEqual(at(NOW_MS - RESTORE_OLD_MS), "proven");
  strictEqual(at(NOW_MS - RESTORE_OLD_MS - 1), "old");
});
