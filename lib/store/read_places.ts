/**
 * Devices that somebody may choose to read from while they work on a register map.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** Which devices are asked for. */
export interface ReadPlaceQuestion {
  /** All must agree. */
  readonly reaches: readonly Reach[];
  /** Devices that were gone before this half-hour are left out. */
  readonly halfHour: HalfHour;
  /** A part of the name of a site or device; empty: any. */
  readonly find: string;
}

/** A device in the list. */
export interface ReadPlace {
  /** Its site. */
  readonly siteId: number;
  /** What people call the site. */
  readonly siteName: string;
  /** The device. */
  readonly meterId: number;
  /** What people call it. */
  readonly meterName: string;
  /** Its unit. */
  readonly unitId: number;
}

/** Devices of a list at most. */
export const READ_PLACES_MAX = 200;

/** Devices within reach by site and name, at most {@link READ_PLACES_MAX}. */
export async function listReadPlaces(
  db: Database,
  { reaches, halfHour, find }: ReadPlaceQuestion,
): Promise<readonly ReadPlace[]> {
  const like = `%${find.replaceAll(/[\\%_]/g, "_")}%`;
  const rows = await db.reader.selectFrom("meter as m").innerJoin("site as s", "s.site_id", "m.site_id")
    .select(["s.site_id", "s.name as site_name", "m.meter_id", "m.name as meter_name", "m.unit_id"])
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" }))
    .where((meter) => meter.or([meter("m.until", "is", null), meter("m.until", ">", halfHour)]))
    .$if(
      find !== "",
      (query) => query.where((row) => row.or([row("s.name", "like", like), row("m.name", "like", like)])),
    )
    .orderBy("s.name").orderBy("s.site_id").orderBy("m.name").orderBy("m.meter_id")
    .limit(READ_PLACES_MAX).execute();
  return rows.map((row) => ({
    siteId: row.site_id,
    siteName: row.site_name,
    meterId: row.meter_id,
    meterName: row.meter_name,
    unitId: row.unit_id,
  }));
}
