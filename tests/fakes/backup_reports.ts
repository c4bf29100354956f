/**
 * What a host tells of its backups, as pages and tests show it.
 *
 * @module
 */

import type { BackupReport } from "../../lib/domain/backup_report.ts";
import type { ProvenRestore } from "../../lib/domain/restore_report.ts";

const HOUR_MS = 3_600_000;

/** All is well: a backup of seven hours ago, and its copy elsewhere. */
export function backupsOf(nowMs: number): BackupReport {
  return {
    atMs: nowMs - 40_000,
    newest: {
      name: "wattpost-20261129T021500Z",
      atMs: nowMs - 7 * HOUR_MS,
      tookMs: 63_000,
      bytes: 183_000_000,
      rows: 5_012_345,
      from: "MySQL 9.7.0",
    },
    count: 19,
    bytes: 3_200_000_000,
    oldestMs: nowMs - 360 * 24 * HOUR_MS,
    failed: null,
    remote: { kind: "sftp", newestMs: nowMs - 7 * HOUR_MS, count: 64, failure: null },
  };
}

/** A restore that was proven two days ago, with all that is compared. */
export function provenOf(nowMs: number): ProvenRestore {
  return {
    backup: "wattpost-20261127T021500Z",
    backupMs: nowMs - 55 * HOUR_MS,
    startedMs: nowMs - 51 * HOUR_MS,
    tookMs: 250_000,
    rows: 5_004_102,
    bytes: 182_600_000,
    into: "MySQL 9.7.0",
    steps: [
      { step: "check", tookMs: 14_000 },
      { step: "load", tookMs: 201_000 },
      { step: "compare", tookMs: 35_000 },
    ],
    compared: [
      { what: "Rows of 52 tables", backup: "5,004,102", restored: "5,004,102" },
      { what: "Tables by their checksums", backup: "52", restored: "52" },
      { what: "Ledger, complete", backup: "1,729,004", restored: "1,729,004" },
      { what: "Ledger, failed", backup: "1,876", restored: "1,876" },
      { what: "Packed days of channels", backup: "2,190,000", restored: "2,190,000" },
      { what: "Newest half-hour", backup: "2026-11-27T02:00Z", restored: "2026-11-27T02:00Z" },
    ],
  };
}
