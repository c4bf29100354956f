/**
 * What is kept in memory of figures that were worked out for a set of sites. It is found by the very sites that are
 * within reach at that moment, so that a changed group or right never shows what was kept for others.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { listSiteIds } from "./plans.ts";
import { reachesAll } from "./reach.ts";

/** Sets of sites of which something is kept at most; the one that was asked for longest ago goes first. */
export const KEPT_SETS = 100;

/** Sites of a set at most: larger ones are worked out each time. */
const SITES_MAX = 5_000;

/** Names the sites within reach; `null`: too many to be named. */
export async function siteSetOf(db: Database, reaches: readonly Reach[]): Promise<string | null> {
  if (reachesAll(reaches)) return "all";
  const siteIds = await listSiteIds(db, { reaches, limit: SITES_MAX + 1 });
  return siteIds.length > SITES_MAX ? null : siteSetName(siteIds);
}

/** Names a set of sites by their ids in ascending order. */
export function siteSetName(siteIds: readonly number[]): string {
  return createHash("sha256").update(siteIds.join(",")).digest("base64");
}

/** Makes a place where something is kept for each database and set of sites, made when it is first asked for. */
export function keptBySites<T>(make: () => T): (db: Database, siteSet: string) => T {
  const kept = new WeakMap<Database, Map<string, T>>();
  return (db, siteSet) => {
    const sets = kept.get(db) ?? new Map<string, T>();
    kept.set(db, sets);
    const known = sets.get(siteSet);
    const found = known ?? make();
    sets.delete(siteSet);
    sets.set(siteSet, found); // the newest stands last
    const oldest = sets.keys().next();
    if (sets.size > KEPT_SETS && !oldest.done) sets.delete(oldest.value);
    return found;
  };
}
