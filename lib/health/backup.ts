/**
 * How backups of the host stand: read from the file that the host writes, and judged by what would be lost.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import {
  BACKUP_FILE_MAX,
  type BackupReport,
  backupStanding,
  parseBackupReport,
} from "../domain/backup_report.ts";
import { readExchange, type Told } from "../store/host_exchange.ts";
import type { Metric } from "./prometheus.ts";
import { shareLook } from "./share.ts";
import type { Verdict } from "./verdict.ts";

/** Name of the file in the host's folder. */
const BACKUP_FILE = "backup.json";

/** Reads what the host says of its backups, unless somebody has just done so. */
export function seeBackups(hostDir: string, clock: Clock): Promise<Told<BackupReport>> {
  const look = { of: clock, name: `backups in ${hostDir}` };
  const path = `${hostDir}/${BACKUP_FILE}`;
  return shareLook(
    clock,
    look,
    () => readExchange({ path, most: BACKUP_FILE_MAX, parse: parseBackupReport }),
  );
}

/** How backups stand; `null`: nobody tells, so there is nothing to judge. */
export function backupVerdict(seen: Told<BackupReport>, nowMs: number): Verdict | null {
  const name = "backup:newestAge";
  switch (seen.kind) {
    case "absent":
      return null;
    case "unreadable": {
      const output = "What the host says of its backups is not understood: deno task backups list";
      return { name, status: "warn", output, detail: seen.why };
    }
    case "told": {
      const { newest } = seen.value;
      const age = newest === null ? {} : { observed: ageS(newest.atMs, nowMs), unit: "s" };
      return { name, ...age, ...judged(seen.value, nowMs) };
    }
  }
}

function judged(report: BackupReport, nowMs: number): Omit<Verdict, "name"> {
  const { failed, remote } = report;
  const said = failed === null ? {} : { detail: failed.words };
  switch (backupStanding(report, nowMs)) {
    case "none":
      return { status: "fail", output: "There is no backup: deno task db:backup", ...said };
    case "missing":
      return { status: "fail", output: "No backup was made for days: deno task db:backup says why", ...said };
    case "late":
      return {
        status: "warn",
        output: "The last backup was not made: deno task db:backup says why",
        ...said,
      };
    case "here-alone": {
      const output = "The newest backups lie on this host alone: deno task backups push says why";
      return { status: "warn", output, ...(remote?.failure ? { detail: remote.failure } : {}) };
    }
    case "well":
      return { status: "pass" };
  }
}

/** Backups as metrics; empty: nobody tells. */
export function backupMetrics(seen: Told<BackupReport>, nowMs: number): readonly Metric[] {
  if (seen.kind !== "told") return [];
  const { newest, count, bytes, failed, remote } = seen.value;
  return [
    gauge("wattpost_backups", "Backups on this host", count),
    gauge("wattpost_backups_bytes", "Bytes of all of them", bytes),
    gauge("wattpost_backup_failures", "Tries that failed since the last backup", failed?.count ?? 0),
    ...(newest === null ? [] : [
      gauge("wattpost_backup_age_seconds", "Age of the newest backup", ageS(newest.atMs, nowMs)),
      gauge("wattpost_backup_bytes", "Bytes of the newest backup", newest.bytes),
      gauge("wattpost_backup_rows", "Rows of the newest backup", newest.rows),
      gauge("wattpost_backup_duration_seconds", "Seconds that it took", newest.tookMs / 1_000),
    ]),
    ...(remote === null ? [] : [
      gauge(
        "wattpost_backup_remote_failed",
        "Whether the last copy elsewhere failed",
        remote.failure ? 1 : 0,
      ),
      gauge("wattpost_backups_remote", "Backups elsewhere", remote.count),
    ]),
    ...(remote === null || remote.newestMs === null ? [] : [
      gauge("wattpost_backup_remote_age_seconds", "Age of the newest copy", ageS(remote.newestMs, nowMs)),
    ]),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", samples: [{ value }] };
}

function ageS(atMs: number, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - atMs) / 1_000));
}
