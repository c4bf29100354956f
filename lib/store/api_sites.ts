/**
 * Sites as programs ask for them: within reach, a page after the other by id, and changed only by those who saw them
 * as they are.
 *
 * @module
 */

import { sql } from "kysely";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { findKeptAnswer, keepAnswer, type KeptWrite, type KnownKey } from "./kept_answers.ts";
import { exclusiveLock, sharedLock } from "./dialect.ts";
import { withinReach } from "./reach.ts";

/** A site with what may be told of it. */
export interface ListedSite {
  /** 32-bit. */
  readonly id: number;
  /** Unique, whatever its case. */
  readonly name: string;
  /** May be empty. */
  readonly town: string;
  /** IANA zone. */
  readonly zone: string;
  /** Degrees north; `null`: not given. */
  readonly latitude: number | null;
  /** Degrees east; `null`: not given. */
  readonly longitude: number | null;
  /** The group it lies in; `null`: none. */
  readonly groupId: number | null;
  /** Whether half-hours are collected. */
  readonly collected: boolean;
  /** First half-hour that is expected. */
  readonly since: HalfHour;
}

/** Which sites to list. */
export interface ListedSiteQuery {
  /** All must agree. */
  readonly reaches: readonly Reach[];
  /** Greater ids alone; 0: from the first. */
  readonly afterId: number;
  /** Sites at most, 1 to 201. */
  readonly limit: number;
  /** Part of a name or town, whatever its case; default: any. */
  readonly search?: string | undefined;
  /** Of this group alone; default: any. */
  readonly groupId?: number | undefined;
}

const COLUMNS = [
  "s.site_id",
  "s.name",
  "s.town",
  "s.zone",
  "s.latitude",
  "s.longitude",
  "s.group_id",
  "s.collected",
  "s.since",
] as const;

/** Sites within reach in the order of their ids. */
export async function listSitesAfter(db: Database, query: ListedSiteQuery): Promise<readonly ListedSite[]> {
  const { reaches, afterId, limit, search, groupId } = query;
  let select = db.reader.selectFrom("site as s").select(COLUMNS).where("s.site_id", ">", afterId)
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" }));
  if (groupId !== undefined) select = select.where("s.group_id", "=", groupId);
  if (search !== undefined) {
    const pattern = `%${search.replace(/[!%_]/g, "!$&")}%`;
    select = select.where(
      sql<boolean>`(s.name like ${pattern} escape '!' or s.town like ${pattern} escape '!')`,
    );
  }
  const rows = await select.orderBy("s.site_id").limit(Math.min(limit, 201)).execute();
  return rows.map(siteOf);
}

/** A site within reach; `null`: there is none. */
export async function findSiteWithin(
  db: Database,
  { siteId, reaches }: { readonly siteId: number; readonly reaches: readonly Reach[] },
): Promise<ListedSite | null> {
  const row = await db.reader.selectFrom("site as s").select(COLUMNS).where("s.site_id", "=", siteId)
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" })).executeTakeFirst();
  return row ? siteOf(row) : null;
}

/** What may be changed of a site. */
export type SiteWords = Pick<ListedSite, "name" | "town" | "groupId">;

/** A change of a site. */
export interface SiteChange {
  /** The site. */
  readonly siteId: number;
  /** As whoever changes it saw it. */
  readonly seen: SiteWords;
  /** As it is to be. */
  readonly wanted: SiteWords;
  /** The key that it is asked under, and the answer that is kept for it; absent: none. */
  readonly once?: KeptWrite<ListedSite>;
}

/** Why a site was not changed: it is gone, somebody else changed it, its name is taken, there is no such group; or the
 * key was used before, for this or for another request. */
export type SiteRefusal =
  | { readonly kind: "unknown" | "stale" | "name-taken" | "unknown-group" }
  | Exclude<KnownKey, { readonly kind: "new" }>;

/** Changes a site if it still is as it was seen, and writes down what it was and became. */
export async function changeSiteWords(
  db: Database,
  by: Author,
  { siteId, seen, wanted, once }: SiteChange,
): Promise<Result<ListedSite, SiteRefusal>> {
  try {
    return await transaction(db, async (tx): Promise<Result<ListedSite, SiteRefusal>> => {
      const found = await lockSite(tx, siteId);
      // The same request may have waited for this one, in another process too.
      const known = once ? await findKeptAnswer(tx, once.write) : NEW_KEY;
      if (known.kind !== "new") return err(known);
      if (!found) return err({ kind: "unknown" });
      if (!isSame(found, seen)) return err({ kind: "stale" });
      const changed = { ...found, ...wanted };
      const isNew = !isSame(found, wanted);
      if (isNew && wanted.groupId !== null && !await isGroup(tx, wanted.groupId)) {
        return err({ kind: "unknown-group" });
      }
      // Only now nothing is refused any more: what is returned is committed, a refusal too.
      if (once) await keepAnswer(tx, once.write, once.answerOf(changed));
      if (!isNew) return ok(found);
      const { name, town, groupId } = wanted;
      await tx.updateTable("site").set({ name, town, group_id: groupId }).where("site_id", "=", siteId)
        .execute();
      await appendAudit(tx, by, {
        action: "site-changed",
        subject: `site ${siteId}`,
        siteId,
        before: wordsOf(found),
        after: wanted,
      });
      return ok(changed);
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err({ kind: "name-taken" });
    throw error;
  }
}

const NEW_KEY: KnownKey = { kind: "new" };

async function lockSite(tx: Executor, siteId: number): Promise<ListedSite | null> {
  const row = await tx.selectFrom("site as s").select(COLUMNS).where("s.site_id", "=", siteId)
    .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
  return row ? siteOf(row) : null;
}

async function isGroup(tx: Executor, groupId: number): Promise<boolean> {
  const row = await tx.selectFrom("site_group").select("group_id").where("group_id", "=", groupId)
    .modifyEnd(sharedLock(tx)).executeTakeFirst();
  return row !== undefined;
}

function wordsOf({ name, town, groupId }: SiteWords): SiteWords {
  return { name, town, groupId };
}

function isSame(one: SiteWords, other: SiteWords): boolean {
  return one.name === other.name && one.town === other.town && one.groupId === other.groupId;
}

interface SiteRow {
  readonly site_id: number;
  readonly name: string;
  readonly town: string;
  readonly zone: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly group_id: number | null;
  readonly collected: number;
  readonly since: number;
}

function siteOf(row: SiteRow): ListedSite {
  return {
    id: row.site_id,
    name: row.name,
    town: row.town,
    zone: row.zone,
    latitude: row.latitude,
    longitude: row.longitude,
    groupId: row.group_id,
    collected: row.collected === 1,
    since: row.since,
  };
}
