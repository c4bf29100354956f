/**
 * The energy of a site's meters over a span, read from the store and summed by the domain.
 *
 * @module
 */

import type { Channel } from "../../domain/channel.ts";
import type { HalfHour } from "../../domain/half_hour.ts";
import type { Meter, SitePlan } from "../../domain/site.ts";
import type { Load } from "../../domain/usage.ts";
import type { Database } from "../../store/db.ts";
import { type ChannelHalfHours, readHalfHours } from "../../store/half_hours.ts";

/** A meter with the channel that counts the energy it takes. */
export interface EnergyMeter {
  /** The meter. */
  readonly meter: Meter;
  /** Its energy counter. */
  readonly channel: Channel;
}

/** Quantities that count the energy a load takes, in order of preference. */
const ENERGY = ["importWh", "outputWh"];

/** The meters of a site that count energy. */
export function energyMetersOf(plan: Pick<SitePlan, "meters" | "channels">): readonly EnergyMeter[] {
  return plan.meters.flatMap((meter): readonly EnergyMeter[] => {
    const own = plan.channels.filter((channel) => channel.meterId === meter.id && channel.kind === "counter");
    const channel = ENERGY.flatMap((quantity) => own.filter((each) => each.quantity === quantity))[0];
    return channel ? [{ meter, channel }] : [];
  });
}

/** What was stored for a site's energy counters. */
export interface SiteEnergy {
  /** The meters, in the plan's order. */
  readonly meters: readonly EnergyMeter[];
  /** Half-hours of each meter's counter, in the same order. */
  readonly channels: readonly ChannelHalfHours[];
  /** The same as loads. */
  readonly loads: readonly Load[];
  /** Modbus unit by channel, for reasons. */
  readonly units: ReadonlyMap<number, number>;
}

/** Reads the energy of a site's meters from one half-hour to another (exclusive). */
export async function readEnergy(
  db: Database,
  plan: SitePlan,
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<SiteEnergy> {
  const meters = energyMetersOf(plan);
  const channels = await readHalfHours(db, { channelIds: meters.map(({ channel }) => channel.id), from, to });
  return { meters, channels, loads: loadsOf(meters, channels), units: unitsOf(meters) };
}

/** Loads of meters, as the domain sums them. */
export function loadsOf(
  meters: readonly EnergyMeter[],
  channels: readonly ChannelHalfHours[],
): readonly Load[] {
  return meters.flatMap(({ meter }, index): readonly Load[] => {
    const history = channels[index];
    return history ? [{ endUse: meter.endUse, wholeSite: meter.wholeSite, history }] : [];
  });
}

function unitsOf(meters: readonly EnergyMeter[]): ReadonlyMap<number, number> {
  return new Map(meters.map(({ meter, channel }) => [channel.id, meter.unitId]));
}
