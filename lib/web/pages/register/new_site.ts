/**
 * Makes a site, as the store registers it, of a draft that nothing keeps from being started.
 *
 * @module
 */

import type { HalfHour } from "../../../domain/half_hour.ts";
import type { DeviceStep, EndpointStep, Registration, RouterStep } from "../../../domain/registration.ts";
import { channelsOf, profileOf } from "../../../profiles/mod.ts";
import type { EndpointDraft, MeterDraft, SiteDraft } from "../../../store/sites.ts";

/** The site of a draft whose steps are done; `since` is the first half-hour that is expected. */
export function newSiteOf({ site, router, devices, hours }: Registration, since: HalfHour): SiteDraft {
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
    endpoints: router.endpoints.map((endpoint) => endpointOf(endpoint, { router, devices }))
      .filter(({ meters }) => meters.length > 0),
  };
}

function endpointOf(
  { id, port, kind, pauseMs, responseTimeoutMs }: EndpointStep,
  { router, devices }: { readonly router: RouterStep; readonly devices: readonly DeviceStep[] },
): EndpointDraft {
  const own = kind === "router" && router.profileId !== null ? [routerMeter(router, router.profileId)] : [];
  const meters = devices.filter(({ endpointId }) => endpointId === id).map(meterOf);
  return {
    port,
    kind,
    pauseMs,
    ...(responseTimeoutMs === null ? {} : { responseTimeoutMs }),
    meters: [...own, ...meters],
  };
}

/** The meter as which a router itself is read. */
export function routerMeter({ unitId }: Pick<RouterStep, "unitId">, profileId: string): MeterDraft {
  return {
    ...profiled(profileId),
    name: "Router",
    unitId,
    endUse: null,
    wholeSite: false,
    maxPowerW: null,
    transformer: null,
  };
}

/** The meter of a device. */
export function meterOf(device: DeviceStep): MeterDraft {
  const { id, name, unitId, profileId, endUse, wholeSite, parentId, maxPowerW, transformer } = device;
  const { serial, label, location } = device;
  const plate = { ref: id, parentRef: parentId, serial, label, location };
  return { ...profiled(profileId), name, unitId, endUse, wholeSite, maxPowerW, transformer, ...plate };
}

function profiled(profileId: string): Pick<MeterDraft, "profileId" | "profileVersion" | "channels"> {
  const profile = profileOf(profileId);
  if (!profile) throw new RangeError(`No profile "${profileId}"`);
  return { profileId, profileVersion: profile.version, channels: channelsOf(profile) };
}
