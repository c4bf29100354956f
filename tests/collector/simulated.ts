/**
 * Simulated sites as the collector's tests need them: running, and as the plan or the draft of what was registered.
 *
 * @module
 */
import { type Clock, systemClock } from "../../lib/clock.ts";
import type { Channel } from "../../lib/domain/channel.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import { channelsOf, profileOf } from "../../lib/profiles/mod.ts";
import { type SimulatedSite, startSite } from "../../lib/simulator/site.ts";
import type { EndpointSpec, Fault, MeterSpec, SiteSpec } from "../../lib/simulator/spec.ts";
import type { SiteDraft } from "../../lib/store/sites.ts";
import type { ManualClock } from "../fakes/manual_clock.ts";

/** The time of a test's clock; waits as long as the machine's, because sockets do too. */
export function simulatorClock(clock: ManualClock): Clock {
  return {
    nowMs: clock.nowMs,
    monotonicMs: clock.monotonicMs,
    sleep: systemClock.sleep,
  };
}

/** A meter of a simulated site. */
export function meter(unitId: number, profileId: string, over: Partial<MeterSpec> = {}): MeterSpec {
  return {
    name: `${profileId} ${unitId}`,
    unitId,
    profileId,
    endUse: "cooling",
    maxPowerW: 20_000,
    seed: 40 + unitId,
    ...over,
  };
}

/** Where the routers of tests stand: without a position they would answer "not a number". */
const PLACE = { latitude: 51.5, longitude: -0.12 };

/** A site with a gateway for units 1 and 2, a meter of its own, and a router. */
export function siteSpec(over: Partial<SiteSpec> = {}): SiteSpec {
  const endpoints: readonly EndpointSpec[] = [
    { port: 0, kind: "gateway", meters: [meter(1, "eastron-sdm630"), meter(2, "eastron-sdm120")] },
    { port: 0, kind: "device", meters: [meter(1, "schneider-iem3000")] },
    { port: 0, kind: "router", meters: [meter(1, "teltonika-rut9xx", { endUse: null })] },
  ];
  return {
    name: "Kiln Lane",
    zone: "Europe/London",
    hours: null,
    seed: 7,
    hosts: ["127.0.0.1"],
    endpoints,
    ...PLACE,
    ...over,
  };
}

/** So many small sites that differ by their numbers: one meter behind one gateway each. */
export function mills(count: number, over: Partial<SiteSpec> = {}): readonly SiteSpec[] {
  return Array.from({ length: count }, (_, i) =>
    siteSpec({
      name: `Mill ${i + 1}`,
      seed: 11 + i,
      endpoints: [{ port: 0, kind: "gateway", meters: [meter(1, "schneider-iem3000")] }],
      ...over,
    }));
}

/** Starts a site on free ports. */
export function startSimulated(clock: ManualClock, over: Partial<SiteSpec> = {}): Promise<SimulatedSite> {
  return startSite(siteSpec(over), { clock: simulatorClock(clock) });
}

/** What is registered of a running site. */
export function draftOf(site: SimulatedSite, over: Partial<SiteDraft> = {}): SiteDraft {
  return {
    name: site.spec.name,
    town: "",
    zone: site.spec.zone,
    latitude: null,
    longitude: null,
    hours: site.spec.hours,
    since: 0,
    paths: site.hosts.map((host, i) => ({ kind: i === 0 ? "cellular" as const : "wired" as const, host })),
    endpoints: site.endpoints.map((endpoint) => ({
      port: endpoint.port,
      kind: endpoint.kind,
      meters: endpoint.meters.map(({ spec, profile }) => ({
        name: spec.name,
        unitId: spec.unitId,
        profileId: spec.profileId,
        profileVersion: profile.version,
        endUse: spec.endUse,
        wholeSite: spec.wholeSite ?? false,
        maxPowerW: spec.endUse === null ? null : spec.maxPowerW,
        transformer: null,
        channels: channelsOf(profile),
      })),
    })),
    ...over,
  };
}

/** The plan of a running site as the store would give it; ids count from 1. */
export function planOf(site: SimulatedSite, over: Partial<SitePlan> = {}): SitePlan {
  const draft = draftOf(site);
  const channels: Channel[] = [];
  const meters = draft.endpoints.flatMap((endpoint, e) =>
    endpoint.meters.map((entry, m) => ({ ...entry, id: 10 * (e + 1) + m + 1, endpointId: e + 1 }))
  );
  for (const { id: meterId, profileId } of meters) {
    const profile = profileOf(profileId);
    for (const shape of profile ? channelsOf(profile) : []) {
      channels.push({ ...shape, id: channels.length + 1, siteId: 1, meterId, since: 0, until: null });
    }
  }
  return {
    site: {
      id: 1,
      name: draft.name,
      town: "",
      zone: draft.zone,
      latitude: null,
      longitude: null,
      hours: null,
      collected: true,
    },
    paths: draft.paths.map((path, rank) => ({ ...path, id: rank + 1, rank })),
    endpoints: draft.endpoints.map(({ port, kind }, i) => ({
      id: i + 1,
      port,
      kind,
      pauseMs: 0,
      responseTimeoutMs: null,
    })),
    meters,
    channels,
    series: [],
    since: 0,
    ...over,
  };
}

/** A fault of unit 2 behind the gateway. */
export function ofUnit2(fault: Fault): Fault {
  return { ...fault, endpoint: 0, unitId: 2 };
}
