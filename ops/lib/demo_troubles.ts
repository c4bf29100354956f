/**
 * What went wrong at the demo's sites in the past: the faults that the simulator has now since some time ago, an
 * operator that was away for two hours, and now and then a visit that failed or came late. Pure, the same every
 * time.
 *
 * @module
 */

import { endMsOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import type { ReadingReason } from "../../lib/domain/reading.ts";
import { between, chance, pick } from "../../lib/simulator/noise.ts";
import { type Fault, type SiteSpec, touchesUnit } from "../../lib/simulator/spec.ts";

/** What a visit of the past met. */
export type Happening =
  | {
    /** The site answered. */
    readonly kind: "read";
    /** Place of the path that answered. */
    readonly rank: number;
    /** Seconds that it took longer than usual, 0 up to some minutes. */
    readonly lateS: number;
    /** Why the main path did not answer; `null`: it did. */
    readonly mainPath: ReadingReason | null;
  }
  | {
    /** Nothing was read. */
    readonly kind: "missing";
    /** Why. */
    readonly reason: ReadingReason;
    /** Whether the site took the connection. */
    readonly connected: boolean;
  };

/** Where a meter stands. */
export interface MeterPlace {
  /** Place of its endpoint in the site's list. */
  readonly endpoint: number;
  /** Its unit. */
  readonly unitId: number;
}

/** What went wrong at one site. */
export interface Troubles {
  /** What the visit of a half-hour met. */
  at(halfHour: HalfHour): Happening;
  /** Why a meter did not answer in a visit that reached the site; `null`: it did. */
  ofMeter(halfHour: HalfHour, place: MeterPlace): ReadingReason | null;
  /** Faults that change what a device answers. */
  readonly readingFaults: readonly Fault[];
}

/** Since how many half-hours before the end of the past a fault is there. */
const SINCE: Readonly<Partial<Record<Fault["kind"], number>>> = { refused: 430, silent: 53, hang: 9 };

/** The operator was away for two hours three days ago: half-hours before the end of the past. */
const OPERATOR_AWAY = { from: 148, to: 144 } as const;

const FAILURES: readonly [ReadingReason, ...ReadingReason[]] = [
  "connect-timeout",
  "connect-timeout",
  "no-route",
  "closed",
];

/** Share of half-hours in which a stretch of failed visits begins. */
const FAILURE_SHARE = 0.003;

/** Half-hours of the longest such stretch. */
const FAILURE_MAX = 3;

/** Share of half-hours that are read late. */
const LATE_SHARE = 0.004;

/** What went wrong at a site up to a half-hour (exclusive); `operatorAway` says whether it hung on the operator
 * that was away. */
export function troublesOf(
  spec: SiteSpec,
  { to, operatorAway }: { readonly to: HalfHour; readonly operatorAway: boolean },
): Troubles {
  const faults = spec.faults ?? [];
  const isThere = (fault: Fault, halfHour: HalfHour) => halfHour >= to - (SINCE[fault.kind] ?? Infinity);
  const found = (kind: Fault["kind"], halfHour: HalfHour) =>
    faults.some((fault) => fault.kind === kind && isThere(fault, halfHour));
  const hasBackup = spec.hosts.length > 1;
  const overBackup = (mainPath: ReadingReason, lateS: number): Happening =>
    hasBackup
      ? { kind: "read", rank: 1, lateS, mainPath }
      : { kind: "missing", reason: mainPath, connected: false };
  return {
    at: (halfHour) => {
      if (found("hang", halfHour)) return { kind: "missing", reason: "response-timeout", connected: true };
      if (found("refused", halfHour)) return overBackup("refused", 0);
      const away = halfHour >= to - OPERATOR_AWAY.from && halfHour < to - OPERATOR_AWAY.to;
      if (away && operatorAway) return overBackup("connect-timeout", 9);
      const reason = failureAt(spec.seed, halfHour);
      if (reason) return { kind: "missing", reason, connected: reason === "closed" };
      const late = chance(spec.seed + 3, halfHour) < LATE_SHARE;
      const lateS = late ? Math.floor(between(spec.seed + 4, halfHour, [50, 280])) : 0;
      return { kind: "read", rank: 0, lateS, mainPath: null };
    },
    ofMeter: (halfHour, { endpoint, unitId }) => {
      const silent = faults.some((fault) =>
        fault.kind === "silent" && isThere(fault, halfHour) && touchesUnit(fault, endpoint, unitId)
      );
      return silent ? "unit-silent" : null;
    },
    readingFaults: faults.filter(({ kind }) => kind === "weak-signal"),
  };
}

function failureAt(seed: number, halfHour: HalfHour): ReadingReason | null {
  for (let ago = 0; ago < FAILURE_MAX; ago++) {
    const began = halfHour - ago;
    if (chance(seed + 1, began) >= FAILURE_SHARE) continue;
    if (ago < Math.floor(between(seed + 2, began, [1, FAILURE_MAX + 1]))) {
      return pick(FAILURES, seed + 5, began);
    }
  }
  return null;
}

/** Milliseconds from the start of a visit to the reading of the first meter. */
const FIRST_READ_MS = 350;

/** Milliseconds that a meter takes. */
const METER_MS = 240;

/** Epoch milliseconds at which a meter was read, a little different every time. */
export function readMsOf(
  spec: SiteSpec,
  { halfHour, phaseMs, lateS, index }: {
    readonly halfHour: HalfHour;
    readonly phaseMs: number;
    readonly lateS: number;
    readonly index: number;
  },
): number {
  const jitter = Math.floor(between(spec.seed + 6 + index, halfHour, [0, 180]));
  return endMsOf(halfHour) + phaseMs + lateS * 1000 + FIRST_READ_MS + index * METER_MS + jitter;
}
