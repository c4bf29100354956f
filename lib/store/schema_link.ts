/**
 * The tables of links as Kysely sees them.
 *
 * @module
 */

import type { Generated } from "kysely";

/** A local day of a site. `day` counts days since 1970-01-01 by the site's calendar; `ways` is a letter of
 * lib/domain/link.ts for each half-hour; `own_b` and `own_cellular_b` are bytes of Modbus TCP, `tries` connections. */
export interface LinkDayTable {
  readonly site_id: number;
  readonly day: number;
  readonly first_half_hour: number;
  readonly ways: string;
  readonly own_b: number;
  readonly own_cellular_b: number;
  readonly requests: number;
  readonly tries: number;
}

/** How a link stood in the night: what the list of links is sorted by. `weak` and `asks_sim` are 0 or 1. */
export interface LinkStateTable {
  readonly site_id: number;
  readonly at_ms: number;
  readonly moved_m: number | null;
  readonly signal_dbm: number | null;
  readonly weak: number;
  readonly used_b: number | null;
  readonly forecast_b: number | null;
  readonly allowance_b: number | null;
  readonly changes: number;
  readonly asks_sim: number;
}

/** What the link of a site is judged by; sites without a row have what is usual. */
export interface LinkSettingTable {
  readonly site_id: number;
  readonly radius_m: number;
  readonly billing_day: number;
  readonly version: number;
}

/** Files that were made for a router. `digest` is SHA-256 of the text; `facts` is JSON without secrets. */
export interface RouterFileTable {
  readonly file_id: Generated<number>;
  readonly site_id: number;
  readonly template: string;
  readonly version: number;
  readonly at_ms: number;
  readonly actor: string;
  readonly digest: string;
  readonly facts: string;
}
