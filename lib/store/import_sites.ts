/**
 * Registers the sites of an import, a few in each transaction: a kill in between leaves whole sites, and what is
 * registered already is not registered again.
 *
 * @module
 */

import type { SiteOutcome } from "../domain/site_import.ts";
import type { Author } from "./audit.ts";
import { codeIn } from "./codes.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { sharedLock } from "./dialect.ts";
import { piecesOf } from "./ids.ts";
import { IMPORT_STATES, outcomeCode } from "./site_imports.ts";
import { printsOf } from "./site_prints.ts";
import { insertSites, type SiteDraft } from "./sites.ts";

/** A site of an import. */
export interface ImportedSite {
  /** Its number within the import. */
  readonly place: number;
  /** The site as it is registered. */
  readonly draft: SiteDraft;
}

/** Some sites of an import. */
export interface ImportBatch {
  /** Which import. */
  readonly importId: number;
  /** The sites. */
  readonly sites: readonly ImportedSite[];
}

/** Registers sites of an import that is being registered; those that cannot be are noted. `over`: it is not any more. */
export async function registerImported(
  db: Database,
  by: Author,
  { importId, sites }: ImportBatch,
): Promise<"done" | "over"> {
  try {
    return await transaction(db, (tx) => registerNew(tx, by, { importId, sites }));
  } catch (error) {
    if (!isStoreError(error, "duplicate")) throw error;
  }
  // One of them has a name that was taken meanwhile: each by itself.
  const [one] = sites;
  if (!one) return "done";
  if (sites.length === 1) {
    await note(db, importId, one.place);
    return "done";
  }
  for (const site of sites) {
    if (await registerImported(db, by, { importId, sites: [site] }) === "over") return "over";
  }
  return "done";
}

async function registerNew(
  tx: Executor,
  by: Author,
  { importId, sites }: ImportBatch,
): Promise<"done" | "over"> {
  const found = await tx.selectFrom("site_import").select("state").where("import_id", "=", importId)
    .modifyEnd(sharedLock(tx)).executeTakeFirst();
  if (found?.state !== codeIn(IMPORT_STATES, "committing")) return "over";
  const known = await placesIn(tx, importId, sites.map(({ place }) => place));
  const fresh = sites.filter(({ place }) => !known.has(place));
  const groups = await groupsIn(tx, fresh);
  const groupIs = ({ draft }: ImportedSite) => draft.groupId == null || groups.has(draft.groupId);
  const wanted = fresh.filter(groupIs);
  const siteIds = await insertSites(tx, wanted.map(({ draft }) => draft), by);
  const prints = await printsOf(tx, siteIds);
  const registered = wanted.map(({ place }, i) => {
    const siteId = siteIds[i] ?? 0;
    return rowOf({ importId, place, siteId, outcome: "registered", print: prints.get(siteId) ?? null });
  });
  const without = fresh.filter((site) => !groupIs(site))
    .map(({ place }) => rowOf({ importId, place, siteId: null, outcome: "refused", print: null }));
  const rows = [...registered, ...without];
  if (rows.length > 0) await tx.insertInto("site_import_site").values(rows).execute();
  return "done";
}

interface OutcomeRow {
  readonly importId: number;
  readonly place: number;
  readonly siteId: number | null;
  readonly outcome: SiteOutcome;
  readonly print: string | null;
}

function rowOf({ importId, place, siteId, outcome, print }: OutcomeRow) {
  return { import_id: importId, place, site_id: siteId, outcome: outcomeCode(outcome), print };
}

/** Places of an import whose site was registered or noted. */
async function placesIn(
  tx: Executor,
  importId: number,
  places: readonly number[],
): Promise<ReadonlySet<number>> {
  if (places.length === 0) return new Set();
  const rows = await tx.selectFrom("site_import_site").select("place").where("import_id", "=", importId)
    .where("place", "in", [...places]).execute();
  return new Set(rows.map(({ place }) => place));
}

async function groupsIn(tx: Executor, sites: readonly ImportedSite[]): Promise<ReadonlySet<number>> {
  const ids = [...new Set(sites.map(({ draft }) => draft.groupId ?? null).filter((id) => id !== null))];
  if (ids.length === 0) return new Set();
  const rows = await tx.selectFrom("site_group").select("group_id").where("group_id", "in", ids)
    .modifyEnd(sharedLock(tx)).execute();
  return new Set(rows.map(({ group_id }) => group_id));
}

/** Notes sites that are refused although they were good when the import was judged. */
export async function refuseImported(
  db: Database,
  { importId, places }: { readonly importId: number; readonly places: readonly number[] },
): Promise<void> {
  for (const place of places) await note(db, importId, place);
}

/** Notes that a site was refused when it was to be registered, unless it is known what became of it. */
async function note(db: Database, importId: number, place: number): Promise<void> {
  await transaction(db, async (tx) => {
    if ((await placesIn(tx, importId, [place])).has(place)) return;
    const row = rowOf({ importId, place, siteId: null, outcome: "refused", print: null });
    await tx.insertInto("site_import_site").values(row).execute();
  });
}

/** A site of an import and what became of it. */
export interface SiteResult {
  /** Its number within the import. */
  readonly place: number;
  /** The site; `null`: it was not registered. */
  readonly siteId: number | null;
  /** The code of its outcome. */
  readonly outcome: number;
}

/** What became of sites of an import, by their numbers. */
export async function readOutcomes(
  db: Database,
  importId: number,
  places?: readonly number[],
): Promise<readonly SiteResult[]> {
  const base = db.kysely.selectFrom("site_import_site").select(["place", "site_id", "outcome"])
    .where("import_id", "=", importId).orderBy("place");
  const rows = places === undefined ? await base.execute() : (await Promise.all(
    piecesOf(places, 500).map((piece) => base.where("place", "in", [...piece]).execute()),
  ))
    .flat();
  return rows.map(({ place, site_id, outcome }) => ({ place, siteId: site_id, outcome }));
}
