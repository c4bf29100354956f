/**
 * The device of a page's path, for those who may see it or change it, with what its profile says.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { FindCounting } from "../../../domain/device_life.ts";
import type { SiteAction } from "../../../domain/permission.ts";
import type { Transformer } from "../../../domain/site.ts";
import { countingFinder } from "../../../profiles/counting_profile.ts";
import type { DeviceProfile } from "../../../profiles/profile.ts";
import type { Database } from "../../../store/db.ts";
import { type DeviceFacts, listEarlierProfiles, readDevice } from "../../../store/device_pages.ts";
import { numberText } from "../../../ui/format.ts";
import type { Fact } from "../../../ui/Data.tsx";
import { allowSite } from "../../allow.ts";
import { listOwnProfiles } from "../../own_maps.ts";
import { deviceIdOf } from "../../params.ts";
import { servicesOf, type State } from "../../state.ts";
import { ENDPOINT_WORDS } from "./words.ts";

/** What a page knows of the request. */
export interface DeviceContext {
  /** What every request carries. */
  readonly state: State;
  /** Of the path. */
  readonly params: Readonly<Record<string, string>>;
}

/** A device that a page is about. */
export interface OpenDevice extends DeviceFacts {
  /** The site. */
  readonly siteId: number;
  /** The device. */
  readonly meterId: number;
  /** Path of its page. */
  readonly href: string;
  /** The database. */
  readonly db: Database;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** The newest published version of each register map that people made. */
  readonly own: readonly DeviceProfile[];
  /** Finds profiles. */
  readonly findProfile: (id: string) => DeviceProfile | undefined;
  /** Finds how counters count. */
  readonly find: FindCounting;
}

/** Opens the device of the path, after asking whether it may be; 404 where there is none such. */
export async function openDevice(
  ctx: DeviceContext,
  action: SiteAction,
  asked: readonly string[] = [],
): Promise<OpenDevice> {
  const { id: siteId } = await allowSite(ctx, action);
  const meterId = deviceIdOf(ctx.params);
  const services = servicesOf(ctx.state);
  const { db, profiles } = services;
  const facts = await readDevice(db, { siteId, meterId });
  if (!facts) throw new HttpError(404);
  await profiles.load([facts.device.profileId, ...asked, ...await listEarlierProfiles(db, meterId)]);
  const findProfile = (id: string) => profiles.find(id);
  return {
    ...facts,
    siteId,
    meterId,
    href: `/sites/${siteId}/devices/${meterId}`,
    db,
    nowMs: ctx.state.base.clock.nowMs(),
    own: action === "site.devices" ? await listOwnProfiles(services) : [],
    findProfile,
    find: countingFinder(findProfile),
  };
}

/** What a profile is called. */
export function profileName({ findProfile }: Pick<OpenDevice, "findProfile">, id: string): string {
  const profile = findProfile(id);
  return profile ? `${profile.vendor} ${profile.models[0] ?? ""}`.trim() : id;
}

/** How a device is reached, in words. */
export function placeWords(
  { endpoints }: Pick<OpenDevice, "endpoints">,
  endpointId: number,
  unitId: number,
): string {
  const endpoint = endpoints.find(({ id }) => id === endpointId);
  return `Unit ${unitId}${endpoint ? `, ${ENDPOINT_WORDS[endpoint.kind]}, port ${endpoint.port}` : ""}`;
}

/** Transformers in words. */
export function ratioWords(transformer: Transformer | null): string {
  if (transformer === null) return "Wired directly";
  const { ctPrimaryA, ctSecondaryA, vtPrimaryV, vtSecondaryV, appliedBy } = transformer;
  const vt = vtPrimaryV === vtSecondaryV
    ? ""
    : `, VT ${numberText(vtPrimaryV)}/${numberText(vtSecondaryV)} V`;
  const who = appliedBy === "meter" ? "the display shows primary kWh" : "Wattpost multiplies";
  return `CT ${numberText(ctPrimaryA)}/${numberText(ctSecondaryA)} A${vt}; ${who}`;
}

/** What a device is, for the head of its forms. */
export function nowFacts(open: OpenDevice): readonly Fact[] {
  const { device } = open;
  return [
    { label: "Model", value: profileName(open, device.profileId) },
    { label: "Serial number", value: device.serial ?? "not known" },
    { label: "Reached as", value: placeWords(open, device.endpointId, device.unitId) },
    { label: "Transformers", value: ratioWords(device.transformer) },
  ];
}
