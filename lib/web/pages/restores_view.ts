/**
 * Between what the host tells of its trial restores and their part of the page of backups.
 *
 * @module
 */

import { agoWords, instantWords, tookWords } from "../../domain/instant.ts";
import {
  type FailedRestore,
  type ProvenRestore,
  type RestoreReport,
  type RestoreStanding,
  restoreStanding,
  type RestoreStep,
} from "../../domain/restore_report.ts";
import type { Told } from "../../store/host_exchange.ts";
import { bytesText, countText } from "../../ui/format.ts";
import type { BackupsFact, BackupsNotice, BackupsPageProps } from "../../ui/pages/BackupsPage.tsx";
import type { State } from "../../ui/state.ts";

/** The half of the page that is about restores. */
export type RestoresShown = Pick<BackupsPageProps, "restore" | "compared" | "differing">;

const DRILL = "sudo deno task restore:drill";

const WORDS: Readonly<Record<RestoreStanding, { readonly state: State; readonly word: string }>> = {
  none: { state: "warn", word: "Never tried" },
  running: { state: "loading", word: "Running" },
  "broken-off": { state: "warn", word: "Broken off" },
  failed: { state: "critical", word: "Last try failed" },
  old: { state: "stale", word: "Old" },
  proven: { state: "good", word: "Proven" },
};

const STEPS: Readonly<Record<RestoreStep, string>> = {
  check: "checking every part",
  load: "loading",
  migrate: "bringing the tables to this release",
  compare: "comparing",
};

/** The half of the page that is about restores. */
export function restoresShown(told: Told<RestoreReport>, nowMs: number): RestoresShown {
  switch (told.kind) {
    case "absent": {
      const restore = { state: "missing", word: "Not known", line: null, notice: null, facts: [] } as const;
      return { restore, compared: [], differing: [] };
    }
    case "unreadable": {
      const notice: BackupsNotice = {
        state: "warn",
        title: "What the host tells of its restores is not understood",
        words: `Of its file: ${told.why}`,
        todo: null,
        command: DRILL,
      };
      return {
        restore: { state: "warn", word: "Not known", line: null, notice, facts: [] },
        compared: [],
        differing: [],
      };
    }
    case "told": {
      const { proven, failed } = told.value;
      const standing = restoreStanding(told.value, nowMs);
      return {
        restore: {
          ...WORDS[standing],
          line: proven && `${agoWords(nowMs - proven.startedMs)}, ${tookWords(proven.tookMs)}`,
          notice: noticeOf(standing, told.value, nowMs),
          facts: proven ? factsOf(proven) : [],
        },
        compared: proven?.compared ?? [],
        differing: standing === "failed" ? failed?.differing ?? [] : [],
      };
    }
  }
}

function noticeOf(standing: RestoreStanding, report: RestoreReport, nowMs: number): BackupsNotice | null {
  const { running, proven, failed } = report;
  switch (standing) {
    case "none":
      return {
        state: "warn",
        title: "No backup was ever restored on trial",
        words: "Until one is, nobody knows whether a backup can be restored",
        todo: null,
        command: DRILL,
      };
    case "running":
      return {
        state: "loading",
        title: "A trial restore is under way",
        words: `It restores ${running?.backup} and began ${agoWords(nowMs - (running?.startedMs ?? nowMs))}`,
        todo: "Load this page again to see how it ended",
        command: null,
      };
    case "broken-off":
      return {
        state: "warn",
        title: "A trial restore never ended",
        words: `It began on ${instantWords(running?.startedMs ?? nowMs)} and never said how it ended`,
        todo: null,
        command: DRILL,
      };
    case "failed":
      return failed && failedNotice(failed);
    case "old":
      return {
        state: "stale",
        title: "No backup was restored on trial of late",
        words: `The last one was on ${instantWords(proven?.startedMs ?? nowMs)}; the timer tries each week`,
        todo: null,
        command: "systemctl status wattpost-restore-drill.timer",
      };
    case "proven":
      return null;
  }
}

function failedNotice({ backup, startedMs, words, todo }: FailedRestore): BackupsNotice {
  return {
    state: "critical",
    title: backup === null ? "There was no backup to restore" : `${backup} could not be restored`,
    words: `On ${instantWords(startedMs)}: ${words}`,
    todo,
    command: DRILL,
  };
}

function factsOf({ backup, backupMs, rows, bytes, into, steps }: ProvenRestore): readonly BackupsFact[] {
  return [
    { label: "Backup", value: backup },
    { label: "As of", value: instantWords(backupMs) },
    { label: "Held", value: `${countText(rows, "row")}, ${bytesText(bytes)} encrypted` },
    { label: "Restored into", value: into },
    ...(steps.length === 0 ? [] : [{
      label: "Time for",
      value: steps.map(({ step, tookMs }) => `${STEPS[step]} ${tookWords(tookMs)}`).join(", "),
    }]),
  ];
}
