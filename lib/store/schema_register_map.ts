/**
 * The tables of register maps as Kysely sees them.
 *
 * @module
 */

/**
 * Register maps; `body` is the JSON of the copy that is worked on, `version` counts its changes, `published` is the
 * newest published version, 0 none, and `published_edit` the change that was published.
 */
export interface RegisterMapTable {
  readonly map_id: number;
  readonly name: string;
  readonly vendor: string;
  readonly model: string;
  readonly kind: string;
  readonly row_count: number;
  readonly body: string;
  readonly version: number;
  readonly published: number;
  readonly published_edit: number;
  readonly created_ms: number;
  readonly changed_ms: number;
  readonly changed_by: string;
}

/** Published versions, which never change. */
export interface RegisterMapVersionTable {
  readonly map_id: number;
  readonly version: number;
  readonly body: string;
  readonly note: string;
  readonly author: string;
  readonly published_ms: number;
}
