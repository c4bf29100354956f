/**
 * What a load draws, as a pure function of the instant: energy since ever in closed form by weeks, shaped inside
 * the week by end use, opening hours and something like weather. So thirty days of history cost nothing to know.
 *
 * @module
 */

import type { EndUse } from "../domain/end_use.ts";
import type { WeekHours } from "../domain/site.ts";
import { between, chance, drift } from "./noise.ts";
import { localMinutesOf } from "./zone.ts";

/** What a load is like. */
export interface LoadSpec {
  /** What it is for. */
  readonly endUse: EndUse;
  /** Largest power in W; its peaks come to about 70 % of it. */
  readonly maxPowerW: number;
  /** When the site is meant to run; `null`: always. */
  readonly hours: WeekHours | null;
  /** IANA zone of the hours. */
  readonly zone: string;
  /** Chooses its habits. */
  readonly seed: number;
}

/** A load at any instant. */
export interface Load {
  /** Energy in Wh since its counter was new; never falls. */
  energyWhAt(instantMs: number): number;
  /** Power in W: the slope of the energy. */
  powerWAt(instantMs: number): number;
}

const SLOT_MS = 1_800_000;
const SLOTS = 336;
const WEEK_MS = SLOT_MS * SLOTS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * 86_400_000;
const WEEKS_A_YEAR = 52.18;
/** Counters are new at some time before the first week of 2024. */
const ORIGIN_WEEK = 2818;
const REFERENCE_WEEK = 2900;
const PEAK_SHARE = 0.7;
/** Ripples inside a slot; a whole number, so that they add nothing to the slot's energy. */
const RIPPLES = 3;
const RIPPLE_SHARE = 0.06;

/** How far the weeks of a year differ, and in which week the load is largest. */
const SEASONS: Readonly<Record<EndUse, { readonly swing: number; readonly peakWeek: number }>> = {
  server: { swing: 0.02, peakWeek: 29 },
  ups: { swing: 0.01, peakWeek: 29 },
  other: { swing: 0.05, peakWeek: 48 },
  water: { swing: 0.1, peakWeek: 27 },
  lighting: { swing: 0.2, peakWeek: 51 },
  cooling: { swing: 0.45, peakWeek: 29 },
  heating: { swing: 0.85, peakWeek: 3 },
};

/** The weight of a half-hour within its week. */
interface Moment {
  readonly open: boolean;
  readonly opensSoon: boolean;
  /** Local hour of the day, 0 up to 24. */
  readonly hour: number;
  /** Half-hours since the epoch. */
  readonly slot: number;
  readonly seed: number;
}

/** Makes a load. The heavy part is done when it is first asked. */
export function createLoad(spec: LoadSpec): Load {
  let weekly: number | undefined;
  const season = SEASONS[spec.endUse];
  const cache = new Map<number, Float64Array>();
  const prefixOf = (week: number): Float64Array => {
    const known = cache.get(week);
    if (known) return known;
    const made = prefixOfWeek(spec, week);
    if (cache.size >= 2) cache.delete(cache.keys().next().value ?? week);
    cache.set(week, made);
    return made;
  };
  const weeklyWh = () => weekly ??= weeklyWhOf(spec);
  const initialWh = Math.floor(between(spec.seed, 7, [0.1, 3]) * 1000) * spec.maxPowerW;
  const place = remembered((instantMs: number) => {
    const week = Math.floor((instantMs - FIRST_MONDAY_MS) / WEEK_MS);
    const slots = (instantMs - FIRST_MONDAY_MS - week * WEEK_MS) / SLOT_MS;
    const slot = Math.min(SLOTS - 1, Math.floor(slots));
    const prefix = prefixOf(week);
    const weekWh = weeklyWh() * seasonOf(season, week);
    const slotWh = ((prefix[slot + 1] ?? 0) - (prefix[slot] ?? 0)) * weekWh;
    return { week, within: slots - slot, slotWh, beforeWh: (prefix[slot] ?? 0) * weekWh };
  });
  return {
    energyWhAt: (instantMs) => {
      const { week, within, slotWh, beforeWh } = place(instantMs);
      const turn = 2 * Math.PI * RIPPLES;
      const ripple = RIPPLE_SHARE * (1 - Math.cos(turn * within)) / turn;
      return initialWh + weeklyWh() * weeksBefore(season, week) + beforeWh + slotWh * (within + ripple);
    },
    powerWAt: (instantMs) => {
      const { within, slotWh } = place(instantMs);
      return slotWh * 2 * (1 + RIPPLE_SHARE * Math.sin(2 * Math.PI * RIPPLES * within));
    },
  };
}

/** Several loads behind one meter, with what no other meter sees. */
export function sumOf(loads: readonly Load[]): Load {
  return {
    energyWhAt: remembered((instantMs) => loads.reduce((sum, load) => sum + load.energyWhAt(instantMs), 0)),
    powerWAt: remembered((instantMs) => loads.reduce((sum, load) => sum + load.powerWAt(instantMs), 0)),
  };
}

