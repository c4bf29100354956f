/**
 * What the host tells the app of its backups, as a file: the newest one, how many there are, the copies elsewhere, and
 * what went wrong with the last try.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isCount, isInstant, isLine, isPlain, lineOf, plainOf } from "./plain.ts";

/** The newest backup. */
export interface NewestBackup {
  /** Its folder's name. */
  readonly name: string;
  /** The instant whose rows are in it, epoch milliseconds. */
  readonly atMs: number;
  /** Milliseconds from that instant until it was whole. */
  readonly tookMs: number;
  /** Bytes as it lies, compressed and encrypted. */
  readonly bytes: number;
  /** Rows of all its tables. */
  readonly rows: number;
  /** Engine and version that it was taken from: `mysql 9.7.0`. */
  readonly from: string;
}

/** Copies on another machine. */
export interface RemoteBackups {
  /** Where they are: `sftp`, `s3` or `folder`. */
  readonly kind: RemoteKind;
  /** The newest backup that is there, epoch milliseconds; `null`: none. */
  readonly newestMs: number | null;
  /** How many there are. */
  readonly count: number;
  /** Why the last copy failed, a sentence without a full stop; `null`: it worked. */
  readonly failure: string | null;
}

/** Where copies are kept. */
export type RemoteKind = (typeof REMOTE_KINDS)[number];

/** Every {@link RemoteKind}. */
export const REMOTE_KINDS = ["folder", "sftp", "s3"] as const;

/** The last try, where it failed. */
export interface FailedBackup {
  /** When it ended, epoch milliseconds. */
  readonly atMs: number;
  /** Tries that failed since the last one that worked. */
  readonly count: number;
  /** Why, a sentence without a full stop. */
  readonly words: string;
}

/** Backups as the host tells them. */
export interface BackupReport {
  /** When it was written, epoch milliseconds. */
  readonly atMs: number;
  /** The newest one; `null`: there is none. */
  readonly newest: NewestBackup | null;
  /** How many lie on the host. */
  readonly count: number;
  /** Bytes of all of them. */
  readonly bytes: number;
  /** Instant of the oldest, epoch milliseconds; `null`: there is none. */
  readonly oldestMs: number | null;
  /** The last try, where it failed; `null`: it worked, or there was none. */
  readonly failed: FailedBackup | null;
  /** Copies elsewhere; `null`: none are described. */
  readonly remote: RemoteBackups | null;
}

/** How backups stand. */
export type BackupStanding =
  /** There is none. */
  | "none"
  /** The newest one is older than two days: two were missed. */
  | "missing"
  /** The last try failed, or the newest one is older than it should be. */
  | "late"
  /** The newest one lies on this host alone: the copy elsewhere failed or is old. */
  | "here-alone"
  /** All is well. */
  | "well";

/** Milliseconds after which the newest backup is late: one is made each day, within an hour of its time. */
const BACKUP_LATE_MS = 26 * 3_600_000;

/** Milliseconds after which backups are missing. */
const BACKUP_MISSING_MS = 50 * 3_600_000;

/** Characters of the file at most. */
export const BACKUP_FILE_MAX = 20_000;

const VERSION = 1;
const WORDS_MAX = 600;

/** How backups stand now. */
export function backupStanding({ newest, failed, remote }: BackupReport, nowMs: number): BackupStanding {
  if (newest === null) return "none";
  const ageMs = nowMs - newest.atMs;
  if (ageMs > BACKUP_MISSING_MS) return "missing";
  if (failed !== null || ageMs > BACKUP_LATE_MS) return "late";
  if (remote === null) return "well";
  const isThere = remote.newestMs !== null && nowMs - remote.newestMs <= BACKUP_MISSING_MS;
  return remote.failure === null && isThere ? "well" : "here-alone";
}

/** The file as the host writes it; words that are too long are cut. */
export function formatBackupReport(report: BackupReport): string {
  const { newest, failed, remote } = report;
  const told: BackupReport = {
    ...report,
    newest: newest && { ...newest, from: lineOf(newest.from, WORDS_MAX) },
    failed: failed && { ...failed, words: lineOf(failed.words, WORDS_MAX) },
    remote: remote && {
      ...remote,
      failure: remote.failure === null ? null : lineOf(remote.failure, WORDS_MAX),
    },
  };
  return `${JSON.stringify({ version: VERSION, ...told }, null, 1)}\n`;
}

/** Reads the file; every field is checked. */
export function parseBackupReport(text: string): Result<BackupReport, string> {
  const json = text.length > BACKUP_FILE_MAX ? null : plainOf(text);
  if (json === null) return err("it is no JSON object, or too long");
  if (json.version !== VERSION) return err(`its version is not ${VERSION}`);
  const { atMs, newest, count, bytes, oldestMs, failed, remote } = json;
  if (!isInstant(atMs) || !isCount(count) || !isCount(bytes)) return err("an instant or a number is none");
  if (oldestMs !== null && !isInstant(oldestMs)) return err("the instant of the oldest is none");
  const last = newest === null ? null : newestOf(newest);
  if (last === undefined) return err("its newest backup is not understood");
  const failure = failed === null ? null : failedOf(failed);
  if (failure === undefined) return err("its failure is not understood");
  const copies = remote === null ? null : remoteOf(remote);
  if (copies === undefined) return err("its copies elsewhere are not understood");
  return ok({ atMs, newest: last, count, bytes, oldestMs, failed: failure, remote: copies });
}

function newestOf(value: unknown): NewestBackup | undefined {
  if (!isPlain(value)) return undefined;
  const { name, atMs, tookMs, bytes, rows, from } = value;
  if (!isWords(name) || !isInstant(atMs) || !isCount(tookMs)) return undefined;
  if (!isCount(bytes) || !isCount(rows) || !isWords(from)) return undefined;
  return { name, atMs, tookMs, bytes, rows, from };
}

function failedOf(value: unknown): FailedBackup | undefined {
  if (!isPlain(value)) return undefined;
  const { atMs, count, words } = value;
  return isInstant(atMs) && isCount(count) && isWords(words) ? { atMs, count, words } : undefined;
}

function remoteOf(value: unknown): RemoteBackups | undefined {
  if (!isPlain(value)) return undefined;
  const { kind, newestMs, count, failure } = value;
  const known = REMOTE_KINDS.find((one) => one === kind);
  if (known === undefined || !isCount(count)) return undefined;
  if (newestMs !== null && !isInstant(newestMs)) return undefined;
  if (failure !== null && !isWords(failure)) return undefined;
  return { kind: known, newestMs, count, failure };
}

function isWords(value: unknown): value is string {
  return isLine(value, WORDS_MAX);
}
