/**
 * The head of a site's page: how it is, how old and how complete what is shown is.
 *
 * @module
 */

import { endMsOf, endSOf, type HalfHour } from "../../domain/half_hour.ts";
import { countedLetters } from "../../domain/maintenance.ts";
import { type SiteState, siteStateWords } from "../../domain/overview.ts";
import { localDay, localLabel } from "../../domain/local_day.ts";
import { completenessOf, sumCompleteness } from "../../domain/quality.ts";
import type { WeekHours } from "../../domain/site.ts";
import { countText } from "../../ui/format.ts";
import type { PathInUse, Signal, SiteHead } from "../../ui/site_model.ts";
import type { State } from "../../ui/state.ts";
import { dayMonth, todayOf } from "./axis.ts";
import type { SiteFacts } from "./site_view.ts";

/** The state of a site as parts of pages show it. */
export function stateOf(state: SiteState): State {
  switch (state.kind) {
    case "new":
      return "loading";
    case "good":
      return "good";
    case "backup":
      return "warn";
    case "partial":
      return "partial";
    case "stale":
      return "stale";
    case "silent":
      return "critical";
  }
}

/** A boundary for people: its local time, with the date when it is older than a day. */
export function sinceLabel(zone: string, instantMs: number, nowMs: number): string {
  const time = localLabel(zone, instantMs);
  if (nowMs - instantMs < 20 * 3_600_000) return time;
  const { date } = dateAt(zone, instantMs);
  return `${dayMonth(date)}, ${time}`;
}

function dateAt(zone: string, instantMs: number) {
  return localDay(zone, todayOf({ plan: { site: { zone } } as SiteFacts["plan"], nowMs: instantMs }));
}

/** A half-hour for people: `10:00–10:30`. */
export function halfHourLabel(zone: string, halfHour: HalfHour): string {
  return `${localLabel(zone, endMsOf(halfHour - 1))}–${localLabel(zone, endMsOf(halfHour))}`;
}

/** The head. */
export function headOf(facts: SiteFacts, signal: Signal | null): SiteHead {
  const { plan, due, nowMs, state, energy, latest } = facts;
  const { zone } = plan.site;
  const newest = Math.max(-1, ...[...latest.values()].map(({ halfHour }) => halfHour));
  const readS = Math.max(0, ...[...latest.values()].map((row) => endSOf(row.halfHour) + (row.readS ?? 0)));
  const label = "since" in state ? sinceLabel(zone, endMsOf(state.since), nowMs) : "";
  const since = "since" in state && state.since === facts.outcomes[0]?.halfHour ? `before ${label}` : label;
  const completeOver = (count: number) =>
    sumCompleteness(energy.channels.map((own) => completenessOf(countedLetters(own).slice(-count))));
  const devices = new Set(
    plan.meters.filter(({ profileId }) => facts.findDevice(profileId)?.kind !== "router").map(({ id }) => id),
  );
  const heard = new Set(
    plan.channels.filter(({ id, meterId }) => devices.has(meterId) && latest.get(id)?.halfHour === newest)
      .map(({ meterId }) => meterId),
  );
  const day = halfHoursOf(completeOver(48), energy.channels.length);
  return {
    name: plan.site.name,
    town: plan.site.town,
    state: stateOf(state),
    stateWord: state.kind === "partial"
      ? `${silentText(plan.meters.filter(({ id }) => devices.has(id) && !heard.has(id)))} since ${since}`
      : siteStateWords(state, since),
    lastHalfHourLabel: newest < 0 ? null : halfHourLabel(zone, newest),
    lastAgeS: newest < 0 ? null : Math.max(0, Math.round(nowMs / 1000 - readS)),
    stale: newest >= 0 && newest < due - 1,
    complete24h: day,
    complete30d: due - plan.since >= 48 ? completeOver(30 * 48) : null,
    path: pathInUse(facts),
    signal,
    devicesHeard: newest < 0 ? 0 : heard.size,
    devices: devices.size,
    waiting: newest < 0 ? waitingOf(facts, devices.size) : undefined,
    localTimeLabel: localLabel(zone, nowMs),
    zone,
    openTodayLabel: openToday(plan.site.hours, localDay(zone, todayOf(facts)).weekday),
  };
}

/** The devices of a site that nothing was collected at yet; absent: something was. */
function waitingOf(
  { plan, coming, state, total, findDevice }: SiteFacts,
  begun: number,
): SiteHead["waiting"] {
  if (state.kind !== "new" || total.amounts.some((amount) => amount !== null)) return undefined;
  const later = coming.filter(({ profileId }) => findDevice(profileId)?.kind !== "router");
  const first = Math.min(...later.map(({ since }) => since));
  const isNext = plan.site.collected && begun === 0 && later.length > 0;
  return {
    devices: begun + later.length,
    fromLabel: isNext ? localLabel(plan.site.zone, endMsOf(first)) : null,
  };
}

/** Which devices are silent, by name when it is one. */
function silentText(silent: readonly { readonly name: string }[]): string {
  const [first, ...more] = silent;
  if (!first) return "Some readings missing";
  return more.length === 0 ? `${first.name} silent` : `${countText(silent.length, "device")} silent`;
}

/** Half-hours of the site as a whole: what all its counters together have, in half-hours. */
function halfHoursOf(sum: { readonly have: number; readonly expected: number }, counters: number) {
  if (counters === 0) return sum;
  const expected = Math.round(sum.expected / counters);
  return { have: Math.min(expected, Math.floor(sum.have / counters)), expected };
}

/** The path that answered last. */
export function pathInUse({ plan, outcomes }: Pick<SiteFacts, "plan" | "outcomes">): PathInUse {
  const ended = outcomes.filter(({ state }) => state !== "open" && state !== "claimed");
  const newest = ended.at(-1);
  if (!newest) return { kind: "unknown", label: "not known yet", backup: false };
  const path = plan.paths.find(({ rank }) => rank === newest.pathRank);
  if (newest.state === "failed" || !path) return { kind: "none", label: "none", backup: false };
  return { kind: path.kind, label: PATH_NAMES[path.kind], backup: path.rank > 0 };
}

/** What kinds of paths are called. */
export const PATH_NAMES = { cellular: "Cellular", wifi: "Wi-Fi", wired: "Wired" } as const;

function openToday(hours: WeekHours | null, weekday: number): string | null {
  if (!hours) return null;
  const stretches = hours[weekday] ?? [];
  if (stretches.length === 0) return "closed";
  return stretches.map(({ fromMin, toMin }) => `${clock(fromMin)}–${clock(toMin)}`).join(", ");
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