/** Computes once for an instant: a reading asks for a dozen quantities of the same one. */
function remembered<T>(compute: (instantMs: number) => T): (instantMs: number) => T {
  let last: { readonly instantMs: number; readonly value: T } | undefined;
  return (instantMs) => {
    if (last?.instantMs !== instantMs) last = { instantMs, value: compute(instantMs) };
    return last.value;
  };
}

function seasonOf(season: { readonly swing: number; readonly peakWeek: number }, week: number): number {
  return 1 + season.swing * Math.cos(2 * Math.PI * (week - season.peakWeek) / WEEKS_A_YEAR);
}

/** The sum of `seasonOf` from the origin up to, not including, the week: a sum of cosines in closed form. */
function weeksBefore(season: { readonly swing: number; readonly peakWeek: number }, week: number): number {
  const n = week - ORIGIN_WEEK;
  const step = 2 * Math.PI / WEEKS_A_YEAR;
  const first = step * (ORIGIN_WEEK - season.peakWeek);
  const cosines = Math.sin(n * step / 2) / Math.sin(step / 2) * Math.cos(first + (n - 1) * step / 2);
  return n + season.swing * cosines;
}

/** Energy of a week without season, so that the peaks of an ordinary week come to their share of the largest. */
function weeklyWhOf(spec: LoadSpec): number {
  const prefix = prefixOfWeek(spec, REFERENCE_WEEK);
  let largest = 0;
  for (let i = 0; i < SLOTS; i++) largest = Math.max(largest, (prefix[i + 1] ?? 0) - (prefix[i] ?? 0));
  const swing = SEASONS[spec.endUse].swing;
  return spec.maxPowerW * PEAK_SHARE / (1 + swing) * 0.5 / largest;
}

/** Share of the week's energy before each of its half-hours, 0 to 1. */
function prefixOfWeek(spec: LoadSpec, week: number): Float64Array {
  const firstMs = FIRST_MONDAY_MS + week * WEEK_MS;
  const local = localMinutesOf(spec.zone, firstMs, SLOTS);
  const prefix = new Float64Array(SLOTS + 1);
  for (let i = 0; i < SLOTS; i++) {
    const minute = local[i] ?? 0;
    const moment: Moment = {
      open: isOpen(spec.hours, minute),
      opensSoon: isOpen(spec.hours, (minute + 60) % (7 * 1440)),
      hour: (minute % 1440) / 60,
      slot: firstMs / SLOT_MS + i,
      seed: spec.seed,
    };
    const noise = 1 + 0.08 * (chance(spec.seed, moment.slot) - 0.5);
    prefix[i + 1] = (prefix[i] ?? 0) + weightOf(spec.endUse, moment) * noise;
  }
  const total = prefix[SLOTS] ?? 1;
  return prefix.map((sum) => sum / total);
}

function isOpen(hours: WeekHours | null, minuteOfWeek: number): boolean {
  if (!hours) return true;
  const minute = minuteOfWeek % 1440;
  const day = hours[Math.floor(minuteOfWeek / 1440)] ?? [];
  return day.some((stretch) => minute >= stretch.fromMin && minute < stretch.toMin);
}

/** Outdoor warmth from 0 (cold) to 1 (warm) of the time of day and of the week's weather; afternoons are warmest. */
function warmthOf(moment: Moment): number {
  const day = 0.5 + 0.3 * Math.cos(2 * Math.PI * (moment.hour - 15) / 24);
  return Math.min(1, Math.max(0, day + 0.25 * drift(11, moment.slot / 60)));
}

function weightOf(endUse: EndUse, moment: Moment): number {
  const dark = moment.hour < 8 || moment.hour >= 16.5;
  switch (endUse) {
    case "server":
      return 0.86 + 0.08 * warmthOf(moment) + (moment.open ? 0.06 : 0);
    case "ups":
      return 0.9 + 0.03 * drift(moment.seed, moment.slot / 20);
    case "lighting":
      return moment.open ? (dark ? 1 : 0.78) : 0.09;
    case "cooling":
      return (moment.open ? 0.3 : 0.14) + 0.75 * warmthOf(moment) * (moment.open ? 1 : 0.45);
    case "heating":
      return moment.open || moment.opensSoon ? 0.25 + 0.8 * (1 - warmthOf(moment)) : 0.12;
    case "water":
      return 0.12 + bump(moment.hour, 7.5, 1.6) + 0.8 * bump(moment.hour, 19, 2) +
        0.3 * Math.max(0, drift(moment.seed, moment.slot / 3));
    case "other":
      return moment.open ? 0.7 + 0.3 * bump(moment.hour, 12.5, 2.5) : 0.2;
  }
}

/** A bell of height 1 around an hour of the day. */
function bump(hour: number, centre: number, width: number): number {
  const away = Math.min(Math.abs(hour - centre), 24 - Math.abs(hour - centre));
  return Math.exp(-((away / width) ** 2));
}
