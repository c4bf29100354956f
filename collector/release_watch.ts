/**
 * Whether this process may work: only the promoted release claims anything. The watch keeps the release's
 * heartbeat, and starts work when it takes over from one that no longer beats.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Database } from "../lib/store/db.ts";
import { StoreError } from "../lib/store/errors.ts";
import { holdRelease, releaseHold } from "../lib/store/releases.ts";

/** What the watch knows. */
export interface ReleaseState {
  /** Whether this release is the promoted one; `null`: not known yet. */
  readonly promoted: boolean | null;
  /** The promoted release; `null`: not known yet. */
  readonly activeRelease: string | null;
}

/** Keeps a release's heartbeat. */
export interface ReleaseWatch {
  /** Beats or looks once; whether this release may work. Throws a StoreError when the database is away. */
  hold(): Promise<boolean>;
  /** Beats from now on, and calls `onPromoted` when this release takes over; repeatable. */
  start(onPromoted: () => void): void;
  /** What it knows. */
  read(): ReleaseState;
  /** Ends; gives the hold back. */
  stop(): Promise<void>;
}

/** What a watch works with. */
export interface WatchOptions {
  /** The database. */
  readonly db: Database;
  /** The time. */
  readonly clock: Clock;
  /** The log. */
  readonly log: Log;
  /** Names this release. */
  readonly release: string;
  /** Of this process. */
  readonly token: number;
  /** Ends the beats. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two heartbeats of the release that works. */
const BEAT_MS = 30_000;

/** Milliseconds between two looks of one that does not: so soon after a switch it takes over. */
const LOOK_MS = 1_000;

/** Makes a watch; it does nothing before it is asked. */
export function createReleaseWatch(options: WatchOptions): ReleaseWatch {
  const { db, clock, log, release, signal } = options;
  const token = String(options.token);
  let state: ReleaseState = { promoted: null, activeRelease: null };
  let beating: Promise<void> | null = null;
  const hold = async () => {
    const held = await holdRelease(db, { release, token, nowMs: clock.nowMs() });
    if (state.promoted !== held.promoted && !held.promoted) {
      log.info("Another release works; this one watches", { release, activeRelease: held.release });
    }
    state = { promoted: held.promoted, activeRelease: held.release };
    return held.promoted;
  };
  const beat = async (onPromoted: () => void) => {
    while (!signal.aborted) {
      await clock.sleep(state.promoted === true ? BEAT_MS : LOOK_MS, signal);
      if (signal.aborted) return;
      const before = state.promoted;
      try {
        if (await hold() && before === false) onPromoted();
      } catch (error) {
        // The cycle says that the database is away; whatever it was, the next beat tries again.
        if (!(error instanceof StoreError)) {
          log.error("A heartbeat of the release failed", { release, error });
        }
      }
    }
  };
  return {
    hold,
    start(onPromoted) {
      beating ??= beat(onPromoted);
    },
    read: () => state,
    async stop() {
      await beating;
      try {
        if (state.promoted) await releaseHold(db, { release, token });
      } catch (error) {
        if (!(error instanceof StoreError)) throw error; // the hold ends by itself two minutes later
      }
    },
  };
}
