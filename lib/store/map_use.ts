/**
 * Which devices use a register map, and which version of it.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";
import { profilesOf } from "./register_maps.ts";

/** Which map is asked for. */
export interface MapUseQuestion {
  /** The map. */
  readonly mapId: number;
  /** All must agree. */
  readonly reaches: readonly Reach[];
  /** Devices that were gone before this half-hour are left out. */
  readonly halfHour: HalfHour;
}

/** A device that uses a version of a map. */
export interface MapUse {
  /** Its site. */
  readonly siteId: number;
  /** What people call the site. */
  readonly siteName: string;
  /** The device. */
  readonly meterId: number;
  /** What people call it. */
  readonly meterName: string;
  /** The version that it uses. */
  readonly version: number;
}

/** Devices that are told at most. */
export const MAP_USES_MAX = 1_000;

/** Devices within reach that use a version of the map, by site and name, at most {@link MAP_USES_MAX}. */
export async function whereUsed(
  db: Database,
  { mapId, reaches, halfHour }: MapUseQuestion,
): Promise<readonly MapUse[]> {
  const rows = await db.reader.selectFrom("meter as m").innerJoin("site as s", "s.site_id", "m.site_id")
    .select(["s.site_id", "s.name as site_name", "m.meter_id", "m.name as meter_name", "m.profile_id"])
    .where("m.profile_id", "like", profilesOf(mapId))
    .where((meter) => meter.or([meter("m.until", "is", null), meter("m.until", ">", halfHour)]))
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" }))
    .orderBy("s.name").orderBy("m.name").orderBy("m.meter_id").limit(MAP_USES_MAX).execute();
  return rows.map((row) => ({
    siteId: row.site_id,
    siteName: row.site_name,
    meterId: row.meter_id,
    meterName: row.meter_name,
    version: Number(row.profile_id.split("@")[1]),
  }));
}
