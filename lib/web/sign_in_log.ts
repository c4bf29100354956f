/**
 * The file of refused sign-ins, from which the host bans addresses. It is opened for each line, so that it may be
 * turned over or cut at any time; it grows by so many lines a minute and no more, one address by fewer; and whoever
 * signs in never waits for it.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { bannedAs, refusalLine, type RefusedBy } from "../domain/sign_in_refusal.ts";
import type { Log } from "../log.ts";

/** Lines a minute in all: at 110 bytes at most 2 MB an hour. */
export const LINES_A_MINUTE = 300;

/** Lines a minute of one address, far more than it takes to be banned. */
export const LINES_OF_ONE = 30;

const WINDOW_MS = 60_000;

/** Writes refused sign-ins down. */
export interface SignInLog {
  /** Writes one line, soon; what goes wrong with the file is for the log, once a minute. */
  refused(address: string, by: RefusedBy): void;
  /** Resolves when all that was told is written. */
  written(): Promise<void>;
}

/** What the file needs. */
export interface SignInLogOptions {
  /** The file; `undefined`: none is written. */
  readonly path: string | undefined;
  /** The time. */
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs">;
  /** Told of a file that cannot be written, and of a flood. */
  readonly log: Log;
}

interface Minute {
  readonly sinceMs: number;
  readonly byAddress: Map<string, number>;
  lines: number;
  /** Whether it was said that there were too many. */
  flooded: boolean;
  /** Whether it was said that a line could not be written. */
  failed: boolean;
}

const newMinute = (sinceMs: number): Minute => ({
  sinceMs,
  byAddress: new Map(),
  lines: 0,
  flooded: false,
  failed: false,
});

/** Makes the log of one process. */
export function createSignInLog({ path, clock, log }: SignInLogOptions): SignInLog {
  let minute = newMinute(clock.monotonicMs());
  let writing: Promise<void> = Promise.resolve();
  const write = async (file: string, line: string): Promise<void> => {
    try {
      // The group reads it on a host whose proxy or log reader is in it.
      await Deno.writeTextFile(file, line, { append: true, mode: 0o640 });
    } catch (error) {
      if (!minute.failed) log.warn("Cannot write a refused sign-in down", { file, error });
      minute.failed = true;
    }
  };
  return {
    refused(address, by) {
      const line = path === undefined ? null : refusalLine({ atMs: clock.nowMs(), address, by });
      if (path === undefined || line === null) return;
      const nowMs = clock.monotonicMs();
      if (nowMs - minute.sinceMs >= WINDOW_MS) minute = newMinute(nowMs);
      if (!mayWrite(minute, bannedAs(address) ?? address)) {
        if (!minute.flooded) {
          log.warn("More sign-ins are refused than are written down", {
            aMinute: LINES_A_MINUTE,
            from: address,
          });
        }
        minute.flooded = true;
        return;
      }
      writing = writing.then(() => write(path, line));
    },
    written: () => writing,
  };
}

/** Counts a line; whether it is within the limits. */
function mayWrite(minute: Minute, from: string): boolean {
  const ofOne = minute.byAddress.get(from) ?? 0;
  if (minute.lines >= LINES_A_MINUTE || ofOne >= LINES_OF_ONE) return false;
  minute.byAddress.set(from, ofOne + 1);
  minute.lines += 1;
  return true;
}
