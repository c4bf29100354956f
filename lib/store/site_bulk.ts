/**
 * Changes many sites alike: those that are as they were looked at and still within reach, batch by batch, each with an
 * entry of its own in the trail.
 *
 * @module
 */

import type { Reach } from "../domain/permission.ts";
import type { WeekHours } from "../domain/site.ts";
import {
  BULK_MAX,
  bulkEffect,
  bulkMark,
  type BulkSite,
  type BulkWish,
  type MarkedSite,
} from "../domain/site_bulk.ts";
import { appendAudits, type AuditEntry, type Author } from "./audit.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { piecesOf } from "./ids.ts";
import { withinReach } from "./reach.ts";
import { holdsGroup } from "./site_drafts.ts";

/** Sites of one transaction. */
const SITES_A_BATCH = 200;

/** Sites of one question. */
const SITES_A_QUESTION = 500;

/** Sites within reach as far as they can be changed with others, by name; ids that are not there are left out. */
export async function readBulkSites(
  db: Database,
  { siteIds, reaches }: { readonly siteIds: readonly number[]; readonly reaches: readonly Reach[] },
): Promise<readonly BulkSite[]> {
  if (siteIds.length > BULK_MAX) throw new RangeError(`${siteIds.length} sites at once: at most ${BULK_MAX}`);
  const found: BulkSite[] = [];
  for (const ids of piecesOf(siteIds, SITES_A_QUESTION)) {
    found.push(...await bulkSites(db.reader, { ids, reaches, locked: false }));
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

interface SiteQuestion {
  readonly ids: readonly number[];
  readonly reaches: readonly Reach[];
  readonly locked: boolean;
}

async function bulkSites(db: Executor, { ids, reaches, locked }: SiteQuestion): Promise<readonly BulkSite[]> {
  const rows = await db.selectFrom("site").select(["site_id", "name", "group_id", "collected", "hours"])
    .where("site_id", "in", [...ids])
    .where(withinReach(reaches, { siteId: "site_id", groupId: "group_id" })).orderBy("site_id")
    .$if(locked, (query) => query.modifyEnd(exclusiveLock(db))).execute();
  return rows.map((row) => ({
    id: row.site_id,
    name: row.name,
    groupId: row.group_id,
    collected: row.collected === 1,
    hours: row.hours === null ? null : JSON.parse(row.hours) as WeekHours,
  }));
}

/** A change of many sites. */
export interface BulkChange {
  /** The sites as they were looked at, at most {@link BULK_MAX}. */
  readonly sites: readonly MarkedSite[];
  /** What is to become of them. */
  readonly wish: BulkWish;
  /** Sites of whoever wants it: the others stay as they are. */
  readonly reaches: readonly Reach[];
  /** Asked before each batch: whether there is still time for it. */
  readonly goesOn: () => boolean;
}

/** What came of a change of many sites. */
export interface BulkOutcome {
  /** Sites changed. */
  readonly changed: number;
  /** Sites that were so already. */
  readonly same: number;
  /** Names of sites that somebody has changed since they were looked at: they stay as they are. */
  readonly stale: readonly string[];
  /** Sites that are gone, or out of reach by now. */
  readonly gone: number;
  /** Sites that there was no time for. */
  readonly left: readonly MarkedSite[];
  /** Whether it ended because the group is not there any more. */
  readonly groupGone: boolean;
}

/** Changes sites that are as they were looked at; a batch that was changed stays, whatever comes after it. */
export async function changeSites(
  db: Database,
  by: Author,
  { sites, wish, reaches, goesOn }: BulkChange,
): Promise<BulkOutcome> {
  let outcome: BulkOutcome = { changed: 0, same: 0, stale: [], gone: 0, left: [], groupGone: false };
  let left = sites;
  while (left.length > 0 && goesOn()) {
    const batch = left.slice(0, SITES_A_BATCH);
    const done = await transaction(db, (tx) => changeBatch(tx, by, { batch, wish, reaches }));
    if (!done) return { ...outcome, left, groupGone: true };
    left = left.slice(SITES_A_BATCH);
    outcome = {
      ...outcome,
      changed: outcome.changed + done.changed,
      same: outcome.same + done.same,
      stale: [...outcome.stale, ...done.stale],
      gone: outcome.gone + done.gone,
    };
  }
  return { ...outcome, left };
}

interface Batch extends Pick<BulkChange, "wish" | "reaches"> {
  readonly batch: readonly MarkedSite[];
}

/** `null`: the group is not there any more. */
async function changeBatch(
  tx: Executor,
  by: Author,
  { batch, wish, reaches }: Batch,
): Promise<Pick<BulkOutcome, "changed" | "same" | "stale" | "gone"> | null> {
  if (wish.groupId !== undefined && !await holdsGroup(tx, wish.groupId)) return null;
  const found = await bulkSites(tx, { ids: batch.map(({ id }) => id), reaches, locked: true });
  const marks = new Map(batch.map(({ id, mark }) => [id, mark]));
  const [stale, asSeen] = [
    found.filter((site) => marks.get(site.id) !== bulkMark(site)),
    found.filter((site) => marks.get(site.id) === bulkMark(site)),
  ];
  const changed = asSeen.filter((site) => bulkEffect(site, wish).length > 0);
  if (changed.length > 0) {
    const { groupId, collected, hours } = wish;
    await tx.updateTable("site").set({
      ...(groupId === undefined ? {} : { group_id: groupId }),
      ...(collected === undefined ? {} : { collected: collected ? 1 : 0 }),
      ...(hours === undefined ? {} : { hours: hours && JSON.stringify(hours) }),
    }).where("site_id", "in", changed.map(({ id }) => id)).execute();
    await appendAudits(tx, by, changed.map((site) => entryOf(site, wish)));
  }
  return {
    changed: changed.length,
    same: asSeen.length - changed.length,
    stale: stale.map(({ name }) => name),
    gone: batch.length - found.length,
  };
}

function entryOf(site: BulkSite, wish: BulkWish): AuditEntry {
  const fields = bulkEffect(site, wish);
  const of = (from: BulkWish) => Object.fromEntries(fields.map((field) => [field, from[field]]));
  return {
    action: "site-changed",
    subject: `site ${site.id}`,
    siteId: site.id,
    before: of(site),
    after: of(wish),
  };
}
