/**
 * The manifest of a backup: what is in it, so that whatever is missing, cut or changed is found by name without the key,
 * and what a restore has to give. It is plain: it holds counts and checksums, no readings and no names of sites.
 * Pure.
 *
 * @module
 */

import { isCount, isLine, isPlain, plainOf } from "../../../lib/domain/plain.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { COLUMN_KINDS, type ColumnKind } from "../../../lib/store/snapshot_rows.ts";
import {
  backupInstant,
  FORMAT_VERSION,
  isPartName,
  MANIFEST_BYTES_MAX,
  PART_BYTES_MAX,
  PART_PLAIN_BYTES_MAX,
  PARTS_MAX,
  TABLES_MAX,
} from "./format.ts";
import { type BackupTotals, TOTAL_NAMES } from "./totals.ts";

/** What is in a backup. */
export interface Manifest {
  /** The folder's name. */
  readonly name: string;
  /** The instant whose rows are in it, epoch milliseconds. */
  readonly snapshotMs: number;
  /** When it was whole, epoch milliseconds. */
  readonly madeMs: number;
  /** The release that made it. */
  readonly release: string;
  readonly engine: "sqlite" | "mariadb" | "mysql";
  readonly engineVersion: string;
  /** Migrations that were applied, in their order: a restore applies exactly these before rows go in. */
  readonly schema: readonly string[];
  /** Public keys of age to which every part is encrypted. */
  readonly recipients: readonly string[];
  /** Every table that is in it, also those without rows. */
  readonly tables: readonly ManifestTable[];
  /** In the order in which they were written; the parts of a table follow one another. */
  readonly parts: readonly ManifestPart[];
  readonly totals: BackupTotals;
}

/** A table that is in a backup. */
export interface ManifestTable {
  readonly name: string;
  /** Columns in the order of the values of a row. */
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
  /** Columns of the primary key, in whose order the rows are. */
  readonly key: readonly string[];
  readonly rows: number;
  /** SHA-256 of all its lines, each with its line end, over all its parts. */
  readonly sha256: string;
}

/** A file of a backup. */
export interface ManifestPart {
  /** Its name in the folder. */
  readonly name: string;
  /** The table whose rows are in it; `null`: files of the installation. */
  readonly table: string | null;
  /** Lines: rows, or files. */
  readonly rows: number;
  /** Bytes of the file as it lies. */
  readonly bytes: number;
  /** SHA-256 of the file as it lies. */
  readonly sha256: string;
  /** Bytes of the plain content. */
  readonly plainBytes: number;
  /** SHA-256 of the plain content. */
  readonly plainSha256: string;
}

/** The manifest as it is written. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify({ version: FORMAT_VERSION, ...manifest }, null, 1)}\n`;
}

/** Reads it; every field is checked, and a name that is no part's is refused. */
export function parseManifest(text: string): Result<Manifest, string> {
  if (text.length > MANIFEST_BYTES_MAX) return err("it is too long");
  const json = plainOf(text);
  if (json === null) return err("it is no JSON object");
  if (json.version !== FORMAT_VERSION) {
    return err(`it is of version ${JSON.stringify(json.version)}, this release reads ${FORMAT_VERSION}`);
  }
  const { name, snapshotMs, madeMs, release, engine, engineVersion } = json;
  if (typeof name !== "string" || backupInstant(name) === null) return err("its name is none of a backup");
  if (!isCount(snapshotMs) || !isCount(madeMs)) return err("an instant is none");
  if (!isWord(release) || !isWord(engineVersion)) return err("its release or engine is no text");
  if (engine !== "sqlite" && engine !== "mariadb" && engine !== "mysql") {
    return err("its engine is not known");
  }
  const schema = listOf(json.schema, { most: 10_000, is: isMigration });
  if (schema === null) return err("its migrations are not understood");
  const recipients = listOf(json.recipients, { most: 20, is: isRecipient });
  if (recipients === null) return err("its recipients are not understood");
  const tables = listOf(json.tables, { most: TABLES_MAX, is: isTable });
  if (tables === null) return err("its tables are not understood");
  const parts = listOf(json.parts, { most: PARTS_MAX, is: isPart });
  if (parts === null) return err("its parts are not understood");
  const { totals } = json;
  if (!isTotals(totals)) return err("its totals are not understood");
  const wrong = disagreement(tables, parts);
  if (wrong !== null) return err(wrong);
  const engineName: Manifest["engine"] = engine;
  return ok({
    ...{ name, snapshotMs, madeMs, release, engine: engineName, engineVersion, schema, recipients },
    ...{ tables, parts, totals },
  });
}

/** Whether the parts of each table hold its rows, each part once. */
function disagreement(tables: readonly ManifestTable[], parts: readonly ManifestPart[]): string | null {
  if (new Set(parts.map(({ name }) => name)).size !== parts.length) return "a part is named twice";
  if (new Set(tables.map(({ name }) => name)).size !== tables.length) return "a table is named twice";
  const rows = new Map<string, number>();
  for (const part of parts) {
    if (part.table !== null) rows.set(part.table, (rows.get(part.table) ?? 0) + part.rows);
  }
  const other = [...rows.keys()].find((table) => !tables.some(({ name }) => name === table));
  if (other !== undefined) return `a part is of ${other}, which is no table of it`;
  const short = tables.find((table) => (rows.get(table.name) ?? 0) !== table.rows);
  return short === undefined ? null : `the parts of ${short.name} do not hold its rows`;
}

interface ListRule<T> {
  readonly most: number;
  readonly is: (value: unknown) => value is T;
}

function listOf<T>(value: unknown, { most, is }: ListRule<T>): readonly T[] | null {
  return Array.isArray(value) && value.length <= most && value.every(is) ? value : null;
}

function isTable(value: unknown): value is ManifestTable {
  return isPlain(value) && isName(value.name) && isCount(value.rows) && isSha256(value.sha256) &&
    isKey(value.key) && Array.isArray(value.columns) && value.columns.length <= 200 &&
    value.columns.every((column) =>
      isPlain(column) && isName(column.name) && COLUMN_KINDS.some((kind) => kind === column.kind)
    );
}

function isKey(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= 20 && value.every(isName);
}

function isPart(value: unknown): value is ManifestPart {
  return isPlain(value) && typeof value.name === "string" && isPartName(value.name) &&
    (value.table === null || isName(value.table)) && isCount(value.rows) &&
    isCount(value.bytes) && value.bytes <= PART_BYTES_MAX && isSha256(value.sha256) &&
    isCount(value.plainBytes) && value.plainBytes <= PART_PLAIN_BYTES_MAX && isSha256(value.plainSha256);
}

function isTotals(value: unknown): value is BackupTotals {
  return isPlain(value) && TOTAL_NAMES.every((name) => isCount(value[name]));
}

/** Whether a text is a public key of age. */
export function isRecipient(value: unknown): value is string {
  return typeof value === "string" && /^age1[0-9a-z]{20,100}$/.test(value);
}

function isMigration(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-z_]{1,64}$/.test(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][a-z0-9_]{0,63}$/.test(value);
}

function isWord(value: unknown): value is string {
  return isLine(value, 200);
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
