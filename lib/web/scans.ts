/**
 * Scans of unit ids that people have started, so that a page can show how far they are and stop them. They live in the
 * memory of the process: a restart ends and forgets them, and the page says so.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { type ProbePlace, type Prober, type ScanEnd, scanUnits, type UnitRange } from "../domain/probe.ts";
import type { ReadingReason } from "../domain/reading.ts";
import type { Log } from "../log.ts";
import { err, ok, type Result } from "../result.ts";

/** A scan that somebody wants. */
export interface ScanWish {
  /** What it is for, such as a draft; one scan each. */
  readonly name: string;
  /** Who starts it, and alone may see and stop it. */
  readonly personId: number;
  /** Where to look. */
  readonly place: ProbePlace;
  /** Units to look for. */
  readonly range: UnitRange;
  /** Asked after each unit: whether whoever starts it still may; absent: nobody asks. */
  readonly stillMay?: () => Promise<boolean>;
}

/** Whose scan is meant. */
export type ScanKey = Pick<ScanWish, "name" | "personId">;

/** A unit that answers. */
export interface FoundUnit {
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** How it answers, in words. */
  readonly words: string;
}

/** How a scan stands. */
export interface ScanProgress extends ScanWish {
  /** Epoch milliseconds of its start. */
  readonly startedMs: number;
  /** Epoch milliseconds of its end; `null`: it is running. */
  readonly endedMs: number | null;
  /** Units asked so far. */
  readonly asked: number;
  /** Units there are to ask. */
  readonly of: number;
  /** Those that answered, in the order of their ids. */
  readonly found: readonly FoundUnit[];
  /** Whether it runs, or how it ended; `failed`: a fault of ours, which is in the log. */
  readonly state: "running" | "failed" | ScanEnd["state"];
  /** Why it was lost; `null`: it was not. */
  readonly reason: ReadingReason | null;
  /** Bytes sent and received on TCP payload level; `null`: known at its end. */
  readonly bytes: number | null;
}

/** Why a scan is not begun. */
export type ScanRefusal =
  /** One of this name is running. */
  | "running"
  /** Eight are running, or three of this person. */
  | "too-many"
  /** No unit of the range can be asked. */
  | "no-units";

/** The scans of a process. */
export interface Scans {
  /** Why a scan would not be begun now; `null`: it would. */
  refuses(wish: ScanWish): ScanRefusal | null;
  /** Begins a scan; one of the same name that has ended is forgotten. */
  begin(wish: ScanWish): Result<ScanProgress, ScanRefusal>;
  /** How a scan stands; `null`: there is none of this person. */
  read(key: ScanKey): ScanProgress | null;
  /** Resolves when a scan does not stand any more as it was read, or when the signal aborts. */
  changed(seen: ScanProgress, signal: AbortSignal): Promise<void>;
  /** How many wait for a change of a scan. */
  followers(key: ScanKey): number;
  /** Stops a scan and resolves when it has ended; false: there is none of this person that runs. */
  stop(key: ScanKey): Promise<boolean>;
  /** Stops a scan and forgets it, such as when its draft is removed. */
  forget(key: ScanKey): Promise<void>;
}

/** What scans need. */
export interface ScansOptions {
  /** Scans. */
  readonly prober: Pick<Prober, "scan">;
  /** The time. */
  readonly clock: Clock;
  /** The log. */
  readonly log: Log;
}

/** Scans at once in the process, and of one person. */
export const SCANS_MAX = { running: 8, ofPerson: 3 } as const;

/** Milliseconds for which a scan is kept after its end. */
export const SCAN_KEPT_MS = 600_000;

/** Scans kept after their end at most; the oldest go first. */
const ENDED_MAX = 64;

interface Scan {
  progress: ScanProgress;
  readonly stopping: AbortController;
  /** Resolves when it has ended. */
  over: Promise<void>;
  /** Whoever waits for a change. */
  readonly waiting: Set<() => void>;
}

const OF_PROBERS = new WeakMap<ScansOptions["prober"], Scans>();

/** The scans of the process, made when they are first asked for. */
export function scansOf(options: ScansOptions): Scans {
  const known = OF_PROBERS.get(options.prober) ?? createScans(options);
  OF_PROBERS.set(options.prober, known);
  return known;
}

