/**
 * A restore on trial: the newest backup into a scratch database beside the running one, compared and removed again; how
 * it went is told while it runs and when it is over.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import {
  type FailedRestore,
  parseRestoreReport,
  type ProvenRestore,
  type RestoreReport,
} from "../../../lib/domain/restore_report.ts";
import { err, type Result } from "../../../lib/result.ts";
import type { MigrationSet } from "../../../lib/store/migrator.ts";
import { openScratch, type ScratchDatabase } from "../../../lib/store/scratch_database.ts";
import { type FoundBackup, listBackups } from "./folder.ts";
import { openBackup } from "./read.ts";
import { restore, type Restored } from "./restore.ts";
import { wordsOf } from "./restore_target.ts";
import {
  type RestoreFailure,
  restoreRemedy,
  type RestoreTrouble,
  restoreTroubleText,
} from "./restore_trouble.ts";

/** What is tried, and how it is told. */
export interface DrillOrder {
  /** Folder of the backups. */
  readonly backups: string;
  /** File of the private key of this host for trials. */
  readonly keyFile: string;
  /** Address of the running database: the scratch one is of the same kind, beside it. */
  readonly runningUrl: string;
  /** Path of the scratch database where it is a file. */
  readonly scratchFile: string;
  readonly migrations: MigrationSet;
  readonly clock: Clock;
  /** Says how far it is. */
  readonly say: (line: string) => void;
  /** What was told last; `null`: nothing. */
  readonly before: RestoreReport | null;
  /** Tells the app. */
  readonly tell: (report: RestoreReport) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Tries it; what was told at the end. */
export async function drill(order: DrillOrder): Promise<RestoreReport> {
  const { backups, before, clock, say, tell } = order;
  const startedMs = clock.nowMs();
  const startMs = clock.monotonicMs();
  const proven = before?.proven ?? null;
  const failed = before?.failed ?? null;
  const [newest] = await listBackups(backups);
  if (newest) {
    say(`${newest.name} is restored on trial`);
    await tell({ atMs: startedMs, running: { backup: newest.name, startedMs }, proven, failed });
  }
  const ended = newest ? await tryBackup(order, newest) : NO_BACKUP;
  const tookMs = Math.round(clock.monotonicMs() - startMs);
  const frame = { atMs: clock.nowMs(), running: null };
  const times = { startedMs, tookMs };
  const report: RestoreReport = ended.ok && newest
    ? { ...frame, proven: provenOf(newest, { restored: ended.value, times }), failed: null }
    : {
      ...frame,
      proven,
      failed: failedOf(newest ?? null, { failure: ended.ok ? null : ended.error, times, backups }),
    };
  await tell(report);
  return report;
}

const NO_BACKUP: Result<Restored, RestoreFailure | null> = err(null);

interface Times {
  readonly startedMs: number;
  readonly tookMs: number;
}

async function tryBackup(
  order: DrillOrder,
  { folder }: FoundBackup,
): Promise<Result<Restored, RestoreFailure>> {
  const { keyFile, migrations, clock, say, signal } = order;
  const nothing = (trouble: RestoreTrouble) => err<RestoreFailure>({ trouble, leftover: "nothing" });
  const opened = await openBackup(folder);
  if (!opened.ok) return nothing({ kind: "backup", trouble: opened.error });
  let scratch: ScratchDatabase;
  try {
    const made = await openScratch(order.runningUrl, order.scratchFile);
    if (!made.ok) return nothing({ kind: "no-scratch", ...made.error });
    scratch = made.value;
  } catch (error) {
    return nothing({ kind: "database", why: wordsOf(error) });
  }
  try {
    return await restore({
      ...{ backup: opened.value, keyFile, url: scratch.url, migrations, keep: false, clock, say, signal },
    });
  } finally {
    // What stays of it is cleared by the next trial, and no release works with it.
    await scratch.remove().catch(() => undefined);
  }
}

function provenOf(
  { name, atMs }: FoundBackup,
  { restored, times }: { readonly restored: Restored; readonly times: Times },
): ProvenRestore {
  const { rows, bytes, into, steps, compared } = restored;
  return { backup: name, backupMs: atMs, ...times, rows, bytes, into, steps, compared };
}

function failedOf(
  newest: FoundBackup | null,
  { failure, times, backups }: {
    readonly failure: RestoreFailure | null;
    readonly times: Times;
    readonly backups: string;
  },
): FailedRestore {
  const trouble = failure?.trouble ?? null;
  return {
    backup: newest?.name ?? null,
    ...times,
    words: trouble ? restoreTroubleText(trouble) : `No backup lies in ${backups}`,
    todo: trouble ? restoreRemedy(trouble) : "deno task db:backup makes one and says what is in its way",
    differing: trouble?.kind === "differs" ? trouble.differing : [],
  };
}

/** What was told last; what is not understood is as if nothing was. */
export function toldBefore(text: string | null): RestoreReport | null {
  const parsed = text === null ? null : parseRestoreReport(text);
  return parsed?.ok ? parsed.value : null;
}
