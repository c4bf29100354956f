/**
 * An estate of sites that are not there, for the demo, the benchmarks and trying things out: what to serve and
 * how to register it, from one seed.
 *
 * @module
 */

import type { EndUse } from "../domain/end_use.ts";
import type { EndpointKind, PathKind, Transformer, WeekHours } from "../domain/site.ts";
import { type ChannelShape, channelsOf, profileOf } from "../profiles/mod.ts";
import { between, chance, pick } from "./noise.ts";
import { KINDS, NAMES, type PlannedMeter, type SiteKind, TOWNS } from "./places.ts";
import type { EndpointSpec, Fault, MeterSpec, SiteSpec } from "./spec.ts";

/** A simulated site and how it is registered. */
export interface EstateSite {
  /** What the simulator serves. */
  readonly spec: SiteSpec;
  /** What Wattpost is told; the half-hour since which it is expected is the caller's to add. */
  readonly registration: SiteRegistration;
}

/** What has to be registered of a site. */
export interface SiteRegistration {
  /** Unique within the estate. */
  readonly name: string;
  /** Where it is, for people. */
  readonly town: string;
  /** IANA zone. */
  readonly zone: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** When it is meant to run; `null`: always. */
  readonly hours: WeekHours | null;
  /** Addresses of its router in order of rank. */
  readonly paths: readonly { readonly kind: PathKind; readonly host: string }[];
  /** Its ports and what stands behind them. */
  readonly endpoints: readonly EndpointRegistration[];
}

/** What has to be registered of a port. */
export interface EndpointRegistration {
  /** TCP port. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
  /** Devices behind it. */
  readonly meters: readonly MeterRegistration[];
}

/** What has to be registered of a device. */
export interface MeterRegistration {
  /** What people call it. */
  readonly name: string;
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Id of its profile. */
  readonly profileId: string;
  /** Version of that profile. */
  readonly profileVersion: number;
  /** What its load is for; `null` for a router and for a main incomer. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** Largest believable power in W; `null`: it has none. */
  readonly maxPowerW: number | null;
  /** Always `null`: the simulated meters read directly. */
  readonly transformer: Transformer | null;
  /** Its channels. */
  readonly channels: readonly ChannelShape[];
}

/** Port of every router unless said otherwise; sites differ by address, and each further port is the next. */
export const FIRST_PORT = 1502;

const GATEWAY_PROFILES: readonly [string, ...string[]] = [
  "eastron-sdm630",
  "carlo-gavazzi-em340",
  "abb-b23",
  "schneider-iem3000",
];
const MAIN_PROFILES: readonly [string, ...string[]] = [
  "siemens-pac2200",
  "janitza-umg96",
  "schneider-iem3000",
];
/** These speak Modbus TCP themselves. */
const DEVICE_PROFILES: readonly string[] = ["siemens-pac2200", "shelly-pro3em"];
const SINGLE_PHASE_W = 5_000;

/** Where an estate stands. */
export interface EstateOptions {
  /** Port of the routers; gateways have the next one, devices those after it. Default 1502. */
  readonly firstPort?: number;
}

/** Makes `count` sites, 1 to 50,000, always the same from the same seed. Some of the first have a fault. */
export function demoEstate(count: number, seed: number, options: EstateOptions = {}): readonly EstateSite[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const spec = siteOf(i, { seed: seed + i * 7919, firstPort: options.firstPort ?? FIRST_PORT, taken });
    const town = TOWNS[i % TOWNS.length] ?? TOWNS[0];
    return { spec, registration: registrationOf(spec, town.name) };
  });
}

/** What is wrong in an estate, so that there is something to see; by place in it. */
const FAULTS: Readonly<Record<number, readonly Fault[]>> = {
  2: [{ kind: "refused", path: 0 }],
  4: [{ kind: "weak-signal" }],
  6: [{ kind: "silent", endpoint: 1, unitId: 2 }],
  9: [{ kind: "hang" }],
};

interface Making {
  readonly seed: number;
  readonly firstPort: number;
  readonly taken: Set<string>;
}

