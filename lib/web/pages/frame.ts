/**
 * What stands in the bar of every page: where one can go, and the heartbeat of the newest half-hour.
 *
 * @module
 */

import { closedHalfHourAt, endMsOf } from "../../domain/half_hour.ts";
import { localLabel } from "../../domain/local_day.ts";
import { retriesEndMs } from "../../domain/schedule.ts";
import { newestChangeId } from "../../store/changes.ts";
import type { Database } from "../../store/db.ts";
import { countLedger } from "../../store/ledger.ts";
import type { CycleProps, NavItem } from "../../ui/Shell.tsx";
import { fleetZone } from "./zone.ts";

/** What the frame shows. */
export interface Frame {
  /** Pages in order. */
  readonly nav: readonly NavItem[];
  /** The newest half-hour; `null`: none was ever opened. */
  readonly cycle: CycleProps | null;
  /** The newest change that the page has seen. */
  readonly newestChange: number;
  /** The site of the page; `null`: it is about all. */
  readonly siteId: number | null;
}

/** Loads the frame of a page. */
export async function loadFrame(
  db: Database,
  { path, nowMs }: { readonly path: string; readonly nowMs: number },
): Promise<Frame> {
  const due = closedHalfHourAt(nowMs);
  const [newestChange, counts, zone] = await Promise.all([
    newestChangeId(db),
    countLedger(db, due),
    fleetZone(db, nowMs),
  ]);
  const reported = counts.complete + counts.partial;
  const waiting = counts.open + counts.claimed;
  const expected = reported + counts.failed + waiting;
  const running = waiting > 0 && nowMs < retriesEndMs(due);
  const cycle: CycleProps | null = expected === 0 ? null : {
    label: localLabel(zone, endMsOf(due)),
    reported,
    expected,
    state: reported === expected ? "good" : running ? "loading" : counts.failed > 0 ? "warn" : "partial",
    href: "/",
  };
  const site = /^\/sites\/(\d{1,10})(\/|$)/.exec(path)?.[1];
  return {
    nav: [
      { label: "Today", href: "/", icon: "today", current: path === "/" },
      { label: "Sites", href: "/sites", icon: "site", current: path.startsWith("/sites") },
    ],
    cycle,
    newestChange,
    siteId: site === undefined ? null : Number(site),
  };
}
