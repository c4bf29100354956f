/**
 * After this process was down: the half-hours that nobody read are opened and closed with their reason, so that
 * every expected half-hour ends with a value or with exactly one reason. What is older than a day is one outage.
 *
 * @module
 */
import type { HalfHour } from "../lib/domain/half_hour.ts";
import {
  closeHalfHour,
  lastOpenedHalfHour,
  openHalfHour,
  recordOutage,
  unclosedHalfHours,
} from "../lib/store/ledger.ts";
import type { CollectorTools } from "./tools.ts";

/** Half-hours that are opened one by one. */
export const CATCH_UP_HALF_HOURS = 48;

/** What was caught up. */
export interface CaughtUp {
  /** Half-hours that were opened and closed because nobody had. */
  readonly missed: number;
  /** Half-hours of a process that did not close them, however long ago. */
  readonly unclosed: number;
  /** Whether an outage longer than that was noted. */
  readonly outage: boolean;
}

const NOTHING: CaughtUp = { missed: 0, unclosed: 0, outage: false };

/** Brings the ledger up to, and without, the half-hour that is due now; can be repeated, and ends early when the process leaves. */
export async function catchUp(
  tools: Pick<CollectorTools, "db" | "clock" | "draining">,
  { due, isRunning }: { readonly due: HalfHour; readonly isRunning: (halfHour: HalfHour) => boolean },
): Promise<CaughtUp> {
  const { db, clock, draining } = tools;
  const reason = "we-were-down";
  const unclosed = (await unclosedHalfHours(db, due)).filter((halfHour) => !isRunning(halfHour));
  for (const halfHour of unclosed) {
    if (draining.aborted) return NOTHING; // the next start goes on
    await closeHalfHour(db, halfHour, { nowMs: clock.nowMs(), reason });
  }
  const last = await lastOpenedHalfHour(db);
  const first = last === null ? due : last + 1;
  const from = Math.max(first, due - CATCH_UP_HALF_HOURS);
  if (first < from) await recordOutage(db, { from: first, to: from, reason });
  for (let halfHour = from; halfHour < due && !draining.aborted; halfHour++) {
    await openHalfHour(db, halfHour);
    await closeHalfHour(db, halfHour, { nowMs: clock.nowMs(), reason });
  }
  return { missed: Math.max(0, due - from), unclosed: unclosed.length, outage: first < from };
}
