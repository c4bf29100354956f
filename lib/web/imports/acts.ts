/**
 * The long acts of an import, each done in pieces so that others work in between and a kill loses no more than one.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { halfHourOf } from "../../domain/half_hour.ts";
import { may } from "../../domain/permission.ts";
import type { ImportRow } from "../../domain/site_import.ts";
import type { ColumnId } from "../../domain/site_sheet.ts";
import type { ProfileBook } from "../../profiles/book.ts";
import type { Author } from "../../store/audit.ts";
import type { Database } from "../../store/db.ts";
import {
  type ImportedSite,
  readOutcomes,
  refuseImported,
  registerImported,
} from "../../store/import_sites.ts";
import { undoImported } from "../../store/import_undo.ts";
import { piecesOf } from "../../store/ids.ts";
import { isSameReach } from "../../store/reach.ts";
import {
  type ImportRecord,
  moveImport,
  outcomeCode,
  readRows,
  storeJudged,
} from "../../store/site_imports.ts";
import { findUser, type User } from "../../store/users.ts";
import { askerOf } from "../allow.ts";
import { newSiteOf } from "../pages/register/new_site.ts";
import { loadContext } from "./context.ts";
import { judgeSheet, type KnownSheet } from "./judge.ts";
import { type JudgeContext, judgeSite } from "./judge_site.ts";
import { nameCells } from "./named_row.ts";
import type { Breathe, SheetRow } from "./table.ts";
import type { WorkTools } from "./works.ts";

/** With what an import is worked on. */
export interface Desk {
  /** The database. */
  readonly db: Database;
  /** Device profiles. */
  readonly profiles: ProfileBook;
  /** The time. */
  readonly clock: Clock;
  /** Whose import it is. */
  readonly user: User;
  /** As whom it is written down. */
  readonly by: Author;
  /** Lets others work. */
  readonly breathe: Breathe;
}

/** How an act ended: all of it, told to stop, or whoever began it may do it no more. */
export type ActEnd = "done" | "stopped" | "not-allowed";

/** Lets others of the process work. */
export const letOthersWork: Breathe = () => setImmediate();

/** Judges an import that was uploaded, and keeps what was judged. */
export async function judgeImport(
  { db, profiles, by, user: { reach }, breathe }: Desk,
  { importId, sheet, tools }: {
    readonly importId: number;
    readonly sheet: KnownSheet;
    readonly tools: Pick<WorkTools, "onDone">;
  },
): Promise<ActEnd> {
  const context = await loadContext({ db, profiles }, { ...sheet, reach, breathe });
  const judged = await judgeSheet(sheet, { context, breathe, onRows: tools.onDone });
  await storeJudged(db, by, { importId, ...judged });
  return "done";
}

/** Sites of one transaction at most, and devices. */
const A_BATCH = { sites: 10, rows: 60 } as const;

/** The rows of an import's sites that may be registered, by the number of the site. */
export async function goodSites(
  db: Database,
  { id, letters }: Pick<ImportRecord, "id" | "letters">,
  breathe: Breathe,
): Promise<ReadonlyMap<number, readonly ImportRow[]>> {
  const good = new Map<number, ImportRow[]>();
  const places = Array.from(letters, (letter, place) => "gw".includes(letter) ? place : -1);
  for (const piece of piecesOf(places.filter((place) => place >= 0), ROWS_AT_ONCE)) {
    for (const row of await readRows(db.kysely, id, piece)) {
      const site = good.get(row.site);
      if (site) site.push(row);
      else good.set(row.site, [row]);
    }
    await breathe();
  }
  return good;
}

const ROWS_AT_ONCE = 500;

