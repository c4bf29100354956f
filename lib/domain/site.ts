/**
 * Sites and what stands there: a router with its ordered paths, endpoints and meters.
 *
 * @module
 */

import type { Channel } from "./channel.ts";
import type { EndUse } from "./end_use.ts";
import type { HalfHour } from "./half_hour.ts";
import type { Series } from "./series.ts";

/** Premises that we watch, with one time zone. */
export interface Site {
  /** 32-bit. */
  readonly id: number;
  /** Unique among sites, 1 to 80 characters. */
  readonly name: string;
  /** Where it is, for people; may be empty. */
  readonly town: string;
  /** IANA zone whose offsets are whole half-hours. */
  readonly zone: string;
  /** Degrees north where it was registered; `null`: not given. */
  readonly latitude: number | null;
  /** Degrees east where it was registered; `null`: not given. */
  readonly longitude: number | null;
  /** When it is meant to run; `null`: not given. */
  readonly hours: WeekHours | null;
  /** Whether half-hours are collected. */
  readonly collected: boolean;
}

/** Operating hours of a week in local time, Monday first: for each day the stretches in which it is open. */
export type WeekHours = readonly (readonly OpenStretch[])[];

/** From when to when a site is open on a day. */
export interface OpenStretch {
  /** Minutes after local midnight, a multiple of 30, 0 to 1410. */
  readonly fromMin: number;
  /** Minutes after local midnight, a multiple of 30, 30 to 1440. */
  readonly toMin: number;
}

/** What kind of way in an address is. */
export type PathKind = "cellular" | "wifi" | "wired";

/** One address of a router, tried in order of rank. */
export interface Path {
  /** 32-bit. */
  readonly id: number;
  /** Order in which it is tried, 0 first: the main path. */
  readonly rank: number;
  /** Kind of WAN behind the address. */
  readonly kind: PathKind;
  /** IPv4 or IPv6 address or host name. */
  readonly host: string;
}

/** What answers at a port: the router's own server, a serial gateway, a device with Modbus TCP of its own. */
export type EndpointKind = "router" | "gateway" | "device";

/** A port behind the router's address and how it may be spoken to. */
export interface Endpoint {
  /** 32-bit. */
  readonly id: number;
  /** TCP port. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
  /** Milliseconds to leave between two requests. */
  readonly pauseMs: number;
  /** Milliseconds to wait for a response; `null`: the configured default. */
  readonly responseTimeoutMs: number | null;
}

/** A device with a unit id that we read; the router is one too. */
export interface Meter {
  /** 32-bit. */
  readonly id: number;
  /** The endpoint through which it is read. */
  readonly endpointId: number;
  /** Modbus unit identifier, 0 to 247 or 255. */
  readonly unitId: number;
  /** Id of its device profile. */
  readonly profileId: string;
  /** What people call it. */
  readonly name: string;
  /** What its load is for; `null` for a router or an I/O module. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site, so that it is not stacked on the end uses. */
  readonly wholeSite: boolean;
  /** Largest believable power in W (of the breaker or CT); `null`: the profile's. */
  readonly maxPowerW: number | null;
  /** Ratios of current and voltage transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
}

/** Current and voltage transformers before a meter. */
export interface Transformer {
  /** Rated primary current in A. */
  readonly ctPrimaryA: number;
  /** Rated secondary current in A, 1 or 5. */
  readonly ctSecondaryA: number;
  /** Rated primary voltage in V; equal to the secondary where there is no VT. */
  readonly vtPrimaryV: number;
  /** Rated secondary voltage in V. */
  readonly vtSecondaryV: number;
  /** Who multiplies: `meter` when its display shows primary kWh, else `wattpost`. */
  readonly appliedBy: "meter" | "wattpost";
}

/** Everything a visit needs to know about a site. */
export interface SitePlan {
  /** The site. */
  readonly site: Site;
  /** Addresses of its router in order of rank, at least one. */
  readonly paths: readonly Path[];
  /** Its endpoints. */
  readonly endpoints: readonly Endpoint[];
  /** Its meters, the router's own among them, that are expected in the half-hour. */
  readonly meters: readonly Meter[];
  /** Their channels that are expected in the half-hour. */
  readonly channels: readonly Channel[];
  /** The newest series of each counter that has one. */
  readonly series: readonly Series[];
  /** First half-hour that the site is expected in. */
  readonly since: HalfHour;
}
