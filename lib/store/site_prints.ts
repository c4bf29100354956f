/**
 * The print of a site: a digest of everything that somebody has written down about it, by which one sees whether
 * anything was changed since.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Executor } from "./db.ts";

/** Prints of sites by their ids; a site that is gone has none. */
export async function printsOf(
  tx: Executor,
  siteIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (siteIds.length === 0) return new Map();
  const ids = [...siteIds];
  const sites = await tx.selectFrom("site").select([
    "site_id",
    "name",
    "town",
    "zone",
    "latitude",
    "longitude",
    "hours",
    "collected",
    "group_id",
    "address",
    "contacts",
  ]).where("site_id", "in", ids).execute();
  const routers = await tx.selectFrom("router")
    .select(["site_id", "profile_id", "model", "serial", "user_name", "sim"]).where("site_id", "in", ids)
    .execute();
  const paths = await tx.selectFrom("path").select(["site_id", "place", "kind", "host"])
    .where("site_id", "in", ids).orderBy("path_id").execute();
  const endpoints = await tx.selectFrom("endpoint")
    .select(["site_id", "endpoint_id", "port", "kind", "pause_ms", "response_timeout_ms"])
    .where("site_id", "in", ids).orderBy("endpoint_id").execute();
  const meters = await tx.selectFrom("meter").select([
    "site_id",
    "meter_id",
    "endpoint_id",
    "unit_id",
    "profile_id",
    "name",
    "end_use",
    "whole_site",
    "max_power_w",
    "transformer",
    "until",
    "parent_id",
    "serial",
    "label",
    "location",
  ]).where("site_id", "in", ids).orderBy("meter_id").execute();
  const rows = [...sites, ...routers, ...paths, ...endpoints, ...meters];
  const grouped = Map.groupBy(rows, (row) => row.site_id);
  return new Map(sites.map(({ site_id }) => [site_id, digestOf(grouped.get(site_id) ?? [])]));
}

/** Columns by their names, so that their order says nothing. */
function digestOf(rows: readonly object[]): string {
  const plain = rows.map((row) => Object.entries(row).sort(([a], [b]) => a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(plain)).digest("hex");
}