function siteOf(i: number, { seed, firstPort, taken }: Making): SiteSpec {
  const kind = KINDS[i % KINDS.length] ?? KINDS[0];
  const town = TOWNS[i % TOWNS.length] ?? TOWNS[0];
  const second = i === 2 || chance(seed, 3) < 0.3;
  const faults = FAULTS[i];
  return {
    name: nameOf(`${pick(NAMES, seed, 2)} ${kind.word}`, town.name, taken),
    zone: town.zone,
    hours: kind.hours,
    seed,
    hosts: second ? [hostOf(i, 20), hostOf(i, 120)] : [hostOf(i, 20)],
    endpoints: endpointsOf(kind, seed, firstPort),
    latitude: town.latitude + between(seed, 4, [-0.02, 0.02]),
    longitude: town.longitude + between(seed, 5, [-0.03, 0.03]),
    ...faults && { faults },
  };
}

function nameOf(name: string, town: string, taken: Set<string>): string {
  let free = name;
  for (let n = 1; taken.has(free); n++) free = n === 1 ? `${name}, ${town}` : `${name} ${n}, ${town}`;
  taken.add(free);
  return free;
}

/** A loopback address of its own for each site. */
function hostOf(i: number, second: number): string {
  const place = i + 1;
  return `127.${second + (place >> 16)}.${(place >> 8) & 255}.${place & 255}`;
}

function endpointsOf(kind: SiteKind, seed: number, firstPort: number): readonly EndpointSpec[] {
  const planned = kind.meters.filter((meter, i) => meter.always || chance(seed, 40 + i) < 0.6);
  const made = planned.map((meter, i) => meterOf(meter, { seed: seed + 100 * (i + 1), unitId: i + 1 }));
  const sumW = made.reduce((sum, meter) => meter.wholeSite ? sum : sum + meter.maxPowerW, 0);
  const meters = made.map((meter) => meter.wholeSite ? { ...meter, maxPowerW: roundedUp(sumW) } : meter);
  const direct = meters.filter((meter) => DEVICE_PROFILES.includes(meter.profileId));
  const behind = meters.filter((meter) => !direct.includes(meter));
  const router: MeterSpec = {
    name: "Router",
    unitId: 1,
    profileId: chance(seed, 6) < 0.6 ? "teltonika-rutx" : "teltonika-rut9xx",
    endUse: null,
    maxPowerW: 0,
    seed,
  };
  return [
    { port: firstPort, kind: "router", meters: [router] },
    { port: firstPort + 1, kind: "gateway", meters: behind },
    ...direct.map((meter, i): EndpointSpec => ({
      port: firstPort + 2 + i,
      kind: "device",
      meters: [{ ...meter, unitId: 1 }],
    })),
  ];
}

/** The next size of a supply, in steps of 5 kW. */
function roundedUp(powerW: number): number {
  return Math.ceil(powerW / 5000 + 1) * 5000;
}

function meterOf(planned: PlannedMeter, at: { readonly seed: number; readonly unitId: number }): MeterSpec {
  const maxPowerW = Math.round(between(at.seed, 1, planned.powerW) / 100) * 100;
  const profileId = planned.endUse === null
    ? pick(MAIN_PROFILES, at.seed, 2)
    : maxPowerW < SINGLE_PHASE_W
    ? "eastron-sdm120"
    : chance(at.seed, 3) < 0.12
    ? "shelly-pro3em"
    : pick(GATEWAY_PROFILES, at.seed, 2);
  const whole = planned.endUse === null;
  return {
    name: planned.name,
    unitId: at.unitId,
    profileId,
    endUse: planned.endUse,
    ...whole && { wholeSite: true },
    maxPowerW,
    seed: at.seed,
  };
}

function registrationOf(spec: SiteSpec, town: string): SiteRegistration {
  return {
    name: spec.name,
    town,
    zone: spec.zone,
    latitude: spec.latitude ?? 0,
    longitude: spec.longitude ?? 0,
    hours: spec.hours,
    paths: spec.hosts.map((host, rank) => ({ kind: rank === 0 ? "cellular" : "wifi", host })),
    endpoints: spec.endpoints.map(({ port, kind, meters }) => ({
      port,
      kind,
      meters: meters.map(meterRegistrationOf),
    })),
  };
}

function meterRegistrationOf(meter: MeterSpec): MeterRegistration {
  const profile = profileOf(meter.profileId);
  if (!profile) throw new RangeError(`No device profile "${meter.profileId}"`);
  return {
    name: meter.name,
    unitId: meter.unitId,
    profileId: meter.profileId,
    profileVersion: profile.version,
    endUse: meter.endUse,
    wholeSite: meter.wholeSite ?? false,
    maxPowerW: meter.maxPowerW > 0 ? meter.maxPowerW : null,
    transformer: null,
    channels: channelsOf(profile),
  };
}
