/**
 * The nightly work of links: local days that are over are kept before ledger and tries are forgotten, and how each
 * link stands is summed up for the list of links. Sites that were summed up longest ago go first, so that a night that
 * is ended early is caught up by the next.
 *
 * @module
 */

import { linkHealth } from "../domain/link_health.ts";
import { isWeakSpan } from "../domain/radio.ts";
import { ATTEMPT_DAYS } from "./packing.ts";
import { type Database, transaction } from "./db.ts";
import { forgetLinkDays, newestLinkDay, writeLinkDays } from "./link_days.ts";
import { readSiteLink, type SiteLink } from "./link_facts.ts";
import type { LinkStateTable } from "./schema_link.ts";
import { yieldToLoop } from "./sqlite.ts";

/** Sites whose ids are asked for at once. */
const SITES_A_BATCH = 200;

/** What was done. */
export interface LinkNight {
  /** Sites summed up. */
  readonly sites: number;
  /** Local days kept. */
  readonly days: number;
}

/** Keeps days and sums up links; repeatable. */
export async function keepLinks(
  db: Database,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<LinkNight> {
  let [sites, days] = [0, 0];
  for (let after = ""; !signal.aborted;) {
    const ids = await dueSites(db, nowMs);
    if (ids.length === 0 || ids.join() === after) break;
    after = ids.join();
    for (const siteId of ids) {
      if (signal.aborted) break;
      days += await keepSite(db, siteId, nowMs);
      sites += 1;
      await yieldToLoop();
    }
  }
  if (!signal.aborted) await forgetLinkDays(db, { nowMs, signal });
  return { sites, days };
}

/** Sites not summed up at this night's instant, those longest ago first. */
async function dueSites(db: Database, nowMs: number): Promise<readonly number[]> {
  const rows = await db.kysely.selectFrom("site as s").leftJoin("link_state as l", "l.site_id", "s.site_id")
    .select("s.site_id")
    .where((eb) => eb.or([eb("l.at_ms", "is", null), eb("l.at_ms", "<", nowMs)]))
    .orderBy("l.at_ms").orderBy("s.site_id").limit(SITES_A_BATCH).execute();
  return rows.map(({ site_id }) => site_id);
}

/** One site: its days that are over, with how it stands, both or neither; how many days were kept. */
async function keepSite(db: Database, siteId: number, nowMs: number): Promise<number> {
  const link = await readSiteLink(db, { siteId, nowMs, days: ATTEMPT_DAYS + 1, brief: true });
  if (!link) return 0;
  const { facts, made } = link;
  const newest = await newestLinkDay(db, siteId);
  const overDates = new Set(
    facts.dataDays.filter(({ first, count }) => first + count <= facts.now + 1).map(({ date }) => date),
  );
  const over = made.filter(({ date }) => overDates.has(date) && (newest === null || date > newest));
  await yieldToLoop();
  const state = stateOf(link, nowMs);
  await transaction(db, async (tx) => {
    await writeLinkDays(tx, siteId, over);
    await tx.replaceInto("link_state").values(state).execute();
  });
  return over.length;
}

/** How a link stands, as the list of links sorts by it. */
export function stateOf({ plan, facts }: SiteLink, nowMs: number): LinkStateTable {
  const { place, signal, sim, days, events } = linkHealth(facts);
  return {
    site_id: plan.site.id,
    at_ms: nowMs,
    moved_m: place.state === "moved" ? Math.round(place.distanceM ?? 0) : null,
    signal_dbm: signal.mean === null ? null : Math.round(signal.mean),
    weak: isWeakSpan(signal) ? 1 : 0,
    used_b: sim?.use.bytes ?? null,
    forecast_b: sim?.forecast.kind === "known" ? sim.forecast.bytes : null,
    allowance_b: facts.allowanceB,
    changes: days.reduce((sum, day) => sum + day.changes, 0),
    asks_sim: events.some(({ kind }) => kind === "sim-changed") ? 1 : 0,
  };
}