/** Keeps the scans of a process. */
export function createScans(options: ScansOptions): Scans {
  const { clock } = options;
  const scans = new Map<string, Scan>();
  const findOwn = ({ name, personId }: ScanKey): Scan | null => {
    forgetOld(scans, clock.nowMs());
    const scan = scans.get(name);
    return scan?.progress.personId === personId ? scan : null;
  };
  const stop = async (key: ScanKey): Promise<boolean> => {
    const scan = findOwn(key);
    if (scan === null || !isRunning(scan)) return false;
    scan.stopping.abort();
    await scan.over;
    return true;
  };
  const refuses = (wish: ScanWish): ScanRefusal | null => {
    forgetOld(scans, clock.nowMs());
    return refusalOf(scans, wish) ?? (unitsOf(wish) === 0 ? "no-units" : null);
  };
  return {
    refuses,
    begin(wish) {
      const refusal = refuses(wish);
      if (refusal !== null) return err(refusal);
      const of = unitsOf(wish);
      const scan = start(options, { wish, of });
      scans.delete(wish.name); // the newest stands last
      scans.set(wish.name, scan);
      return ok(scan.progress);
    },
    read: (key) => findOwn(key)?.progress ?? null,
    followers: (key) => findOwn(key)?.waiting.size ?? 0,
    changed: (seen, signal) => changeOf(findOwn(seen), { seen, signal }),
    stop,
    async forget(key) {
      await stop(key);
      if (findOwn(key) !== null) scans.delete(key.name);
    },
  };
}

function start(
  { prober, clock, log }: ScansOptions,
  { wish, of }: { readonly wish: ScanWish; readonly of: number },
): Scan {
  const stopping = new AbortController();
  const begun = {
    startedMs: clock.nowMs(),
    endedMs: null,
    asked: 0,
    of,
    found: [],
    reason: null,
    bytes: null,
  };
  const scan: Scan = {
    progress: { ...wish, ...begun, state: "running" },
    stopping,
    over: Promise.resolve(),
    waiting: new Set(),
  };
  const change = (over: Partial<ScanProgress>) => {
    scan.progress = { ...scan.progress, ...over };
    for (const wake of [...scan.waiting]) wake();
  };
  const run = async () => {
    try {
      const { state, asked, reason, bytes } = await prober.scan(wish.place, wish.range, {
        signal: stopping.signal,
        onUnit({ unitId, state, words }) {
          const { asked, found } = scan.progress;
          change({ asked: asked + 1, found: state === "answers" ? [...found, { unitId, words }] : found });
          wish.stillMay?.().then((may) => may || stopping.abort(), () => {});
        },
      });
      change({ state, asked, reason, bytes, endedMs: clock.nowMs() });
    } catch (error) {
      log.error("A scan of units broke off", { error });
      change({ state: "failed", endedMs: clock.nowMs() });
    }
  };
  scan.over = run();
  return scan;
}

/** Where the scan is gone or another one took its name, it stands no more as it did. */
function changeOf(
  scan: Scan | null,
  { seen, signal }: { readonly seen: ScanProgress; readonly signal: AbortSignal },
): Promise<void> {
  if (scan === null || scan.progress !== seen || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      scan.waiting.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    scan.waiting.add(wake);
    signal.addEventListener("abort", wake);
  });
}

function refusalOf(scans: ReadonlyMap<string, Scan>, { name, personId }: ScanWish): ScanRefusal | null {
  const running = [...scans.values()].filter(isRunning);
  if (running.some(({ progress }) => progress.name === name)) return "running";
  const own = running.filter(({ progress }) => progress.personId === personId);
  return running.length >= SCANS_MAX.running || own.length >= SCANS_MAX.ofPerson ? "too-many" : null;
}

function unitsOf({ range, place }: ScanWish): number {
  return scanUnits(range, place.endpoint.kind).length;
}

function isRunning({ progress }: Scan): boolean {
  return progress.state === "running";
}

function forgetOld(scans: Map<string, Scan>, nowMs: number): void {
  const ended = [...scans.values()].filter((scan) => !isRunning(scan));
  ended.forEach(({ progress: { name, endedMs } }, i) => {
    const isOld = nowMs - (endedMs ?? nowMs) >= SCAN_KEPT_MS;
    if (isOld || i < ended.length - ENDED_MAX) scans.delete(name);
  });
}
