/**
 * The first page of the day: what every site did in the newest half-hour, who is silent, how complete the last day
 * is.
 *
 * @module
 */

import { closedHalfHourAt, endMsOf, type HalfHour } from "../../domain/half_hour.ts";
import { localDateOf, localLabel } from "../../domain/local_day.ts";
import { siteStateOf } from "../../domain/overview.ts";
import type { Reach } from "../../domain/permission.ts";
import { retriesEndMs } from "../../domain/schedule.ts";
import { siteReasonWords } from "../../domain/words.ts";
import type { Database } from "../../store/db.ts";
import { listFailures } from "../../store/failures.ts";
import { countFindings } from "../../store/findings.ts";
import {
  countFleet,
  type FleetCounts,
  listCompleteness,
  listSites,
  type SiteSummary,
} from "../../store/overview.ts";
import type { CompletenessCell, DayMark } from "../../ui/charts/types.ts";
import type { CompletenessModel, PathCount, SilentSite, TriageModel } from "../../ui/pages/TodayPage.tsx";
import { axisOf, longDay } from "./axis.ts";
import { type Largest, loadLargest } from "./largest.ts";
import { fleetZone } from "./zone.ts";

const STRIP = 48;

/** Silent sites shown. */
const SILENT_SHOWN = 8;

/** What the page shows. */
export interface TodayView {
  /** `Monday 23 Nov, 10:47`. */
  readonly nowLabel: string;
  /** Sites registered. */
  readonly siteCount: number;
  /** The newest half-hour; `null`: none was collected yet. */
  readonly triage: TriageModel | null;
  /** When the next half-hour is due. */
  readonly nextLabel: string;
  /** Silent sites, longest first. */
  readonly silent: readonly SilentSite[];
  /** The last 48 half-hours; `null`: none was collected yet. */
  readonly completeness: CompletenessModel | null;
  /** Cells of its chart. */
  readonly cells: readonly CompletenessCell[];
  /** Days of its chart. */
  readonly days: readonly DayMark[];
  /** Sites expected in the newest half-hour. */
  readonly expected: number;
  /** Largest users of yesterday. */
  readonly yesterday: Largest;
  /** Open findings of the nightly check. */
  readonly findings: number;
}

