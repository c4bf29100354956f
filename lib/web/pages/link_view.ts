/**
 * The link of a site as its page shows it.
 *
 * @module
 */

import { startMsOf } from "../../domain/half_hour.ts";
import { type LinkDay, type LinkHealth, linkHealth } from "../../domain/link_health.ts";
import { countWays, wayOf } from "../../domain/link.ts";
import { localDateOf, localDay, localLabel } from "../../domain/local_day.ts";
import { SIGNAL_LIMITS, signalClassOf, signalSpan, temperatureClassOf } from "../../domain/radio.ts";
import type { Database } from "../../store/db.ts";
import { readSiteLink, type SiteLink } from "../../store/link_facts.ts";
import type { KeyFigure } from "../../ui/Data.tsx";
import {
  bytesText,
  countText,
  durationText,
  numberText,
  signalText,
  temperatureText,
} from "../../ui/format.ts";
import type { LinkDayRow, LinkPageProps, SignalView, Standing } from "../../ui/link_model.ts";
import { axisOf, dayMonth, longDay } from "./axis.ts";
import { atLeastText, simCardOf, simStanding } from "./link_sim.ts";
import { eventDays, metresText, wayName } from "./link_words.ts";

/** How far the page looks back, in local days. */
export const LINK_RANGES = { "2": "48 half-hours", "14": "14 days", "60": "60 days" } as const;

/** Which range. */
export type LinkRange = keyof typeof LINK_RANGES;

/** A range out of the address; 14 days unless it names another. */
export function linkRangeOf(text: string | null): LinkRange {
  return text !== null && Object.hasOwn(LINK_RANGES, text) ? text as LinkRange : "14";
}

/** Days of the table; the file has 60. */
const DAYS_SHOWN = 14;

/** Events that are told at most. */
const EVENTS_SHOWN = 60;

/** What the page shows besides what whoever looks may do. */
export type LinkView = Omit<LinkPageProps, "form" | "csvHref">;

/** A link with what it comes to. */
export interface LoadedLink {
  /** As it is kept. */
  readonly link: SiteLink;
  /** Judged. */
  readonly health: LinkHealth;
}

/** Loads a link; `null`: there is no such site. */
export async function loadLink(
  db: Database,
  { siteId, nowMs, days }: { readonly siteId: number; readonly nowMs: number; readonly days: number },
): Promise<LoadedLink | null> {
  const link = await readSiteLink(db, { siteId, nowMs, days });
  return link && { link, health: linkHealth(link.facts) };
}

/** The page of a link. */
export function linkView({ link, health }: LoadedLink, range: LinkRange): LinkView {
  const { plan, facts } = link;
  const { zone, now } = facts;
  const href = `/sites/${plan.site.id}`;
  const standing = standingOf(health);
  const tail = health.newest?.imsi?.slice(-4) ?? link.label.sim?.iccid?.slice(-4) ?? null;
  return {
    siteName: plan.site.name,
    siteHref: href,
    routerHref: `${href}/router`,
    standing,
    summary: summaryOf(link, health),
    figures: figuresOf(link, health),
    ranges: Object.entries(LINK_RANGES).map(([key, label]) => ({
      label,
      href: `${href}/link?days=${key}`,
      current: key === range,
    })),
    ways: waysOf(link, range),
    signal: signalOf(link, health, range),
    signalSentence: signalSentence(link),
    weakDbm: SIGNAL_LIMITS.rssi.fair,
    events: eventDays(health.events, { zone, now, limit: EVENTS_SHOWN }),
    place: placeOf(link, health),
    sim: health.sim && simCardOf(health.sim, { zone, tail }),
    days: [...health.days].reverse().slice(0, DAYS_SHOWN).map(dayRow),
  };
}

