/**
 * Makes a site, as the store registers it, of a draft that nothing keeps from being started.
 *
 * @module
 */

import type { HalfHour } from "../../../domain/half_hour.ts";
import type { DeviceStep, EndpointStep, Registration, RouterStep } from "../../../domain/registration.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import { channelsOf } from "../../../profiles/mod.ts";
import type { DeviceProfile } from "../../../profiles/profile.ts";
import type { EndpointDraft, MeterDraft, SiteDraft } from "../../../store/sites.ts";

/** How a site begins. */
export interface SiteBeginning {
  /** The first half-hour that is expected. */
  readonly since: HalfHour;
  /** Finds profiles. */
  readonly find: FindProfile;
}

/** The site of a draft whose steps are done. */
export function newSiteOf(
  { site, router, devices, hours }: Registration,
  { since, find }: SiteBeginning,
): SiteDraft {
  if (!site || !router) throw new RangeError("A draft without site or router cannot be started");
  const { model, serial, user, sim } = router;
  return {
    name: site.name,
    town: site.town,
    zone: site.zone,
    latitude: site.latitude,
    longitude: site.longitude,
    hours,
    since,
    collected: site.collected ?? true,
    groupId: site.groupId,
    address: site.address === "" ? null : site.address,
    contacts: site.contacts,
    router: { model, serial, user, sim },
    paths: router.paths,
    // A port without a device is not visited: there is nothing to ask there.
    endpoints: router.endpoints.map((endpoint) => endpointOf(endpoint, { router, devices, find }))
      .filter(({ meters }) => meters.length > 0),
  };
}

function endpointOf(
  { id, port, kind, pauseMs, responseTimeoutMs }: EndpointStep,
  { router, devices, find }: {
    readonly router: RouterStep;
    readonly devices: readonly DeviceStep[];
    readonly find: FindProfile;
  },
): EndpointDraft {
  const own = kind === "router" && router.profileId !== null
    ? [routerMeter({ ...router, profileId: router.profileId }, find)]
    : [];
  const meters = devices.filter(({ endpointId }) => endpointId === id).map((device) => meterOf(device, find));
  return {
    port,
    kind,
    pauseMs,
    ...(responseTimeoutMs === null ? {} : { responseTimeoutMs }),
    meters: [...own, ...meters],
  };
}

/** The meter as which a router itself is read; `find` knows people's own profiles besides the library's. */
export function routerMeter(
  { unitId, profileId }: { readonly unitId: number; readonly profileId: string },
  find: FindProfile,
): MeterDraft {
  return {
    ...profiled(find(profileId), profileId),
    name: "Router",
    unitId,
    endUse: null,
    wholeSite: false,
    maxPowerW: null,
    transformer: null,
  };
}

/** The meter of a device; `find` knows people's own profiles besides the library's. */
export function meterOf(device: DeviceStep, find: FindProfile): MeterDraft {
  const { id, name, unitId, profileId, endUse, wholeSite, parentId, maxPowerW, transformer } = device;
  const { serial, label, location } = device;
  const plate = { ref: id, parentRef: parentId, serial, label, location };
  return {
    ...profiled(find(profileId), profileId),
    name,
    unitId,
    endUse,
    wholeSite,
    maxPowerW,
    transformer,
    ...plate,
  };
}

function profiled(
  profile: DeviceProfile | undefined,
  profileId: string,
): Pick<MeterDraft, "profileId" | "profileVersion" | "channels"> {
  if (!profile) throw new RangeError(`No profile "${profileId}"`);
  return { profileId, profileVersion: profile.version, channels: channelsOf(profile) };
}
