/**
 * Where a device profile is in use, and which are in use at a site.
 *
 * @module
 */

import { sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** Which use. */
export interface ProfileUse {
  /** The profile. */
  readonly profileId: string;
  /** All must agree. */
  readonly reaches: readonly Reach[];
  /** Devices that were gone before this half-hour are not counted. */
  readonly halfHour: HalfHour;
}

/** Sites within reach whose router or a device of which has the profile. */
export async function countSitesWithProfile(
  db: Database,
  { profileId, reaches, halfHour }: ProfileUse,
): Promise<number> {
  const counted = await db.reader.selectFrom("site as s")
    .select(({ fn }) => fn.countAll().as("sites"))
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" }))
    .where(({ or, exists, selectFrom }) =>
      or([
        exists(
          selectFrom("meter as m").select(sql<number>`1`.as("one"))
            .whereRef("m.site_id", "=", "s.site_id")
            .where("m.profile_id", "=", profileId)
            .where((meter) => meter.or([meter("m.until", "is", null), meter("m.until", ">", halfHour)])),
        ),
        exists(
          selectFrom("router as r").select(sql<number>`1`.as("one"))
            .whereRef("r.site_id", "=", "s.site_id").where("r.profile_id", "=", profileId),
        ),
      ])
    )
    .executeTakeFirstOrThrow();
  return Number(counted.sites);
}

/** Ids of the profiles of all devices that a site has or had. */
export async function listSiteProfiles(db: Database, siteId: number): Promise<readonly string[]> {
  const rows = await db.reader.selectFrom("meter").select("profile_id").distinct()
    .where("site_id", "=", siteId).execute();
  return rows.map((row) => row.profile_id);
}
