/**
 * What the nightly check of a device looks at: its readings of the last day as values, and how its words look in each
 * order.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";
import type { IdentityRead } from "./device_identity.ts";
import type { Supply } from "./wiring_reads.ts";

/** How often a rule broke. */
export interface Evidence {
  /** Readings in which it broke. */
  readonly broken: number;
  /** Readings in which it could be judged. */
  readonly judged: number;
}

/** What one reading of a device showed. */
export interface CheckedReading {
  /** The half-hour that it closes. */
  readonly halfHour: HalfHour;
  /** What the meter itself shows in base units, by quantity; `null`: words came that mean nothing. */
  readonly values: ReadonlyMap<string, number | null>;
  /** What its counters grew by in the half-hour; `null`: not measured, or nothing that counts energy. */
  readonly growth: HalfHourGrowth | null;
}

/** Growth of the energy counters in a half-hour, before any ratio that we apply. */
export interface HalfHourGrowth {
  /** In Wh. */
  readonly importWh: number;
  /** In Wh; `null`: not measured, or not metered. */
  readonly exportWh: number | null;
  /** Smallest change that the counters show, in Wh. */
  readonly stepWh: number;
}

/** How the kept words look in one order of words and bytes. */
export interface OrderFit {
  /** Letters of the order, such as `CDAB`. */
  readonly order: string;
  /** Quantities that depend on the order and were looked at. */
  readonly looked: readonly string[];
  /** Those that mean nothing, or break a rule. */
  readonly doubtful: readonly string[];
  /** The newest value of each, in its base unit; `null`: it means nothing. */
  readonly newest: ReadonlyMap<string, { readonly value: number | null; readonly unit: string }>;
}

/** What was read of a device in the last day. */
export interface DeviceReads {
  /** Oldest first. */
  readonly readings: readonly CheckedReading[];
  /** The profile's order first, then the others; empty: nothing was looked at. */
  readonly orders: readonly OrderFit[];
}

/** What is known of a device besides. */
export interface DeviceRules extends Supply {
  /** Whether a generator is registered at the site, so that export is expected. */
  readonly generates: boolean;
  /** What it says of itself. */
  readonly identity: readonly IdentityRead[];
}
