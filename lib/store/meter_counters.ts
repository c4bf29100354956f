/**
 * The counters of a meter, also of one that is retired: what half-hours of others can be compared with.
 *
 * @module
 */

import { type Unit, UNITS } from "../domain/channel.ts";
import type { Database } from "./db.ts";

/** A counter of a meter. */
export interface MeterCounter {
  /** Its channel. */
  readonly channelId: number;
  /** Name of the quantity. */
  readonly quantity: string;
  /** Base unit of its amounts. */
  readonly unit: Unit;
}

/** A meter with its counters. */
export interface CountingMeter {
  /** Its name. */
  readonly name: string;
  /** Name of its site. */
  readonly siteName: string;
  /** The site's zone. */
  readonly zone: string;
  /** Its counters in the order of their channels. */
  readonly counters: readonly MeterCounter[];
}

/** Reads the counters of a meter; `null`: the site has no such meter. */
export async function readMeterCounters(
  db: Database,
  { siteId, meterId }: { readonly siteId: number; readonly meterId: number },
): Promise<CountingMeter | null> {
  const meter = await db.reader.selectFrom("meter as m").innerJoin("site as s", "s.site_id", "m.site_id")
    .select(["m.name", "s.name as site_name", "s.zone"])
    .where("m.meter_id", "=", meterId).where("m.site_id", "=", siteId).executeTakeFirst();
  if (!meter) return null;
  const rows = await db.reader.selectFrom("channel").select(["channel_id", "quantity", "unit"])
    .where("meter_id", "=", meterId).where("kind", "=", 0).orderBy("channel_id").execute();
  return {
    name: meter.name,
    siteName: meter.site_name,
    zone: meter.zone,
    counters: rows.flatMap(({ channel_id, quantity, unit }) => {
      const known = UNITS.find((one) => one === unit);
      return known === undefined ? [] : [{ channelId: channel_id, quantity, unit: known }];
    }),
  };
}
