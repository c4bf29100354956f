/**
 * The SIM of a site: used, forecast, allowance, ours and the rest. Pure.
 *
 * @module
 */

import { endSOf } from "./half_hour.ts";
import type { LinkFacts } from "./link_health.ts";
import { localDateOf, type LocalDay } from "./local_day.ts";
import { type OtherTraffic, otherTrafficOf } from "./own_data.ts";
import {
  type BillingMonth,
  billingMonthOf,
  type DayData,
  daysOfData,
  type Forecast,
  forecastOf,
  type MonthUse,
  monthUseOf,
  stretchesOf,
  type UsedUp,
  usedUpOf,
} from "./sim_data.ts";

/** The SIM of a site. */
export interface SimHealth {
  /** SIM in use, 1 or 2; it is what the figures are of. */
  readonly slot: 1 | 2;
  /** The billing month. */
  readonly month: BillingMonth;
  /** Used in it so far. */
  readonly use: MonthUse;
  /** What it will come to. */
  readonly forecast: Forecast;
  /** Data of a month; `null`: not registered. */
  readonly allowanceB: number | null;
  /** When the allowance is used up. */
  readonly usedUp: UsedUp;
  /** Whether the forecast, or what was used, is above the allowance. */
  readonly over: boolean;
  /** Our part and the rest; `null`: none of our days lies in the month. */
  readonly parts: DataParts | null;
  /** Used on the other SIM in the month; `null`: it counts nothing. */
  readonly otherSlotB: number | null;
  /** Its days, oldest first. */
  readonly days: readonly DayData[];
}

/** What of a SIM's data was ours. */
export interface DataParts {
  /** Days, and parts of days, of which both are known. */
  readonly days: number;
  /** Whether that is the whole month so far. */
  readonly wholeMonth: boolean;
  /** Bytes of the router in them. */
  readonly routerB: number;
  /** Ours. */
  readonly ownB: number;
  /** The rest. */
  readonly other: OtherTraffic;
}

/** Judges the SIM; `null`: the router counts none. */
export function simHealth(facts: LinkFacts): SimHealth | null {
  const { zone, now, billingDay, allowanceB, dataReads, dataDays } = facts;
  const today = localDateOf(zone, now);
  const month = billingMonthOf(today, billingDay);
  const slot = slotOf(facts);
  const spans = dataDays.map(spanOf);
  const monthsS = spans.filter(({ date }) => date.endsWith("-01")).map(({ fromS }) => fromS);
  const stretches = stretchesOf(dataReads[slot - 1] ?? [], monthsS);
  if ((dataReads[slot - 1] ?? []).length === 0) return null;
  const monthS = spans.find(({ date }) => date === month.from)?.fromS ?? spans[0]?.fromS ?? 0;
  const days = daysOfData(stretches, spans);
  const use = monthUseOf(stretches, monthS);
  const before = days.filter(({ date }) => date < today);
  const forecast = forecastOf(use, before, daysLeftOf(use, month, { zone, now }));
  const usedUp = allowanceB === null
    ? { kind: "not-known" } as const
    : usedUpOf({ use, forecast, allowanceB }, { today, month });
  const otherUse = monthUseOf(stretchesOf(dataReads[2 - slot] ?? [], monthsS), monthS);
  return {
    slot,
    month,
    use,
    forecast,
    allowanceB,
    usedUp,
    over: allowanceB !== null &&
      (use.bytes >= allowanceB || (forecast.kind === "known" && forecast.bytes > allowanceB)),
    parts: partsOf(facts, { days, month, use }),
    otherSlotB: otherUse.bytes > 0 ? otherUse.bytes : null,
    days,
  };
}

function spanOf({ date, first, count }: LocalDay) {
  return { date, fromS: endSOf(first - 1), toS: endSOf(first + count - 1) };
}

/** The slot that the router named last, else the one that counts. */
function slotOf({ readings, dataReads }: LinkFacts): 1 | 2 {
  const said = readings.findLast(({ simSlot }) => simSlot === 1 || simSlot === 2)?.simSlot;
  if (said === 2) return 2;
  return said === undefined && dataReads[0].length === 0 && dataReads[1].length > 0 ? 2 : 1;
}

/** Days from the last reading to the end of the month: whole days of the calendar and what is left of today. */
function daysLeftOf(
  { untilS }: MonthUse,
  month: BillingMonth,
  { zone, now }: Pick<LinkFacts, "zone" | "now">,
): number {
  const today = localDateOf(zone, now);
  const sinceS = endSOf(now) - (untilS ?? endSOf(now));
  const minutes = minutesOf(zone, now);
  const ahead = (Date.parse(`${month.to}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000;
  return ahead - minutes / 1440 + sinceS / 86_400;
}

/** Minutes of the local day that are over. */
function minutesOf(zone: string, now: number): number {
  let first = now;
  while (localDateOf(zone, first - 1) === localDateOf(zone, now)) first--;
  return (now + 1 - first) * 30;
}

function partsOf(
  { own }: LinkFacts,
  { days, month, use }: {
    readonly days: readonly DayData[];
    readonly month: BillingMonth;
    readonly use: MonthUse;
  },
): DataParts | null {
  const bytesOf = new Map(own.map(({ date, cellularB }) => [date, cellularB]));
  const both = days.flatMap(({ date, bytes, covered }) => {
    const ownB = bytesOf.get(date);
    return date >= month.from && bytes !== null && ownB !== undefined ? [{ bytes, covered, ownB }] : [];
  });
  if (both.length === 0) return null;
  const routerB = both.reduce((sum, { bytes }) => sum + bytes, 0);
  const ownB = Math.round(both.reduce((sum, { ownB: all, covered }) => sum + all * covered, 0));
  const known = both.reduce((sum, { covered }) => sum + covered, 0);
  return {
    days: known,
    wholeMonth: Math.abs(routerB - use.bytes) <= 0.01 * use.bytes + 1_000,
    routerB,
    ownB,
    other: otherTrafficOf({ routerB, ownB, days: known }),
  };
}
