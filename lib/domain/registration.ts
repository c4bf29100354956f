/**
 * A site while it is being registered: what was written down so far, step by step, what keeps it from being started,
 * and what would make it better. Pure.
 *
 * @module
 */

import type { EndUse } from "./end_use.ts";
import type { EndpointKind, PathKind, Transformer, WeekHours } from "./site.ts";

/** Somebody to call about a site. */
export interface Contact {
  /** At most 80 characters. */
  readonly name: string;
  /** At most 40 characters; may be empty. */
  readonly phone: string;
  /** May be empty. */
  readonly email: string;
}

/** The site itself. */
export interface SiteStep {
  /** Unique among sites, 1 to 80 characters. */
  readonly name: string;
  /** Group it will lie in; `null`: none. */
  readonly groupId: number | null;
  /** Street and number; may be empty. */
  readonly address: string;
  /** For people; may be empty. */
  readonly town: string;
  /** IANA zone whose offsets are whole half-hours. */
  readonly zone: string;
  /** Degrees north; `null`: not given. */
  readonly latitude: number | null;
  /** Degrees east; `null`: not given. */
  readonly longitude: number | null;
  /** Whom to call, at most {@link CONTACTS_MAX}. */
  readonly contacts: readonly Contact[];
  /** Whether half-hours are collected; absent: yes. */
  readonly collected?: boolean;
}

/** An address of the router. */
export interface PathStep {
  /** Kind of WAN behind it. */
  readonly kind: PathKind;
  /** IPv4 or IPv6 address or host name. */
  readonly host: string;
}

/** A port behind the router's address. */
export interface EndpointStep {
  /** Names it within the draft, 1 and up. */
  readonly id: number;
  /** TCP port. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
  /** Milliseconds to leave between two requests. */
  readonly pauseMs: number;
  /** Milliseconds to wait for an answer; `null`: as configured. */
  readonly responseTimeoutMs: number | null;
}

/** The SIM in the router; each `null`: not given. */
export interface SimStep {
  /** 18 to 20 digits on the card. */
  readonly iccid: string | null;
  /** Its number. */
  readonly number: string | null;
  /** Who runs the network. */
  readonly operator: string | null;
  /** Access point name. */
  readonly apn: string | null;
  /** Megabytes a month that the contract includes. */
  readonly allowanceMB: number | null;
}

/** The router, its addresses and ports. */
export interface RouterStep {
  /** As its label says; `null`: not given. */
  readonly model: string | null;
  /** As its label says; `null`: not given. */
  readonly serial: string | null;
  /** Its device profile, by which its own registers are read; `null`: they are not. */
  readonly profileId: string | null;
  /** Unit under which it answers itself. */
  readonly unitId: number;
  /** Addresses in the order in which they are tried, at least one. */
  readonly paths: readonly PathStep[];
  /** Ports, at least one. */
  readonly endpoints: readonly EndpointStep[];
  /** Who signs in to its own pages; `null`: not given. */
  readonly user: string | null;
  /** Its SIM. */
  readonly sim: SimStep;
}

/** A device behind the router. */
export interface DeviceStep {
  /** Names it within the draft, 1 and up. */
  readonly id: number;
  /** What people call it, 1 to 80 characters. */
  readonly name: string;
  /** The endpoint through which it is read. */
  readonly endpointId: number;
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Its device profile. */
  readonly profileId: string;
  /** What its load is for; `null`: nothing, such as an I/O module. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** The device whose load its own is part of; `null`: none. */
  readonly parentId: number | null;
  /** As its label says; `null`: not given. */
  readonly serial: string | null;
  /** What stands on it at the site; `null`: nothing. */
  readonly label: string | null;
  /** Where it hangs; `null`: not given. */
  readonly location: string | null;
  /** Largest believable power in W; `null`: the profile's. */
  readonly maxPowerW: number | null;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
}

/** The newest test of a device. */
export interface TestNote {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** How it went. */
  readonly state: "good" | "warn" | "critical";
  /** In a few words. */
  readonly words: string;
  /** How the device was reached then, as {@link reachedBy}: of one that is reached otherwise it says nothing. */
  readonly of: string;
}

/** A site as it stands, in the shape of its steps. */
export interface SiteState {
  /** The site itself. */
  readonly site: SiteStep;
  /** Its router. */
  readonly router: RouterStep;
  /** Its devices that are read, but for the router. */
  readonly devices: readonly DeviceStep[];
  /** When it is meant to run; `null`: not given. */
  readonly hours: WeekHours | null;
}

/** The registered site that a draft changes. */
export interface ChangedSite {
  /** 32-bit. */
  readonly siteId: number;
  /** What stood there when the draft was made from it, with the draft's own numbers of ports and devices. */
  readonly base: SiteState;
  /** Registered ports by their number within the draft. */
  readonly endpointIds: Readonly<Record<string, number>>;
  /** Registered devices by their number within the draft. */
  readonly meterIds: Readonly<Record<string, number>>;
  /** The device as which the router itself is read; `null`: it is not. */
  readonly routerMeterId: number | null;
  /** Whether the password that is kept for its router is to be forgotten. */
  readonly forgetsPassword: boolean;
}

