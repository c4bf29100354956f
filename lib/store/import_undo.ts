/**
 * Takes an import back, a few sites in each transaction. A site that never gave a reading is removed; one that did
 * keeps everything and is collected no more, if that is wished; one that somebody has changed since, or that whoever
 * takes it back does not reach any more, is left alone.
 *
 * @module
 */

import { type HalfHour, halfHourOf } from "../domain/half_hour.ts";
import { type Reach, reachesSite } from "../domain/permission.ts";
import type { SiteOutcome } from "../domain/site_import.ts";
import { appendAudit, type Author } from "./audit.ts";
import { codeIn } from "./codes.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { IMPORT_STATES, outcomeCode } from "./site_imports.ts";
import { printsOf } from "./site_prints.ts";
import { listSitesRead, removeSites } from "./site_removal.ts";

/** Some sites of an import to be taken back. */
export interface UndoBatch {
  /** Which import. */
  readonly importId: number;
  /** Numbers of the sites within the import. */
  readonly places: readonly number[];
  /** Whether sites that have readings are collected no more. */
  readonly stopsRead: boolean;
  /** Sites of whoever takes it back: the others stay as they are. */
  readonly reach: Reach;
}

interface Standing {
  readonly place: number;
  readonly siteId: number;
  readonly name: string;
  readonly since: HalfHour;
  readonly outcome: SiteOutcome;
  /** Whether it may be named. */
  readonly isReached: boolean;
}

/** Takes sites back that are registered, or were left alone before. `over`: the import is not being taken back. */
export async function undoImported(
  db: Database,
  by: Author,
  { importId, places, stopsRead, reach }: UndoBatch,
): Promise<"done" | "over"> {
  return await transaction(db, async (tx): Promise<"done" | "over"> => {
    const found = await tx.selectFrom("site_import").select("state").where("import_id", "=", importId)
      .modifyEnd(exclusiveLock(tx)).executeTakeFirst();
    if (found?.state !== codeIn(IMPORT_STATES, "undoing")) return "over";
    await holdLedger(tx, { importId, places, nowMs: by.atMs });
    const sites = await judgeSites(tx, { importId, places, stopsRead, reach, nowMs: by.atMs });
    const of = (outcome: SiteOutcome) => sites.filter((site) => site.outcome === outcome);
    await removeAll(tx, by, of("removed"));
    await stopAll(tx, by, of("stopped"));
    for (const { place, outcome } of sites) {
      await tx.updateTable("site_import_site").set({ outcome: outcomeCode(outcome) })
        .where("import_id", "=", importId).where("place", "=", place).execute();
    }
    return "done";
  });
}

/** Half-hours in which a visit may still be stored. */
const LIVING = 50;

/** Waits for visits that are being stored, so that they are seen; one that comes later finds nothing to store into. */
async function holdLedger(
  tx: Executor,
  { importId, places, nowMs }: Pick<UndoBatch, "importId" | "places"> & { readonly nowMs: number },
): Promise<void> {
  if (places.length === 0) return;
  const rows = await tx.selectFrom("site_import_site").select("site_id")
    .where("import_id", "=", importId).where("place", "in", [...places]).execute();
  const siteIds = rows.flatMap(({ site_id }) => site_id === null ? [] : [site_id]);
  if (siteIds.length === 0) return;
  const newest = halfHourOf(nowMs);
  await tx.selectFrom("ledger").select("site_id")
    .where("half_hour", "in", Array.from({ length: LIVING }, (_, i) => newest - LIVING + 1 + i))
    .where("site_id", "in", siteIds).orderBy("half_hour").orderBy("site_id").modifyEnd(exclusiveLock(tx))
    .execute();
}

/** What somebody did at a site that its own rows do not tell. */
const WORK = ["device_event", "maintenance", "router_file"] as const;

