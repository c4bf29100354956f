/**
 * A site as it stands, for the tests of changing one: a gateway with two devices, the router's own port, hours.
 *
 * @module
 */

import type { RouterStep, SiteState, SiteStep } from "../../../lib/domain/registration.ts";

const DEVICE = {
  endpointId: 1,
  profileId: "sdm",
  endUse: null,
  wholeSite: false,
  parentId: null,
  serial: null,
  label: null,
  location: null,
  maxPowerW: null,
  transformer: null,
} as const;

/** The site. */
export const KILN: SiteState = {
  site: {
    name: "Kiln Lane",
    groupId: 3,
    address: "1 Kiln Lane",
    town: "Epsom",
    zone: "Europe/London",
    latitude: null,
    longitude: null,
    contacts: [],
    collected: true,
  },
  router: {
    model: "Teltonika RUT956",
    serial: null,
    profileId: null,
    unitId: 1,
    paths: [{ kind: "cellular", host: "203.0.113.7" }],
    endpoints: [
      { id: 1, port: 502, kind: "gateway", pauseMs: 0, responseTimeoutMs: null },
      { id: 2, port: 503, kind: "router", pauseMs: 0, responseTimeoutMs: null },
    ],
    user: "admin",
    sim: { iccid: null, number: null, operator: null, apn: null, allowanceMB: null },
  },
  devices: [
    { ...DEVICE, id: 1, name: "Incomer", unitId: 1, wholeSite: true },
    { ...DEVICE, id: 2, name: "Ovens", unitId: 2, endUse: "heating", parentId: 1 },
  ],
  hours: [[{ fromMin: 360, toMin: 1080 }], [], [], [], [], [], []],
};

/** What differs from {@link KILN}. */
export interface KilnChange {
  /** Fields of the site. */
  readonly site?: Partial<SiteStep>;
  /** Fields of the router. */
  readonly router?: Partial<RouterStep>;
  /** All devices. */
  readonly devices?: SiteState["devices"];
  /** The hours. */
  readonly hours?: SiteState["hours"];
}

/** The site with something else. */
export function changedSite({ site, router, devices, hours }: KilnChange): SiteState {
  return {
    site: { ...KILN.site, ...site },
    router: { ...KILN.router, ...router },
    devices: devices ?? KILN.devices,
    hours: hours === undefined ? KILN.hours : hours,
  };
}
