/**
 * What the page of an import shows.
 *
 * @module
 */

import {
  countRows,
  type ImportRow,
  placesOf,
  ROW_FILTERS,
  type RowFilter,
  ROWS_A_PAGE,
  SITE_OUTCOMES,
  type SiteOutcome,
} from "../../../domain/site_import.ts";
import { columnOf } from "../../../domain/site_sheet.ts";
import { readOutcomes, type SiteResult } from "../../../store/import_sites.ts";
import { type ImportTest, readImportTests } from "../../../store/import_tests.ts";
import { countOutcomes, type ImportRecord, readRows } from "../../../store/site_imports.ts";
import { numberText } from "../../../ui/format.ts";
import { pagerOf } from "../../../ui/paging.ts";
import type { ImportPageProps } from "../../../ui/pages/imports/ImportPage.tsx";
import type { ImportRowsProps, ShownRow } from "../../../ui/pages/imports/ImportRows.tsx";
import type { WorkModel } from "../../../ui/pages/imports/WorkPanel.tsx";
import type { State as Look } from "../../../ui/state.ts";
import type { Told } from "../../../ui/Told.tsx";
import type { WorkProgress } from "../../imports/works.ts";
import { whenLabel } from "../account_view.ts";
import { importPath, type OpenImport, workKey } from "./open_import.ts";

/** Which rows are asked for. */
export interface RowsQuery {
  /** How they were judged. */
  readonly filter: RowFilter;
  /** 1 and up. */
  readonly page: number;
}

/** Reads the query; whatever is not understood means the default. */
export function parseRowsQuery(params: URLSearchParams): RowsQuery {
  const page = Number(params.get("page") ?? "1");
  return {
    filter: ROW_FILTERS.find((filter) => filter === params.get("rows")) ?? "all",
    page: Number.isInteger(page) && page >= 1 && page <= 1_000 ? page : 1,
  };
}

/** The page but for its islands. */
export type ImportView = Omit<ImportPageProps, "work"> & {
  /** What is being done; `null`: nothing. */
  readonly work: WorkModel | null;
};

/** Puts the page together. */
export async function loadImportView(
  open: OpenImport,
  { query, zone, told }: { readonly query: RowsQuery; readonly zone: string; readonly told: Told | null },
): Promise<ImportView> {
  const { record, services: { db }, works } = open;
  const work = works.read(workKey(open));
  const running = work?.state === "running" ? work : null;
  const counts = countRows(record.letters);
  const path = importPath(record.id);
  const good = counts.good + counts.warn > 0;
  const isQuiet = running === null;
  const canTest = isQuiet && good && record.state === "judged";
  const outcomes = await countOutcomes(db.kysely, record.id);
  const { registered, stopped, changed, read } = outcomes;
  // What was taken back whole is not offered to be taken back again.
  const isLeft = record.state !== "undone" || registered + stopped + changed + read > 0;
  return {
    fileName: record.fileName,
    state: record.state,
    whenLabel: whenLabel(zone, record.createdMs),
    sites: record.siteCount,
    counts,
    outcomes,
    work: running && workModel(running, path),
    ended: endedWords(record, work),
    told,
    actions: {
      registerHref: isQuiet && good && ["judged", "committing"].includes(record.state)
        ? `${path}/register`
        : null,
      testAllAction: canTest ? `${path}/test` : null,
      refusedHref: counts.refused + counts.held > 0 ? `${path}/refused.csv` : null,
      undoHref: isQuiet && isLeft && UNDOABLE.includes(record.state) ? `${path}/undo` : null,
    },
    rows: record.state === "judging"
      ? null
      : await loadRows(open, { query, testAction: canTest ? `${path}/test` : null }),
  };
}

/** States in which an import can be taken back. */
export const UNDOABLE: readonly ImportRecord["state"][] = ["committing", "committed", "undoing", "undone"];

function workModel({ kind, done, of }: WorkProgress, path: string): WorkModel {
  return { kind, done, of, stopAction: kind === "judge" ? null : `${path}/stop`, href: path };
}

