/**
 * Groups in which sites lie, so that people and tokens reach many sites by one name.
 *
 * @module
 */

import { sql } from "kysely";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, isStoreError } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { takeIds } from "./ids.ts";
import { HOLDERS, TARGETS } from "./reach.ts";
import { type Changing, within } from "./within.ts";

export { findSitePlace } from "./site_places.ts";

/** Groups at most. */
export const GROUPS_MAX = 500;

/** Sites put into a group at once, at most. */
export const ASSIGN_MAX = 200;

/** A group. */
export interface SiteGroup {
  /** 32-bit. */
  readonly id: number;
  /** Unique, whatever its case. */
  readonly name: string;
  /** Sites in it. */
  readonly siteCount: number;
  /** People who reach its sites by it. */
  readonly peopleCount: number;
}

/** Why a group was not made or renamed; `changed`: somebody else has given it another name. */
export type GroupTrouble =
  | { readonly kind: "unknown" }
  | { readonly kind: "name-taken" }
  | { readonly kind: "changed"; readonly name: string }
  | { readonly kind: "too-many" };

/** All groups by name. */
export async function listGroups(db: Database): Promise<readonly SiteGroup[]> {
  const rows = await db.reader.selectFrom("site_group as g").select(["g.group_id", "g.name"])
    .select((eb) => [
      eb.selectFrom("site as s").whereRef("s.group_id", "=", "g.group_id")
        .select((c) => c.fn.countAll<number>().as("sites")).as("sites"),
    ]).orderBy("g.name").limit(GROUPS_MAX).execute();
  const people = await db.reader.selectFrom("reach").select("target_id")
    .select((eb) => eb.fn.countAll<number>().as("people"))
    .where("holder_kind", "=", HOLDERS.user).where("target_kind", "=", TARGETS.group)
    .groupBy("target_id").execute();
  const reached = new Map(people.map((row) => [row.target_id, Number(row.people)]));
  return rows.map((row) => ({
    id: row.group_id,
    name: row.name,
    siteCount: Number(row.sites ?? 0),
    peopleCount: reached.get(row.group_id) ?? 0,
  }));
}

/** Makes a group without sites. */
export function createGroup(
  db: Changing,
  by: Author,
  { name }: { readonly name: string },
): Promise<Result<SiteGroup, GroupTrouble>> {
  return unlessTaken(() =>
    within(db, async (tx): Promise<Result<SiteGroup, GroupTrouble>> => {
      // Whoever takes an id waits for the one before, so that the count is true.
      const id = await takeIds(tx, "group", 1);
      const there = await tx.selectFrom("site_group").select((eb) => eb.fn.countAll<number>().as("groups"))
        .executeTakeFirstOrThrow();
      if (Number(there.groups) >= GROUPS_MAX) return err({ kind: "too-many" });
      await tx.insertInto("site_group").values({ group_id: id, name }).execute();
      await appendAudit(tx, by, { action: "group-made", subject: `group ${id}`, after: { name } });
      return ok({ id, name, siteCount: 0, peopleCount: 0 });
    })
  );
}

/** What a group is to be called. */
export interface GroupRename {
  /** Which. */
  readonly groupId: number;
  /** At most 80 characters. */
  readonly name: string;
  /** Its name when whoever renames it looked; absent: whatever it is now. */
  readonly seenName?: string;
}

/** Calls a group something else unless somebody else has since. */
export function renameGroup(
  db: Changing,
  by: Author,
  { groupId, name, seenName }: GroupRename,
): Promise<Result<void, GroupTrouble>> {
  return unlessTaken(() =>
    within(db, async (tx): Promise<Result<void, GroupTrouble>> => {
      const group = await holdGroup(tx, groupId);
      if (!group) return err({ kind: "unknown" });
      if (group.name === name) return ok(undefined);
      if (seenName !== undefined && seenName !== group.name) {
        return err({ kind: "changed", name: group.name });
      }
      await tx.updateTable("site_group").set({ name }).where("group_id", "=", groupId).execute();
      const words = { before: { name: group.name }, after: { name } };
      await appendAudit(tx, by, { action: "group-changed", subject: `group ${groupId}`, ...words });
      return ok(undefined);
    })
  );
}

async function unlessTaken<T>(
  run: () => Promise<Result<T, GroupTrouble>>,
): Promise<Result<T, GroupTrouble>> {
  try {
    return await run();
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "name-taken" });
    throw error;
  }
}

async function holdGroup(tx: Executor, groupId: number) {
  return await tx.selectFrom("site_group").select("name").where("group_id", "=", groupId)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
}

/** Why a group was not removed: there is none, or people or living tokens reach sites by it. */
export type RemoveTrouble =
  | { readonly kind: "unknown" }
  | { readonly kind: "in-use"; readonly people: number; readonly tokens: number };

/** Removes a group that nobody reaches by; its sites lie in none then. */
export function removeGroup(
  db: Changing,
  by: Author,
  { groupId }: { readonly groupId: number },
): Promise<Result<void, RemoveTrouble>> {
  return within(db, async (tx): Promise<Result<void, RemoveTrouble>> => {
    // Whoever gives a reach holds the group shared: either they see it go, or we see what they gave.
    const group = await holdGroup(tx, groupId);
    if (!group) return err({ kind: "unknown" });
    const used = await holdersOf(tx, groupId, by.atMs);
    if (used.people + used.tokens > 0) return err({ kind: "in-use", ...used });
    await tx.deleteFrom("reach").where("target_kind", "=", TARGETS.group).where("target_id", "=", groupId)
      .execute();
    const freed = await tx.updateTable("site").set({ group_id: null }).where("group_id", "=", groupId)
      .executeTakeFirst();
    await tx.deleteFrom("site_group").where("group_id", "=", groupId).execute();
    const before = { name: group.name, sites: Number(freed.numUpdatedRows) };
    await appendAudit(tx, by, { action: "group-removed", subject: `group ${groupId}`, before });
    return ok(undefined);
  });
}

