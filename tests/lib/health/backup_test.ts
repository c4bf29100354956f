import { deepStrictEqual, ok } from "node:assert/strict";
import type { BackupReport } from "../../../lib/domain/backup_report.ts";
import { backupMetrics, backupVerdict } from "../../../lib/health/backup.ts";
import { renderMetrics } from "../../../lib/health/prometheus.ts";
import type { Told } from "../../../lib/store/host_exchange.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_795_000_000_000;

const REMOTE = { kind: "s3", newestMs: NOW_MS - 8 * HOUR_MS, count: 9, failure: null } as const;

function told(hours: number, change: Partial<BackupReport> = {}): Told<BackupReport> {
  const newest = {
    ...{ name: "wattpost-20261118T020700Z", atMs: NOW_MS - hours * HOUR_MS, tookMs: 41_000 },
    ...{ bytes: 1_200_000, rows: 5_000_000, from: "mysql 9.7.0" },
  };
  const value: BackupReport = {
    ...{ atMs: NOW_MS, newest, count: 9, bytes: 9_000_000, oldestMs: NOW_MS - 900 * HOUR_MS, failed: null },
    ...{ remote: null, ...change },
  };
  return { kind: "told", value };
}

const FAILED = { atMs: NOW_MS - HOUR_MS, count: 3, words: "Cannot write the backup: the disk is full" };

const CASES: readonly (readonly [string, Told<BackupReport>, string | undefined, string | undefined])[] = [
  ["of this night", told(9), "pass", undefined],
  ["of yesterday, and the last try failed", told(30, { failed: FAILED }), "warn", FAILED.words],
  ["of last week", told(170), "fail", undefined],
  ["that is not there", told(0, { newest: null }), "fail", undefined],
  [
    "whose copy elsewhere failed",
    told(9, { remote: { ...REMOTE, failure: "No route to host" } }),
    "warn",
    "No route to host",
  ],
  [
    "of which the host says what nobody understands",
    { kind: "unreadable", why: "no JSON" },
    "warn",
    "no JSON",
  ],
  ["on a machine that no host was made of", { kind: "absent" }, undefined, undefined],
];
for (const [name, seen, status, detail] of CASES) {
  Deno.test(`/health judges a newest backup ${name}: ${status ?? "says nothing"}`, () => {
    const verdict = backupVerdict(seen, NOW_MS);
    deepStrictEqual([verdict?.status, verdict?.detail], [status, detail]);
    ok(!verdict?.output?.includes("disk"), "what the host said of it is for the log alone");
  });
}

Deno.test("/metrics tells age, size and failures of backups, here and elsewhere", () => {
  const text = renderMetrics(backupMetrics(told(2, { failed: FAILED, remote: REMOTE }), NOW_MS));
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  deepStrictEqual(lines, [
    "wattpost_backups 9",
    "wattpost_backups_bytes 9000000",
    "wattpost_backup_failures 3",
    "wattpost_backup_age_seconds 7200",
    "wattpost_backup_bytes 1200000",
    "wattpost_backup_rows 5000000",
    "wattpost_backup_duration_seconds 41",
    "wattpost_backup_remote_failed 0",
    "wattpost_backups_remote 9",
    "wattpost_backup_remote_age_seconds 28800",
  ]);
});
