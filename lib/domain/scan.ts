/**
 * What a scan of the host found: findings by severity, those that were accepted for a reason and a time, and which
 * checks did not run at all. A check that did not run is never a pass.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isPlain } from "./plain.ts";

/** How much a finding matters, the least first. */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;

/** How much a finding matters. */
export type Severity = (typeof SEVERITIES)[number];

/** Something that is not as it should be. */
export interface Finding {
  /** The check that found it. */
  readonly check: string;
  /** Names what it is, the same in every scan: `TLS1_1`, `PermitRootLogin`. */
  readonly id: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** What it is, in a sentence. */
  readonly what: string;
  /** Where: a file, a port, a unit, a page. */
  readonly where: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A finding that is known and borne for a time. */
export interface Acceptance {
  /** The check. */
  readonly check: string;
  /** What it is. */
  readonly id: string;
  /** Where; absent: everywhere. */
  readonly where?: string;
  /** Why it is borne. */
  readonly reason: string;
  /** The last day on which it is, such as 2027-01-31. */
  readonly until: string;
}

/** A finding with what was said when it was accepted. */
export interface AcceptedFinding {
  /** What was found. */
  readonly finding: Finding;
  /** Why it is borne. */
  readonly reason: string;
  /** The last day on which it is. */
  readonly until: string;
}

/** How a check went. */
export interface CheckRun {
  /** Its name. */
  readonly name: string;
  /** Why it did not run; `null`: it ran. */
  readonly notRun: string | null;
  /** What it looked at and from where, in words. */
  readonly looked: string;
  /** How long it took, in ms. */
  readonly tookMs: number;
}

/** What a scan found. */
export interface ScanReport {
  /** When it began, epoch milliseconds. */
  readonly atMs: number;
  /** Every check that was asked for. */
  readonly checks: readonly CheckRun[];
  /** Findings that nobody accepted, the worst first. */
  readonly open: readonly Finding[];
  /** Findings whose acceptance is over: they count again. */
  readonly expired: readonly AcceptedFinding[];
  /** Findings that are accepted. */
  readonly accepted: readonly AcceptedFinding[];
}

/** Findings of one list. */
export const FINDINGS_MAX = 500;

/** Characters of the report's file at most. */
export const SCAN_FILE_MAX = 2_000_000;

const TEXT_MAX = 400;
const CHECKS_MAX = 50;
const DAY = /^\d{4}-\d\d-\d\d$/;
const REASON_LEAST = 20;
const VERSION = 1;

/** Findings sorted by what was accepted. */
export type JudgedFindings = Pick<ScanReport, "open" | "expired" | "accepted">;

/** Sorts findings by what was accepted, the worst first. */
export function judgeFindings(
  findings: readonly Finding[],
  { acceptances, nowMs }: { readonly acceptances: readonly Acceptance[]; readonly nowMs: number },
): JudgedFindings {
  const open: Finding[] = [];
  const expired: AcceptedFinding[] = [];
  const accepted: AcceptedFinding[] = [];
  for (const finding of findings.toSorted(byWorst)) {
    const entries = acceptances.filter((one) => concerns(one, finding));
    const held = entries.find(({ until }) => !isOver(until, nowMs));
    const [entry] = held ? [held] : entries;
    if (!entry) open.push(finding);
    else (held ? accepted : expired).push({ finding, reason: entry.reason, until: entry.until });
  }
  return { open, expired, accepted };
}

/** Acceptances that concern nothing which was found by checks that ran. */
export function unusedAcceptances(
  acceptances: readonly Acceptance[],
  { findings, ran }: { readonly findings: readonly Finding[]; readonly ran: readonly string[] },
): readonly Acceptance[] {
  return acceptances.filter((one) => ran.includes(one.check) && !findings.some((two) => concerns(one, two)));
}

/** Reads the list of what is accepted; each entry needs a reason of a sentence and a last day. */
export function readAcceptances(text: string): Result<readonly Acceptance[], string> {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return err("it is not JSON");
  }
  if (!Array.isArray(list) || list.length > FINDINGS_MAX) {
    return err(`it is no list of at most ${FINDINGS_MAX}`);
  }
  const read: Acceptance[] = [];
  for (const [i, value] of list.entries()) {
    const entry = acceptanceOf(value);
    if (typeof entry === "string") return err(`entry ${i + 1}: ${entry}`);
    read.push(entry);
  }
  return ok(read);
}