/** Everything that was written down so far. */
export interface Registration {
  /** `null`: not yet. */
  readonly site: SiteStep | null;
  /** `null`: not yet. */
  readonly router: RouterStep | null;
  /** At most {@link DEVICES_MAX}. */
  readonly devices: readonly DeviceStep[];
  /** When it is meant to run; `null`: not given. */
  readonly hours: WeekHours | null;
  /** Whether hours were asked for, and left out or given. */
  readonly hoursSeen: boolean;
  /** The newest test of each device, by its id; of one that is not stored yet under {@link NEW_DEVICE}. */
  readonly tests: Readonly<Record<string, TestNote>>;
  /** The registered site that is changed; absent: a new one is registered. */
  readonly change?: ChangedSite;
}

/** Under what the test of a device lies that is not stored yet. */
export const NEW_DEVICE = "new";

/** What a test of a device depends on. */
export function reachedBy(
  { endpointId, unitId, profileId, transformer }: Pick<
    DeviceStep,
    "endpointId" | "unitId" | "profileId" | "transformer"
  >,
): string {
  return JSON.stringify([endpointId, unitId, profileId, transformer]);
}

/** The newest test of a device as it is now; `null`: it was not tested like that. */
export function testOf({ tests }: Pick<Registration, "tests">, device: DeviceStep): TestNote | null {
  const note = tests[String(device.id)];
  return note?.of === reachedBy(device) ? note : null;
}

/** Nothing written down yet. */
export const EMPTY_REGISTRATION: Registration = {
  site: null,
  router: null,
  devices: [],
  hours: null,
  hoursSeen: false,
  tests: {},
};

/** Contacts of a site at most. */
export const CONTACTS_MAX = 3;

/** Addresses of a router at most. */
export const PATHS_MAX = 4;

/** Ports behind a router at most. */
export const ENDPOINTS_MAX = 6;

/** Devices of one draft at most. */
export const DEVICES_MAX = 100;

/** A step. */
export type StepName = "site" | "router" | "devices" | "hours" | "check";

/** All steps in their order. */
export const STEPS: readonly StepName[] = ["site", "router", "devices", "hours", "check"];

/** How a step stands. */
export type StepState = "done" | "todo" | "faulty";

/** What keeps a site from being started. */
export interface RegistrationFault {
  /** Where it is put right. */
  readonly step: StepName;
  /** The device that is meant; `null`: none in particular. */
  readonly deviceId: number | null;
  /** What is wrong and what is expected, a sentence without full stop. */
  readonly words: string;
}

/** Everything that keeps a site from being started; empty: it can be. */
export function faultsOf({ site, router, devices }: Registration): readonly RegistrationFault[] {
  const faults: RegistrationFault[] = [];
  const add = (step: StepName, words: string, deviceId: number | null = null) =>
    void faults.push({ step, deviceId, words });
  if (!site) add("site", "The site has no name and zone yet");
  if (!hasAddresses(router)) add("router", "The router has no address yet");
  if (devices.length === 0 && router?.profileId == null) {
    add("devices", "There is nothing to read yet: add a device");
  }
  const routerEndpoint = router?.endpoints.find(({ kind }) => kind === "router");
  if (router?.profileId != null && !routerEndpoint) {
    add("router", "The router is to be read, but none of its ports is its own server");
  }
  for (const device of devices) faults.push(...deviceFaults(device, { router, devices }));
  return faults;
}

/** Whether the router has all of its addresses; those of a site that another was made from are asked anew. */
export function hasAddresses(router: RouterStep | null): router is RouterStep {
  return router !== null && router.paths.every(({ host }) => host !== "");
}

interface Around {
  readonly router: RouterStep | null;
  readonly devices: readonly DeviceStep[];
}

function deviceFaults(device: DeviceStep, { router, devices }: Around): readonly RegistrationFault[] {
  const fault = (words: string): RegistrationFault => ({ step: "devices", deviceId: device.id, words });
  const found: RegistrationFault[] = [];
  const endpoint = router?.endpoints.find(({ id }) => id === device.endpointId);
  if (router && !endpoint) {
    found.push(fault(`The port of ${device.name} is not there any more: choose another one`));
  }
  if (endpoint?.kind === "gateway" && (device.unitId === 0 || device.unitId === 255)) {
    found.push(
      fault(`Unit ${device.unitId} of ${device.name} is for devices that are reached directly: 1 to 247`),
    );
  }
  const twin = devices.find((other) =>
    other.id < device.id && other.endpointId === device.endpointId && other.unitId === device.unitId
  );
  if (twin) found.push(fault(`${device.name} and ${twin.name} are both unit ${device.unitId} of one port`));
  if (isUnderItself(device, devices)) {
    found.push(fault(`${device.name} is part of itself: choose another parent`));
  }
  return found;
}

function isUnderItself(device: DeviceStep, devices: readonly DeviceStep[]): boolean {
  let parentId = device.parentId;
  for (let depth = 0; depth < devices.length && parentId !== null; depth++) {
    if (parentId === device.id) return true;
    parentId = devices.find(({ id }) => id === parentId)?.parentId ?? null;
  }
  return false;
}

/** How each step stands. */
export function stepStates(registration: Registration): Readonly<Record<StepName, StepState>> {
  const faults = faultsOf(registration);
  const done: Readonly<Record<StepName, boolean>> = {
    "site": registration.site !== null,
    "router": registration.router !== null,
    "devices": registration.devices.length > 0,
    "hours": registration.hoursSeen,
    "check": false,
  };
  const stateOf = (step: StepName): StepState => {
    const wrong = done[step] && faults.some((fault) => fault.step === step);
    return wrong ? "faulty" : done[step] ? "done" : "todo";
  };
  return {
    "site": stateOf("site"),
    "router": stateOf("router"),
    "devices": stateOf("devices"),
    "hours": stateOf("hours"),
    "check": "todo",
  };
}
