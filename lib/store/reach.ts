/**
 * Which sites somebody reaches, as a condition of a statement.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { Reach } from "../domain/permission.ts";

/** Sites named by one reach at most. */
export const REACH_SITES_MAX = 500;

/** Groups named by one reach at most. */
export const REACH_GROUPS_MAX = 100;

/** The columns of a site and its group in a statement, such as `s.site_id` and `s.group_id`. */
export interface SiteColumns {
  /** The site's id. */
  readonly siteId: string;
  /** Its group's id; null: none. */
  readonly groupId: string;
}

/** Whether all of them reach every site: then a statement needs neither condition nor join. */
export function reachesAll(reaches: readonly Reach[]): boolean {
  return reaches.every(({ kind }) => kind === "all");
}

/** The condition that a site is within all reaches. */
export function withinReach(reaches: readonly Reach[], columns: SiteColumns): RawBuilder<boolean> {
  const all = reaches.map((reach) => conditionOf(reach, columns));
  return all.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(all, sql` and `)})`;
}

function conditionOf(reach: Reach, { siteId, groupId }: SiteColumns): RawBuilder<unknown> {
  switch (reach.kind) {
    case "all":
      return sql`1 = 1`;
    case "some": {
      const either: RawBuilder<unknown>[] = [];
      if (reach.siteIds.length > 0) either.push(sql`${sql.ref(siteId)} in (${sql.join(reach.siteIds)})`);
      if (reach.groupIds.length > 0) either.push(sql`${sql.ref(groupId)} in (${sql.join(reach.groupIds)})`);
      return either.length === 0 ? sql`1 = 0` : sql`(${sql.join(either, sql` or `)})`;
    }
  }
}

/** The condition that a column names a site within reach, for tables that know sites by their ids alone. */
export function ofSitesWithin(reaches: readonly Reach[], column: string): RawBuilder<boolean> {
  if (reachesAll(reaches)) return sql<boolean>`1 = 1`;
  const within = withinReach(reaches, { siteId: "reached.site_id", groupId: "reached.group_id" });
  return sql<boolean>`${sql.ref(column)} in (select reached.site_id from site as reached where ${within})`;
}
