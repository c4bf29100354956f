/**
 * The meter that trials have Wattpost read: one device behind one port, answered by the simulator. Smoke starts it
 * beside itself; in staging it is a service of its own.
 *
 * @module
 */

import type { SiteSpec } from "../../../lib/simulator/spec.ts";

/** What it is: its device profile and Modbus unit. */
export const TRIAL_METER = { profileId: "eastron-sdm630", unitId: 1 } as const;

/**
 * Where it is in staging, as its containers know it: compose.yaml says the same, and a test compares. No router has that
 * port: the firewall of a host rejects theirs between other containers than production's.
 */
export const STAGING_METER = { host: "meter", port: 15020 } as const;

/** What its program says once it answers, with the place behind it. */
export const METER_SERVES = "The meter of trials answers at";

/** A site that is nothing but that meter; port 0: any that is free. */
export function trialMeterAt(port: number): SiteSpec {
  return {
    name: "Trial",
    zone: "Etc/UTC",
    hours: null,
    seed: 7,
    hosts: ["127.0.0.1"],
    latitude: 51.5,
    longitude: -0.12,
    endpoints: [{
      port,
      kind: "device",
      meters: [{ name: "Trial", ...TRIAL_METER, endUse: "cooling", maxPowerW: 20_000, seed: 41 }],
    }],
  };
}
