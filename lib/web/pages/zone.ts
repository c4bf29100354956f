/**
 * The zone in which pages about all sites tell the time: the one most sites are in.
 *
 * @module
 */

import { ALL_SITES, type Reach } from "../../domain/permission.ts";
import type { Database } from "../../store/db.ts";
import { reachesAll } from "../../store/reach.ts";
import { commonestZone } from "../../store/zones.ts";

/** Milliseconds for which the answer is believed; sites move rarely. */
const BELIEVED_MS = 300_000;

const known = new WeakMap<Database, { readonly zone: string; readonly atMs: number }>();

/** The commonest zone among the sites within reach, UTC while there are none. */
export async function fleetZone(
  db: Database,
  { reaches, nowMs }: { readonly reaches: readonly Reach[]; readonly nowMs: number },
): Promise<string> {
  // Only what is said of all sites is kept.
  if (!reachesAll(reaches)) return await commonestZone(db, reaches) ?? "UTC";
  const kept = known.get(db);
  if (kept && nowMs - kept.atMs < BELIEVED_MS) return kept.zone;
  const zone = await commonestZone(db, [ALL_SITES]) ?? "UTC";
  if (zone !== "UTC") known.set(db, { zone, atMs: nowMs });
  return zone;
}
