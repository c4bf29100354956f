/**
 * Removes sites that never gave a reading, with everything that hangs on them. What was measured is never removed: of
 * a site with readings nothing here takes anything away.
 *
 * @module
 */

import { HALF_HOURS_A_DAY, type HalfHour } from "../domain/half_hour.ts";
import type { Executor } from "./db.ts";
import { HOLDERS, TARGETS } from "./reach.ts";
import { deleteSecret } from "./secrets.ts";
import { routerSecretName } from "./sites.ts";
import { vpnSecretNames } from "./vpn_keys.ts";

/** Sites and the half-hours in which something may have been stored of them. */
export interface SitesAndSpan {
  /** The sites. */
  readonly siteIds: readonly number[];
  /** First half-hour. */
  readonly from: HalfHour;
  /** Last half-hour. */
  readonly to: HalfHour;
}

/** Half-hours of one statement: a day of them. */
const HALF_HOURS_AT_ONCE = HALF_HOURS_A_DAY;

/** Which of the sites ever gave a reading, or words that could not be decoded. */
export async function listSitesRead(
  tx: Executor,
  { siteIds, from, to }: SitesAndSpan,
): Promise<ReadonlySet<number>> {
  const read = new Set<number>();
  if (siteIds.length === 0) return read;
  const ids = [...siteIds];
  const channels = rangesOf([...(await channelsOf(tx, ids)).values()]);
  for (const halfHours of spansOf(from, to)) {
    const rows = await tx.selectFrom("ledger").select("site_id").distinct()
      .where("half_hour", "in", [...halfHours]).where("site_id", "in", ids).where("has_reading", "=", 1)
      .execute();
    rows.forEach(({ site_id }) => read.add(site_id));
    for (const { first, last } of channels) {
      const found = await tx.selectFrom("recent").innerJoin(
        "channel",
        "channel.channel_id",
        "recent.channel_id",
      )
        .select("channel.site_id").distinct().where("half_hour", "in", [...halfHours])
        .where("recent.channel_id", ">=", first).where("recent.channel_id", "<=", last)
        .where("channel.site_id", "in", ids).where("words", "is not", null).execute();
      found.forEach(({ site_id }) => read.add(site_id));
    }
  }
  const days = await tx.selectFrom("ledger_day").select("site_id").distinct()
    .where("day", "in", daysOf(from, to)).where("site_id", "in", ids)
    .where((eb) => eb.or([eb("outcomes", "like", "%c%"), eb("outcomes", "like", "%p%")])).execute();
  days.forEach(({ site_id }) => read.add(site_id));
  const series = await tx.selectFrom("series").innerJoin("channel", "channel.channel_id", "series.channel_id")
    .select("channel.site_id").distinct().where("channel.site_id", "in", ids).execute();
  series.forEach(({ site_id }) => read.add(site_id));
  return read;
}

function spansOf(from: HalfHour, to: HalfHour): readonly (readonly HalfHour[])[] {
  const spans: HalfHour[][] = [];
  for (let at = from; at <= to; at += HALF_HOURS_AT_ONCE) {
    const count = Math.min(HALF_HOURS_AT_ONCE, to - at + 1);
    spans.push(Array.from({ length: count }, (_, i) => at + i));
  }
  return spans;
}

function daysOf(from: HalfHour, to: HalfHour): number[] {
  const [first, last] = [from, to].map((at) => Math.floor(at / HALF_HOURS_A_DAY));
  return Array.from({ length: (last ?? 0) - (first ?? 0) + 1 }, (_, i) => (first ?? 0) + i);
}

/** First and last channel of each site: its channels were numbered together. */
async function channelsOf(
  tx: Executor,
  siteIds: number[],
): Promise<ReadonlyMap<number, readonly [number, number]>> {
  const rows = await tx.selectFrom("channel").select("site_id")
    .select(({ fn }) => [fn.min("channel_id").as("first"), fn.max("channel_id").as("last")])
    .where("site_id", "in", siteIds).groupBy("site_id").execute();
  return new Map(rows.map(({ site_id, first, last }) => [site_id, [Number(first), Number(last)]]));
}

/** Removes sites without readings. Whatever was stored of why they could not be read goes with them. */
export async function removeSites(tx: Executor, { siteIds, from, to }: SitesAndSpan): Promise<void> {
  if (siteIds.length === 0) return;
  const ids = [...siteIds];
  await removeTraces(tx, { siteIds, from, to });
  const meters = await tx.selectFrom("meter").select("meter_id").where("site_id", "in", ids).execute();
  const meterIds = meters.map(({ meter_id }) => meter_id);
  for (const table of OF_METERS) {
    if (meterIds.length > 0) await tx.deleteFrom(table).where("meter_id", "in", meterIds).execute();
  }
  const channelIds = tx.selectFrom("channel").select("channel_id").where("site_id", "in", ids);
  for (const table of ["open_gap", "load_shape"] as const) {
    await tx.deleteFrom(table).where("channel_id", "in", channelIds).execute();
  }
  for (const table of OF_SITES) await tx.deleteFrom(table).where("site_id", "in", ids).execute();
  await tx.deleteFrom("reach").where("holder_kind", "in", Object.values(HOLDERS))
    .where("target_kind", "=", TARGETS.site).where("target_id", "in", ids).execute();
  for (const name of ids.flatMap((id) => [routerSecretName(id), ...vpnSecretNames(id)])) {
    await deleteSecret(tx, name);
  }
}

/** What hangs on meters besides channels. */
const OF_METERS = ["finding", "device_identity", "device_check"] as const;

/** What hangs on sites; the sites last. */
const OF_SITES = [
  "link_day",
  "link_state",
  "link_setting",
  "vpn_peer",
  "channel",
  "meter",
  "endpoint",
  "path",
  "router",
  "site",
] as const;

async function removeTraces(tx: Executor, { siteIds, from, to }: SitesAndSpan): Promise<void> {
  const ids = [...siteIds];
  const channels = rangesOf([...(await channelsOf(tx, ids)).values()]);
  for (const halfHours of spansOf(from, to)) {
    for (const table of ["ledger", "attempt"] as const) {
      await tx.deleteFrom(table).where("half_hour", "in", [...halfHours]).where("site_id", "in", ids)
        .execute();
    }
    for (const { first, last } of channels) {
      await tx.deleteFrom("recent").where("half_hour", "in", [...halfHours])
        .where("channel_id", ">=", first).where("channel_id", "<=", last).execute();
    }
  }
  const days = daysOf(from, to);
  await tx.deleteFrom("ledger_day").where("day", "in", days).where("site_id", "in", ids).execute();
  for (const { first, last } of channels) {
    for (const table of ["day", "day_word"] as const) {
      await tx.deleteFrom(table).where("day", "in", days).where("channel_id", ">=", first)
        .where("channel_id", "<=", last).execute();
    }
  }
}

/** Neighbouring stretches as one: sites that were registered together have neighbouring channels. */
function rangesOf(
  stretches: readonly (readonly [number, number])[],
): readonly { readonly first: number; readonly last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const [first, last] of [...stretches].sort(([a], [b]) => a - b)) {
    const before = ranges.at(-1);
    if (before && before.last + 1 === first) before.last = last;
    else ranges.push({ first, last });
  }
  return ranges;
}
