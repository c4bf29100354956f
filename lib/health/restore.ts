/**
 * How trial restores of the host's backups stand: read from the file that the host writes. A restore that fails means
 * that there may be no way back, so it is a failure, not a warning.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import {
  parseRestoreReport,
  RESTORE_FILE_MAX,
  type RestoreReport,
  restoreStanding,
} from "../domain/restore_report.ts";
import { readExchange, type Told } from "../store/host_exchange.ts";
import type { Metric } from "./prometheus.ts";
import { shareLook } from "./share.ts";
import type { Verdict } from "./verdict.ts";

/** Name of the file in the host's folder. */
const RESTORE_FILE = "restore.json";

/** Reads what the host says of its trial restores, unless somebody has just done so. */
export function seeRestores(hostDir: string, clock: Clock): Promise<Told<RestoreReport>> {
  const look = { of: clock, name: `restores in ${hostDir}` };
  const path = `${hostDir}/${RESTORE_FILE}`;
  return shareLook(
    clock,
    look,
    () => readExchange({ path, most: RESTORE_FILE_MAX, parse: parseRestoreReport }),
  );
}

/** How trial restores stand; `null`: nobody tells, so there is nothing to judge. */
export function restoreVerdict(seen: Told<RestoreReport>, nowMs: number): Verdict | null {
  const name = "restore:provenAge";
  switch (seen.kind) {
    case "absent":
      return null;
    case "unreadable": {
      const output = "What the host says of its trial restores is not understood: deno task restore:drill";
      return { name, status: "warn", output, detail: seen.why };
    }
    case "told": {
      const { proven } = seen.value;
      const age = proven === null ? {} : { observed: secondsSince(proven.startedMs, nowMs), unit: "s" };
      return { name, ...age, ...judged(seen.value, nowMs) };
    }
  }
}

function judged(report: RestoreReport, nowMs: number): Omit<Verdict, "name"> {
  const standing = restoreStanding(report, nowMs);
  switch (standing) {
    case "failed": {
      const output = "The newest backup could not be restored: deno task restore:drill says why";
      return { status: "fail", output, ...(report.failed ? { detail: report.failed.words } : {}) };
    }
    case "broken-off":
      return { status: "warn", output: "A trial restore never ended: deno task restore:drill" };
    case "none":
      return { status: "warn", output: "No backup was ever restored on trial: deno task restore:drill" };
    case "old":
      return { status: "warn", output: "No backup was restored on trial of late: is its timer running?" };
    case "running":
    case "proven":
      return { status: "pass" };
  }
}

/** Trial restores as metrics; empty: nobody tells. */
export function restoreMetrics(seen: Told<RestoreReport>, nowMs: number): readonly Metric[] {
  if (seen.kind !== "told") return [];
  const { proven } = seen.value;
  const failed: Metric = {
    name: "wattpost_restore_failed",
    help: "Whether the last trial restore of a backup failed or never ended",
    type: "gauge",
    samples: [{ value: ["failed", "broken-off"].includes(restoreStanding(seen.value, nowMs)) ? 1 : 0 }],
  };
  if (proven === null) return [failed];
  return [
    failed,
    gauge(
      "wattpost_restore_proven_age_seconds",
      "Seconds since a backup was restored on trial and proven",
      secondsSince(proven.startedMs, nowMs),
    ),
    gauge("wattpost_restore_proven_duration_seconds", "Seconds that it took", proven.tookMs / 1000),
    gauge("wattpost_restore_proven_rows", "Rows that it restored", proven.rows),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", samples: [{ value }] };
}

function secondsSince(instantMs: number, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - instantMs) / 1000));
}
