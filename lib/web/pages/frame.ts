/**
 * What stands in the bar of every page: where one can go, and the heartbeat of the newest half-hour.
 *
 * @module
 */

import { closedHalfHourAt, endMsOf } from "../../domain/half_hour.ts";
import { localLabel } from "../../domain/local_day.ts";
import { retriesEndMs } from "../../domain/schedule.ts";
import { newestChangeId } from "../../store/changes.ts";
import type { Reach } from "../../domain/permission.ts";
import type { Database } from "../../store/db.ts";
import { countHalfHour } from "../../store/overview.ts";
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

/** Which page, and for whom. */
export interface FrameRequest {
  /** Path of the page. */
  readonly path: string;
  /** The first administration page that may be seen; `null`: none. */
  readonly adminHref: string | null;
  /** Sites within reach. */
  readonly reaches: readonly Reach[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Loads the frame of a page. */
export async function loadFrame(
  db: Database,
  { path, adminHref, reaches, nowMs }: FrameRequest,
): Promise<Frame> {
  const due = closedHalfHourAt(nowMs);
  const [newestChange, counts, zone] = await Promise.all([
    newestChangeId(db),
    countHalfHour(db, { halfHour: due, reaches }),
    fleetZone(db, { reaches, nowMs }),
  ]);
  const reported = counts.complete + counts.partial;
  const waiting = counts.open + counts.claimed;
  const { expected } = counts;
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
      { label: "Sites", href: "/sites", icon: "site", current: /^\/(sites|profiles)/.test(path) },
      ...(adminHref === null ? [] : [
        { label: "Admin", href: adminHref, icon: "person" as const, current: path.startsWith("/admin") },
      ]),
    ],
    cycle,
    newestChange,
    siteId: site === undefined ? null : Number(site),
  };
}
