/**
 * Imports of sites: each belongs to the person who uploaded it and is seen by nobody else.
 *
 * @module
 */

import {
  countRows,
  type ImportRow,
  type ImportState,
  type OutcomeCounts,
  ROW_LETTERS,
  SITE_OUTCOMES,
  type SiteOutcome,
} from "../domain/site_import.ts";
import type { ColumnId } from "../domain/site_sheet.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { choiceOf, codeIn } from "./codes.ts";
import type { Database, Executor } from "./db.ts";
import { takeIds } from "./ids.ts";
import { packRows, ROWS_A_PART } from "./import_parts.ts";
import { type Changing, within } from "./within.ts";

export { readRows } from "./import_parts.ts";

/** Imports of one person at most. */
export const IMPORTS_MAX = 30;

/** States in the order of their codes. */
export const IMPORT_STATES: readonly ImportState[] = [
  "judging",
  "judged",
  "committing",
  "committed",
  "undoing",
  "undone",
];

/** Days for which an import is kept after its last change: one that came to nothing, and one that registered sites. */
export const IMPORT_KEPT_DAYS = { judged: 7, committed: 30 } as const;

const DAY_MS = 86_400_000;

/** Whose import. */
export interface OwnImport {
  /** Which. */
  readonly importId: number;
  /** Whose it must be. */
  readonly ownerId: number;
}

/** An import without its rows. */
export interface ImportRecord {
  /** 32-bit. */
  readonly id: number;
  /** Whose it is. */
  readonly ownerId: number;
  /** As the file was called, at most 120 characters. */
  readonly fileName: string;
  /** How it stands. */
  readonly state: ImportState;
  /** Columns in the order of the sheet. */
  readonly columns: readonly ColumnId[];
  /** A letter of ROW_LETTERS for each row. */
  readonly letters: string;
  /** Sites in it. */
  readonly siteCount: number;
  /** Epoch milliseconds of the upload. */
  readonly createdMs: number;
  /** Epoch milliseconds of the last change. */
  readonly changedMs: number;
}

/** An upload. */
export interface NewImport {
  /** Who uploads. */
  readonly ownerId: number;
  /** As the file is called. */
  readonly fileName: string;
  /** Columns in the order of the sheet. */
  readonly columns: readonly ColumnId[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Begins an import that is yet to be judged; `too-many`: there are {@link IMPORTS_MAX}. */
export function createImport(
  db: Changing,
  { ownerId, fileName, columns, nowMs }: NewImport,
): Promise<Result<number, "too-many">> {
  return within(db, async (tx): Promise<Result<number, "too-many">> => {
    const id = await takeIds(tx, "import", 1);
    const { imports } = await tx.selectFrom("site_import")
      .select((eb) => eb.fn.countAll<number>().as("imports")).where("owner_id", "=", ownerId)
      .executeTakeFirstOrThrow();
    if (Number(imports) >= IMPORTS_MAX) return err("too-many");
    await tx.insertInto("site_import").values({
      import_id: id,
      owner_id: ownerId,
      file_name: fileName.slice(0, 120),
      state: codeIn(IMPORT_STATES, "judging"),
      sheet_columns: JSON.stringify(columns),
      row_states: "",
      row_count: 0,
      site_count: 0,
      created_ms: nowMs,
      changed_ms: nowMs,
    }).execute();
    return ok(id);
  });
}

/** What was judged of an import. */
export interface Judged {
  /** Which. */
  readonly importId: number;
  /** Rows in the order of the sheet. */
  readonly rows: readonly ImportRow[];
  /** Sites in it. */
  readonly sites: number;
}

/** Keeps what was judged, and writes it down; false: the import was removed meanwhile. */
export function storeJudged(db: Changing, by: Author, { importId, rows, sites }: Judged): Promise<boolean> {
  return within(db, async (tx) => {
    const letters = rows.map(({ state }) => ROW_LETTERS[state]).join("");
    const changed = await tx.updateTable("site_import").set({
      state: codeIn(IMPORT_STATES, "judged"),
      row_states: letters,
      row_count: rows.length,
      site_count: sites,
      changed_ms: by.atMs,
    }).where("import_id", "=", importId).where("state", "=", codeIn(IMPORT_STATES, "judging"))
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) return false;
    for (let at = 0; at < rows.length; at += ROWS_A_PART) {
      const body = packRows(rows.slice(at, at + ROWS_A_PART));
      await tx.insertInto("site_import_part").values({ import_id: importId, part: at / ROWS_A_PART, body })
        .execute();
    }
    const after = { rows: countRows(letters), sites };
    await appendAudit(tx, by, { action: "import-judged", subject: `import ${importId}`, after });
    return true;
  });
}

const COLUMNS = [
  "import_id",
  "owner_id",
  "file_name",
  "state",
  "sheet_columns",
  "row_states",
  "site_count",
  "created_ms",
  "changed_ms",
] as const;

/** A person's import; `null`: they have none such. */
export async function readImport(
  db: Database,
  { importId, ownerId }: OwnImport,
): Promise<ImportRecord | null> {
  const row = await db.kysely.selectFrom("site_import").select(COLUMNS).where("import_id", "=", importId)
    .where("owner_id", "=", ownerId).executeTakeFirst();
  return row ? recordOf(row) : null;
}

/** A person's imports, the newest first. */
export async function listImports(db: Database, ownerId: number): Promise<readonly ImportRecord[]> {
  const rows = await db.kysely.selectFrom("site_import").select(COLUMNS).where("owner_id", "=", ownerId)
    .orderBy("import_id", "desc").limit(IMPORTS_MAX).execute();
  return rows.map(recordOf);
}

interface ImportRowOfTable {
  readonly import_id: number;
  readonly owner_id: number;
  readonly file_name: string;
  readonly state: number;
  readonly sheet_columns: string;
  readonly row_states: string;
  readonly site_count: number;
  readonly created_ms: number;
  readonly changed_ms: number;
}

function recordOf(row: ImportRowOfTable): ImportRecord {
  return {
    id: row.import_id,
    ownerId: row.owner_id,
    fileName: row.file_name,
    state: choiceOf(IMPORT_STATES, row.state),
    columns: JSON.parse(row.sheet_columns) as readonly ColumnId[],
    letters: row.row_states,
    siteCount: row.site_count,
    createdMs: row.created_ms,
    changedMs: row.changed_ms,
  };
}

/** A step of an import from one state to the next. */
export interface ImportStep {
  /** Which import. */
  readonly importId: number;
  /** States of which it must have one. */
  readonly from: readonly ImportState[];
  /** The state it gets. */
  readonly to: ImportState;
}

/** Moves an import on and writes it down with how its sites stand; false: it is in none of the states any more. */
export function moveImport(db: Changing, by: Author, { importId, from, to }: ImportStep): Promise<boolean> {
  return within(db, async (tx) => {
    const changed = await tx.updateTable("site_import")
      .set({ state: codeIn(IMPORT_STATES, to), changed_ms: by.atMs })
      .where("import_id", "=", importId)
      .where("state", "in", from.map((state) => codeIn(IMPORT_STATES, state))).executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) return false;
    const after = { sites: await countOutcomes(tx, importId) };
    const action = ACTIONS[to];
    if (action !== null) await appendAudit(tx, by, { action, subject: `import ${importId}`, after });
    return true;
  });
}

