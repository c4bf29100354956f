/**
 * The plan of a simulated site as the store would give it, without a database; ids count from 1.
 *
 * @module
 */
import type { Channel } from "../../lib/domain/channel.ts";
import type { HalfHour } from "../../lib/domain/half_hour.ts";
import type { Meter, SitePlan } from "../../lib/domain/site.ts";
import type { EstateSite } from "../../lib/simulator/estate.ts";

/** What the store would say of the site, expected since a half-hour. */
export function planOfEstate({ registration }: EstateSite, since: HalfHour, siteId = 1): SitePlan {
  const meters: Meter[] = [];
  const channels: Channel[] = [];
  registration.endpoints.forEach((endpoint, e) =>
    endpoint.meters.forEach((draft) => {
      const { name, unitId, profileId, endUse, wholeSite, maxPowerW, transformer } = draft;
      const id = meters.length + 1;
      meters.push({
        id,
        endpointId: e + 1,
        unitId,
        profileId,
        name,
        endUse,
        wholeSite,
        maxPowerW,
        transformer,
      });
      for (const shape of draft.channels) {
        channels.push({ ...shape, id: channels.length + 1, siteId, meterId: id, since, until: null });
      }
    })
  );
  const { name, town, zone, latitude, longitude, hours } = registration;
  return {
    site: { id: siteId, name, town, zone, latitude, longitude, hours, collected: true },
    paths: registration.paths.map(({ kind, host }, rank) => ({ id: rank + 1, rank, kind, host })),
    endpoints: registration.endpoints.map(({ port, kind }, e) => ({
      id: e + 1,
      port,
      kind,
      pauseMs: 0,
      responseTimeoutMs: null,
    })),
    meters,
    channels,
    series: [],
    since,
  };
}
