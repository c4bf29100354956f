/**
 * Sites for releases under load: where they are on this machine, what stands there and how they are registered. Each
 * has an address of its own in a private network that leads nowhere else, so that containers and this machine reach
 * them alike.
 *
 * @module
 */
import type { HalfHour } from "../../lib/domain/half_hour.ts";
import { channelsOf, profileOf } from "../../lib/profiles/mod.ts";
import type { MeterSpec, SiteSpec } from "../../lib/simulator/spec.ts";
import type { SiteDraft } from "../../lib/store/sites.ts";
import { must } from "../host/run.ts";
import { startTalker, type Talker } from "./lines.ts";

/** A gateway behind each router, with two meters. */
const METERS: readonly Omit<MeterSpec, "seed">[] = [
  { name: "Cooling", unitId: 1, profileId: "eastron-sdm630", endUse: "cooling", maxPowerW: 20_000 },
  { name: "Light", unitId: 2, profileId: "eastron-sdm120", endUse: "lighting", maxPowerW: 4_000 },
];

const PORT = 502;

/** Addresses of services in a network; the sites' own end before them. */
const SERVICES = "255";

/** A network of this machine's own, as its first two numbers: `10.213`. */
export type Network = string;

/** Addresses a network: all of it leads to this machine until it is given back. */
export async function openNetwork(): Promise<{ readonly network: Network; close(): Promise<void> }> {
  const taken = await must(["ip", "-4", "route", "show", "table", "all"]);
  const start = Math.floor(Math.random() * 100);
  for (let i = 0; i < 100; i++) {
    const network = `10.${130 + (start + i) % 100}`;
    if (taken.includes(`${network}.`)) continue;
    const route = ["local", `${network}.0.0/16`, "dev", "lo"];
    await must(["ip", "route", "add", ...route]);
    return { network, close: async () => void await must(["ip", "route", "del", ...route]) };
  }
  throw new Error("No private network is free on this machine");
}

/** The address of a site, counted from 0. */
export function hostOf(network: Network, n: number): string {
  return `${network}.${n >> 8}.${n & 255}`;
}

/** The address at which a service listens for containers and this machine, such as a database. */
export function serviceHostOf(network: Network): string {
  return `${network}.${SERVICES}.1`;
}

/** What stands at a site. */
export function siteSpecOf(n: number): SiteSpec {
  const meters = METERS.map((meter, m): MeterSpec => ({ ...meter, seed: n * 10 + m }));
  return {
    name: `Yard ${n + 1}`,
    zone: "Europe/London",
    hours: null,
    seed: n,
    hosts: [],
    endpoints: [{ port: PORT, kind: "gateway", meters }],
  };
}

/** How it is registered, expected from a half-hour on. */
export function siteDraftOf(network: Network, n: number, since: HalfHour): SiteDraft {
  const { name, zone, hours, endpoints } = siteSpecOf(n);
  return {
    name,
    town: "Kendal",
    zone,
    latitude: null,
    longitude: null,
    hours,
    since,
    paths: [{ kind: "cellular", host: hostOf(network, n) }],
    endpoints: endpoints.map(({ port, kind, meters }) => ({
      port,
      kind,
      meters: meters.map(meterDraftOf),
    })),
  };
}

function meterDraftOf({ name, unitId, profileId, endUse, maxPowerW }: MeterSpec) {
  const profile = profileOf(profileId);
  if (!profile) throw new RangeError(`No device profile "${profileId}"`);
  return {
    name,
    unitId,
    profileId,
    profileVersion: profile.version,
    endUse,
    wholeSite: false,
    maxPowerW,
    transformer: null,
    channels: channelsOf(profile),
  };
}

/** The running sites. */
export interface RunningSites {
  /** How often each site's counters were read: a list for each site, a number for each meter that was. */
  counts(): Promise<readonly (readonly number[])[]>;
  /** Ends them. */
  end(): Promise<void>;
}

/** Starts sites in a process of their own. */
export async function startSites(network: Network, count: number): Promise<RunningSites> {
  const talker: Talker = startTalker(new URL("scene_sites_process.ts", import.meta.url), [
    network,
    String(count),
  ]);
  await talker.hear();
  return {
    counts: async () => await talker.ask("counts") as readonly (readonly number[])[],
    end: () => talker.end(),
  };
}
