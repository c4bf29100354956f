/**
 * The tables of imports as Kysely sees them.
 *
 * @module
 */

/**
 * Imports. `state` as in IMPORT_STATES; `sheet_columns` is a JSON list of ids of columns; `row_states` has a letter of
 * ROW_LETTERS for each row.
 */
export interface SiteImportTable {
  readonly import_id: number;
  readonly owner_id: number;
  readonly file_name: string;
  readonly state: number;
  readonly sheet_columns: string;
  readonly row_states: string;
  readonly row_count: number;
  readonly site_count: number;
  readonly created_ms: number;
  readonly changed_ms: number;
}

/** A hundred rows of an import: JSON, compressed, in base 64. */
export interface SiteImportPartTable {
  readonly import_id: number;
  readonly part: number;
  readonly body: string;
}

/** What became of a site of an import; `print` tells whether it was changed since it was registered. */
export interface SiteImportSiteTable {
  readonly import_id: number;
  readonly place: number;
  readonly site_id: number | null;
  readonly outcome: number;
  readonly print: string | null;
}

/** How the device of a row was tested last. `state`: 0 good, 1 warn, 2 critical, 3 not tested. */
export interface SiteImportTestTable {
  readonly import_id: number;
  readonly row_no: number;
  readonly state: number;
  readonly words: string;
  readonly at_ms: number;
}
