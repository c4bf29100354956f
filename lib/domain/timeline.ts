/**
 * What happened at a site, told by how its half-hours ended: when it fell silent and was heard again, when it went
 * to its backup path, when some devices were missing.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";
import type { HalfHourOutcome } from "./overview.ts";
import type { ReadingReason } from "./reading.ts";

/** A stretch of half-hours that ended alike and not well. */
export interface SiteEvent {
  /** Nothing was read; read over another path than the main one; some devices missing. */
  readonly kind: "silent" | "backup" | "partial";
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The half-hour after the last; `null`: it goes on. */
  readonly to: HalfHour | null;
  /** Why, at its end; `null`: nothing more is known. */
  readonly reason: ReadingReason | null;
}

/** The events among outcomes (oldest first), newest first; half-hours that have not ended say nothing. */
export function siteEvents(outcomes: readonly HalfHourOutcome[]): readonly SiteEvent[] {
  const events: SiteEvent[] = [];
  for (const outcome of outcomes) {
    if (outcome.state === "open" || outcome.state === "claimed") continue;
    const kind = kindOf(outcome);
    const last = events.at(-1);
    const running = last?.to === null ? last : undefined;
    if (running) events.pop();
    if (running && running.kind === kind) {
      events.push({ ...running, reason: outcome.reason ?? running.reason });
      continue;
    }
    if (running) events.push({ ...running, to: outcome.halfHour });
    if (kind !== null) events.push({ kind, from: outcome.halfHour, to: null, reason: outcome.reason });
  }
  return events.reverse();
}

function kindOf({ state, pathRank }: HalfHourOutcome): SiteEvent["kind"] | null {
  if (state === "failed") return "silent";
  if (state === "partial") return "partial";
  return pathRank !== null && pathRank > 0 ? "backup" : null;
}