async function judgeSites(
  tx: Executor,
  { importId, places, stopsRead, reach, nowMs }: UndoBatch & { readonly nowMs: number },
): Promise<readonly Standing[]> {
  if (places.length === 0) return [];
  const open = (["registered", "changed", "read"] as const).map(outcomeCode);
  const rows = await tx.selectFrom("site_import_site").select(["place", "site_id", "print"])
    .where("import_id", "=", importId).where("place", "in", [...places]).where("outcome", "in", open)
    .execute();
  const siteIds = rows.map(({ site_id }) => site_id ?? 0);
  if (siteIds.length === 0) return [];
  const sites = await tx.selectFrom("site").select(["site_id", "name", "since", "group_id"])
    .where("site_id", "in", siteIds).execute();
  const names = new Map(sites.map((site) => [site.site_id, site]));
  const prints = await printsOf(tx, siteIds);
  const worked = new Set<number>();
  for (const table of WORK) {
    const found = await tx.selectFrom(table).select("site_id").distinct().where("site_id", "in", siteIds)
      .execute();
    found.forEach(({ site_id }) => worked.add(site_id));
  }
  const span = { from: Math.min(...sites.map(({ since }) => since)), to: halfHourOf(nowMs) + 1 };
  const read = await listSitesRead(tx, { siteIds: [...names.keys()], ...span });
  return rows.map(({ place, site_id, print }) => {
    const siteId = site_id ?? 0;
    const site = names.get(siteId);
    const isReached = site !== undefined &&
      reachesSite({ reaches: [reach] }, { id: siteId, groupId: site.group_id });
    const isSame = isReached && print !== null && prints.get(siteId) === print && !worked.has(siteId);
    const outcome = !site ? "removed" : !isSame ? "changed" : !read.has(siteId) ? "removed" : "read";
    return {
      place,
      siteId,
      name: site?.name ?? "",
      since: site?.since ?? 0,
      outcome: outcome === "read" && stopsRead ? "stopped" : outcome,
      isReached,
    };
  });
}

async function removeAll(tx: Executor, by: Author, sites: readonly Standing[]): Promise<void> {
  const there = sites.filter(({ name }) => name !== "");
  if (there.length === 0) return;
  const span = { from: Math.min(...there.map(({ since }) => since)), to: halfHourOf(by.atMs) + 1 };
  await removeSites(tx, { siteIds: there.map(({ siteId }) => siteId), ...span });
  for (const { siteId, name } of there) {
    await appendAudit(tx, by, {
      action: "site-removed",
      subject: `site ${siteId}`,
      siteId,
      before: { name },
    });
  }
}

async function stopAll(tx: Executor, by: Author, sites: readonly Standing[]): Promise<void> {
  for (const { siteId } of sites) {
    await tx.updateTable("site").set({ collected: 0 }).where("site_id", "=", siteId).execute();
    const entry = { action: "site-changed", subject: `site ${siteId}`, siteId };
    await appendAudit(tx, by, { ...entry, before: { collected: true }, after: { collected: false } });
  }
}

/** Sites of an import that have readings, or were changed since: what an undo would leave. */
export interface UndoForecast {
  /** Sites that would be removed. */
  readonly removed: number;
  /** Sites that have readings. */
  readonly read: readonly NamedSite[];
  /** Sites that were changed since, as far as they are within reach. */
  readonly changed: readonly NamedSite[];
  /** Sites out of reach by now, which stay as they are. */
  readonly away: number;
}

/** A site by its name. */
export interface NamedSite {
  /** The site. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
}

/** What taking sites of an import back would do; nothing is changed. */
export async function forecastUndo(
  db: Database,
  question: Omit<UndoBatch, "stopsRead"> & { readonly nowMs: number },
): Promise<UndoForecast> {
  const sites = await judgeSites(db.kysely, { ...question, stopsRead: false });
  const of = (outcome: SiteOutcome) => sites.filter((site) => site.outcome === outcome);
  const named = (outcome: SiteOutcome) =>
    of(outcome).filter(({ isReached }) => isReached).map(({ siteId, name }) => ({ id: siteId, name }));
  const changed = named("changed");
  return {
    removed: of("removed").length,
    read: named("read"),
    changed,
    away: of("changed").length - changed.length,
  };
}
