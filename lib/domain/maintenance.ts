/**
 * Maintenance windows: half-hours in which a site or a device is not expected to answer. What is not read in one is
 * explained, neither read nor missing; what is read all the same counts as ever. Pure.
 *
 * @module
 */

import { HALF_HOURS_A_DAY, type HalfHour } from "./half_hour.ts";
import type { ReadingReason } from "./reading.ts";

/** A window of a site or of one of its devices. */
export interface MaintenanceWindow {
  /** The device; `null`: the whole site. */
  readonly meterId: number | null;
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The one after the last. */
  readonly to: HalfHour;
}

/** Half-hours of one window at most: 30 days. */
export const WINDOW_MAX = 30 * HALF_HOURS_A_DAY;

/** Windows of one site at most. */
export const WINDOWS_MAX = 200;

/** Half-hours that a window may begin in the past or end in the future. */
export const WINDOW_BACK = 60 * HALF_HOURS_A_DAY;

/** Half-hours that a window may begin ahead. */
export const WINDOW_AHEAD = 366 * HALF_HOURS_A_DAY;

/** Why a window was refused. */
export type WindowRefusal =
  | { readonly kind: "ends-before-it-begins" }
  | { readonly kind: "too-long"; readonly halfHours: number }
  | { readonly kind: "too-early"; readonly notBefore: HalfHour }
  | { readonly kind: "too-late"; readonly notAfter: HalfHour }
  | { readonly kind: "too-many" }
  | { readonly kind: "no-such-device" }
  | { readonly kind: "no-such-window" }
  | { readonly kind: "over-already" };

/** What is wrong with a window; empty: nothing. `now` is the half-hour under way. */
export function windowTroubles({ from, to }: MaintenanceWindow, now: HalfHour): readonly WindowRefusal[] {
  if (to <= from) return [{ kind: "ends-before-it-begins" }];
  const troubles: WindowRefusal[] = [];
  if (to - from > WINDOW_MAX) troubles.push({ kind: "too-long", halfHours: to - from });
  if (from < now - WINDOW_BACK) troubles.push({ kind: "too-early", notBefore: now - WINDOW_BACK });
  if (from > now + WINDOW_AHEAD) troubles.push({ kind: "too-late", notAfter: now + WINDOW_AHEAD });
  return troubles;
}

/** A device that answered and had nothing to say is not explained by maintenance. */
const ANSWERED: readonly ReadingReason[] = ["not-a-number", "out-of-range", "maintenance"];

/** Whether a window explains that a reading is missing for a reason. */
export function isExplained(reason: ReadingReason | null): reason is ReadingReason {
  return reason !== null && !ANSWERED.includes(reason);
}

/** Whether one of the windows holds a device in a half-hour. */
export function isCovered(
  windows: readonly MaintenanceWindow[],
  { meterId, halfHour }: { readonly meterId: number | null; readonly halfHour: HalfHour },
): boolean {
  return windows.some((window) =>
    window.from <= halfHour && halfHour < window.to && (window.meterId === null || window.meterId === meterId)
  );
}

/** Quality letters as completeness counts them: what maintenance explains is neither there nor missing. */
export function countedLetters(
  { quality, reasons }: {
    readonly quality: string;
    readonly reasons: readonly { readonly index: number; readonly readingReason?: ReadingReason }[];
  },
): string {
  const explained = reasons.filter(({ readingReason }) => readingReason === "maintenance");
  if (explained.length === 0) return quality;
  const letters = [...quality];
  for (const { index } of explained) if (letters[index] === "x") letters[index] = "-";
  return letters.join("");
}
