/**
 * To whom backups are encrypted and how many stay: what the host's description says, in a file that the app's user may
 * read. Pure.
 *
 * @module
 */

import { isPlain } from "../../../lib/domain/plain.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Keep, USUAL_KEEP } from "./keep.ts";
import { isRecipient } from "./manifest.ts";

/** What a host does about backups. */
export interface BackupPlan {
  /** Public keys of age, 1 to {@link RECIPIENTS_MAX}. */
  readonly recipients: readonly string[];
  /** How many stay on this host. */
  readonly keep: Keep;
}

/** Recipients that an operator names at most; the host's own key for trial restores is one more. */
export const RECIPIENTS_MAX = 10;

/** Bounds of each number of {@link Keep}. */
export const KEEP_BOUNDS: Readonly<Record<keyof Keep, readonly [least: number, most: number]>> = {
  daily: [1, 366],
  weekly: [0, 520],
  monthly: [0, 240],
};

const VERSION = 1;

/** The file as it is written. */
export function formatPlan({ recipients, keep }: BackupPlan): string {
  return `${JSON.stringify({ version: VERSION, recipients, keep }, null, 1)}\n`;
}

/** Reads it. */
export function parsePlan(text: string): Result<BackupPlan, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err("it is no JSON");
  }
  if (!isPlain(json) || json.version !== VERSION) return err(`its version is not ${VERSION}`);
  const { recipients, keep = USUAL_KEEP } = json;
  if (!Array.isArray(recipients) || recipients.length === 0 || recipients.length > RECIPIENTS_MAX + 1) {
    return err(`it names no recipient, or more than ${RECIPIENTS_MAX + 1}`);
  }
  if (!recipients.every(isRecipient)) return err("a recipient is no public key of age (age1…)");
  return isKeep(keep) ? ok({ recipients, keep }) : err("what it keeps is not understood");
}

function isKeep(value: unknown): value is Keep {
  return isPlain(value) && Object.entries(KEEP_BOUNDS).every(([name, [least, most]]) => {
    const count = value[name];
    return typeof count === "number" && Number.isInteger(count) && count >= least && count <= most;
  });
}
