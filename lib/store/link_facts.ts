/**
 * What the link of a site is judged by, brought together from where it lies.
 *
 * @module
 */

import type { Channel } from "../domain/channel.ts";
import { closedHalfHourAt, endSOf, type HalfHour } from "../domain/half_hour.ts";
import type { LinkFacts, LinkReading } from "../domain/link_health.ts";
import { addDays, localDateOf, type LocalDay, localDaysBetween } from "../domain/local_day.ts";
import type { DataRead } from "../domain/sim_data.ts";
import type { Meter, SitePlan } from "../domain/site.ts";
import type { Database } from "./db.ts";
import { type ChannelHalfHours, readHalfHours } from "./half_hours.ts";
import { type KeptLinkDay, type LinkSite, listLinkDays, makeLinkDays, wireBytesOf } from "./link_days.ts";
import { type KeptLinkSettings, readLinkSettings } from "./link_settings.ts";
import { getSitePlan } from "./plans.ts";
import { findRouterLabel, type RouterLabel } from "./router_labels.ts";
import { yieldToLoop } from "./sqlite.ts";
import { textsOf } from "./texts.ts";

/** Days that the data of a SIM looks back: a billing month, and the 14 days before it that a forecast goes on from. */
const DATA_DAYS = 46;

/** Days of a link that are shown at most. */
const DAYS_MAX = 61;

/** Bytes of a MB as tariffs count them. */
const MB = 1_000_000;

/** A site's link. */
export interface SiteLink {
  /** The site and what stands there. */
  readonly plan: SitePlan;
  /** Its router; `null`: none with registers of a link. */
  readonly router: Meter | null;
  /** The label of its router and its SIM. */
  readonly label: RouterLabel;
  /** What it is judged by. */
  readonly settings: KeptLinkSettings;
  /** The facts. */
  readonly facts: LinkFacts;
  /** Days that are not kept, made on the spot, oldest first; the last ones may not be over. */
  readonly made: readonly KeptLinkDay[];
}

/** Which link, and how far back. */
export interface LinkRequest {
  /** The site. */
  readonly siteId: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Local days that are shown, today among them, at most 61. */
  readonly days: number;
  /** Whether only what the list of links shows is needed: of the router's words its place, signal and SIM alone. */
  readonly brief?: boolean;
}

/** The link of a site; `null`: there is no such site. */
export async function readSiteLink(
  db: Database,
  { siteId, nowMs, days: shown, brief = false }: LinkRequest,
): Promise<SiteLink | null> {
  const now = closedHalfHourAt(nowMs);
  const [plan, label, settings] = await Promise.all([
    getSitePlan(db, siteId, now),
    findRouterLabel(db, siteId),
    readLinkSettings(db, siteId),
  ]);
  if (!plan) return null;
  const { zone, latitude, longitude } = plan.site;
  const today = localDateOf(zone, now);
  const days = daysBack(zone, { today, count: shown });
  const dataDays = daysBack(zone, { today, count: Math.max(shown, DATA_DAYS) });
  const channels = routerChannels(plan);
  const { kept, made } = await readDays(db, { siteId, paths: plan.paths, channels }, {
    days: dataDays,
    now,
    since: plan.since,
  });
  const from = days[0]?.first ?? now;
  const readings = await readReadings(db, channels, { from, to: now + 1, brief });
  await yieldToLoop();
  const dataReads = await readDataReads(db, channels, { from: dataDays[0]?.first ?? now, to: now + 1 });
  const allowance = label.sim?.allowanceMB ?? null;
  const facts: LinkFacts = {
    zone,
    now,
    from,
    ways: kept.filter(({ first }) => first >= from).map(({ ways }) => ways).join(""),
    readings,
    dataReads,
    days,
    dataDays,
    own: kept.filter(({ tries }) => tries > 0).map((day) => ({ date: day.date, ...wireBytesOf(day) })),
    fence: {
      home: latitude === null || longitude === null ? null : { latitude, longitude },
      radiusM: settings.radiusM,
    },
    billingDay: settings.billingDay,
    allowanceB: allowance === null ? null : allowance * MB,
  };
  const router = plan.meters.find(({ id }) => id === channels[0]?.meterId) ?? null;
  return { plan, router, label, settings, facts, made };
}

/** Channels of the router: of the meter that tells of a WAN or a radio. */
function routerChannels({ channels }: SitePlan): readonly Channel[] {
  const telling = ["wanAddress", "networkType", "signalDbm"];
  const meterId = channels.find(({ quantity }) => telling.includes(quantity))?.meterId;
  return meterId === undefined ? [] : channels.filter((channel) => channel.meterId === meterId);
}

/** Kept days, and those that are not, from the day after the newest kept one on, made on the spot. */
async function readDays(
  db: Database,
  site: LinkSite,
  { days, now, since }: {
    readonly days: readonly LocalDay[];
    readonly now: HalfHour;
    readonly since: HalfHour;
  },
): Promise<{ readonly kept: readonly KeptLinkDay[]; readonly made: readonly KeptLinkDay[] }> {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return { kept: [], made: [] };
  const kept = await listLinkDays(db, site.siteId, { from: first.date, to: last.date });
  const byDate = new Map(kept.map((day) => [day.date, day]));
  const missing = days.filter(({ date, first: begin, count }) => !byDate.has(date) && begin + count > since);
  const made = new Map<string, KeptLinkDay>();
  for (const run of runsOf(missing)) {
    for (const day of await makeLinkDays(db, site, { days: run, now })) made.set(day.date, day);
  }
  const all = days.flatMap(({ date, first: begin, count }): readonly KeptLinkDay[] => {
    const day = byDate.get(date) ?? made.get(date) ??
      blankDay({ date, first: begin }, Math.min(count, now + 1 - begin));
    // A day that was kept when the site's zone was another one would not fit beside the others.
    if (day.first === begin && day.ways.length <= count) return [day];
    return [{ ...day, first: begin, ways: "a".repeat(Math.min(count, now + 1 - begin)) }];
  });
  return { kept: all, made: [...made.values()] };
}

