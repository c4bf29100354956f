/**
 * What may keep a backup from being restored, each by its name, the words for it and what to do. Pure.
 *
 * @module
 */

import type { Comparison } from "../../../lib/domain/restore_report.ts";
import { type BackupTrouble, troubleText } from "./trouble.ts";

/** What kept a backup from being restored. */
export type RestoreTrouble =
  /** The backup itself, its key, or `age`. */
  | { readonly kind: "backup"; readonly trouble: BackupTrouble }
  /** The database holds something: nothing is ever written over. */
  | { readonly kind: "not-empty"; readonly where: string; readonly tables: number; readonly sites: number }
  /** A newer release made the backup: this one does not know these migrations. */
  | { readonly kind: "newer"; readonly release: string; readonly unknown: readonly string[] }
  /** What was restored is not what the backup says. */
  | { readonly kind: "differs"; readonly differing: readonly Comparison[] }
  /** The database did not do it, or is used by another process. */
  | { readonly kind: "database"; readonly why: string }
  /** No scratch database can be made beside the running one. */
  | { readonly kind: "no-scratch"; readonly name: string; readonly why: string }
  /** Less room than it takes. */
  | { readonly kind: "no-room"; readonly where: string; readonly freeMb: number; readonly needMb: number }
  /** A file that is there already, with other bytes. */
  | { readonly kind: "file-there"; readonly path: string }
  /** A file could not be written. */
  | { readonly kind: "file"; readonly why: string }
  /** Somebody stopped it. */
  | { readonly kind: "stopped" };

/** What became of the database. */
export type Leftover =
  /** Nothing was written. */
  | "nothing"
  /** What was written is removed again: it is as empty as before. */
  | "removed"
  /** What was written lies there and is no use; the next restore removes it. */
  | "left";

/** Why a restore ended without a result. */
export interface RestoreFailure {
  /** Why. */
  readonly trouble: RestoreTrouble;
  /** What became of the database. */
  readonly leftover: Leftover;
}

/** What went wrong, a sentence without a full stop. */
export function restoreTroubleText(trouble: RestoreTrouble): string {
  switch (trouble.kind) {
    case "backup":
      return troubleText(trouble.trouble);
    case "not-empty":
      return `Nothing is restored over ${trouble.where}: it holds ${trouble.tables} tables with ${trouble.sites} sites`;
    case "newer":
      return `The backup is of release ${trouble.release}, which is newer: this one does not know ${
        trouble.unknown.slice(0, 5).join(", ")
      }`;
    case "differs":
      return `What was restored is not what the backup says: ${
        trouble.differing.slice(0, 5).map(({ what }) => what).join(", ")
      }`;
    case "database":
      return `The database did not do it: ${trouble.why}`;
    case "no-scratch":
      return `Cannot make the scratch database "${trouble.name}": ${trouble.why}`;
    case "no-room":
      return `"${trouble.where}" has ${trouble.freeMb} MB free, a restore takes about ${trouble.needMb} MB`;
    case "file-there":
      return `Nothing is written over "${trouble.path}": it is there with other bytes`;
    case "file":
      return `Cannot write a file: ${trouble.why}`;
    case "stopped":
      return "It was stopped";
  }
}

/** What to do about it, a sentence without a full stop. */
export function restoreRemedy(trouble: RestoreTrouble): string {
  switch (trouble.kind) {
    case "backup":
      return backupRemedy(trouble.trouble);
    case "not-empty":
      return "Stop Wattpost and move that database out of the way, or give DATABASE_URL a new, empty one";
    case "newer":
      return "Restore with that release or a newer one";
    case "differs":
      return "Keep this backup, take another one, and report what differed: this must not happen";
    case "database":
      return "Look whether Wattpost is stopped, the database runs, is empty and lets this account make tables; " +
        "then try again";
    case "no-scratch":
      return `Make an empty database "${trouble.name}" there and give the account of Wattpost all rights on it`;
    case "no-room":
      return "Make room there, then try again";
    case "file-there":
      return "Move it out of the way or name an empty folder, then try again";
    case "file":
      return "Run it as the app's user or as root, into a folder that it may write";
    case "stopped":
      return "Start it again: it begins from the start";
  }
}

function backupRemedy(trouble: BackupTrouble): string {
  switch (trouble.kind) {
    case "no-backup":
      return "deno task backups list names the backups that there are";
    case "manifest":
    case "missing-part":
    case "other-length":
    case "damaged-part":
      return "Take its copy from the remote, or the backup before it; deno task backups verify says of each whether it is whole";
    case "wrong-key":
    case "no-key":
      return "Name the file with the private key of one of its recipients with --key";
    case "no-program":
      return "apt-get install age";
  }
}

/** What became of the database, a sentence without a full stop; `null`: nothing needs to be said. */
export function leftoverText(leftover: Leftover): string | null {
  switch (leftover) {
    case "nothing":
      return "Nothing was changed";
    case "removed":
      return "What was written is removed again: the database is as empty as before";
    case "left":
      return "The database is NOT usable: part of the backup lies in it. Restore again: what lies there is removed first";
  }
}
