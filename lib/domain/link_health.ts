/**
 * Everything that is told of a site's link, out of what its half-hours say: way in, signal, place, SIM and what
 * happened, as one plain thing that the page shows and the night sums up. Pure.
 *
 * @module
 */

import { type Fence, type FenceEvent, type FenceView, type Fix, judgeFixes } from "./geofence.ts";
import type { HalfHour } from "./half_hour.ts";
import {
  countWays,
  latestWay,
  pathChanges,
  type PathEvent,
  pathEvents,
  type WayCounts,
  type WayLetter,
} from "./link.ts";
import { type LocalDate, localDateOf, type LocalDay } from "./local_day.ts";
import { type SignalSpan, signalSpan } from "./radio.ts";
import { type RouterEvent, routerEvents, type RouterReading } from "./router_events.ts";
import type { DataRead } from "./sim_data.ts";
import { type SimHealth, simHealth } from "./sim_health.ts";

/** What a router said in a half-hour; `null` where it said nothing of it. */
export interface LinkReading extends RouterReading {
  /** RSSI in dBm. */
  readonly signalDbm: number | null;
  /** Generation of the network: `LTE`. */
  readonly networkType: string | null;
  /** Its own temperature in °C. */
  readonly temperatureC: number | null;
  /** Degrees north. */
  readonly latitude: number | null;
  /** Degrees east. */
  readonly longitude: number | null;
  /** Satellites in use. */
  readonly satellites: number | null;
}

/** What a local day cost Wattpost, estimated with headers. */
export interface OwnDay {
  /** The day. */
  readonly date: LocalDate;
  /** Bytes over all paths, both ways. */
  readonly bytes: number;
  /** Those over the cellular paths. */
  readonly cellularB: number;
}

/** What the link of a site is judged by. */
export interface LinkFacts {
  /** Its zone. */
  readonly zone: string;
  /** The newest half-hour that is over. */
  readonly now: HalfHour;
  /** The first half-hour of `ways`. */
  readonly from: HalfHour;
  /** A letter for each half-hour up to `now`. */
  readonly ways: string;
  /** Readings of the router, oldest first; half-hours without any are left out. */
  readonly readings: readonly LinkReading[];
  /** Daily readings of the counters of SIM 1 and SIM 2. */
  readonly dataReads: readonly [readonly DataRead[], readonly DataRead[]];
  /** Local days that are shown, oldest first, today last. */
  readonly days: readonly LocalDay[];
  /** Local days for the SIM: at least as far back as the billing month and 14 days before it. */
  readonly dataDays: readonly LocalDay[];
  /** Our own data by local day; days of which nothing was kept are left out. */
  readonly own: readonly OwnDay[];
  /** Where it should be. */
  readonly fence: Fence;
  /** Day of the month on which the SIM is billed, 1 to 31. */
  readonly billingDay: number;
  /** Data of a billing month in bytes; `null`: not registered. */
  readonly allowanceB: number | null;
}

/** Anything that happened. */
export type LinkEvent = PathEvent | RouterEvent | FenceEvent;

/** A local day of the link. */
export interface LinkDay {
  /** The day. */
  readonly date: LocalDate;
  /** How its half-hours were answered. */
  readonly ways: WayCounts;
  /** Changes of path. */
  readonly changes: number;
  /** Restarts of the router. */
  readonly restarts: number;
  /** Its signal. */
  readonly signal: SignalSpan;
  /** Bytes of the SIM in use; `null`: not read. */
  readonly simB: number | null;
  /** Whether they may have been more. */
  readonly atLeast: boolean;
  /** Our bytes over cellular; `null`: not kept. */
  readonly ownB: number | null;
}

/** How the link of a site is. */
export interface LinkHealth {
  /** The path in use; `null`: none is known. */
  readonly wan: { readonly way: WayLetter; readonly since: HalfHour; readonly wholeSpan: boolean } | null;
  /** Half-hours at the end that nobody answered. */
  readonly silent: number;
  /** What happened, newest first. */
  readonly events: readonly LinkEvent[];
  /** The newest reading of the router; `null`: none. */
  readonly newest: LinkReading | null;
  /** The signal of the last 48 half-hours. */
  readonly signal: SignalSpan;
  /** Where the router is. */
  readonly place: FenceView;
  /** The SIM; `null`: the router counts none. */
  readonly sim: SimHealth | null;
  /** Days, oldest first. */
  readonly days: readonly LinkDay[];
}

/** The half-hour at which an event is told. */
export function eventAt(event: LinkEvent): HalfHour {
  return "change" in event ? event.change.at : event.at;
}

/** Judges a link. */
export function linkHealth(facts: LinkFacts): LinkHealth {
  const { zone, now, from, ways, readings, fence } = facts;
  const dateOf = (halfHour: HalfHour) => localDateOf(zone, halfHour);
  const changes = pathChanges(ways, from);
  const told = routerEvents(readings, dateOf);
  const place = judgeFixes(readings.flatMap((reading) => fixOf(reading)), fence, now);
  const events: readonly LinkEvent[] = [...pathEvents(changes, dateOf), ...told, ...place.events];
  const sim = simHealth(facts);
  return {
    wan: latestWay(ways, from),
    silent: ways.length - ways.replace(/-+\.*$/, "").length,
    events: [...events].sort((a, b) => eventAt(b) - eventAt(a)),
    newest: readings.at(-1) ?? null,
    signal: signalOf(readings.filter(({ halfHour }) => halfHour > now - 48)),
    place,
    sim,
    days: facts.days.map((day) => {
      const data = sim?.days.find(({ date }) => date === day.date);
      const inDay = (halfHour: HalfHour) => halfHour >= day.first && halfHour < day.first + day.count;
      const first = Math.max(0, day.first - from);
      return {
        date: day.date,
        ways: countWays(ways.slice(first, Math.max(0, day.first + day.count - from))),
        changes: changes.filter(({ at }) => inDay(at)).length,
        restarts: told.reduce((sum, it) => it.kind === "restarted" && inDay(it.at) ? sum + it.times : sum, 0),
        signal: signalOf(readings.filter(({ halfHour }) => inDay(halfHour))),
        simB: data?.bytes ?? null,
        atLeast: data?.atLeast ?? false,
        ownB: facts.own.find(({ date }) => date === day.date)?.cellularB ?? null,
      };
    }),
  };
}

function signalOf(readings: readonly LinkReading[]): SignalSpan {
  return signalSpan(readings.map(({ signalDbm }) => signalDbm), "rssi");
}

function fixOf({ halfHour, latitude, longitude, satellites }: LinkReading): readonly Fix[] {
  if (latitude === null || longitude === null) return [];
  return [{ halfHour, latitude, longitude, satellites, accuracyM: null }];
}
