/**
 * Judges a whole sheet, site by site, and lets others work in between.
 *
 * @module
 */

import type { Registration } from "../../domain/registration.ts";
import type { CellNote, ImportRow, RowState } from "../../domain/site_import.ts";
import { type ColumnId, columnLetters, readHeadings } from "../../domain/site_sheet.ts";
import { err, ok, type Result } from "../../result.ts";
import { type JudgeContext, judgeSite } from "./judge_site.ts";
import { readCell } from "./cells.ts";
import { nameCells } from "./named_row.ts";
import { type Breathe, cellText, type FileFault, isBlank, type SheetRow, type SheetTable } from "./table.ts";

/** A sheet whose columns are known. */
export interface KnownSheet {
  /** Columns in the order of the sheet; those without a heading are left out. */
  readonly columns: readonly ColumnId[];
  /** Rows with a cell for each column. */
  readonly rows: readonly SheetRow[];
}

/** Recognises the columns of a sheet; everything that is wrong with its headings is said at once. */
export function knowSheet({ headings, rows }: SheetTable): Result<KnownSheet, FileFault> {
  const { columns, ignored, faults } = readHeadings(headings);
  if (faults.length > 0) {
    return err({ words: faults.map(({ words }) => words.endsWith("?") ? words : `${words}.`).join(" ") });
  }
  const kept = columns.flatMap((column, i) => column === null ? [] : [i]);
  for (const { row, cells } of rows) {
    const stray = cells.findIndex((cell, i) => !isBlank(cell) && columns[i] == null && !ignored.includes(i));
    if (stray >= 0) {
      return err({
        words: `Row ${row} has something in column ${columnLetters(stray)}, which has no heading`,
      });
    }
  }
  return ok({
    columns: columns.filter((column) => column !== null),
    rows: rows.map(({ row, cells }) => ({ row, cells: kept.map((i) => cells[i] ?? "") })),
  });
}

/** The sites of a sheet in the order in which they come, each with its rows. */
export async function sitesOf(
  { columns, rows }: KnownSheet,
  breathe: Breathe,
): Promise<readonly (readonly SheetRow[])[]> {
  const at = columns.indexOf("site");
  const sites = new Map<string, SheetRow[]>();
  for (const [i, row] of rows.entries()) {
    const name = readCell(row.cells[at], "site").text;
    // Rows without a name are sites of their own: each is refused by itself.
    const key = name === "" ? `row ${row.row}` : siteKey(name);
    const site = sites.get(key);
    if (site) site.push(row);
    else sites.set(key, [row]);
    if (i % GROUPED_A_TURN === GROUPED_A_TURN - 1) await breathe();
  }
  return [...sites.values()];
}

const GROUPED_A_TURN = 500;

/** The same for names of one site: case and spaces do not tell sites apart. */
function siteKey(name: string): string {
  return `name ${name.toLowerCase().replaceAll(/\s+/g, " ")}`;
}

/** A sheet as it was judged. */
export interface JudgedSheet {
  /** Rows in the order of the sheet. */
  readonly rows: readonly ImportRow[];
  /** How many sites there are. */
  readonly sites: number;
}

/** What judging a sheet needs. */
export interface JudgeOptions {
  /** What is known of the world around. */
  readonly context: JudgeContext;
  /** Lets others work. */
  readonly breathe: Breathe;
  /** Hears how many rows are judged. */
  readonly onRows?: (rows: number) => void;
}

/** Rows after which others get their turn: some 10 ms of work. */
const ROWS_A_TURN = 20;

/** Judges all rows. */
export async function judgeSheet(
  sheet: KnownSheet,
  { context, breathe, onRows }: JudgeOptions,
): Promise<JudgedSheet> {
  const known = withinSheet(context);
  const judged: ImportRow[] = [];
  const sites = await sitesOf(sheet, breathe);
  let turnAt = 0;
  for (const [site, written] of sites.entries()) {
    const rows = written.map((row) => nameCells(row, sheet.columns));
    const { registration } = judgeSite(rows, known.context);
    if (registration) known.add(registration, rows[0]?.row ?? 0);
    const heldBy = rows.find(isRefused)?.row ?? null;
    rows.forEach(({ row, notes }, i) => {
      const cells = written[i]?.cells.map(cellText) ?? [];
      judged.push({ row, site, cells, notes, ...stateOf(notes, heldBy) });
    });
    if (judged.length < turnAt) continue;
    turnAt = judged.length + ROWS_A_TURN;
    onRows?.(judged.length);
    await breathe();
  }
  return { rows: judged.sort((one, other) => one.row - other.row), sites: sites.length };
}

function isRefused({ notes }: { readonly notes: readonly CellNote[] }): boolean {
  return notes.some(({ state }) => state === "refused");
}

function stateOf(
  notes: readonly CellNote[],
  heldBy: number | null,
): { readonly state: RowState; readonly heldBy: number | null } {
  if (isRefused({ notes })) return { state: "refused", heldBy: null };
  if (heldBy !== null) return { state: "held", heldBy };
  return { state: notes.length > 0 ? "warn" : "good", heldBy: null };
}

/** The world around, and the sites of the sheet that come before. */
function withinSheet(context: JudgeContext) {
  const rows = new Map<string, number>();
  const key = (host: string, port: number) => `${host} ${port}`;
  return {
    context: {
      ...context,
      twinOf(host: string, port: number) {
        const row = rows.get(key(host, port));
        if (row === undefined) return context.twinOf(host, port);
        return `Port ${port} of this address is given to the site of row ${row} too`;
      },
    },
    add({ router }: Registration, row: number) {
      for (const { host } of router?.paths ?? []) {
        for (const { port } of router?.endpoints ?? []) {
          if (!rows.has(key(host, port))) rows.set(key(host, port), row);
        }
      }
    },
  };
}