/** For whom, and when. */
export interface TodayRequest {
  /** Sites within reach. */
  readonly reaches: readonly Reach[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Loads the page. */
export async function loadTodayView(db: Database, { reaches, nowMs }: TodayRequest): Promise<TodayView> {
  const due = closedHalfHourAt(nowMs);
  const zone = await fleetZone(db, { reaches, nowMs });
  const lately = { from: due + 1 - STRIP, to: due + 1, reaches };
  const [newest, before, completeness, failures, silent, all, yesterday, found] = await Promise.all([
    countFleet(db, { halfHour: due, reaches }),
    countFleet(db, { halfHour: due - 1, reaches }),
    listCompleteness(db, lately),
    listFailures(db, lately),
    listSites(db, { reaches, state: "silent", sort: "name", page: 1, pageSize: 100, halfHour: due }),
    listSites(db, { reaches, page: 1, pageSize: 1, halfHour: due }),
    loadLargest(db, { reaches, nowMs }),
    countFindings(db, { reaches, nowMs, state: "open" }),
  ]);
  const opened = completeness.some(({ expected }) => expected > 0);
  const axis = axisOf(zone, { from: due + 1 - STRIP, to: due + 1, hours: null });
  const today = axisOf(zone, { from: due + 1, to: due + 2, hours: null }).localDays
    .find(({ date }) => date === localDateOf(zone, due + 1));
  const isSilent = silent.sites.filter(({ history }) =>
    siteStateOf({ outcomes: history, due }).kind === "silent"
  );
  const counted = newest.expected > 0 ? newest : before;
  const halfHour = newest.expected > 0 ? due : due - 1;
  const fleet = { counted, halfHour, zone, nowMs };
  return {
    nowLabel: `${today ? longDay(today) : ""}, ${localLabel(zone, nowMs)}`,
    siteCount: all.total,
    triage: opened ? triageOf(fleet, Math.max(isSilent.length, silent.total - 100 + isSilent.length)) : null,
    nextLabel: localLabel(zone, endMsOf(due + 1)),
    silent: longestFirst(isSilent).slice(0, SILENT_SHOWN).map((site) => silentOf(site, due, nowMs)),
    completeness: opened ? completenessModel(completeness, failures, pathsOf(counted)) : null,
    cells: failures.map(({ missing, recovered }, index) => ({
      label: axis.labels[index] ?? "",
      missing,
      recovered,
    })),
    days: axis.days,
    expected: counted.expected,
    yesterday,
    findings: [...found.values()].reduce((sum, count) => sum + count, 0),
  };
}

interface Fleet {
  readonly counted: FleetCounts;
  readonly halfHour: HalfHour;
  readonly zone: string;
  readonly nowMs: number;
}

function triageOf({ counted, halfHour, zone, nowMs }: Fleet, silent: number): TriageModel {
  const { states, expected, onBackup } = counted;
  return {
    boundaryLabel: localLabel(zone, endMsOf(halfHour)),
    open: states.open + states.claimed > 0 && nowMs < retriesEndMs(halfHour),
    reported: states.complete + states.partial,
    expected,
    onBackup,
    silent,
  };
}

function longestFirst(sites: readonly SiteSummary[]): readonly SiteSummary[] {
  const lastOf = (site: SiteSummary) => lastHeard(site) ?? -1;
  return [...sites].sort((a, b) => lastOf(a) - lastOf(b));
}

function lastHeard({ history }: SiteSummary): HalfHour | undefined {
  return history.findLast(({ state }) => state === "complete" || state === "partial")?.halfHour;
}

function silentOf(site: SiteSummary, due: HalfHour, nowMs: number): SilentSite {
  const { id, name, zone, history } = site;
  const reason = history.findLast(({ reason }) => reason !== null)?.reason;
  const last = lastHeard(site);
  const words = reason ? siteReasonWords(reason).short : "no answer";
  return {
    id,
    name,
    href: `/sites/${id}`,
    state: "critical",
    why: words.charAt(0).toUpperCase() + words.slice(1),
    lastLabel: last === undefined ? null : lastText(zone, last, due),
    ageS: last === undefined ? null : Math.round((nowMs - endMsOf(last)) / 1000),
    next: `at ${localLabel(zone, endMsOf(due + 1))}`,
    tryAction: null,
  };
}

function lastText(zone: string, halfHour: HalfHour, due: HalfHour): string {
  const time = localLabel(zone, endMsOf(halfHour));
  if (due - halfHour < 40) return time;
  const day = axisOf(zone, { from: halfHour, to: halfHour + 1, hours: null }).localDays[0];
  return day ? `${longDay(day)}, ${time}` : time;
}

function completenessModel(
  halfHours: readonly { readonly expected: number }[],
  failures: readonly { readonly missing: number }[],
  paths: readonly PathCount[],
): CompletenessModel {
  const expected = halfHours.reduce((sum, each) => sum + each.expected, 0);
  const missing = failures.reduce((sum, each) => sum + each.missing, 0);
  const share = expected === 0 ? 1 : (expected - missing) / expected;
  const state = share >= 0.99 ? "good" : share >= 0.95 ? "partial" : "warn";
  return { have: expected - missing, expected, state, paths };
}

function pathsOf({ paths, onBackup, states }: FleetCounts): readonly PathCount[] {
  const counts: readonly PathCount[] = [
    { kind: "wired", count: paths.wired, href: "/sites?path=wired" },
    { kind: "cellular", count: paths.cellular, href: "/sites?path=cellular" },
    { kind: "wifi", count: paths.wifi, href: "/sites?path=wifi" },
    { kind: "backup", count: onBackup, href: "/sites?path=backup" },
    { kind: "none", count: states.failed, href: "/sites?path=none" },
  ];
  return counts.filter(({ count }) => count > 0);
}