/** What to say of a work that did not come to its end, also where another process had begun it. */
function endedWords({ state }: ImportRecord, work: WorkProgress | null): Told | null {
  if (work?.state === "running") return null;
  if (work?.state === "not-allowed") {
    return {
      state: "critical",
      title: "It was stopped: what you may do has changed",
      words: "What was done until then stays. Ask whoever gave you your role.",
    };
  }
  switch (state) {
    case "judging":
      return {
        state: "critical",
        title: "Judging it broke off",
        words: "Nothing is registered. Upload the file again.",
      };
    case "committing":
      return {
        state: "warn",
        title: "Registering was stopped before its end",
        words: "Whole sites are registered or none of it. Go on: nothing is registered twice.",
      };
    case "undoing":
      return {
        state: "warn",
        title: "Taking it back was stopped before its end",
        words: "Take it back once more: what is done stays done.",
      };
    case "judged":
    case "committed":
    case "undone":
      return work?.kind === "test" && work.state !== "done"
        ? {
          state: "partial",
          title: "The test was stopped",
          words: `${numberText(work.done)} devices were tested.`,
        }
        : null;
  }
}

interface RowsOptions {
  readonly query: RowsQuery;
  readonly testAction: string | null;
}

async function loadRows(
  { record, services: { db } }: OpenImport,
  { query: { filter, page }, testAction }: RowsOptions,
): Promise<ImportRowsProps> {
  const places = placesOf(record.letters, filter);
  const shown = places.slice((page - 1) * ROWS_A_PAGE, page * ROWS_A_PAGE);
  const rows = await readRows(db.kysely, record.id, shown);
  const tests = await readImportTests(db, record.id, rows.map(({ row }) => row));
  const sites = await readOutcomes(db, record.id, [...new Set(rows.map(({ site }) => site))]);
  const outcomes = new Map(sites.map((site) => [site.place, site]));
  const hrefOf = (rows: RowFilter, at = 1) =>
    `${importPath(record.id)}?rows=${rows}${at > 1 ? `&page=${at}` : ""}#import-rows`;
  return {
    rows: rows.map((row) =>
      shownRow(row, { record, outcome: outcomes.get(row.site), test: tests.get(row.row) })
    ),
    filter,
    filters: ROW_FILTERS.map((one) => ({
      label: `${LABELS[one]} ${numberText(placesOf(record.letters, one).length)}`,
      href: hrefOf(one),
      current: one === filter,
    })),
    pager: pagerOf({
      page,
      pageSize: ROWS_A_PAGE,
      shown: rows.length,
      total: places.length,
      hrefOf: (at) => hrefOf(filter, at),
    }),
    testAction,
  };
}

const LABELS: Readonly<Record<RowFilter, string>> = {
  all: "All",
  refused: "Refused",
  warned: "Worth a look",
  good: "Good",
};

interface Around {
  readonly record: ImportRecord;
  readonly outcome: SiteResult | undefined;
  readonly test: ImportTest | undefined;
}

function shownRow(
  { row, cells, state, notes, heldBy }: ImportRow,
  { record, outcome, test }: Around,
): ShownRow {
  const cell = (column: "site" | "device") =>
    (cells[record.columns.indexOf(column)] ?? "").trim().slice(0, 81)
      .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\ufffd");
  const became = outcome ? SITE_OUTCOMES[outcome.outcome - 1] : undefined;
  return {
    row,
    site: cell("site"),
    siteHref: outcome?.siteId != null && became !== "removed" ? `/sites/${outcome.siteId}` : null,
    device: cell("device"),
    state,
    outcome: became ? outcomeLook(became) : null,
    notes: notes.map(({ column, value, words, state }) => ({
      heading: columnOf(column).heading,
      value,
      words,
      state,
    })),
    heldBy,
    test: test ? { state: test.state === "skipped" ? "info" : test.state, words: test.words } : null,
  };
}

function outcomeLook(outcome: SiteOutcome): { readonly state: Look; readonly words: string } {
  switch (outcome) {
    case "registered":
      return { state: "good", words: "registered" };
    case "refused":
      return { state: "critical", words: "could not be registered" };
    case "removed":
      return { state: "info", words: "removed" };
    case "stopped":
      return { state: "partial", words: "stays, not collected" };
    case "changed":
      return { state: "info", words: "stays, was changed" };
    case "read":
      return { state: "info", words: "stays, has readings" };
  }
}
