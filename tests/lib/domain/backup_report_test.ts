import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type BackupReport,
  backupStanding,
  formatBackupReport,
  parseBackupReport,
} from "../../../lib/domain/backup_report.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_795_000_000_000;

/** A report of a host whose backups are well. */
function reportOf(change: Partial<BackupReport> = {}): BackupReport {
  const newest = {
    ...{ name: "wattpost-20261118T020700Z", atMs: NOW_MS - 9 * HOUR_MS, tookMs: 41_000 },
    ...{ bytes: 1_200_000, rows: 5_000_000, from: "mysql 9.7.0" },
  };
  return {
    ...{ atMs: NOW_MS, newest, count: 9, bytes: 9_000_000, oldestMs: NOW_MS - 900 * HOUR_MS, failed: null },
    ...{ remote: null, ...change },
  };
}

const remote = { kind: "sftp", newestMs: NOW_MS - 8 * HOUR_MS, count: 9, failure: null } as const;
const failed = { atMs: NOW_MS - HOUR_MS, count: 1, words: "Cannot write the backup: the disk is full" };
const aged = (hours: number) =>
  ({ ...reportOf().newest, atMs: NOW_MS - hours * HOUR_MS }) as BackupReport["newest"];

const CASES: readonly (readonly [string, Partial<BackupReport>, string])[] = [
  ["of this night", {}, "well"],
  ["26 hours old", { newest: aged(26) }, "well"],
  ["27 hours old", { newest: aged(27) }, "late"],
  ["51 hours old", { newest: aged(51) }, "missing"],
  ["of this night, and the last try failed", { failed }, "late"],
  ["not there", { newest: null, count: 0, oldestMs: null }, "none"],
  ["here and elsewhere", { remote }, "well"],
  ["here, and its copy failed", { remote: { ...remote, failure: "No route to host" } }, "here-alone"],
  ["here, and nothing is elsewhere", { remote: { ...remote, newestMs: null, count: 0 } }, "here-alone"],
  [
    "here, and elsewhere are old ones",
    { remote: { ...remote, newestMs: NOW_MS - 60 * HOUR_MS } },
    "here-alone",
  ],
];
for (const [name, change, want] of CASES) {
  Deno.test(`backupStanding() of a newest backup ${name}: ${want}`, () => {
    strictEqual(backupStanding(reportOf(change), NOW_MS), want);
  });
}

Deno.test("parseBackupReport() reads what formatBackupReport() wrote", () => {
  for (const [, change] of CASES) {
    const report = reportOf(change);
    deepStrictEqual(parseBackupReport(formatBackupReport(report)), { ok: true, value: report });
  }
});

Deno.test("formatBackupReport() cuts what restic or a disk said at length: the app still understands all of it", () => {
  const words = `Cannot copy it:\n${"no route ".repeat(100)}`;
  const report = reportOf({ failed: { ...failed, words }, remote: { ...remote, failure: words } });
  const read = parseBackupReport(formatBackupReport(report));
  const cut = read.ok ? read.value : null;
  strictEqual(cut?.remote?.failure?.length, 600);
  strictEqual(cut.remote.failure.startsWith("Cannot copy it: no route"), true);
  strictEqual(cut.failed?.words, cut.remote.failure);
});

const BROKEN: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a list", "[]"],
  ["another version", formatBackupReport(reportOf()).replace('"version": 1', '"version": 2')],
  ["rows that are no number", formatBackupReport(reportOf()).replace("5000000", '"many"')],
  ["an instant after time", formatBackupReport(reportOf()).replace(/"atMs": \d+/, '"atMs": 1e300')],
  ["words with a line end", formatBackupReport(reportOf({ failed })).replace("the disk", "\\nthe disk")],
  ["a place elsewhere that is not known", formatBackupReport(reportOf({ remote })).replace("sftp", "ftp")],
];
for (const [name, text] of BROKEN) {
  Deno.test(`parseBackupReport() refuses ${name}`, () => strictEqual(parseBackupReport(text).ok, false));
}
