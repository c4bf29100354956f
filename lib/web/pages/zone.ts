/**
 * The zone in which pages about all sites tell the time: the one most sites are in.
 *
 * @module
 */

import type { Database } from "../../store/db.ts";
import { commonestZone } from "../../store/zones.ts";

/** Milliseconds for which the answer is believed; sites move rarely. */
const BELIEVED_MS = 300_000;

const known = new WeakMap<Database, { readonly zone: string; readonly atMs: number }>();

/** The commonest zone among sites, UTC while there are none. */
export async function fleetZone(db: Database, nowMs: number): Promise<string> {
  const kept = known.get(db);
  if (kept && nowMs - kept.atMs < BELIEVED_MS) return kept.zone;
  const zone = await commonestZone(db) ?? "UTC";
  if (zone !== "UTC") known.set(db, { zone, atMs: nowMs });
  return zone;
}
