/**
 * Believable half-hours of an office for the tests of charts: the same every time, with gaps, estimates and days
 * on which clocks change.
 *
 * @module
 */

import { END_USES, type EndUse } from "../../../../lib/domain/end_use.ts";
import type {
  DayMark,
  HalfHourCell,
  HalfHours,
  HeatDay,
  LoadByUse,
  LoadHalfHour,
} from "../../../../lib/ui/charts/types.ts";

const NAMES: Readonly<Record<EndUse, string>> = {
  server: "Server",
  ups: "UPS",
  other: "Other",
  water: "Hot water",
  lighting: "Lighting",
  cooling: "Cooling",
  heating: "Heating",
};
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Monday 23 November 2026. */
const LAST_DAY_MS = Date.UTC(2026, 10, 23);

/** A sequence of numbers from 0 to 1 that looks like chance and is the same every time. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const again = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((again ^ (again >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Day {
  readonly date: Date;
  readonly hours: readonly number[];
  readonly whole: number;
}

function daysUpTo(count: number): readonly Day[] {
  const plain = Array.from({ length: 48 }, (_, index) => index / 2);
  return Array.from({ length: count }, (_, place) => {
    const date = new Date(LAST_DAY_MS - (count - 1 - place) * 86_400_000);
    const key = `${date.getUTCMonth() + 1}-${date.getUTCDate()}`;
    const back = [0, 0.5, 1, 1.5, 1, 1.5, ...plain.slice(4)];
    const forward = [0, 0.5, ...plain.slice(4)];
    const hours = key === "10-25" ? back : key === "3-29" ? forward : plain;
    return { date, whole: hours.length, hours: place === count - 1 ? hours.slice(0, 21) : hours };
  });
}

const clock = (hour: number) => `${String(Math.floor(hour)).padStart(2, "0")}:${hour % 1 ? "30" : "00"}`;
const within = (hour: number, from: number, to: number) => hour >= from && hour < to;
const isWork = (date: Date) => date.getUTCDay() % 6 !== 0;

function kwFor(use: EndUse, { date, hour }: { readonly date: Date; readonly hour: number }): number {
  const work = isWork(date);
  const preheat = within(hour, 5.5, 8) ? 24 : within(hour, 8, 12) ? 15 : within(hour, 12, 17.5) ? 11 : 0;
  const kws: Readonly<Record<EndUse, number>> = {
    server: 4.3,
    ups: 1.7,
    other: work && within(hour, 8, 18.5) ? 4.6 : 1.1,
    water: within(hour, 5.5, 7.5) ? 6.2 : work && within(hour, 12, 14) ? 4.1 : 0.6,
    lighting: work && within(hour, 7, 18.5) ? 8.2 : 0.5,
    cooling: 2.6,
    heating: 0.8 + (date.getUTCDay() === 6 ? 0 : preheat),
  };
  return kws[use];
}

function qualityAt(left: number, hour: number): LoadHalfHour["quality"] {
  if (left === 4 && within(hour, 3, 6.5) || left === 0 && within(hour, 3, 4)) return "missing";
  return left === 2 && within(hour, 13, 15.5) || left === 0 && hour === 4 ? "estimated" : "measured";
}

function markOf(date: Date, from: number): DayMark {
  const label = `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()}`;
  return { from, label, long: `${label} ${MONTHS[date.getUTCMonth()]}` };
}

/** The load of days that end on Monday 23 November at 10:30. */
export function sampleLoad(count: number): LoadByUse {
  const chance = sequence(41);
  const days: DayMark[] = [];
  const halfHours: LoadHalfHour[] = [];
  const amounts = new Map<EndUse, (number | null)[]>(END_USES.map((use) => [use, []]));
  const dates = daysUpTo(count);
  dates.forEach(({ date, hours }, place) => {
    days.push(markOf(date, halfHours.length));
    for (const hour of hours) {
      const quality = qualityAt(count - 1 - place, hour);
      const open = isWork(date) && within(hour, 7.5, 18.5);
      halfHours.push({
        label: clock(hour),
        quality,
        open,
        ...(quality === "missing" ? { reason: "router unreachable" } : {}),
      });
      for (const use of END_USES) {
        const amount = Math.round(kwFor(use, { date, hour }) * (0.92 + chance() * 0.16) * 500);
        amounts.get(use)?.push(quality === "missing" ? null : amount);
      }
    }
  });
  const uses = END_USES.map((use) => ({ use, name: NAMES[use], amountsWh: amounts.get(use) ?? [] }));
  return { firstMs: dates[0]?.date.getTime() ?? 0, halfHours, uses, days, baseloadKw: 11.4 };
}

/** The last 48 half-hours: Sunday 10:30 to Monday 10:30, two missing and one estimated. */
export function sampleStrip(): HalfHours {
  const load = sampleLoad(2);
  const cells: readonly HalfHourCell[] = load.halfHours.map((half, index) => ({
    ...half,
    amountWh: half.quality === "missing"
      ? null
      : load.uses.reduce((sum, use) => sum + (use.amountsWh[index] ?? 0), 0),
  }));
  const days = [markOf(new Date(LAST_DAY_MS - 86_400_000), 0), markOf(new Date(LAST_DAY_MS), 27)];
  return { cells: cells.slice(21), days };
}

/** Days of a heat map that end on Monday 23 November at 10:30, with both clock changes in a year. */
export function sampleHeat(count: number): readonly HeatDay[] {
  const chance = sequence(7);
  return daysUpTo(count).map(({ date, hours, whole }, place) => {
    const mark = markOf(date, 0);
    return {
      label: mark.label,
      dayMonth: mark.long.slice(4),
      weekStart: date.getUTCDay() === 1,
      halfHours: whole,
      cells: hours.map((hour) => {
        const quality = qualityAt(count - 1 - place, hour);
        const kw = END_USES.reduce((sum, use) => sum + kwFor(use, { date, hour }), 0) *
          (0.92 + chance() * 0.16);
        return {
          label: clock(hour),
          quality,
          amountWh: quality === "missing" ? null : Math.round(kw * 500),
          open: isWork(date) && within(hour, 7.5, 18.5),
          ...(quality === "missing" ? { reason: "no answer" } : {}),
        };
      }),
    };
  });
}
