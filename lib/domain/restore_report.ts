/**
 * What the host tells the app of its trial restores, as a file: the last one that was proven, what was compared then,
 * the one that runs now, and what went wrong with the last try. A backup that nobody ever restored is a hope.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isCount, isInstant, isLine, isPlain, lineOf, plainOf } from "./plain.ts";

/** What a restore does, in this order. */
export const RESTORE_STEPS = ["check", "load", "compare", "migrate"] as const;

/** One of them: every part and its checksum; the rows; comparing; bringing the tables to this release. */
export type RestoreStep = (typeof RESTORE_STEPS)[number];

/** How long a step took. */
export interface StepTime {
  /** Which one. */
  readonly step: RestoreStep;
  /** Milliseconds. */
  readonly tookMs: number;
}

/** One thing that was compared. */
export interface Comparison {
  /** What, in words: `rows of 52 tables`. */
  readonly what: string;
  /** As the backup says it. */
  readonly backup: string;
  /** As it was found after the restore; the same text where nothing differs. */
  readonly restored: string;
}

/** A restore after which everything was as in the backup. */
export interface ProvenRestore {
  /** Name of the backup: its folder. */
  readonly backup: string;
  /** Instant whose state the backup holds, epoch milliseconds. */
  readonly backupMs: number;
  /** When the restore began, epoch milliseconds. */
  readonly startedMs: number;
  /** Milliseconds that it took, comparing included. */
  readonly tookMs: number;
  /** Rows that were restored. */
  readonly rows: number;
  /** Bytes of the backup as it lies. */
  readonly bytes: number;
  /** Engine and version into which it was restored: `mysql 9.7.0`. */
  readonly into: string;
  /** What took how long, in order; their sum is at most the whole. */
  readonly steps: readonly StepTime[];
  /** What was compared, all of it equal; at most {@link COMPARISONS_MAX}. */
  readonly compared: readonly Comparison[];
}

/** The last try, if nothing was proven by it. */
export interface FailedRestore {
  /** Name of the backup; `null`: there was none to restore. */
  readonly backup: string | null;
  /** When it began, epoch milliseconds. */
  readonly startedMs: number;
  /** Milliseconds until it ended. */
  readonly tookMs: number;
  /** What went wrong, a sentence without a full stop. */
  readonly words: string;
  /** What to do about it, a sentence without a full stop. */
  readonly todo: string;
  /** What differed; empty: it never came to comparing, or that is not what went wrong. */
  readonly differing: readonly Comparison[];
}

/** A restore under way. */
export interface RunningRestore {
  /** Name of the backup. */
  readonly backup: string;
  /** When it began, epoch milliseconds. */
  readonly startedMs: number;
}

/** Trial restores as the host tells them. */
export interface RestoreReport {
  /** When it was written, epoch milliseconds. */
  readonly atMs: number;
  /** The one under way; `null`: none. */
  readonly running: RunningRestore | null;
  /** The last one that was proven; `null`: none ever was. */
  readonly proven: ProvenRestore | null;
  /** The last try, where it failed; `null`: it was proven, or there was none. */
  readonly failed: FailedRestore | null;
}

/** How trial restores stand. */
export type RestoreStanding =
  /** None was ever tried. */
  | "none"
  /** One runs. */
  | "running"
  /** One began and never said how it ended: its process was killed, or the host restarted. */
  | "broken-off"
  /** The last try failed. */
  | "failed"
  /** The last proven one is old. */
  | "old"
  /** The last try was proven, not long ago. */
  | "proven";

/** Characters of the file at most. */
export const RESTORE_FILE_MAX = 100_000;

/** Things compared at most. */
export const COMPARISONS_MAX = 40;

/** Milliseconds after which a proven restore is old: trials are weekly, so one more was missed. */
export const RESTORE_OLD_MS = 15 * 86_400_000;

/** Milliseconds that a trial may take; its unit ends it then. */
export const RESTORE_LONGEST_MS = 6 * 3_600_000;

const VERSION = 1;
const WORDS_MAX = 600;
const COMPARED_MAX = 200;
const BACKUP_NAME = /^wattpost-\d{8}T\d{6}Z$/;

/** How trial restores stand now. */
export function restoreStanding(report: RestoreReport, nowMs: number): RestoreStanding {
  const { running, proven, failed } = report;
  if (running) return nowMs - running.startedMs > RESTORE_LONGEST_MS ? "broken-off" : "running";
  if (failed) return "failed";
  if (!proven) return "none";
  return nowMs - proven.startedMs > RESTORE_OLD_MS ? "old" : "proven";
}