/** Registers the good sites of an import that are not registered yet, a few at a time. */
export async function registerImport(
  desk: Desk,
  record: ImportRecord,
  { signal, onDone }: WorkTools,
): Promise<ActEnd> {
  const { db, profiles, by, clock, user, breathe } = desk;
  const sites = await goodSites(db, record, breathe);
  const known = new Set((await readOutcomes(db, record.id)).map(({ place }) => place));
  const open = [...sites].filter(([place]) => !known.has(place));
  const rows = open.flatMap(([, own]) => own.map(sheetRow));
  const sheet = { columns: record.columns, rows, reach: user.reach, breathe };
  const context = await loadContext({ db, profiles }, sheet);
  let done = sites.size - open.length;
  for (const batch of batchesOf(open)) {
    if (signal.aborted) return "stopped";
    if (!await mayStill(desk)) return "not-allowed";
    const nowMs = clock.nowMs();
    const { fit, unfit } = draftsOf(batch, { columns: record.columns, context, nowMs });
    await refuseImported(db, { importId: record.id, places: unfit });
    await breathe();
    const { id: importId } = record;
    const ended = await registerImported(db, { ...by, atMs: nowMs }, { importId, sites: fit });
    if (ended === "over") return "stopped";
    onDone(done += batch.length);
    await breathe();
  }
  const step = { importId: record.id, from: ["committing"], to: "committed" } as const;
  await moveImport(db, { ...by, atMs: clock.nowMs() }, step);
  return "done";
}

type SiteRows = readonly [place: number, rows: readonly ImportRow[]];

function* batchesOf(sites: readonly SiteRows[]): Generator<readonly SiteRows[]> {
  let batch: SiteRows[] = [];
  let rows = 0;
  for (const site of sites) {
    if (batch.length >= A_BATCH.sites || (batch.length > 0 && rows + site[1].length > A_BATCH.rows)) {
      yield batch;
      batch = [];
      rows = 0;
    }
    batch.push(site);
    rows += site[1].length;
  }
  if (batch.length > 0) yield batch;
}

/** A stored row as it was read: what was good then is judged anew, because the world goes on. */
export function sheetRow({ row, cells }: Pick<ImportRow, "row" | "cells">): SheetRow {
  return { row, cells };
}

interface DraftOptions {
  readonly columns: readonly ColumnId[];
  readonly context: JudgeContext;
  readonly nowMs: number;
}

function draftsOf(batch: readonly SiteRows[], { columns, context, nowMs }: DraftOptions) {
  const fit: ImportedSite[] = [];
  const unfit: number[] = [];
  for (const [place, rows] of batch) {
    const { registration } = judgeSite(rows.map((row) => nameCells(sheetRow(row), columns)), context);
    const beginning = { since: halfHourOf(nowMs), find: context.find };
    if (registration) fit.push({ place, draft: newSiteOf(registration, beginning) });
    else unfit.push(place);
  }
  return { fit, unfit };
}

/** Whether whoever began it may still do it, with the same reach. */
export async function mayStill({ db, user }: Pick<Desk, "db" | "user">): Promise<boolean> {
  const now = await findUser(db, user.id);
  return now !== null && may(askerOf(now), "sites.import") && isSameReach(now.reach, user.reach);
}

/** Sites that are taken back in one transaction. */
const UNDONE_AT_ONCE = 20;

/** Takes an import back. */
export async function undoImport(
  desk: Desk,
  { importId, stopsRead }: { readonly importId: number; readonly stopsRead: boolean },
  { signal, onDone }: WorkTools,
): Promise<ActEnd> {
  const { db, by, clock, user, breathe } = desk;
  const places = await placesToUndo(db, importId);
  let done = 0;
  for (const piece of piecesOf(places, UNDONE_AT_ONCE)) {
    if (signal.aborted) return "stopped";
    if (!await mayStill(desk)) return "not-allowed";
    const author = { ...by, atMs: clock.nowMs() };
    const batch = { importId, places: piece, stopsRead, reach: user.reach };
    const ended = await undoImported(db, author, batch);
    if (ended === "over") return "stopped";
    onDone(done += piece.length);
    await breathe();
  }
  await moveImport(db, { ...by, atMs: clock.nowMs() }, { importId, from: ["undoing"], to: "undone" });
  return "done";
}

/** Sites of an import that can be taken back, or could not be before. */
export async function placesToUndo(db: Database, importId: number): Promise<readonly number[]> {
  const open = (["registered", "changed", "read"] as const).map(outcomeCode);
  return (await readOutcomes(db, importId)).filter(({ outcome }) => open.includes(outcome))
    .map(({ place }) => place);
}
