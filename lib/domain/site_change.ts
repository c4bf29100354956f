/**
 * A draft that changes a registered site: made from the site as it stands, compared with it again before it is applied,
 * and brought up to date where somebody else has changed the site meanwhile. Pure.
 *
 * Within a draft ports and devices have small numbers of their own, which say nothing of other sites.
 *
 * @module
 */

import type {
  ChangedSite,
  DeviceStep,
  EndpointStep,
  Registration,
  RouterStep,
  SiteState,
} from "./registration.ts";

/** A registered site; the ids of its ports and devices are those under which they are registered. */
export interface RegisteredSite {
  /** 32-bit. */
  readonly siteId: number;
  /** As it stands. */
  readonly state: SiteState;
  /** The device as which the router itself is read; `null`: it is not. */
  readonly routerMeterId: number | null;
}

/** A draft that changes a site, made from it as it stands. */
export function changeOf({ siteId, state, routerMeterId }: RegisteredSite): Registration {
  const numbers = numbersOf({ endpointIds: {}, meterIds: {} }, state, NONE_USED);
  const base = numberedState(state, numbers);
  return {
    ...base,
    hoursSeen: true,
    tests: {},
    change: { siteId, base, ...numbers, routerMeterId, forgetsPassword: false },
  };
}

/** Whether a site still stands as the draft was made from it. */
export function isAsSeen({ base, ...numbers }: ChangedSite, state: SiteState): boolean {
  return isSame(numberedState(state, numbersOf(numbers, state, NONE_USED)), base);
}

/**
 * Brings a draft up to date with the site as it stands: what the draft has not touched becomes as it is now, what it
 * has touched stays as it was typed.
 */
export function takeOver(
  registration: Registration,
  { state, routerMeterId }: Omit<RegisteredSite, "siteId">,
): Registration {
  const { change, site, router } = registration;
  if (!change || !site || !router) return registration;
  const numbers = numbersOf(change, state, { endpoints: router.endpoints, devices: registration.devices });
  const now = numberedState(state, numbers);
  const { base } = change;
  return {
    ...registration,
    site: mergedFields(base.site, { draft: site, now: now.site }),
    router: mergedRouter(base.router, { draft: router, now: now.router }),
    devices: withParents(mergedList(base.devices, { draft: registration.devices, now: now.devices })),
    hours: isSame(registration.hours, base.hours) ? now.hours : registration.hours,
    change: { ...change, base: now, ...numbers, routerMeterId },
  };
}

/** Whether two plain values are the same, whatever the order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  return plainText(one) === plainText(other);
}

/** Plain values as a text in which fields have one order, and those that are absent do not stand. */
export function plainText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
  }) ?? "";
}

type Numbers = Pick<ChangedSite, "endpointIds" | "meterIds">;

interface Used {
  readonly endpoints: readonly EndpointStep[];
  readonly devices: readonly DeviceStep[];
}

const NONE_USED: Used = { endpoints: [], devices: [] };

/** Numbers of what stands there: those that were given stay, what is new gets the next, what is gone loses its own. */
function numbersOf(given: Numbers, { router, devices }: SiteState, used: Used): Numbers {
  return {
    endpointIds: numbered(given.endpointIds, router.endpoints, used.endpoints),
    meterIds: numbered(given.meterIds, devices, used.devices),
  };
}

interface Named {
  readonly id: number;
}

function numbered(
  given: Readonly<Record<string, number>>,
  registered: readonly Named[],
  used: readonly Named[],
): Readonly<Record<string, number>> {
  const known = new Map(Object.entries(given).map(([number, id]) => [id, Number(number)]));
  let next = Math.max(0, ...known.values(), ...used.map(({ id }) => id)) + 1;
  return Object.fromEntries(registered.map(({ id }) => [String(known.get(id) ?? next++), id]));
}

function numberedState(state: SiteState, { endpointIds, meterIds }: Numbers): SiteState {
  const endpoints = inverse(endpointIds);
  const meters = inverse(meterIds);
  const { router, devices } = state;
  return {
    site: state.site,
    router: {
      ...router,
      endpoints: router.endpoints.map((one) => ({ ...one, id: endpoints.get(one.id) ?? 0 })),
    },
    devices: devices.map((one) => ({
      ...one,
      id: meters.get(one.id) ?? 0,
      endpointId: endpoints.get(one.endpointId) ?? 0,
      parentId: one.parentId === null ? null : meters.get(one.parentId) ?? null,
    })),
    hours: state.hours,
  };
}

function inverse(numbers: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(Object.entries(numbers).map(([number, id]) => [id, Number(number)]));
}

interface Versions<T> {
  readonly draft: T;
  readonly now: T;
}

/** Field by field: what the draft has left as it was is taken from now. */
function mergedFields<T extends object>(base: T, { draft, now }: Versions<T>): T {
  const touched = Object.entries(draft).filter(([name, value]) =>
    !isSame(value, (base as Readonly<Record<string, unknown>>)[name])
  );
  return { ...now, ...Object.fromEntries(touched) };
}

function mergedRouter(base: RouterStep, { draft, now }: Versions<RouterStep>): RouterStep {
  return {
    ...mergedFields(base, { draft, now }),
    sim: mergedFields(base.sim, { draft: draft.sim, now: now.sim }),
    endpoints: mergedList(base.endpoints, { draft: draft.endpoints, now: now.endpoints }),
  };
}

/** One by one: what is gone now goes, what the draft has taken out stays out, what it has added stays. */
function mergedList<T extends DeviceStep | EndpointStep>(
  base: readonly T[],
  { draft, now }: Versions<readonly T[]>,
): readonly T[] {
  const before = new Map(base.map((one) => [one.id, one]));
  const drafted = new Map(draft.map((one) => [one.id, one]));
  const fresh = draft.filter(({ id }) => !before.has(id));
  const kept = now.flatMap((one) => {
    const [was, typed] = [before.get(one.id), drafted.get(one.id)];
    if (!was) return [one];
    return typed ? [mergedFields(was, { draft: typed, now: one })] : [];
  });
  return [...kept, ...fresh];
}

/** What was part of a device that is gone is part of nothing. */
function withParents(devices: readonly DeviceStep[]): readonly DeviceStep[] {
  const ids = new Set(devices.map(({ id }) => id));
  return devices.map((one) =>
    one.parentId === null || ids.has(one.parentId) ? one : { ...one, parentId: null }
  );
}

/**
 * A draft of another site that is like a registered one: everything but what only one site can have. Its addresses are
 * asked anew, serial numbers, SIM card, password and tests are not taken along.
 */
export function cloneOf({ state }: Pick<RegisteredSite, "state">, name: string): Registration {
  const numbers = numbersOf({ endpointIds: {}, meterIds: {} }, state, NONE_USED);
  const { site, router, devices, hours } = numberedState(state, numbers);
  const { collected: _, ...rest } = site;
  return {
    site: { ...rest, name },
    router: {
      ...router,
      serial: null,
      paths: router.paths.map(({ kind }) => ({ kind, host: "" })),
      sim: { ...router.sim, iccid: null, number: null },
    },
    devices: devices.map((device) => ({ ...device, serial: null })),
    hours,
    hoursSeen: true,
    tests: {},
  };
}

/** Names for a copy of a site, the nicest first, each at most `max` characters. */
export function copyNames(
  name: string,
  { count, max }: { readonly count: number; readonly max: number },
): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const [begin, end] = ["Copy of ", i === 0 ? "" : ` ${i + 1}`];
    return `${begin}${name.slice(0, max - begin.length - end.length).trimEnd()}${end}`;
  });
}
