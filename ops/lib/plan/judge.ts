/**
 * What a statement means for the release that runs meanwhile, and how long it takes: from what it does, from the rows
 * of its table and from how quick this database is.
 *
 * @module
 */

import type { Engine } from "../../../lib/store/db.ts";
import type { StatementKind } from "./statement.ts";

/** Whether the running release bears it: it does, it does not, or somebody has to look. */
export type Tolerance = "yes" | "no" | "look";

/** What is said of a statement. */
export interface Judgement {
  /** Whether the running release bears it. */
  readonly tolerated: Tolerance;
  /** Why, in words. */
  readonly why: string;
  /** Expected seconds; `null`: nothing is known. */
  readonly seconds: number | null;
}

/** What it is judged by. */
export interface JudgedBy {
  /** The database. */
  readonly engine: Engine;
  /** About how many rows the table has; 0 where it has yet to be made. */
  readonly rows: number;
  /** Whether this plan makes the table. */
  readonly isNew: boolean;
  /** How quick the database is. */
  readonly speed: Speed;
}

/** Rows a second. */
export interface Speed {
  /** Of an index that is made. */
  readonly index: number;
  /** Of rows that are written anew, one by one. */
  readonly rewrite: number;
}

/** Seconds of a statement that touches no rows: it waits for its turn and writes to the catalogue. */
const CATALOGUE_S: Readonly<Record<Engine, number>> = { sqlite: 0.001, mariadb: 0.02, mysql: 0.02 };

/** Judges a statement. */
export function judge(statement: StatementKind, by: JudgedBy): Judgement {
  if (by.isNew && statement.kind !== "drop-table") {
    return { tolerated: "yes", why: "nobody asks for the table yet", seconds: CATALOGUE_S[by.engine] };
  }
  return { ...BEARING[statement.kind](statement, by), seconds: secondsOf(statement, by) };
}

type Bearing = (statement: StatementKind, by: JudgedBy) => Omit<Judgement, "seconds">;

const yes = (why: string): Omit<Judgement, "seconds"> => ({ tolerated: "yes", why });
const no = (why: string): Omit<Judgement, "seconds"> => ({ tolerated: "no", why });
const look = (why: string): Omit<Judgement, "seconds"> => ({ tolerated: "look", why });

const BEARING: Readonly<Record<StatementKind["kind"], Bearing>> = {
  "create-table": () => yes("nobody asks for the table yet"),
  "add-column": (statement) =>
    statement.kind === "add-column" && statement.bare
      ? no("it may not be empty and has no default: the running release cannot store a row")
      : yes("the running release names its columns and leaves this one as it is"),
  "create-index": (statement, { engine }) => {
    if (statement.kind === "create-index" && statement.unique) {
      return look("it fails where rows are alike, and so does the running release when it stores such rows");
    }
    return engine === "sqlite"
      ? yes("nobody writes meanwhile: one process has the file")
      : yes("rows are read and stored while it is made");
  },
  "create-view": () => yes("the running release asks for no view"),
  "drop-view": () => yes("the running release asks for no view; SQL users wait until it is made anew"),
  "drop-index": () => look("what the running release asks for may get slow"),
  "insert": () => look("the running release sees the rows: it must know what to do with them"),
  "update": () => look("the running release sees the rows, and waits for those that are being changed"),
  "delete": () => no("the running release may need the rows"),
  "drop-table": () => no("the running release asks for the table"),
  "drop-column": () => no("the running release asks for the column"),
  "rename": () => no("the running release asks for the old name"),
  "change-column": () => no("the running release stores and reads it as it was"),
  "other": () => look("what it does is not known here"),
};

function secondsOf(statement: StatementKind, { engine, rows, speed }: JudgedBy): number | null {
  const least = CATALOGUE_S[engine];
  switch (statement.kind) {
    case "create-table":
    case "create-view":
    case "drop-view":
    case "drop-index":
    case "drop-table":
    case "rename":
    case "add-column":
      return least;
    case "insert":
      return statement.copies ? null : least;
    case "create-index":
      return least + rows / speed.index;
    case "drop-column": // the two servers only note it
      return engine === "sqlite" ? least + rows / speed.rewrite : least;
    case "update":
    case "delete":
    case "change-column":
      return least + rows / speed.rewrite;
    case "other":
      return null;
  }
}

/**
 * Rows a second that were measured with 1,000,000 rows of four columns, on 2 cores with a local disk, and how long the
 * try of {@link ../../../lib/store/speed.ts} took there, in milliseconds.
 */
export const MEASURED: Readonly<Record<Engine, Speed & { readonly triedMs: number }>> = {
  sqlite: { index: 1_900_000, rewrite: 650_000, triedMs: 25 },
  mariadb: { index: 1_000_000, rewrite: 100_000, triedMs: 65 },
  mysql: { index: 1_800_000, rewrite: 150_000, triedMs: 110 },
};

/** How many times quicker a database may be taken to be than the one that was measured. */
const QUICKER_MAX = 2;

/** How quick a database is, by a try of its own; `null`: it could not be tried, so that the measured one holds. */
export function speedOf(engine: Engine, triedMs: number | null): Speed & { readonly factor: number } {
  const { index, rewrite, triedMs: measuredMs } = MEASURED[engine];
  const factor = triedMs === null ? 1 : Math.min(QUICKER_MAX, measuredMs / Math.max(triedMs, 1));
  return { index: index * factor, rewrite: rewrite * factor, factor };
}