async function holdersOf(
  tx: Executor,
  groupId: number,
  nowMs: number,
): Promise<{ readonly people: number; readonly tokens: number }> {
  const people = await tx.selectFrom("reach").select((eb) => eb.fn.countAll<number>().as("holders"))
    .where("holder_kind", "=", HOLDERS.user).where("target_kind", "=", TARGETS.group)
    .where("target_id", "=", groupId).executeTakeFirstOrThrow();
  const tokens = await tx.selectFrom("reach as r").innerJoin("api_token as t", "t.token_id", "r.holder_id")
    .select((eb) => eb.fn.countAll<number>().as("holders"))
    .where("r.holder_kind", "=", HOLDERS.token).where("r.target_kind", "=", TARGETS.group)
    .where("r.target_id", "=", groupId).where("t.revoked_ms", "is", null).where("t.expires_ms", ">", nowMs)
    .executeTakeFirstOrThrow();
  return { people: Number(people.holders), tokens: Number(tokens.holders) };
}

/** Which sites go where. */
export interface Assignment {
  /** The group; `null`: out of any. */
  readonly groupId: number | null;
  /** The sites, at most 200. */
  readonly siteIds: readonly number[];
  /** Only those of them that lie in this group; absent: wherever they lie. */
  readonly from?: number;
}

/** Puts sites into a group, or takes them out of any; how many were not there before. All or none. */
export function assignSites(
  db: Changing,
  by: Author,
  { groupId, siteIds, from }: Assignment,
): Promise<Result<number, { readonly kind: "unknown" }>> {
  if (siteIds.length > ASSIGN_MAX) throw new RangeError(`${siteIds.length} sites are too many at once`);
  return within(db, async (tx): Promise<Result<number, { readonly kind: "unknown" }>> => {
    if (groupId !== null && !await holdGroup(tx, groupId)) return err({ kind: "unknown" });
    const ids = [...new Set(siteIds)];
    if (ids.length === 0) return ok(0);
    const known = await tx.selectFrom("site").select(["site_id", "group_id"]).where("site_id", "in", ids)
      .orderBy("site_id").modifyEnd(exclusiveLock(tx)).execute();
    const sites = from === undefined ? known : known.filter((site) => site.group_id === from);
    if (from === undefined ? known.length !== ids.length : sites.length === 0) {
      return err({ kind: "unknown" });
    }
    const moved = sites.filter((site) => site.group_id !== groupId);
    if (moved.length === 0) return ok(0);
    await tx.updateTable("site").set({ group_id: groupId })
      .where("site_id", "in", moved.map(({ site_id }) => site_id)).execute();
    await appendAudit(tx, by, {
      action: "group-changed",
      subject: groupId === null ? "sites" : `group ${groupId}`,
      before: { groups: Object.fromEntries(moved.map((site) => [site.site_id, site.group_id])) },
      after: { groupId, sites: moved.map(({ site_id }) => site_id) },
    });
    return ok(moved.length);
  });
}

/** A site to choose. */
export interface SiteChoice {
  /** 32-bit. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its town; may be empty. */
  readonly town: string;
  /** Its group; `null`: none. */
  readonly groupId: number | null;
}

/** Which sites to choose from. */
export interface SiteSearch {
  /** Part of a name or town, whatever its case; empty: any. */
  readonly search: string;
  /** Sites at most, 1 to 200. */
  readonly limit: number;
  /** Sites to leave out before the first, default 0. */
  readonly offset?: number;
  /** Only sites of a group, or `null`: of none; absent: any. */
  readonly groupId?: number | null;
}

/** Sites by name for choosing some, and how many there are in all. */
export async function searchSites(
  db: Database,
  { search, limit, offset = 0, groupId }: SiteSearch,
): Promise<{ readonly sites: readonly SiteChoice[]; readonly total: number }> {
  let sites = db.reader.selectFrom("site").select(["site_id", "name", "town", "group_id"]);
  if (search.trim() !== "") {
    const pattern = `%${search.trim().replace(/[!%_]/g, "!$&")}%`;
    sites = sites.where(sql<boolean>`(name like ${pattern} escape '!' or town like ${pattern} escape '!')`);
  }
  if (groupId === null) sites = sites.where("group_id", "is", null);
  else if (groupId !== undefined) sites = sites.where("group_id", "=", groupId);
  const counted = await sites.clearSelect().select((eb) => eb.fn.countAll<number>().as("sites"))
    .executeTakeFirstOrThrow();
  const rows = await sites.orderBy("name").orderBy("site_id").limit(Math.max(1, Math.min(limit, ASSIGN_MAX)))
    .offset(Math.max(0, offset)).execute();
  return { sites: rows.map(choiceOf), total: Number(counted.sites) };
}

/** Sites by their ids, by name; unknown ids are left out. At most 500. */
export async function listSiteChoices(
  db: Database,
  siteIds: readonly number[],
): Promise<readonly SiteChoice[]> {
  if (siteIds.length === 0) return [];
  const rows = await db.reader.selectFrom("site").select(["site_id", "name", "town", "group_id"])
    .where("site_id", "in", siteIds.slice(0, 500)).orderBy("name").orderBy("site_id").execute();
  return rows.map(choiceOf);
}

function choiceOf(row: {
  readonly site_id: number;
  readonly name: string;
  readonly town: string;
  readonly group_id: number | null;
}): SiteChoice {
  return { id: row.site_id, name: row.name, town: row.town, groupId: row.group_id };
}
