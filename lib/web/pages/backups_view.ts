/**
 * Between what the host tells of its backups and trial restores, and their page.
 *
 * @module
 */

import {
  type BackupReport,
  type BackupStanding,
  backupStanding,
  type RemoteBackups,
  type RemoteKind,
} from "../../domain/backup_report.ts";
import { agoWords, dayWords, instantWords, tookWords } from "../../domain/instant.ts";
import type { RestoreReport } from "../../domain/restore_report.ts";
import type { Told } from "../../store/host_exchange.ts";
import { bytesText, countText } from "../../ui/format.ts";
import type {
  BackupsFact,
  BackupsNotice,
  BackupsPageProps,
  BackupsPart,
} from "../../ui/pages/BackupsPage.tsx";
import type { State } from "../../ui/state.ts";
import { restoresShown } from "./restores_view.ts";

/** What the host tells. */
export interface BackupsTold {
  /** Of its backups. */
  readonly backups: Told<BackupReport>;
  /** Of its trial restores. */
  readonly restores: Told<RestoreReport>;
}

const WORDS: Readonly<Record<BackupStanding, { readonly state: State; readonly word: string }>> = {
  none: { state: "critical", word: "None" },
  missing: { state: "critical", word: "Days old" },
  late: { state: "warn", word: "Late" },
  "here-alone": { state: "warn", word: "On this host alone" },
  well: { state: "good", word: "Fresh" },
};

const REMOTES: Readonly<Record<RemoteKind, string>> = {
  folder: "in another folder",
  sftp: "on another machine, over SFTP",
  s3: "in an object store",
};

const BACKUP = "sudo systemctl start wattpost-backup.service";

/** The page as it is shown. */
export function backupsPageProps({ backups, restores }: BackupsTold, nowMs: number): BackupsPageProps {
  return { backup: backupShown(backups, nowMs), ...restoresShown(restores, nowMs) };
}

function backupShown(told: Told<BackupReport>, nowMs: number): BackupsPart {
  switch (told.kind) {
    case "absent": {
      const notice: BackupsNotice = {
        state: "info",
        title: "Nothing is known of backups here",
        words:
          "The host tells nothing of them: either it was not set up by deno task host, or it is described without backups",
        todo: "docs/backups.md says how",
        command: null,
      };
      return { state: "missing", word: "Not known", line: null, notice, facts: [] };
    }
    case "unreadable": {
      const notice: BackupsNotice = {
        state: "warn",
        title: "What the host tells of its backups is not understood",
        words: `Of its file: ${told.why}`,
        todo: null,
        command: "sudo deno task backups list",
      };
      return { state: "warn", word: "Not known", line: null, notice, facts: [] };
    }
    case "told": {
      const { newest } = told.value;
      const standing = backupStanding(told.value, nowMs);
      return {
        ...WORDS[standing],
        line: newest && `${agoWords(nowMs - newest.atMs)}, ${bytesText(newest.bytes)}`,
        notice: noticeOf(standing, told.value),
        facts: factsOf(told.value, nowMs),
      };
    }
  }
}

function noticeOf(standing: BackupStanding, { newest, failed, remote }: BackupReport): BackupsNotice | null {
  const tried = failed ? `On ${instantWords(failed.atMs)}: ${failed.words}` : null;
  switch (standing) {
    case "none":
      return {
        state: "critical",
        title: "There is no backup",
        words: tried ?? "If this host is lost, everything is",
        todo: null,
        command: BACKUP,
      };
    case "missing":
      return {
        state: "critical",
        title: "No backup was made for days",
        words: tried ?? `The newest holds nothing after ${instantWords(newest?.atMs ?? 0)}`,
        todo: null,
        command: tried ? BACKUP : "systemctl status wattpost-backup.timer",
      };
    case "late":
      return {
        state: "warn",
        title: failed
          ? failed.count === 1 ? "The last backup failed" : `The last ${failed.count} backups failed`
          : "A backup is late",
        words: tried ?? `The newest holds nothing after ${instantWords(newest?.atMs ?? 0)}`,
        todo: null,
        command: tried ? BACKUP : "systemctl status wattpost-backup.timer",
      };
    case "here-alone":
      return {
        state: "warn",
        title: "The newest backups lie on this host alone",
        words: remote?.failure ?? "No copy of them was made elsewhere for days",
        todo: "If this host is lost now, they are lost with it",
        command: "sudo deno task backups push",
      };
    case "well":
      return null;
  }
}

function factsOf(report: BackupReport, nowMs: number): readonly BackupsFact[] {
  const { newest, count, bytes, oldestMs, remote } = report;
  if (newest === null) return [];
  const since = oldestMs === null ? "" : `, the oldest of ${dayWords(oldestMs)}`;
  return [
    { label: "Name", value: newest.name },
    { label: "As of", value: instantWords(newest.atMs) },
    { label: "Holds", value: `${countText(newest.rows, "row")} of ${newest.from}, settings and credentials` },
    { label: "Took", value: tookWords(newest.tookMs) },
    { label: "Kept here", value: `${countText(count, "backup")}, ${bytesText(bytes)}${since}` },
    { label: "Elsewhere", value: remote === null ? "nowhere" : elsewhere(remote, nowMs) },
  ];
}

function elsewhere({ kind, newestMs, count }: RemoteBackups, nowMs: number): string {
  if (newestMs === null) return `none yet ${REMOTES[kind]}`;
  return `${countText(count, "backup")} ${REMOTES[kind]}, the newest of ${agoWords(nowMs - newestMs)}`;
}
