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
import type { Database } from "./db.ts";
import { forgetLinkDays, makeLinkDays, newestLinkDay, writeLinkDays } from "./link_days.ts";
import { readSiteLink, type SiteLink } from "./link_facts.ts";
import type { LinkStateTable } from "./schema_link.ts";

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
      await db.clock.sleep(0, signal);
    }
  }
  if (!signal.aborted) await forgetLinkDays(db, nowMs);
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

/** One site: its days that are over, then how it stands; how many days were kept. */
async function keepSite(db: Database, siteId: number, nowMs: number): Promise<number> {
  const link = await readSiteLink(db, { siteId, nowMs, days: ATTEMPT_DAYS + 1 });
  if (!link) return 0;
  const { plan, facts } = link;
  const newest = await newestLinkDay(db, siteId);
  const over = facts.dataDays.filter(({ date, first, count }) =>
    first + count <= facts.now + 1 && first + count > plan.since && (newest === null || date > newest)
  );
  const channels = plan.channels.filter(({ meterId }) => meterId === link.router?.id);
  const made = await makeLinkDays(db, { siteId, paths: plan.paths, channels }, {
    days: over,
    now: facts.now,
  });
  await writeLinkDays(db, siteId, made);
  await db.kysely.replaceInto("link_state").values(stateOf(link, nowMs)).execute();
  return made.length;
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