/** What is written down when an import gets a state. */
const ACTIONS: Readonly<Record<ImportState, string | null>> = {
  judging: null,
  judged: null,
  committing: "import-begun",
  committed: "import-committed",
  undoing: "import-undo-begun",
  undone: "import-undone",
};

/** How many sites of an import became what. */
export async function countOutcomes(executor: Executor, importId: number): Promise<OutcomeCounts> {
  const rows = await executor.selectFrom("site_import_site").select("outcome")
    .select((eb) => eb.fn.countAll<number>().as("sites")).where("import_id", "=", importId)
    .groupBy("outcome").execute();
  const counts = new Map(rows.map(({ outcome, sites }) => [outcome, Number(sites)]));
  const of = (outcome: SiteOutcome) => counts.get(outcomeCode(outcome)) ?? 0;
  return {
    registered: of("registered"),
    refused: of("refused"),
    removed: of("removed"),
    stopped: of("stopped"),
    changed: of("changed"),
    read: of("read"),
  };
}

/** The number under which an outcome is stored. */
export function outcomeCode(outcome: SiteOutcome): number {
  return codeIn(SITE_OUTCOMES, outcome) + 1;
}

/** Removes a person's import that has registered nothing, or was taken back; whether it was there. */
export function removeImport(db: Changing, by: Author, { importId, ownerId }: OwnImport): Promise<boolean> {
  return within(db, async (tx) => {
    const states = (["judging", "judged", "undone"] as const).map((state) => codeIn(IMPORT_STATES, state));
    const removed = await tx.deleteFrom("site_import").where("import_id", "=", importId)
      .where("owner_id", "=", ownerId).where("state", "in", states).executeTakeFirst();
    if (removed.numDeletedRows !== 1n) return false;
    await forgetRest(tx, [importId]);
    await appendAudit(tx, by, { action: "import-removed", subject: `import ${importId}` });
    return true;
  });
}

const TABLES = ["site_import_part", "site_import_site", "site_import_test"] as const;

async function forgetRest(tx: Executor, importIds: readonly number[]): Promise<void> {
  for (const table of TABLES) await tx.deleteFrom(table).where("import_id", "in", [...importIds]).execute();
}

/** Imports forgotten at once. */
const FORGOTTEN_AT_ONCE = 20;

/** Forgets imports that nobody has touched for long, twenty at once; how many. */
export function forgetImports(db: Changing, { nowMs }: { readonly nowMs: number }): Promise<number> {
  return within(db, async (tx) => {
    const registered = codeIn(IMPORT_STATES, "committing");
    const before = (days: number) => nowMs - days * DAY_MS;
    const old = await tx.selectFrom("site_import").select("import_id")
      .where(({ or, and, eb }) =>
        or([
          and([eb("state", "<", registered), eb("changed_ms", "<", before(IMPORT_KEPT_DAYS.judged))]),
          eb("changed_ms", "<", before(IMPORT_KEPT_DAYS.committed)),
        ])
      ).orderBy("import_id").limit(FORGOTTEN_AT_ONCE).execute();
    if (old.length === 0) return 0;
    const ids = old.map(({ import_id }) => import_id);
    await tx.deleteFrom("site_import").where("import_id", "in", ids).execute();
    await forgetRest(tx, ids);
    return ids.length;
  });
}
