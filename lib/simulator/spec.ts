/**
 * What a simulated site is made of and what may be wrong with it: plain data.
 *
 * @module
 */

import type { EndUse } from "../domain/end_use.ts";
import type { EndpointKind, WeekHours } from "../domain/site.ts";
import type { DeviceProfile } from "../profiles/profile.ts";

/** A site that is not there. */
export interface SiteSpec {
  /** What people call it. */
  readonly name: string;
  /** IANA zone of its hours. */
  readonly zone: string;
  /** When it is meant to run; `null`: always. */
  readonly hours: WeekHours | null;
  /** Chooses its habits. */
  readonly seed: number;
  /** Loopback addresses it answers on, the main path first; every endpoint listens on each. */
  readonly hosts: readonly string[];
  /** Its ports. */
  readonly endpoints: readonly EndpointSpec[];
  /** What is wrong with it from the start. */
  readonly faults?: readonly Fault[];
  /** Where its router says it is, degrees north; `undefined`: no fix. */
  readonly latitude?: number;
  /** Where its router says it is, degrees east; `undefined`: no fix. */
  readonly longitude?: number;
}

/** A port of a site. */
export interface EndpointSpec {
  /** TCP port; 0: any that is free. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
  /** Devices behind it. */
  readonly meters: readonly MeterSpec[];
  /** Connections it serves at once; the next waits without an answer. Default 1, a router 4. */
  readonly maxConnections?: number;
  /** Milliseconds without a request after which it closes the connection. Default 60,000. */
  readonly idleMs?: number;
  /** How a gateway tells that a unit is silent: exception 0x0B (default), or not at all. */
  readonly silence?: "exception" | "silence";
}

/** A device of a site; the router is one too. */
export interface MeterSpec {
  /** What people call it. */
  readonly name: string;
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Id of its device profile. */
  readonly profileId: string;
  /** The profile itself where it is none of the library. */
  readonly profile?: DeviceProfile;
  /** What it says of some quantities in their base units, whatever its load is. */
  readonly says?: Readonly<Record<string, number | string>>;
  /** What its load is for; `null`: it has none. */
  readonly endUse: EndUse | null;
  /** Whether it sees the whole site: its load is the sum of the others and 4 % that no other meter sees. */
  readonly wholeSite?: boolean;
  /** Largest power in W. */
  readonly maxPowerW: number;
  /** Chooses its habits. */
  readonly seed: number;
  /** Whether addresses that are not in the map, and cut values, are refused instead of read as 0. */
  readonly strict?: boolean;
}

/** What is wrong and where: without `unitId` all units, without `port` or `path` all of them. */
export interface FaultPlace {
  /** Only this unit. */
  readonly unitId?: number;
  /** Only the endpoint with this place in the site's list. */
  readonly endpoint?: number;
  /** Only the host with this place in the site's list. */
  readonly path?: number;
  /** Epoch milliseconds from which it is wrong; default always. */
  readonly fromMs?: number;
  /** Epoch milliseconds from which it is right again; default never. */
  readonly untilMs?: number;
}

/** What is wrong. */
export type FaultKind =
  /** Nobody listens. */
  | { readonly kind: "refused" }
  /** Answers `ms` late. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Accepts and never answers. */
  | { readonly kind: "hang" }
  /** The unit is silent behind its gateway. */
  | { readonly kind: "silent" }
  /** Answers every request with this exception code. */
  | { readonly kind: "exception"; readonly code: number }
  /** Answers under a transaction id that was not asked. */
  | { readonly kind: "wrong-transaction" }
  /** Keeps the answer to every other request back until the next one comes. */
  | { readonly kind: "late" }
  /** Answers with bytes that are no Modbus. */
  | { readonly kind: "garbage" }
  /** Sends half an answer and stays. */
  | { readonly kind: "half-frame" }
  /** Sends half an answer and closes. */
  | { readonly kind: "dropped" }
  /** Every number is none. */
  | { readonly kind: "nan" }
  /** Counters started again from 0 at the instant. */
  | { readonly kind: "counter-reset"; readonly atMs: number }
  /** Counters reach their modulus at the instant (10^9 base units where the profile knows none). */
  | { readonly kind: "rollover"; readonly atMs: number }
  /** Counters stand still since the instant. */
  | { readonly kind: "frozen"; readonly atMs: number }
  /** The router hears the cell badly. */
  | { readonly kind: "weak-signal" }
  /** The router was carried so many metres to the north. */
  | { readonly kind: "moved"; readonly metres: number }
  /** Another SIM of another operator is in its slot since the instant. */
  | { readonly kind: "sim-swap"; readonly atMs: number }
  /** The counters of its SIM began again from 0 at the instant. */
  | { readonly kind: "data-reset"; readonly atMs: number }
  /** The router started at the instant. */
  | { readonly kind: "restarted"; readonly atMs: number }
  /** The router has lost the mobile network. */
  | { readonly kind: "unregistered" }
  /** The router says that this is its WAN address. */
  | { readonly kind: "wan"; readonly address: string };

/** Something wrong at a place. */
export type Fault = FaultKind & FaultPlace;

/** Whether the fault is there now. */
export function isActive(fault: Fault, nowMs: number): boolean {
  return nowMs >= (fault.fromMs ?? -Infinity) && nowMs < (fault.untilMs ?? Infinity);
}

/** Whether the fault is meant for the unit. */
export function touchesUnit(fault: Fault, endpoint: number, unitId: number): boolean {
  return (fault.endpoint === undefined || fault.endpoint === endpoint) &&
    (fault.unitId === undefined || fault.unitId === unitId);
}
