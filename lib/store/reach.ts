/**
 * Which sites somebody reaches: as it is kept, and as a condition of a statement.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import { ALL_SITES, type Reach } from "../domain/permission.ts";
import type { Executor } from "./db.ts";
import { sharedLock } from "./dialect.ts";
import { piecesOf } from "./ids.ts";

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

/** Whether all of them reach every site: then a statement needs neither condition nor join. No reach reaches nothing. */
export function reachesAll(reaches: readonly Reach[]): boolean {
  return reaches.length > 0 && reaches.every(({ kind }) => kind === "all");
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

/** Who reaches: a person, or a token that acts for one. */
export type ReachHolderKind = "user" | "token";

/** One who reaches. */
export interface ReachHolder {
  /** A person or a token. */
  readonly kind: ReachHolderKind;
  /** Their id. */
  readonly id: number;
}

/** The numbers of kinds of holders and of what they reach. */
export const HOLDERS: Readonly<Record<ReachHolderKind, number>> = { user: 0, token: 1 };

/** The numbers of what is reached. */
export const TARGETS = { group: 0, site: 1 } as const;

/** Rows of one insert. */
const ROWS_AT_ONCE = 200;

/** What limited people or tokens reach, by their ids; one without rows reaches nothing. At most a page of them. */
export async function readReaches(
  executor: Executor,
  kind: ReachHolderKind,
  holderIds: readonly number[],
): Promise<ReadonlyMap<number, Reach>> {
  const found = new Map(holderIds.map((id) => [id, { groupIds: [] as number[], siteIds: [] as number[] }]));
  if (holderIds.length > 0) {
    const rows = await executor.selectFrom("reach").select(["holder_id", "target_kind", "target_id"])
      .where("holder_kind", "=", HOLDERS[kind]).where("holder_id", "in", holderIds)
      .orderBy("holder_id").orderBy("target_kind").orderBy("target_id").execute();
    for (const { holder_id, target_kind, target_id } of rows) {
      const reach = found.get(holder_id);
      (target_kind === TARGETS.group ? reach?.groupIds : reach?.siteIds)?.push(target_id);
    }
  }
  return new Map([...found].map(([id, { groupIds, siteIds }]) => [id, { kind: "some", groupIds, siteIds }]));
}

/** What one limited holder reaches; whether they reach all stands in their own row. */
export async function readReach(executor: Executor, { kind, id }: ReachHolder): Promise<Reach> {
  return (await readReaches(executor, kind, [id])).get(id) ?? { kind: "some", groupIds: [], siteIds: [] };
}

/** A reach in the one form in which two are compared: ids ascending, each once. */
export function plainReach(reach: Reach): Reach {
  if (reach.kind === "all") return ALL_SITES;
  const plain = (ids: readonly number[]) => [...new Set(ids)].sort((a, b) => a - b);
  return { kind: "some", groupIds: plain(reach.groupIds), siteIds: plain(reach.siteIds) };
}

/** Whether two reaches say the same. */
export function isSameReach(a: Reach, b: Reach): boolean {
  return JSON.stringify(plainReach(a)) === JSON.stringify(plainReach(b));
}

/** Whether every group and site of a reach is there; they stay until the transaction is over. */
export async function isKnownReach(tx: Executor, reach: Reach): Promise<boolean> {
  const plain = plainReach(reach);
  if (plain.kind === "all") return true;
  const { groupIds, siteIds } = plain;
  if (groupIds.length > REACH_GROUPS_MAX || siteIds.length > REACH_SITES_MAX) return false;
  if (groupIds.length > 0) {
    const groups = await tx.selectFrom("site_group").select("group_id").where("group_id", "in", groupIds)
      .modifyEnd(sharedLock(tx)).execute();
    if (groups.length !== groupIds.length) return false;
  }
  if (siteIds.length === 0) return true;
  const sites = await tx.selectFrom("site").select("site_id").where("site_id", "in", siteIds).execute();
  return sites.length === siteIds.length;
}

/** Replaces what a holder reaches; whether they reach all is for their own row, which the caller writes. */
export async function writeReach(tx: Executor, { kind, id }: ReachHolder, reach: Reach): Promise<void> {
  const holder = { holder_kind: HOLDERS[kind], holder_id: id };
  await tx.deleteFrom("reach").where("holder_kind", "=", holder.holder_kind).where("holder_id", "=", id)
    .execute();
  const plain = plainReach(reach);
  if (plain.kind === "all") return;
  const rows = [
    ...plain.groupIds.map((target_id) => ({ ...holder, target_kind: TARGETS.group, target_id })),
    ...plain.siteIds.map((target_id) => ({ ...holder, target_kind: TARGETS.site, target_id })),
  ];
  for (const piece of piecesOf(rows, ROWS_AT_ONCE)) await tx.insertInto("reach").values([...piece]).execute();
}
