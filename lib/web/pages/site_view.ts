/**
 * Everything the page of a site shows, loaded side by side and turned into plain models.
 *
 * @module
 */

import { closedHalfHourAt, type HalfHour } from "../../domain/half_hour.ts";
import type { SitePlan } from "../../domain/site.ts";
import type { HalfHourOutcome, SiteState } from "../../domain/overview.ts";
import { siteStateOf } from "../../domain/overview.ts";
import { baseloadWOf, stackByEndUse, type Totals } from "../../domain/usage.ts";
import type { ReadingRow } from "../../domain/visit.ts";
import { siteReasonWords } from "../../domain/words.ts";
import type { Database } from "../../store/db.ts";
import { latestReadings } from "../../store/half_hours.ts";
import { listSiteOutcomes, type SiteOutcomes } from "../../store/outcomes.ts";
import { type ComingMeter, getSitePlan, listComingMeters } from "../../store/plans.ts";
import { listAnsweredPaths } from "../../store/site_paths.ts";
import type { HalfHours, HeatDay, LoadByUse } from "../../ui/charts/types.ts";
import type { TimelineDay } from "../../ui/Flow.tsx";
import type { FindingRow } from "../../ui/pages/ChecksPage.tsx";
import type { DeviceRow, RouterModel, SiteFigure, SiteHead } from "../../ui/site_model.ts";
import { axisOf, dayMonth, shortDay } from "./axis.ts";
import { cellsOf, type ReasonsByHalfHour, reasonsOf } from "./cells.ts";
import { loadSiteFindings } from "./checks_view.ts";
import { readEnergy, type SiteEnergy } from "./energy.ts";
import { loadByUse } from "./load_view.ts";
import { type FindDevice, routerOf } from "./router_view.ts";
import { devicesOf } from "./site_devices.ts";
import { figuresOf } from "./site_figures.ts";
import { headOf } from "./site_head.ts";
import { timelineOf } from "./timeline_view.ts";

/** How far the load chart looks back. */
export type LoadRange = "day" | "week" | "month";

/** Whether a text names a range. */
export function isLoadRange(text: string): text is LoadRange {
  return Object.hasOwn(RANGE_HALF_HOURS, text);
}

/** Half-hours of each range. */
export const RANGE_HALF_HOURS: Readonly<Record<LoadRange, number>> = { day: 48, week: 336, month: 1440 };

/** Days of the heat map. */
const HEAT_DAYS = 84;

/** Half-hours that state and strip look back on. */
const STRIP = 48;

/** What the page of a site shows. */
export interface SiteView {
  /** The site's id. */
  readonly id: number;
  /** The head. */
  readonly head: SiteHead;
  /** Key figures. */
  readonly figures: readonly SiteFigure[];
  /** The last 48 half-hours. */
  readonly strip: HalfHours;
  /** Load by end use over the range. */
  readonly load: LoadByUse;
  /** Every half-hour by day. */
  readonly heat: readonly HeatDay[];
  /** Devices, with the cells of their sparks. */
  readonly devices: readonly DeviceView[];
  /** What the nightly check found and nobody put aside. */
  readonly findings: readonly FindingRow[];
  /** The router and its signal; `null`: none registered. */
  readonly router: RouterView | null;
  /** What happened lately. */
  readonly timeline: readonly TimelineDay[];
}

/** A device with what its spark line is drawn from. */
export interface DeviceView {
  /** The row. */
  readonly row: DeviceRow;
  /** The last 48 half-hours; empty: it counts no energy. */
  readonly spark: HalfHours["cells"];
}

/** A router with what its signal chart is drawn from. */
export interface RouterView {
  /** The card. */
  readonly model: RouterModel;
  /** Half-hours of its signal. */
  readonly signal: readonly {
    readonly label: string;
    readonly dbm: number | null;
    readonly reason?: string;
  }[];
  /** Days of the signal. */
  readonly days: HalfHours["days"];
}

/** What was asked. */
export interface SiteRequest {
  /** Which site. */
  readonly siteId: number;
  /** How far the load chart looks back. */
  readonly range: LoadRange;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What a profile is called. */
  readonly findDevice: FindDevice;
}

/** What all parts of the page are made from. */
export interface SiteFacts extends SiteRequest {
  /** The site and what stands there. */
  readonly plan: SitePlan;
  /** Meters that begin later, and are not in the plan. */
  readonly coming: readonly ComingMeter[];
  /** The newest half-hour that is over. */
  readonly due: HalfHour;
  /** How its last half-hours ended. */
  readonly outcomes: readonly HalfHourOutcome[];
  /** How it is. */
  readonly state: SiteState;
  /** Its energy counters over the longest span of the page. */
  readonly energy: SiteEnergy;
  /** The energy of the whole site over that span. */
  readonly total: Totals;
  /** The newest reading of each channel. */
  readonly latest: ReadonlyMap<number, ReadingRow>;
  /** Its baseload in W; `null`: not known. */
  readonly baseloadW: number | null;
  /** Why half-hours are missing: the site's own reason goes before what each device could say. */
  readonly reasons: ReasonsByHalfHour;
}