function acceptanceOf(value: unknown): Acceptance | string {
  if (!isPlain(value)) return "it is no object";
  const { check, id, where, reason, until, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `"${unknown.slice(0, 40)}" is not known`;
  if (typeof check !== "string" || typeof id !== "string" || check === "" || id === "") {
    return "it needs the check and the id of what is accepted";
  }
  if (where !== undefined && typeof where !== "string") return "where it is must be a text";
  if (typeof reason !== "string" || reason.trim().length < REASON_LEAST) {
    return `it needs a reason of at least ${REASON_LEAST} characters`;
  }
  if (!isDay(until)) {
    return "it needs the last day on which it is accepted, such as 2027-01-31";
  }
  return { check, id, ...(where === undefined ? {} : { where }), reason, until };
}

/** The file by which the host tells what a scan found. */
export function formatScanReport(report: ScanReport): string {
  const { open, expired, accepted } = report;
  const cut = { open: open.slice(0, FINDINGS_MAX), expired: expired.slice(0, FINDINGS_MAX) };
  const all = { version: VERSION, ...report, ...cut, accepted: accepted.slice(0, FINDINGS_MAX) };
  return `${JSON.stringify(all, (_, value) => typeof value === "string" ? shortened(value) : value, 1)}\n`;
}

/** Reads that file; why not, in words. */
export function parseScanReport(text: string): Result<ScanReport, string> {
  if (text.length > SCAN_FILE_MAX) return err(`it is longer than ${SCAN_FILE_MAX} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err("it is not JSON");
  }
  if (!isPlain(value) || value.version !== VERSION) return err(`its version is not ${VERSION}`);
  const { atMs } = value;
  if (typeof atMs !== "number" || !Number.isSafeInteger(atMs) || atMs < 0) return err("its time is none");
  const checks = listOf(value.checks, CHECKS_MAX, checkOf);
  const open = listOf(value.open, FINDINGS_MAX, findingOf);
  const expired = listOf(value.expired, FINDINGS_MAX, acceptedOf);
  const accepted = listOf(value.accepted, FINDINGS_MAX, acceptedOf);
  if (!checks || !open || !expired || !accepted) return err("its lists are not understood");
  return ok({ atMs, checks, open, expired, accepted });
}

function listOf<T>(value: unknown, most: number, read: (value: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const list = value.map(read).filter((one) => one !== null);
  return list.length === value.length ? list : null;
}

function checkOf(value: unknown): CheckRun | null {
  if (!isPlain(value)) return null;
  const { name, notRun, looked, tookMs } = value;
  if (!isText(name) || !isText(looked) || typeof tookMs !== "number") return null;
  return notRun === null || isText(notRun) ? { name, notRun, looked, tookMs } : null;
}

function findingOf(value: unknown): Finding | null {
  if (!isPlain(value)) return null;
  const { check, id, what, where, remedy } = value;
  const severity = SEVERITIES.find((one) => one === value.severity);
  if (!severity || !isText(check) || !isText(id) || !isText(what) || !isText(where) || !isText(remedy)) {
    return null;
  }
  return { check, id, severity, what, where, remedy };
}

function acceptedOf(value: unknown): AcceptedFinding | null {
  if (!isPlain(value)) return null;
  const finding = findingOf(value.finding);
  const { reason, until } = value;
  return finding && isText(reason) && isDay(until) ? { finding, reason, until } : null;
}

function concerns({ check, id, where }: Acceptance, finding: Finding): boolean {
  return check === finding.check && id === finding.id && (where === undefined || where === finding.where);
}

function isOver(until: string, nowMs: number): boolean {
  return Date.parse(`${until}T23:59:59.999Z`) < nowMs;
}

function byWorst(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    a.check.localeCompare(b.check) || a.id.localeCompare(b.id) || a.where.localeCompare(b.where);
}

function shortened(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1).toWellFormed()}…`;
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= TEXT_MAX;
}
