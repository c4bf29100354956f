/**
 * Opens the sessions however long they are away: half-hours do not depend on them, and a local file that is broken
 * for good costs a sign-in, not the start.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { isHeld, type Kv, openKv } from "./mod.ts";

/** What to open, and by whose time. */
export interface WaitingOptions {
  /** A file path, or the address of a server. */
  readonly path: string;
  /** The time. */
  readonly clock: Clock;
  /** The log. */
  readonly log: Log;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds between two tries. */
  readonly pauseMs: number;
  /** Hears that it has to wait. */
  readonly onWaiting: () => void;
}

/** Tries to open a local file before it is set aside. */
const TRIES = 3;

/** Opens the sessions, waiting for them as long as it takes; `null`: told to give up meanwhile. */
export async function openKvWaiting(options: WaitingOptions): Promise<Kv | null> {
  const { path, clock, log, signal, pauseMs, onWaiting } = options;
  let unread = 0;
  while (!signal.aborted) {
    try {
      return await openKv(path);
    } catch (error) {
      onWaiting();
      log.warn("Waiting for the sessions", { error });
      // One that another process of ours holds is not broken.
      if (!isHeld(error) && ++unread === TRIES && await setAside(path, clock.nowMs())) {
        log.warn("A file of sessions that cannot be read was set aside: people sign in again");
      }
    }
    await clock.sleep(pauseMs, signal);
  }
  return null;
}

/** Moves a local file of sessions out of the way; only sign-ins are lost. */
async function setAside(path: string, nowMs: number): Promise<boolean> {
  if (path.includes("://") || path === ":memory:") return false;
  for (const ending of ["", "-wal", "-shm"]) {
    await Deno.rename(`${path}${ending}`, `${path}${ending}.broken-${nowMs}`).catch(() => {});
  }
  return true;
}
