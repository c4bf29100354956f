/**
 * The devices of a site: what each drew, its counter, and how old that is.
 *
 * @module
 */

import { endSOf } from "../../domain/half_hour.ts";
import { countedLetters } from "../../domain/maintenance.ts";
import { completenessOf } from "../../domain/quality.ts";
import type { Meter } from "../../domain/site.ts";
import { stepInBase, uncertaintyOf } from "../../domain/step.ts";
import { powerWOf } from "../../domain/units.ts";
import type { ReadingRow } from "../../domain/visit.ts";
import type { ChannelHalfHours } from "../../store/half_hours.ts";
import type { Axis } from "./axis.ts";
import { cellsOf, reasonsOf, reasonText } from "./cells.ts";
import type { DeviceView, SiteFacts } from "./site_view.ts";

/** Every device but the router, the whole-site meters first. */
export function devicesOf(facts: SiteFacts, axis: Axis): readonly DeviceView[] {
  const { plan, findDevice } = facts;
  const devices = plan.meters.filter(({ profileId }) => findDevice(profileId)?.kind !== "router");
  const ordered = [...devices].sort((a, b) => Number(b.wholeSite) - Number(a.wholeSite));
  return ordered.map((meter) => deviceOf(facts, axis, meter));
}

function deviceOf(facts: SiteFacts, axis: Axis, meter: Meter): DeviceView {
  const { plan, energy, latest, due, nowMs, findDevice } = facts;
  const place = energy.meters.findIndex((each) => each.meter.id === meter.id);
  const own = energy.channels[place];
  const channelIds = plan.channels.filter(({ meterId }) => meterId === meter.id).map(({ id }) => id);
  const newest = newestOf(channelIds, latest);
  const stale = newest === undefined || newest.halfHour < due - 1;
  const name = findDevice(meter.profileId)?.label ?? meter.profileId;
  return {
    row: {
      id: meter.id,
      name: meter.name,
      model: `${name}, unit ${meter.unitId}`,
      endUse: meter.endUse,
      wholeSite: meter.wholeSite,
      powerW: own ? powerWOf(newestAmount(own)) : null,
      uncertaintyW: own ? powerWOf(uncertaintyWh(facts, meter, own)) : null,
      estimated: own !== undefined && isUnsure(own),
      counterWh: own ? counterWh(facts, own.channelId) : null,
      ageS: newest
        ? Math.max(0, Math.round(nowMs / 1000 - endSOf(newest.halfHour) - (newest.readS ?? 0)))
        : null,
      stale,
      reason: own ? reasonNow(own, meter.unitId) : null,
      complete24h: completenessOf(own ? countedLetters(own).slice(-48) : ""),
      readAction: `/sites/${plan.site.id}/devices/${meter.id}/read`,
      href: `/sites/${plan.site.id}/devices/${meter.id}`,
    },
    spark: own ? cellsOf(own, axis, reasonsOf([own], energy.units)) : [],
  };
}

/** The amount of the newest half-hour that ended with one, if it is one of the last two. */
function newestAmount({ amounts }: ChannelHalfHours): number | null {
  return amounts.at(-1) ?? amounts.at(-2) ?? null;
}

/** How far that amount may be off, where it is so small that the counter's steps show; `null`: they do not. */
function uncertaintyWh(
  { plan, latest, findDevice }: SiteFacts,
  meter: Meter,
  own: ChannelHalfHours,
): number | null {
  const amount = newestAmount(own);
  const value = latest.get(own.channelId)?.value ?? null;
  const quantity = plan.channels.find(({ id }) => id === own.channelId)?.quantity;
  const series = plan.series.find(({ channelId }) => channelId === own.channelId);
  if (amount === null || value === null || quantity === undefined || !series) return null;
  const step = findDevice(meter.profileId)?.stepOf?.(quantity, value) ?? 1;
  return uncertaintyOf(amount, stepInBase(step, series));
}

/** Whether that amount is less than measured. */
function isUnsure({ amounts, quality }: ChannelHalfHours): boolean {
  const letter = quality.at(amounts.at(-1) == null ? -2 : -1);
  return letter !== undefined && "ras".includes(letter);
}

function newestOf(ids: readonly number[], latest: ReadonlyMap<number, ReadingRow>): ReadingRow | undefined {
  return ids.flatMap((id) => latest.get(id) ?? []).sort((a, b) => b.halfHour - a.halfHour)[0];
}

function counterWh({ plan, latest }: SiteFacts, channelId: number): number | null {
  const value = latest.get(channelId)?.value ?? null;
  const series = plan.series.find((each) => each.channelId === channelId);
  if (value === null) return null;
  return series ? Math.floor(value * series.numerator / series.denominator) : value;
}

function reasonNow({ amounts, quality, reasons }: ChannelHalfHours, unitId: number): string | null {
  const index = quality.at(-1) === "-" ? amounts.length - 2 : amounts.length - 1;
  const reason = reasons.findLast((each) => each.index === index && each.readingReason !== undefined);
  return reason ? reasonText(reason, unitId) : null;
}
