/**
 * The tables of the nightly check as Kysely sees them.
 *
 * @module
 */

/** What was found on a device, a row a kind; `body` is JSON, the columns of `aside` go together. */
export interface FindingTable {
  readonly meter_id: number;
  readonly kind: string;
  readonly body: string;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly cleared_ms: number | null;
  readonly aside_ms: number | null;
  readonly aside_user_id: number | null;
  readonly aside_reason: string | null;
  readonly aside_until_ms: number | null;
  readonly aside_key: string | null;
}

/** What a device says of itself: as it was read first, and last. */
export interface DeviceIdentityTable {
  readonly meter_id: number;
  readonly quantity: string;
  readonly first_text: string;
  readonly first_ms: number;
  readonly read_text: string;
  readonly read_ms: number;
}

/** When each device was checked last. */
export interface DeviceCheckTable {
  readonly meter_id: number;
  readonly checked_ms: number;
}
