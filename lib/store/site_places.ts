/**
 * Where a site stands as far as reach is concerned, for the one question that every page asks.
 *
 * @module
 */

import type { SitePlace } from "../domain/permission.ts";
import type { Database } from "./db.ts";

/** A site and its group; `null`: there is no such site. */
export async function findSitePlace(db: Database, siteId: number): Promise<SitePlace | null> {
  const row = await db.reader.selectFrom("site").select(["site_id", "group_id"]).where("site_id", "=", siteId)
    .executeTakeFirst();
  return row ? { id: row.site_id, groupId: row.group_id } : null;
}
