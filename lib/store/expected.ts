/**
 * Which sites should be there, whatever the ledger says: a collector that opens no half-hour must not look healthy.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** Sites within reach that are collected and expected in a half-hour. */
export async function countExpectedSites(
  db: Database,
  { halfHour, reaches }: { readonly halfHour: HalfHour; readonly reaches: readonly Reach[] },
): Promise<number> {
  const row = await db.reader.selectFrom("site").select((eb) => eb.fn.countAll<number>().as("sites"))
    .where("collected", "=", 1).where("since", "<=", halfHour)
    .where(withinReach(reaches, { siteId: "site_id", groupId: "group_id" })).executeTakeFirst();
  return Number(row?.sites ?? 0);
}

/** The first half-hour that any collected site is expected in; `null`: there is none. */
export async function firstExpected(db: Database): Promise<HalfHour | null> {
  const row = await db.reader.selectFrom("site").select((eb) => eb.fn.min("since").as("first"))
    .where("collected", "=", 1).executeTakeFirst();
  return row?.first ?? null;
}