/** Loads the page of a site; `null`: there is no such site. */
export async function loadSiteView(db: Database, request: SiteRequest): Promise<SiteView | null> {
  const facts = await loadFacts(db, request);
  if (!facts) return null;
  const { plan, due, total, reasons } = facts;
  const { zone, hours } = plan.site;
  const stripAxis = axisOf(zone, { from: due + 1 - STRIP, to: due + 1, hours });
  const router = await routerOf(db, facts);
  return {
    id: plan.site.id,
    head: headOf(facts, router?.model.signal ?? null),
    figures: figuresOf(facts),
    strip: { cells: cellsOf(total, stripAxis, reasons), days: stripAxis.days },
    load: loadByUse(facts, RANGE_HALF_HOURS[request.range]),
    heat: heatDays(facts),
    devices: devicesOf(facts, stripAxis),
    findings: await loadSiteFindings(db, request),
    router,
    timeline: timelineOf(facts),
  };
}

/** Loads what the load chart of a site shows; `null`: there is no such site. */
export async function loadSiteLoad(db: Database, request: SiteRequest): Promise<LoadByUse | null> {
  const facts = await loadFacts(db, request);
  return facts && loadByUse(facts, RANGE_HALF_HOURS[request.range]);
}

async function loadFacts(db: Database, request: SiteRequest): Promise<SiteFacts | null> {
  const { siteId, nowMs } = request;
  const due = closedHalfHourAt(nowMs);
  const plan = await getSitePlan(db, siteId, due);
  if (!plan) return null;
  const to = due + 1;
  const recent = { from: to - STRIP, to };
  const from = Math.min(Math.max(plan.since, to - HEAT_DAYS * 48), recent.from);
  const channelIds = plan.channels.map(({ id }) => id);
  const [energy, latest, outcomes, answered, coming] = await Promise.all([
    readEnergy(db, plan, { from, to }),
    latestReadings(db, { channelIds, notBefore: to - 7 * 48 }),
    listSiteOutcomes(db, [siteId], recent),
    listAnsweredPaths(db, [siteId], recent),
    listComingMeters(db, siteId, due),
  ]);
  const { total } = stackByEndUse(energy.loads, { from, count: to - from });
  const ended = outcomesOf(plan, outcomes.get(siteId), answered.get(siteId) ?? []);
  const state = siteStateOf({ outcomes: ended, due });
  return {
    ...request,
    plan,
    coming,
    due,
    outcomes: ended,
    state,
    energy,
    total,
    latest,
    baseloadW: baseloadWOf(total),
    reasons: new Map([...reasonsOf(energy.channels, energy.units), ...siteReasons(ended)]),
  };
}

/** The ledger's letters and paths as outcomes. */
export function outcomesOf(
  plan: Pick<SitePlan, "paths">,
  outcomes: SiteOutcomes | undefined,
  answered: readonly { readonly halfHour: HalfHour; readonly pathId: number }[],
): readonly HalfHourOutcome[] {
  if (!outcomes) return [];
  const ranks = new Map(plan.paths.map(({ id, rank }) => [id, rank]));
  const paths = new Map(answered.map(({ halfHour, pathId }) => [halfHour, ranks.get(pathId) ?? null]));
  const reasons = new Map(outcomes.reasons.map(({ halfHour, reason }) => [halfHour, reason]));
  return [...outcomes.outcomes].flatMap((letter, index): readonly HalfHourOutcome[] => {
    const halfHour = outcomes.from + index;
    const state = STATES[letter];
    if (!state) return [];
    return [{
      halfHour,
      state,
      reason: reasons.get(halfHour) ?? null,
      pathRank: paths.get(halfHour) ?? null,
    }];
  });
}

const STATES: Readonly<Record<string, HalfHourOutcome["state"]>> = {
  c: "complete",
  p: "partial",
  f: "failed",
  o: "open",
};

/** Why nothing at all was read. */
function siteReasons(outcomes: readonly HalfHourOutcome[]): readonly (readonly [HalfHour, string])[] {
  return outcomes.flatMap(({ halfHour, state, reason }) =>
    state === "failed" && reason ? [[halfHour, siteReasonWords(reason).short] as const] : []
  );
}

function heatDays({ plan, due, total, reasons }: SiteFacts): readonly HeatDay[] {
  const { zone, hours } = plan.site;
  const since = Math.max(plan.since, total.from);
  const axis = axisOf(zone, { from: since, to: due + 1, hours });
  const cells = cellsOf(total, axis, reasons);
  return axis.localDays.map((day) => {
    const start = Math.max(0, day.first - axis.from);
    const end = Math.max(0, day.first + day.count - axis.from);
    const before = Math.max(0, axis.from - day.first);
    const blank = day.labels.slice(0, before).map(({ label }) => ({
      label,
      amountWh: null,
      quality: "none" as const,
    }));
    return {
      label: shortDay(day),
      dayMonth: dayMonth(day.date),
      weekStart: day.weekday === 0,
      halfHours: day.count,
      cells: [...blank, ...cells.slice(start, end)],
    };
  });
}