/** How a link stands as a whole: what needs somebody first. */
export function standingOf({ wan, silent, place, signal, sim }: LinkHealth): Standing {
  if (silent >= 2) return { state: "critical", word: `No answer to ${countText(silent, "half-hour")}` };
  if (place.state === "moved") return { state: "critical", word: "Moved" };
  const data = sim && simStanding(sim);
  if (data?.state === "critical") return data;
  if (wan && !wayOf(wan.way)?.main) return { state: "warn", word: "On another path" };
  if (signal.mean !== null && signalClassOf(signal.mean, "rssi") === "weak") {
    return { state: "warn", word: "Weak signal" };
  }
  return wan ? { state: "good", word: "Main path" } : { state: "loading", word: "Not known yet" };
}

function sinceText({ facts: { zone, now } }: SiteLink, halfHour: number): string {
  const ms = startMsOf(halfHour + 1);
  const time = localLabel(zone, ms);
  if (now - halfHour < 40) return time;
  return `${dayMonth(localDateOf(zone, halfHour))}, ${time}`;
}

function summaryOf(link: SiteLink, { wan, newest, sim }: LinkHealth): string {
  const way = wan && wayOf(wan.way);
  const since = wan && (wan.wholeSpan ? "for as long as is shown" : `since ${sinceText(link, wan.since)}`);
  const parts = [
    wan
      ? `Answers over ${wayName(wan.way)}, its ${way?.main ? "main path" : "backup"}, ${since}`
      : "Nothing answered yet",
  ];
  if (newest?.operator) {
    parts.push(`in the network of ${newest.operator}${newest.networkType ? `, ${newest.networkType}` : ""}`);
  }
  if (sim && sim.use.untilS !== null) {
    parts.push(`${atLeastText(sim.use.bytes, sim.use.atLeast)} used this month`);
  }
  return `${parts.join("; ")}.`;
}

function figuresOf(link: SiteLink, { newest, signal, sim, place, wan }: LinkHealth): readonly KeyFigure[] {
  const figures: KeyFigure[] = [{
    label: "Path in use",
    figure: wan ? { text: capital(wayName(wan.way)), unit: "" } : null,
    reason: "nobody answered",
    note: wan ? (wayOf(wan.way)?.main ? "main path" : "not the main path") : undefined,
  }];
  if (newest?.signalDbm != null) {
    figures.push({
      label: "Signal",
      figure: { text: signalText(newest.signalDbm).replace(" dBm", ""), unit: "dBm" },
      note: `${signalClassOf(newest.signalDbm, "rssi")}; ${numberText(signal.weak)} of ${
        countText(signal.count, "half-hour")
      } weak`,
    });
  }
  if (sim) {
    const used = bytesText(sim.use.bytes).split(" ");
    figures.push({
      label: "SIM, this month",
      figure: sim.use.untilS === null ? null : { text: used[0] ?? "", unit: used[1] ?? "" },
      reason: "not read yet",
      note: simStanding(sim).word,
    });
  }
  figures.push({
    label: "Position",
    figure: place.distanceM === null ? null : (() => {
      const [text = "", unit = ""] = metresText(place.distanceM).split(" ");
      return { text, unit };
    })(),
    reason: place.state === "not-registered" ? "not registered" : "no fix",
    note: place.distanceM === null ? undefined : `from its site, fence ${metresText(link.settings.radiusM)}`,
  });
  if (newest?.uptimeS != null) {
    const [text = "", unit = "", ...more] = durationText(newest.uptimeS).split(" ");
    const hot = newest.temperatureC === null ? null : temperatureClassOf(newest.temperatureC);
    const heat = newest.temperatureC === null
      ? undefined
      : `${temperatureText(newest.temperatureC)}${hot === "right" ? "" : `, too ${hot}`}`;
    figures.push({ label: "Up for", figure: { text, unit: [unit, ...more].join(" ") }, note: heat });
  }
  return figures;
}