/** The file as the host writes it; words that are too long are cut. */
export function formatRestoreReport(report: RestoreReport): string {
  const { atMs, running, proven, failed } = report;
  const told: RestoreReport = {
    atMs,
    running,
    proven: proven &&
      { ...proven, into: cut(proven.into), compared: proven.compared.slice(0, COMPARISONS_MAX).map(cutAll) },
    failed: failed && {
      ...failed,
      words: cut(failed.words),
      todo: cut(failed.todo),
      differing: failed.differing.slice(0, COMPARISONS_MAX).map(cutAll),
    },
  };
  return `${JSON.stringify({ version: VERSION, ...told }, null, 1)}\n`;
}

/** Reads the file; it is the host's, and still nothing in it is taken as it comes. */
export function parseRestoreReport(text: string): Result<RestoreReport, string> {
  if (text.length > RESTORE_FILE_MAX) return err(`it is longer than ${RESTORE_FILE_MAX} characters`);
  const fields = plainOf(text);
  if (!fields) return err("it is no JSON object");
  if (fields.version !== VERSION) return err(`its version is not ${VERSION}`);
  const { atMs } = fields;
  if (!isInstant(atMs)) return err("its time is none");
  const running = fields.running === null ? null : runningOf(fields.running);
  if (running === undefined) return err("the restore under way is not understood");
  const proven = fields.proven === null ? null : provenOf(fields.proven);
  if (proven === undefined) return err("the proven restore is not understood");
  const failed = fields.failed === null ? null : failedOf(fields.failed);
  if (failed === undefined) return err("the failed restore is not understood");
  return ok({ atMs, running, proven, failed });
}

function runningOf(value: unknown): RunningRestore | undefined {
  if (!isPlain(value)) return undefined;
  const { backup, startedMs } = value;
  return isBackup(backup) && isInstant(startedMs) ? { backup, startedMs } : undefined;
}

function provenOf(value: unknown): ProvenRestore | undefined {
  if (!isPlain(value)) return undefined;
  const { backup, backupMs, startedMs, tookMs, rows, bytes, into } = value;
  if (!isBackup(backup) || !isWords(into)) return undefined;
  if (!isInstant(backupMs) || !isInstant(startedMs)) return undefined;
  if (!isCount(tookMs) || !isCount(rows) || !isCount(bytes)) return undefined;
  const steps = listOf(value.steps, RESTORE_STEPS.length, stepOf);
  const compared = listOf(value.compared, COMPARISONS_MAX, comparisonOf);
  if (!steps || !compared) return undefined;
  // Whoever says that all was equal must not list what was not.
  if (compared.some((one) => one.backup !== one.restored)) return undefined;
  return { backup, backupMs, startedMs, tookMs, rows, bytes, into, steps, compared };
}

function failedOf(value: unknown): FailedRestore | undefined {
  if (!isPlain(value)) return undefined;
  const { backup, startedMs, tookMs, words, todo } = value;
  if (backup !== null && !isBackup(backup)) return undefined;
  if (!isInstant(startedMs) || !isCount(tookMs) || !isWords(words) || !isWords(todo)) return undefined;
  const differing = listOf(value.differing, COMPARISONS_MAX, comparisonOf);
  return differing ? { backup, startedMs, tookMs, words, todo, differing } : undefined;
}

function stepOf(value: unknown): StepTime | null {
  if (!isPlain(value) || !isCount(value.tookMs)) return null;
  const step = RESTORE_STEPS.find((one) => one === value.step);
  return step ? { step, tookMs: value.tookMs } : null;
}

function comparisonOf(value: unknown): Comparison | null {
  if (!isPlain(value)) return null;
  const { what, backup, restored } = value;
  if (![what, backup, restored].every((text) => isWords(text, COMPARED_MAX))) return null;
  return { what: String(what), backup: String(backup), restored: String(restored) };
}

function listOf<T>(value: unknown, most: number, read: (value: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const list = value.map(read).filter((one) => one !== null);
  return list.length === value.length ? list : null;
}

function cutAll({ what, backup, restored }: Comparison): Comparison {
  return {
    what: cut(what, COMPARED_MAX),
    backup: cut(backup, COMPARED_MAX),
    restored: cut(restored, COMPARED_MAX),
  };
}

function cut(text: string, most = WORDS_MAX): string {
  return lineOf(text, most);
}

function isBackup(value: unknown): value is string {
  return typeof value === "string" && BACKUP_NAME.test(value);
}

function isWords(value: unknown, most = WORDS_MAX): value is string {
  return isLine(value, most);
}
