/**
 * A registered site as it stands, in the shape of the steps by which it is registered: what a change begins with and is
 * compared with again before it is applied.
 *
 * @module
 */

import {
  type Contact,
  DEVICES_MAX,
  type DeviceStep,
  ENDPOINTS_MAX,
  type EndpointStep,
  PATHS_MAX,
  type PathStep,
  type RouterStep,
  type SimStep,
  type SiteStep,
} from "../domain/registration.ts";
import type { RegisteredSite } from "../domain/site_change.ts";
import type { Transformer, WeekHours } from "../domain/site.ts";
import { err, ok, type Result } from "../result.ts";
import { choiceOf, END_USE_CODES, ENDPOINT_KINDS, PATH_KINDS } from "./codes.ts";
import type { Database, Executor } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";

/** A site with the ids that its steps have no place for. */
export interface StoredSite extends RegisteredSite {
  /** Ids of the addresses, in their order. */
  readonly pathIds: readonly number[];
}

/** Why a site cannot be changed on pages: it is gone, or it has more than a draft holds. */
export type StateTrouble = "gone" | "too-large";

const NO_SIM: SimStep = { iccid: null, number: null, operator: null, apn: null, allowanceMB: null };

/** Reads a site as it stands. */
export function readSiteState(db: Database, siteId: number): Promise<Result<StoredSite, StateTrouble>> {
  return stateOf(db.reader, siteId, false);
}

/** Reads a site as it stands and keeps it so until the transaction ends. */
export function lockSiteState(tx: Executor, siteId: number): Promise<Result<StoredSite, StateTrouble>> {
  return stateOf(tx, siteId, true);
}

async function stateOf(
  db: Executor,
  siteId: number,
  locked: boolean,
): Promise<Result<StoredSite, StateTrouble>> {
  const site = await siteOf(db, siteId, locked);
  if (!site) return err("gone");
  const router = await routerOf(db, siteId, locked);
  const paths = await pathsOf(db, siteId, locked);
  const endpoints = await endpointsOf(db, siteId, locked);
  const meters = await metersOf(db, siteId, locked);
  const own = endpoints.find(({ kind }) => kind === "router");
  const routerMeter = router.profileId === null || !own
    ? undefined
    : meters.find((one) => one.endpointId === own.id && one.profileId === router.profileId);
  const devices = meters.filter((one) => one !== routerMeter);
  if (paths.length > PATHS_MAX || endpoints.length > ENDPOINTS_MAX || devices.length > DEVICES_MAX) {
    return err("too-large");
  }
  const known = new Set(devices.map(({ id }) => id));
  return ok({
    siteId,
    state: {
      site: site.step,
      router: {
        ...router,
        profileId: routerMeter?.profileId ?? null,
        unitId: routerMeter?.unitId ?? 1,
        paths: paths.map(({ path }) => path),
        endpoints,
      },
      devices: devices.map((one) => ({
        ...one,
        parentId: one.parentId !== null && known.has(one.parentId) ? one.parentId : null,
      })),
      hours: site.hours,
    },
    pathIds: paths.map(({ id }) => id),
    routerMeterId: routerMeter?.id ?? null,
  });
}

async function siteOf(
  db: Executor,
  siteId: number,
  locked: boolean,
): Promise<{ readonly step: SiteStep; readonly hours: WeekHours | null } | null> {
  const row = await db.selectFrom("site")
    .select(["name", "town", "zone", "latitude", "longitude", "hours", "collected", "group_id", "address"])
    .select("contacts").where("site_id", "=", siteId)
    .$if(locked, (query) => query.modifyEnd(exclusiveLock(db))).executeTakeFirst();
  if (!row) return null;
  const step: SiteStep = {
    name: row.name,
    groupId: row.group_id,
    address: row.address ?? "",
    town: row.town,
    zone: row.zone,
    latitude: row.latitude,
    longitude: row.longitude,
    contacts: row.contacts === null ? [] : JSON.parse(row.contacts) as readonly Contact[],
    collected: row.collected === 1,
  };
  return { step, hours: row.hours === null ? null : JSON.parse(row.hours) as WeekHours };
}

async function routerOf(
  db: Executor,
  siteId: number,
  locked: boolean,
): Promise<Pick<RouterStep, "model" | "serial" | "profileId" | "user" | "sim">> {
  const row = await db.selectFrom("router").select(["profile_id", "model", "serial", "user_name", "sim"])
    .where("site_id", "=", siteId)
    .$if(locked, (query) => query.modifyEnd(exclusiveLock(db))).executeTakeFirst();
  return {
    model: row?.model ?? null,
    serial: row?.serial ?? null,
    profileId: row?.profile_id ?? null,
    user: row?.user_name ?? null,
    sim: row?.sim ? { ...NO_SIM, ...JSON.parse(row.sim) as Partial<SimStep> } : NO_SIM,
  };
}

async function pathsOf(
  db: Executor,
  siteId: number,
  locked: boolean,
): Promise<readonly { readonly id: number; readonly path: PathStep }[]> {
  const rows = await db.selectFrom("path").select(["path_id", "kind", "host"]).where("site_id", "=", siteId)
    .orderBy("place").orderBy("path_id")
    .$if(locked, (query) => query.modifyEnd(exclusiveLock(db))).execute();
  return rows.map((row) => ({
    id: row.path_id,
    path: { kind: choiceOf(PATH_KINDS, row.kind), host: row.host },
  }));
}

async function endpointsOf(db: Executor, siteId: number, locked: boolean): Promise<readonly EndpointStep[]> {
  const rows = await db.selectFrom("endpoint")
    .select(["endpoint_id", "port", "kind", "pause_ms", "response_timeout_ms"]).where("site_id", "=", siteId)
    .orderBy("endpoint_id")
    .$if(locked, (query) => query.modifyEnd(exclusiveLock(db))).execute();
  return rows.map((row) => ({
    id: row.endpoint_id,
    port: row.port,
    kind: choiceOf(ENDPOINT_KINDS, row.kind),
    pauseMs: row.pause_ms,
    responseTimeoutMs: row.response_timeout_ms,
  }));
}

/** Devices that are read for good: what is retired, or will be, is none of them. */
async function metersOf(db: Executor, siteId: number, locked: boolean): Promise<readonly DeviceStep[]> {
  const rows = await db.selectFrom("meter")
    .select(["meter_id", "endpoint_id", "unit_id", "profile_id", "name", "end_use", "whole_site"])
    .select(["max_power_w", "transformer", "parent_id", "serial", "label", "location"])
    .where("site_id", "=", siteId).where("until", "is", null).orderBy("meter_id")
    .$if(locked, (query) => query.modifyEnd(exclusiveLock(db))).execute();
  return rows.map((row) => ({
    id: row.meter_id,
    name: row.name,
    endpointId: row.endpoint_id,
    unitId: row.unit_id,
    profileId: row.profile_id,
    endUse: row.end_use === null ? null : choiceOf(END_USE_CODES, row.end_use),
    wholeSite: row.whole_site === 1,
    parentId: row.parent_id,
    serial: row.serial,
    label: row.label,
    location: row.location,
    maxPowerW: row.max_power_w,
    transformer: row.transformer === null ? null : JSON.parse(row.transformer) as Transformer,
  }));
}
