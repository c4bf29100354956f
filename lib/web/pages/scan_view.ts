/**
 * Between the host's last scan and its page.
 *
 * @module
 */

import { dayWords, instantWords } from "../../domain/instant.ts";
import {
  type AcceptedFinding,
  type CheckRun,
  type Finding,
  parseScanReport,
  SCAN_FILE_MAX,
  type ScanReport,
  type Severity,
} from "../../domain/scan.ts";
import type { CheckRow, FindingRow, ScanPageProps } from "../../ui/pages/ScanPage.tsx";
import type { State } from "../../ui/state.ts";
import { readExchange, type Told } from "../../store/host_exchange.ts";

/** The file in which the host tells its last scan. */
const SCAN_FILE = "scan.json";

/** Days after which a scan is old. */
const OLD_DAYS = 35;

const DAY_MS = 86_400_000;

const STATES: Readonly<Record<Severity, State>> = {
  critical: "critical",
  high: "critical",
  medium: "warn",
  low: "info",
};

const WORDS: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
};

/** What the host's last scan found. */
export function readScan(hostDir: string): Promise<Told<ScanReport>> {
  return readExchange({ path: `${hostDir}/${SCAN_FILE}`, most: SCAN_FILE_MAX, parse: parseScanReport });
}

/** The page as it is shown. */
export function scanPageProps(told: Told<ScanReport>, nowMs: number): ScanPageProps {
  switch (told.kind) {
    case "absent":
      return { scan: null, trouble: { kind: "absent" } };
    case "unreadable":
      return { scan: null, trouble: { kind: "unreadable", why: told.why } };
    case "told": {
      const { atMs, checks, open, expired, accepted } = told.value;
      const days = Math.floor((nowMs - atMs) / DAY_MS);
      const scan = {
        at: instantWords(atMs),
        oldDays: days >= OLD_DAYS ? days : null,
        checks: checks.map(checkRow),
        open: open.map((finding, i) => findingRow(finding, i)),
        // What was accepted when it was looked may not be any more.
        ...byDay([...expired, ...accepted], nowMs),
      };
      return { scan, trouble: null };
    }
  }
}

function byDay(all: readonly AcceptedFinding[], nowMs: number) {
  const rows = all.map((one, i) => ({
    over: Date.parse(`${one.until}T23:59:59.999Z`) < nowMs,
    row: findingRow(one.finding, i, one),
  }));
  return {
    expired: rows.filter(({ over }) => over).map(({ row }) => row),
    accepted: rows.filter(({ over }) => !over).map(({ row }) => row),
  };
}

function checkRow({ name, notRun, looked }: CheckRun): CheckRow {
  return { name, words: notRun ?? looked, ran: notRun === null };
}

function findingRow(
  { check, id, severity, what, where, remedy }: Finding,
  nth: number,
  accepted: Pick<AcceptedFinding, "reason" | "until"> | null = null,
): FindingRow {
  return {
    key: `${nth} ${check} ${id}`,
    id: `${check} ${id}`,
    severity: WORDS[severity],
    state: STATES[severity],
    what,
    where,
    remedy,
    reason: accepted?.reason ?? null,
    until: accepted && dayWords(Date.parse(`${accepted.until}T00:00:00Z`)),
  };
}
