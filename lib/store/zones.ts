/**
 * Time zones of sites.
 *
 * @module
 */

import type { Database } from "./db.ts";

/** The zone that most sites are in; `null`: there is no site. */
export async function commonestZone(db: Database): Promise<string | null> {
  const row = await db.reader.selectFrom("site").select("zone").groupBy("zone")
    .orderBy((eb) => eb.fn.countAll(), "desc").orderBy("zone").limit(1).executeTakeFirst();
  return row?.zone ?? null;
}
