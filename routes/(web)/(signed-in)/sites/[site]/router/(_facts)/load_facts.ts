/**
 * What is registered of a site's router, as its files need it.
 *
 * @module
 */

import { halfHourOf } from "../../../../../../../lib/domain/half_hour.ts";
import { type RouterFacts, USUAL_NTP_SERVERS } from "../../../../../../../lib/routers/facts.ts";
import { OWN_ADDRESSES_SETTING, ownAddressesOf } from "../../../../../../../lib/store/own_addresses.ts";
import { getSitePlan } from "../../../../../../../lib/store/plans.ts";
import { findRouterLabel } from "../../../../../../../lib/store/router_labels.ts";
import { readSetting } from "../../../../../../../lib/store/settings.ts";
import type { Services } from "../../../../../../../lib/web/state.ts";

/** The facts of a site's router; `null`: there is no such site. */
export async function loadRouterFacts(
  { db, profiles }: Pick<Services, "db" | "profiles">,
  { siteId, nowMs }: { readonly siteId: number; readonly nowMs: number },
): Promise<RouterFacts | null> {
  const [plan, label, own] = await Promise.all([
    getSitePlan(db, siteId, halfHourOf(nowMs)),
    findRouterLabel(db, siteId),
    readSetting(db, OWN_ADDRESSES_SETTING, ownAddressesOf),
  ]);
  if (!plan) return null;
  await profiles.load(plan.meters.map(({ profileId }) => profileId));
  const router = plan.meters.find(({ profileId }) => profiles.find(profileId)?.kind === "router");
  return {
    siteName: plan.site.name,
    model: label.model,
    serial: label.serial,
    paths: plan.paths.map(({ kind, host }) => ({ kind, host })),
    ports: plan.endpoints.map(({ port, kind }) => ({ port, kind })),
    unitId: router?.unitId ?? 1,
    sim: label.sim &&
      { apn: label.sim.apn, number: label.sim.number, allowanceMb: label.sim.allowanceMB },
    ownAddresses: own.value,
    ntpServers: USUAL_NTP_SERVERS,
    lanAddress: null,
    day: new Date(nowMs).toISOString().slice(0, 10),
  };
}
