/**
 * What becomes of a finding from night to night: it opens, stays, is put aside by somebody with a reason, comes back
 * when it changes, and is cleared when its rule was looked at and holds. Pure.
 *
 * @module
 */

import type { CheckResult } from "./device_check.ts";
import { type Finding, findingKey, type FindingKind } from "./finding.ts";

/** Why somebody put a finding aside. */
export interface Aside {
  /** Epoch milliseconds at which it was done. */
  readonly atMs: number;
  /** Who, by the id of their account; `null`: an account that is gone. */
  readonly userId: number | null;
  /** In their words, at most {@link ASIDE_REASON_MAX} characters. */
  readonly reason: string;
  /** Epoch milliseconds at which it comes back whatever it is; `null`: only when it changes. */
  readonly untilMs: number | null;
  /** What the finding's key was then. */
  readonly key: string;
}

/** A finding of a device with its history; a device has one of each kind at most. */
export interface FindingRecord {
  /** The device. */
  readonly meterId: number;
  /** As it was found last. */
  readonly finding: Finding;
  /** Epoch milliseconds of the night in which it was found first. */
  readonly firstMs: number;
  /** Epoch milliseconds of the night in which it was found last. */
  readonly lastMs: number;
  /** Epoch milliseconds of the night in which its rule held again; `null`: it is open or put aside. */
  readonly clearedMs: number | null;
  /** Who put it aside and why; `null`: nobody. */
  readonly aside: Aside | null;
}

/** Whether somebody should look, somebody has said that they need not, or it is over. */
export type FindingState = "open" | "aside" | "cleared";

/** Characters of a reason at most. */
export const ASIDE_REASON_MAX = 200;

/** Days after which what is found again is a new finding, whatever was said of the old one. */
const SAME_DAYS = 30;

const DAY_MS = 86_400_000;

/** How a finding is at an instant. */
export function findingStateOf(
  { clearedMs, aside }: Pick<FindingRecord, "clearedMs" | "aside">,
  nowMs: number,
): FindingState {
  if (clearedMs !== null) return "cleared";
  if (aside === null) return "open";
  return aside.untilMs !== null && aside.untilMs <= nowMs ? "open" : "aside";
}

/** What a night has changed of a device's findings. */
export interface FindingChanges {
  /** Findings as they are to be kept. */
  readonly records: readonly FindingRecord[];
  /** Kinds that somebody should look at from now on. */
  readonly opened: readonly FindingKind[];
  /** Kinds whose rule holds again. */
  readonly cleared: readonly FindingKind[];
}

/** Brings what is known of a device together with what was found now. Repeatable. */
export function mergeFindings(
  known: readonly FindingRecord[],
  { findings, looked }: CheckResult,
  { meterId, nowMs }: { readonly meterId: number; readonly nowMs: number },
): FindingChanges {
  const before = new Map(known.map((record) => [record.finding.kind, record]));
  const records: FindingRecord[] = [];
  const opened: FindingKind[] = [];
  const cleared: FindingKind[] = [];
  for (const finding of findings) {
    const was = before.get(finding.kind);
    const record = foundAgain(was, finding, { meterId, nowMs });
    records.push(record);
    const stood = was !== undefined && findingStateOf(was, nowMs) === "open";
    if (!stood && findingStateOf(record, nowMs) === "open") opened.push(finding.kind);
  }
  for (const kind of looked) {
    const was = before.get(kind);
    if (!was || was.clearedMs !== null || findings.some((finding) => finding.kind === kind)) continue;
    records.push({ ...was, clearedMs: nowMs });
    cleared.push(kind);
  }
  return { records, opened, cleared };
}

function foundAgain(
  was: FindingRecord | undefined,
  finding: Finding,
  { meterId, nowMs }: { readonly meterId: number; readonly nowMs: number },
): FindingRecord {
  const recent = was && (was.clearedMs === null || nowMs - was.clearedMs < SAME_DAYS * DAY_MS);
  const aside = was && recent && isStillAside(was.aside, finding, nowMs) ? was.aside : null;
  const firstMs = was && was.clearedMs === null ? was.firstMs : nowMs;
  return { meterId, finding, firstMs, lastMs: nowMs, clearedMs: null, aside };
}

/** What was put aside comes back when its time is over, and when it is no longer what it was. */
function isStillAside(aside: Aside | null, finding: Finding, nowMs: number): boolean {
  if (aside === null || aside.key !== findingKey(finding)) return false;
  return aside.untilMs === null || aside.untilMs > nowMs;
}