function waysOf({ plan, facts }: SiteLink, range: LinkRange): LinkPageProps["ways"] {
  const from = range === "2" ? Math.max(facts.from, facts.now - 47) : facts.from;
  const ways = facts.ways.slice(from - facts.from);
  const axis = axisOf(facts.zone, { from, to: facts.now + 1, hours: null });
  const kinds = [...new Set(plan.paths.map(({ kind }) => kind))];
  const { main, backup, unknown, unanswered } = countWays(ways);
  const parts = [`${countText(main, "half-hour")} over the main path`];
  if (backup > 0) parts.push(`${numberText(backup)} over another`);
  if (unknown > 0) parts.push(`${numberText(unknown)} answered, path not known`);
  if (unanswered > 0) parts.push(`${numberText(unanswered)} unanswered`);
  return {
    lanes: kinds.map((kind, index) => ({
      kind,
      name: `${capital(NAMES[kind])}${index === 0 ? ", main path" : ""}`,
    })),
    ways,
    labels: axis.labels,
    days: axis.days,
    sentence: `${parts.join(", ")}.`,
  };
}

const NAMES = { cellular: "cellular", wifi: "Wi-Fi", wired: "wired" } as const;

function signalOf({ facts }: SiteLink, { days }: LinkHealth, range: LinkRange): SignalView | null {
  if (facts.readings.every(({ signalDbm }) => signalDbm === null)) return null;
  if (range !== "2") {
    return {
      kind: "days",
      days: days.map(({ date, signal }) => ({
        label: dayMonth(date),
        low: signal.low,
        mean: signal.mean,
        high: signal.high,
      })),
    };
  }
  const from = Math.max(facts.from, facts.now - 47);
  const axis = axisOf(facts.zone, { from, to: facts.now + 1, hours: null });
  const byHalfHour = new Map(facts.readings.map(({ halfHour, signalDbm }) => [halfHour, signalDbm]));
  return {
    kind: "half-hours",
    cells: axis.labels.map((label, index) => ({
      label,
      dbm: byHalfHour.get(from + index) ?? null,
      reason: "not read",
    })),
    days: axis.days,
  };
}

function signalSentence({ facts: { readings } }: SiteLink): string {
  const { count, mean, low, weak } = signalSpan(readings.map(({ signalDbm }) => signalDbm), "rssi");
  if (mean === null || low === null) return "The router was not read.";
  const share = weak === 0 ? "never weak" : `weak in ${numberText(weak)} of ${countText(count, "half-hour")}`;
  return `${signalText(Math.round(mean))} on average, ${signalClassOf(mean, "rssi")}; lowest ${
    signalText(low)
  }, ${share}.`;
}

function placeOf({ plan, settings }: SiteLink, { place }: LinkHealth): LinkPageProps["place"] {
  const { latitude, longitude } = plan.site;
  const registered = latitude === null || longitude === null ? undefined : { latitude, longitude };
  const { fix, distanceM } = place;
  const map = fix && {
    place: { latitude: fix.latitude, longitude: fix.longitude },
    accuracyM: null,
    ...(registered ? { registered, fenceM: settings.radiusM } : {}),
  };
  const sky = fix?.satellites == null ? "" : `, ${countText(fix.satellites, "satellite")}`;
  const sentence = fix && distanceM !== null
    ? `${metresText(distanceM)} from where the site was registered; the fence is ${
      metresText(settings.radiusM)
    }${sky}.`
    : fix
    ? "The site has no registered position to compare with."
    : "No fix that can be believed: GNSS off, no view of the sky, or fewer than four satellites.";
  return { ...PLACES[place.state], map: map ?? null, sentence };
}

const PLACES: Readonly<Record<LinkHealth["place"]["state"], Standing>> = {
  "at-home": { state: "good", word: "At its site" },
  moved: { state: "critical", word: "Moved" },
  "no-fix": { state: "missing", word: "No fix" },
  "not-registered": { state: "info", word: "Position not registered" },
};

function dayRow({ date, ways, changes, restarts, signal, simB, atLeast, ownB }: LinkDay): LinkDayRow {
  return {
    label: longDay(localDay("Etc/UTC", date)),
    main: ways.main,
    backup: ways.backup,
    unanswered: ways.unanswered,
    changes,
    restarts,
    signalLabel: signal.mean === null ? null : signalText(Math.round(signal.mean)),
    simLabel: simB === null ? null : `${atLeast ? "≥ " : ""}${bytesText(simB)}`,
    ownLabel: ownB === null ? null : bytesText(ownB),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
