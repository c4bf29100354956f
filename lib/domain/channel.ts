/**
 * A channel is one quantity of one meter (or of the router itself): what is kept for every half-hour.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";

/** How a channel's values may be used: a counter has amounts, the others only values at the reading. */
export type ChannelKind = "counter" | "gauge" | "state" | "text";

/** Base units. A gauge in `decimals` n is stored as a whole number of 10^-n of its unit. */
export type Unit =
  | "Wh"
  | "varh"
  | "VAh"
  | "L"
  | "s"
  | "count"
  | "B"
  | "W"
  | "var"
  | "VA"
  | "V"
  | "A"
  | "Hz"
  | "%"
  | "°C"
  | "dBm"
  | "dB"
  | "°"
  | "min"
  | "";

/** Every unit, counters' first. */
export const UNITS: readonly Unit[] = [
  "Wh",
  "varh",
  "VAh",
  "L",
  "s",
  "count",
  "B",
  "W",
  "var",
  "VA",
  "V",
  "A",
  "Hz",
  "%",
  "°C",
  "dBm",
  "dB",
  "°",
  "min",
  "",
];

/** Units in which a counter may count. */
export const COUNTER_UNITS: readonly Unit[] = ["Wh", "varh", "VAh", "L", "s", "count"];

/** One quantity of one meter. */
export interface Channel {
  /** 32-bit; the channels of a site have neighbouring ids. */
  readonly id: number;
  /** The site it belongs to. */
  readonly siteId: number;
  /** The meter it belongs to. */
  readonly meterId: number;
  /** Name of the quantity in the device profile, e.g. `importWh`, `powerW`, `signalDbm`. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit of its amounts (counter) or values (gauge). */
  readonly unit: Unit;
  /** A gauge's value is `stored / 10^decimals`; 0 for the other kinds. */
  readonly decimals: number;
  /** First half-hour from which it is expected. */
  readonly since: HalfHour;
  /** First half-hour from which it is no longer expected; `null`: expected for good. */
  readonly until: HalfHour | null;
}
