/**
 * The tables about the life of devices as Kysely sees them: what happened to them, and maintenance windows.
 *
 * @module
 */

import type { Generated } from "kysely";

/** What happened to devices. `kind` as in EVENT_KINDS, `state` as in EVENT_STATES; before and after are JSON. */
export interface DeviceEventTable {
  readonly event_id: Generated<number>;
  readonly site_id: number;
  readonly meter_id: number;
  readonly kind: number;
  readonly state: number;
  readonly at_s: number;
  readonly half_hour: number;
  readonly recorded_ms: number;
  readonly user_id: number | null;
  readonly note: string;
  readonly before_json: string;
  readonly after_json: string;
}

/** Amounts that an event replaced, in base units; null: there was none, or is none. */
export interface CorrectionTable {
  readonly event_id: number;
  readonly channel_id: number;
  readonly half_hour: number;
  readonly amount_was: number | null;
  readonly amount_is: number | null;
}

/** Maintenance windows; `to_half_hour` is exclusive, without a meter it is of the whole site, `visited` 0 or 1. */
export interface MaintenanceTable {
  readonly maintenance_id: Generated<number>;
  readonly site_id: number;
  readonly meter_id: number | null;
  readonly from_half_hour: number;
  readonly to_half_hour: number;
  readonly why: string;
  readonly visited: number;
  readonly user_id: number | null;
  readonly created_ms: number;
  readonly ended_ms: number | null;
}
