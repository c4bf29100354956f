/**
 * The list of sites as its page shows it: a page of them with strips, and nothing that needs all of them at once.
 *
 * @module
 */

import { closedHalfHourAt, endMsOf, type HalfHour } from "../../domain/half_hour.ts";
import { countedLetters } from "../../domain/maintenance.ts";
import { localDateOf, localLabel } from "../../domain/local_day.ts";
import { siteStateOf } from "../../domain/overview.ts";
import type { Reach } from "../../domain/permission.ts";
import { completenessOf, sumCompleteness } from "../../domain/quality.ts";
import type { Path, SitePlan } from "../../domain/site.ts";
import { energyOver, siteTotals } from "../../domain/usage.ts";
import type { ReadingRow } from "../../domain/visit.ts";
import type { Database } from "../../store/db.ts";
import { type ChannelHalfHours, latestReadings, readHalfHours } from "../../store/half_hours.ts";
import { listSites, type SiteSummary } from "../../store/overview.ts";
import { loadPlans } from "../../store/plans.ts";
import type { HalfHours } from "../../ui/charts/types.ts";
import { countText, signalBars } from "../../ui/format.ts";
import type { SitePath, SiteRow } from "../../ui/pages/SitesPage.tsx";
import type { SitesQuery } from "../../ui/sites_query.ts";
import { axisOf, shortDay } from "./axis.ts";
import { cellsOf, reasonsOf } from "./cells.ts";
import { type EnergyMeter, energyMetersOf, loadsOf } from "./energy.ts";
import { stateOf } from "./site_head.ts";
import { fleetZone } from "./zone.ts";

/** Sites of one page. */
export const SITES_A_PAGE = 25;

const STRIP = 48;

/** A row of the list with what its strip is drawn from. */
export interface SiteRowView {
  /** The row, but for its strip. */
  readonly row: Omit<SiteRow, "strip">;
  /** The last 48 half-hours; `null`: none yet. */
  readonly strip: HalfHours | null;
}

/** What the page shows. */
export interface SitesView {
  /** Sites registered. */
  readonly siteCount: number;
  /** Sites that the query finds. */
  readonly found: number;
  /** Sites of this page. */
  readonly rows: readonly SiteRowView[];
  /** `Sun 10:30 to Mon 10:30`. */
  readonly spanLabel: string;
}

/** What a row is made from. */
interface RowFacts {
  readonly summary: SiteSummary;
  readonly plan: SitePlan | undefined;
  readonly meters: readonly EnergyMeter[];
  readonly channels: readonly ChannelHalfHours[];
  readonly signal: ReadingRow | undefined;
  readonly due: HalfHour;
}

