/**
 * The key figures of a site: each with its age, its completeness, or the reason why there is none.
 *
 * @module
 */

import { endMsOf, type HalfHour } from "../../domain/half_hour.ts";
import { addDays, localDay, localLabel } from "../../domain/local_day.ts";
import {
  energyOver,
  type EnergySum,
  outOfHoursShareOf,
  peakOf,
  type Span,
  usualOf,
} from "../../domain/usage.ts";
import { powerWOf } from "../../domain/units.ts";
import {
  changeText,
  countText,
  energyFigure,
  numberText,
  percentText,
  powerFigure,
  powerText,
} from "../../ui/format.ts";
import type { SiteFigure } from "../../ui/site_model.ts";
import { axisOf, todayOf } from "./axis.ts";
import { halfHourLabel } from "./site_head.ts";
import type { SiteFacts } from "./site_view.ts";

const WEEK = 336;
const MUCH_MORE = 0.2;
const WEEKDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The figures in order. */
export function figuresOf(facts: SiteFacts): readonly SiteFigure[] {
  return [now(facts), yesterday(facts), ...outOfHours(facts), baseload(facts), month(facts), peak(facts)];
}

function now({ plan, due, total }: SiteFacts): SiteFigure {
  const index = total.amounts.findLastIndex((amount) => amount !== null);
  const powerW = powerWOf(total.amounts[index] ?? null);
  if (powerW === null) return { label: "Newest half-hour", figure: null, reason: "no energy yet" };
  const halfHour = total.from + index;
  const stale = halfHour < due - 1;
  return {
    label: "Newest half-hour",
    figure: powerFigure(powerW),
    estimated: total.quality[index] !== "m" && total.quality[index] !== "e",
    note: `mean of ${halfHourLabel(plan.site.zone, halfHour)}`,
    noteState: stale ? "stale" : undefined,
  };
}

function yesterday(facts: SiteFacts): SiteFigure {
  const { plan, total } = facts;
  const date = addDays(todayOf(facts), -1);
  const day = localDay(plan.site.zone, date);
  const sum = dayEnergy(facts, date);
  if (sum.amount === null) return { label: "Yesterday", figure: null, reason: reasonOf(sum) };
  const usual = usualOf([7, 14, 21, 28].map((back) => wholeDay(facts, addDays(date, -back))));
  const whole = sum.completeness.have === sum.completeness.expected;
  const change = usual !== null && usual > 0 && whole ? sum.amount / usual - 1 : null;
  const span = { from: day.first, count: day.count };
  return {
    label: "Yesterday",
    figure: energyFigure(sum.amount),
    estimated: !whole || !isMeasured(total, span),
    note: change === null
      ? partText(sum)
      : `${changeText(change)} on a usual ${WEEKDAY_NAMES[day.weekday] ?? "day"}`,
    noteState: change !== null && change > MUCH_MORE ? "warn" : undefined,
  };
}

function outOfHours({ plan, due, total }: SiteFacts): readonly SiteFigure[] {
  const { hours, zone } = plan.site;
  if (!hours || hours.every((day) => day.some(({ fromMin, toMin }) => fromMin === 0 && toMin === 1440))) {
    return [];
  }
  const from = Math.max(total.from, due + 1 - WEEK);
  const axis = axisOf(zone, { from, to: due + 1, hours });
  const history = {
    from,
    amounts: total.amounts.slice(from - total.from),
    quality: total.quality.slice(from - total.from),
  };
  const share = outOfHoursShareOf(history, axis.open.map((open) => open ?? false));
  const label = "Out of hours, 7 d";
  if (share === null) return [{ label, figure: null, reason: "no energy in these days" }];
  return [{
    label,
    figure: { text: numberText(share * 100), unit: "%" },
    note: closedText(axis.open),
  }];
}

function closedText(open: readonly (boolean | undefined)[]): string {
  const closed = open.filter((each) => each === false).length;
  return `closed ${percentText(closed / Math.max(1, open.length))} of the time`;
}

function baseload({ baseloadW }: SiteFacts): SiteFigure {
  if (baseloadW === null) {
    return { label: "Baseload", figure: null, reason: "needs a day of measured half-hours" };
  }
  return { label: "Baseload", figure: powerFigure(baseloadW), note: "drawn 95% of 7\u00a0d" };
}

function month(facts: SiteFacts): SiteFigure {
  const { plan, due, total } = facts;
  const first = localDay(plan.site.zone, `${todayOf(facts).slice(0, 8)}01`).first;
  const from = Math.max(first, plan.since);
  const span = { from, count: Math.max(0, due + 1 - from) };
  const sum = energyOver(total, span);
  if (sum.amount === null) return { label: "Month so far", figure: null, reason: reasonOf(sum) };
  const whole = sum.completeness.have === sum.completeness.expected;
  return {
    label: "Month so far",
    figure: energyFigure(sum.amount),
    estimated: !whole,
    note: from > first ? "since it was registered" : partText(sum),
  };
}

function peak(facts: SiteFacts): SiteFigure {
  const { plan, due, total } = facts;
  const { first } = localDay(plan.site.zone, todayOf(facts));
  const from = Math.max(first, total.from);
  const amounts = total.amounts.slice(from - total.from, due + 1 - total.from);
  const found = peakOf({ from, amounts, quality: "" });
  if (!found) return { label: "Peak today", figure: null, reason: "no energy today yet" };
  return {
    label: "Peak today",
    figure: powerFigure(found.amount * 2),
    note: `at ${localLabel(plan.site.zone, endMsOf(found.halfHour - 1))}${earlierPeak(facts, from)}`,
  };
}

function earlierPeak({ total, due }: SiteFacts, today: HalfHour): string {
  const from = Math.max(0, due + 1 - 30 * 48 - total.from);
  const found = peakOf({ from: 0, amounts: total.amounts.slice(from, today - total.from), quality: "" });
  return found ? `, 30\u00a0d: ${powerText(found.amount * 2)}` : "";
}

function dayEnergy({ plan, total }: SiteFacts, date: string): EnergySum {
  const day = localDay(plan.site.zone, date);
  const from = Math.max(day.first, plan.since);
  return energyOver(total, { from, count: Math.max(0, day.first + day.count - from) });
}

function wholeDay(facts: SiteFacts, date: string): number | null {
  const { plan } = facts;
  if (localDay(plan.site.zone, date).first < plan.since) return null;
  const { amount, completeness } = dayEnergy(facts, date);
  return completeness.have === completeness.expected ? amount : null;
}

function isMeasured({ from, quality }: SiteFacts["total"], span: Span): boolean {
  return /^[me-]*$/.test(quality.slice(Math.max(0, span.from - from), span.from + span.count - from));
}

function partText({ completeness: { have, expected } }: EnergySum): string {
  if (have === expected) return `all ${countText(expected, "half-hour")}`;
  return `${numberText(have)} of ${countText(expected, "half-hour")}`;
}

function reasonOf({ completeness }: EnergySum): string {
  return completeness.expected === 0 ? "not registered then" : "no half-hour has an amount";
}