/** A day before the site was there. */
function blankDay({ date, first }: Pick<LocalDay, "date" | "first">, count: number): KeptLinkDay {
  const ways = ".".repeat(Math.max(0, count));
  return { date, first, ways, ownB: 0, ownCellularB: 0, requests: 0, tries: 0 };
}

/** Days as they were listed, by zone and day: a night asks for the same ones for every site. */
const LISTED = new Map<string, readonly LocalDay[]>();
const LISTED_MAX = 50;

/** The newest local days of a zone, oldest first. */
function daysBack(
  zone: string,
  { today, count }: { readonly today: string; readonly count: number },
): readonly LocalDay[] {
  const key = `${zone} ${today} ${count}`;
  const known = LISTED.get(key);
  if (known) return known;
  const from = addDays(today, 1 - Math.min(count, DAYS_MAX));
  const days = localDaysBetween(zone, { from, to: today });
  if (LISTED.size >= LISTED_MAX) LISTED.clear();
  LISTED.set(key, days);
  return days;
}

/** Days that follow each other. */
function runsOf(days: readonly LocalDay[]): readonly (readonly LocalDay[])[] {
  const runs: LocalDay[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && before.first + before.count === day.first) run.push(day);
    else runs.push([day]);
  }
  return runs;
}

interface Range {
  readonly from: HalfHour;
  readonly to: HalfHour;
}

const NUMBERS = [
  "uptimeS",
  "signalDbm",
  "temperatureC",
  "latitudeDeg",
  "longitudeDeg",
  "satellites",
  "simSlot",
] as const;
const TEXTS = ["registration", "operator", "networkType", "simSlotText", "imsi"] as const;

/** What the list of links needs of them. */
const BRIEF: ReadonlySet<string> = new Set(
  ["signalDbm", "latitudeDeg", "longitudeDeg", "satellites", "simSlot", "simSlotText", "imsi"],
);

async function readReadings(
  db: Database,
  channels: readonly Channel[],
  { from, to, brief }: Range & { readonly brief: boolean },
): Promise<readonly LinkReading[]> {
  const quantities = [...NUMBERS, ...TEXTS].filter((name) => !brief || BRIEF.has(name));
  const read = await readQuantities(db, channels, { quantities, from, to });
  const texts = await textsOf(
    db,
    TEXTS.flatMap((name) => read.get(name)?.amounts.flatMap((id) => id ?? []) ?? []),
  );
  const decimals = new Map(channels.map((channel) => [channel.quantity, channel.decimals]));
  const rawAt = (name: string, index: number) => read.get(name)?.amounts[index] ?? null;
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => index).flatMap((index) => {
    const number = (name: typeof NUMBERS[number]) => {
      const raw = rawAt(name, index);
      return raw === null ? null : raw / 10 ** (decimals.get(name) ?? 0);
    };
    const text = (name: typeof TEXTS[number]) => {
      const id = rawAt(name, index);
      return id === null ? null : texts.get(id)?.trim() || null;
    };
    if ([...read.values()].every(({ amounts }) => (amounts[index] ?? null) === null)) return [];
    const slot = number("simSlot") ?? Number(/\d/.exec(text("simSlotText") ?? "")?.[0] ?? NaN);
    const halfHour = from + index;
    return [{
      halfHour,
      atS: endSOf(halfHour),
      uptimeS: number("uptimeS"),
      registration: text("registration"),
      operator: text("operator"),
      simSlot: Number.isNaN(slot) ? null : slot,
      imsi: text("imsi"),
      signalDbm: number("signalDbm"),
      networkType: text("networkType"),
      temperatureC: number("temperatureC"),
      latitude: number("latitudeDeg"),
      longitude: number("longitudeDeg"),
      satellites: number("satellites"),
    }];
  });
}

async function readDataReads(
  db: Database,
  channels: readonly Channel[],
  { from, to }: Range,
): Promise<readonly [readonly DataRead[], readonly DataRead[]]> {
  const quantities = [1, 2].flatMap((slot) => [`sim${slot}ReceivedMonthB`, `sim${slot}SentMonthB`]);
  const read = await readQuantities(db, channels, { quantities, from, to });
  const of = (slot: 1 | 2): readonly DataRead[] => {
    const received = read.get(`sim${slot}ReceivedMonthB`)?.amounts ?? [];
    const sent = read.get(`sim${slot}SentMonthB`)?.amounts ?? [];
    return received.flatMap((receivedB, index) => {
      const sentB = sent[index] ?? null;
      return receivedB === null || sentB === null ? [] : [{ atS: endSOf(from + index), receivedB, sentB }];
    });
  };
  return [of(1), of(2)];
}

async function readQuantities(
  db: Database,
  channels: readonly Channel[],
  { quantities, from, to }: Range & { readonly quantities: readonly string[] },
): Promise<ReadonlyMap<string, ChannelHalfHours>> {
  const wanted = channels.filter(({ quantity }) => quantities.includes(quantity));
  const found = await readHalfHours(db, { channelIds: wanted.map(({ id }) => id), from, to });
  const byId = new Map(found.map((one) => [one.channelId, one]));
  return new Map(wanted.flatMap(({ id, quantity }) => {
    const one = byId.get(id);
    return one ? [[quantity, one] as const] : [];
  }));
}
