/**
 * Time zones of sites.
 *
 * @module
 */

import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** The zone that most sites within reach are in; `null`: there is no site. */
export async function commonestZone(db: Database, reaches: readonly Reach[]): Promise<string | null> {
  const row = await db.reader.selectFrom("site").select("zone")
    .where(withinReach(reaches, { siteId: "site_id", groupId: "group_id" })).groupBy("zone")
    .orderBy((eb) => eb.fn.countAll(), "desc").orderBy("zone").limit(1).executeTakeFirst();
  return row?.zone ?? null;
}