/** Which sites, and for whom. */
export interface SitesRequest {
  /** What was asked. */
  readonly query: SitesQuery;
  /** Sites within reach. */
  readonly reaches: readonly Reach[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Loads a page of the list. */
export async function loadSitesView(
  db: Database,
  { query, reaches, nowMs }: SitesRequest,
): Promise<SitesView> {
  const due = closedHalfHourAt(nowMs);
  const [{ sites, total }, zone] = await Promise.all([
    listSites(db, { reaches, ...listQuery(query, due) }),
    fleetZone(db, { reaches, nowMs }),
  ]);
  const filtered = query.q !== "" || query.state !== "any" || query.path !== "any";
  const siteCount = filtered
    ? (await listSites(db, { reaches, page: 1, pageSize: 1, halfHour: due })).total
    : total;
  const plans = await loadPlans(db, sites.map(({ id }) => id), due);
  const meters = new Map([...plans].map(([id, plan]) => [id, energyMetersOf(plan)]));
  const signals = [...plans.values()].flatMap(({ channels }) =>
    channels.filter(({ quantity }) => quantity === "signalDbm").slice(0, 1)
  );
  const channelIds = [...meters.values()].flatMap((own) => own.map(({ channel }) => channel.id));
  const [halfHours, latest] = await Promise.all([
    readHalfHours(db, { channelIds, from: due + 1 - STRIP, to: due + 1 }),
    latestReadings(db, { channelIds: signals.map(({ id }) => id), notBefore: due - STRIP }),
  ]);
  const byChannel = new Map(halfHours.map((each) => [each.channelId, each]));
  const rows = sites.map((summary) => {
    const own = meters.get(summary.id) ?? [];
    const signalId = signals.find(({ siteId }) => siteId === summary.id)?.id;
    return rowOf({
      summary,
      plan: plans.get(summary.id),
      meters: own,
      channels: own.flatMap(({ channel }) => byChannel.get(channel.id) ?? []),
      signal: signalId === undefined ? undefined : latest.get(signalId),
      due,
    });
  });
  return { siteCount, found: total, rows, spanLabel: spanLabel(zone, due) };
}

function listQuery(query: SitesQuery, halfHour: HalfHour) {
  const { q, state, path, sort, reverse, page } = query;
  return {
    ...(q === "" ? {} : { search: q }),
    ...(state === "any" ? {} : { state }),
    ...(path === "any" ? {} : { path }),
    sort,
    reverse,
    page,
    pageSize: SITES_A_PAGE,
    halfHour,
  };
}

function rowOf({ summary, plan, meters, channels, signal, due }: RowFacts): SiteRowView {
  const { id, name, town, zone, history } = summary;
  const axis = axisOf(zone, { from: due + 1 - STRIP, to: due + 1, hours: plan?.site.hours ?? null });
  const totals = siteTotals(loadsOf(meters, channels), { from: axis.from, count: STRIP });
  const energy = energyOver(totals, { from: axis.from, count: STRIP });
  const units = new Map(meters.map(({ meter, channel }) => [channel.id, meter.unitId]));
  const { have, expected } = sumCompleteness(channels.map((own) => completenessOf(countedLetters(own))));
  const last = history.findLast(({ state }) => state === "complete" || state === "partial")?.halfHour;
  const state = siteStateOf({ outcomes: history, due });
  return {
    row: {
      id,
      name,
      href: `/sites/${id}`,
      town,
      state: stateOf(state),
      stateWord: state.kind === "partial" ? partialWord(channels, last) : SHORT_WORDS[state.kind],
      lastLabel: last === undefined ? null : lastLabel(zone, last, due),
      stale: last === undefined || last < due - 1,
      have,
      expected,
      energyWh: energy.amount,
      estimated: energy.completeness.have < energy.completeness.expected || !/^[me-]*$/.test(totals.quality),
      path: pathOf(answers(history) ? summary.path : null, signal),
    },
    strip: channels.length === 0
      ? null
      : { cells: cellsOf(totals, axis, reasonsOf(channels, units)), days: axis.days },
  };
}

const SHORT_WORDS = {
  new: "Waiting",
  good: "Good",
  backup: "Backup path",
  partial: "Incomplete",
  stale: "Late",
  silent: "No answer",
} as const;

/** How many devices were silent when the site was heard last. */
function partialWord(channels: readonly ChannelHalfHours[], last: HalfHour | undefined): string {
  const silent = channels.filter(({ from, quality }) => quality[(last ?? -1) - from] === "x").length;
  return silent === 0 ? SHORT_WORDS.partial : `${countText(silent, "device")} silent`;
}

/** Whether the newest visit that ended got an answer. */
function answers(history: SiteSummary["history"]): boolean {
  return history.findLast(({ state }) => state !== "open" && state !== "claimed")?.state !== "failed";
}

function lastLabel(zone: string, halfHour: HalfHour, due: HalfHour): string {
  const time = localLabel(zone, endMsOf(halfHour));
  if (due - halfHour < 40) return time;
  const day = axisOf(zone, { from: halfHour, to: halfHour + 1, hours: null }).localDays[0];
  return day ? `${shortDay(day)}, ${time}` : time;
}

function pathOf(path: Path | null, signal: ReadingRow | undefined): SitePath {
  if (!path) return { kind: "none" };
  if (path.kind !== "cellular") return { kind: path.kind };
  const dbm = signal?.value ?? null;
  return { kind: "cellular", bars: dbm === null ? 0 : signalBars(dbm, "rssi"), label: "Cellular" };
}

function spanLabel(zone: string, due: HalfHour): string {
  const at = (halfHour: HalfHour) => {
    const days = axisOf(zone, { from: halfHour, to: halfHour + 1, hours: null }).localDays;
    const day = days.find(({ date }) => date === localDateOf(zone, halfHour));
    return `${day ? shortDay(day).slice(0, 3) : ""} ${localLabel(zone, endMsOf(halfHour - 1))}`;
  };
  return `${at(due + 1 - STRIP)} to ${at(due + 1)}`;
}
