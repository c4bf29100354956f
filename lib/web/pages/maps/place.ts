/**
 * Where registers are read while somebody works on a map: a registered device within reach, or one of their own drafts.
 * What is out of reach, or another's, does not exist.
 *
 * @module
 */

import { HttpError } from "fresh";
import { closedHalfHourAt, halfHourOf } from "../../../domain/half_hour.ts";
import { type Asker, may } from "../../../domain/permission.ts";
import type { ProbePlace } from "../../../domain/probe.ts";
import type { Transformer } from "../../../domain/site.ts";
import { parseOwnProfileId } from "../../../profiles/book.ts";
import { hasFarTwin } from "../../../store/host_twins.ts";
import { getSitePlan } from "../../../store/plans.ts";
import { listReadPlaces, READ_PLACES_MAX } from "../../../store/read_places.ts";
import { listDrafts, readDraft, type SiteDraftRecord } from "../../../store/site_drafts.ts";
import { findSitePlace } from "../../../store/site_places.ts";
import type { FieldOption } from "../../../ui/Input.tsx";
import { allow, allowSiteId } from "../../allow.ts";
import { servicesOf, type State } from "../../state.ts";

/** A device that can be read. */
export interface ReadFrom extends ProbePlace {
  /** Its unit. */
  readonly unitId: number;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** The zone of its site. */
  readonly zone: string;
  /** What it is called, with its site. */
  readonly label: string;
  /** Its site; `null`: it is of a draft. */
  readonly siteId: number | null;
}

/** A device by its name in forms; `null`: nobody has such a name. */
function placeIn(at: string) {
  const [, kind, one, two] = /^(device|draft)-(\d{1,9})-(\d{1,9})$/.exec(at) ?? [];
  return kind === undefined ? null : { kind, one: Number(one), two: Number(two) };
}

/** The name of a registered device in forms. */
export function deviceAt({ siteId, meterId }: { readonly siteId: number; readonly meterId: number }): string {
  return `device-${siteId}-${meterId}`;
}

/** The name of a device of a draft in forms. */
export function draftAt(draftId: number, deviceId: number): string {
  return `draft-${draftId}-${deviceId}`;
}

/** Where the registers of a device are looked for: in the map that it has already, else in a new one. */
export function workbenchHref(profileId: string, at: string): string {
  const own = parseOwnProfileId(profileId);
  if (own) return `/profiles/own/${own.mapId}/workbench?${new URLSearchParams({ at })}`;
  return `/profiles/own/new?${new URLSearchParams({ from: profileId, at })}`;
}

/** Where a read went, for the trail: of a draft, which may be removed, its addresses stand there too. */
export function placeTrace({ label, unitId, siteId, paths, endpoint }: ReadFrom) {
  const where = siteId === null ? { hosts: paths.map(({ host }) => host), port: endpoint.port } : {};
  return { device: label, unit: unitId, ...where };
}

/** What may come of a choice of place. */
export type FoundPlace =
  | { readonly kind: "found"; readonly place: ReadFrom }
  | { readonly kind: "none" }
  /** Its address is of a site out of reach. */
  | { readonly kind: "far" };

/** The device with this name, asked for as if its own page were; 404 where it is out of reach, 403 where not allowed. */
export async function findPlace(state: State, at: string): Promise<FoundPlace> {
  if (at === "") return { kind: "none" };
  const named = placeIn(at);
  if (!named) throw new HttpError(404);
  return named.kind === "device"
    ? await registeredPlace(state, { siteId: named.one, meterId: named.two })
    : await draftPlace(state, { draftId: named.one, deviceId: named.two });
}

async function registeredPlace(
  state: State,
  { siteId, meterId }: { readonly siteId: number; readonly meterId: number },
): Promise<FoundPlace> {
  await allowSiteId({ state }, siteId, "site.read-now");
  const { db } = servicesOf(state);
  const due = closedHalfHourAt(state.base.clock.nowMs());
  const isThere = (plan: Awaited<ReturnType<typeof getSitePlan>>) =>
    plan?.meters.some(({ id }) => id === meterId) ? plan : null;
  // One that was registered in this very half-hour is due from the next on.
  const plan = isThere(await getSitePlan(db, siteId, due)) ?? isThere(await getSitePlan(db, siteId, due + 1));
  const meter = plan?.meters.find(({ id }) => id === meterId);
  const endpoint = plan?.endpoints.find(({ id }) => id === meter?.endpointId);
  if (!plan || !meter || !endpoint) throw new HttpError(404);
  const { site: { name, zone }, paths } = plan;
  const { unitId, transformer } = meter;
  const place = { paths, endpoint, unitId, transformer, zone, siteId, label: `${name}: ${meter.name}` };
  return { kind: "found", place };
}

async function draftPlace(
  state: State,
  { draftId, deviceId }: { readonly draftId: number; readonly deviceId: number },
): Promise<FoundPlace> {
  allow({ state }, "sites.register");
  const { user } = state;
  if (!user) throw new HttpError(401);
  const { db } = servicesOf(state);
  const draft = await readDraft(db, { draftId, ownerId: user.id });
  // A draft that changes a site asks for that site too: out of reach, there is no such draft.
  const changed = draft?.registration.change?.siteId;
  if (changed !== undefined) await allowSiteId({ state }, changed, "site.change");
  const device = draft?.registration.devices.find(({ id }) => id === deviceId);
  const router = draft?.registration.router;
  const endpoint = router?.endpoints.find(({ id }) => id === device?.endpointId);
  if (!draft || !device || !router || !endpoint) throw new HttpError(404);
  const hosts = router.paths.map(({ host }) => host);
  if (await hasFarTwin(db, { hosts, ports: [endpoint.port], reach: user.reach })) return { kind: "far" };
  const { name, unitId, transformer } = device;
  const { site } = draft.registration;
  const label = `Draft ${site?.name ?? "without a name"}: ${name}`;
  const place = { paths: router.paths, endpoint, unitId, transformer, label, siteId: null };
  return { kind: "found", place: { ...place, zone: site?.zone ?? "UTC" } };
}

/** What can be chosen. */
export interface PlaceChoice {
  /** Devices, "nowhere" first. */
  readonly options: readonly FieldOption[];
  /** Whether there are more than are offered, so that looking for one by name helps. */
  readonly isCut: boolean;
}

/** Somebody's drafts, but for those that change a site which is out of reach by now. */
async function draftsOf(state: State, asker: Asker): Promise<readonly SiteDraftRecord[]> {
  if (!state.user || !may(asker, "sites.register")) return [];
  const { db } = servicesOf(state);
  const drafts: SiteDraftRecord[] = [];
  for (const draft of await listDrafts(db, state.user.id)) {
    const { change } = draft.registration;
    const place = change ? await findSitePlace(db, change.siteId) : null;
    if (!change || (place && may(asker, "site.change", place))) drafts.push(draft);
  }
  return drafts;
}

/** The devices that somebody may read from; the chosen one is among them where it is. */
export async function listPlaces(
  state: State,
  { asker, at, find }: { readonly asker: Asker; readonly at: string; readonly find: string },
): Promise<PlaceChoice> {
  const { db } = servicesOf(state);
  const halfHour = halfHourOf(state.base.clock.nowMs());
  const { reaches, role } = asker;
  const mayRead = may({ role, reaches, mayWrite: asker.mayWrite }, "profiles.change");
  const found = mayRead ? await listReadPlaces(db, { reaches, halfHour, find }) : [];
  const drafts = await draftsOf(state, asker);
  const options = [
    { value: "", label: "Choose a device" },
    ...drafts.flatMap(({ id, registration: { site, devices } }) =>
      devices.map((device) => ({
        value: draftAt(id, device.id),
        label: `Draft ${site?.name ?? "without a name"}: ${device.name}, unit ${device.unitId}`,
      }))
    ),
    ...found.map((device) => ({
      value: deviceAt(device),
      label: `${device.siteName}: ${device.meterName}, unit ${device.unitId}`,
    })),
  ];
  const isThere = options.some(({ value }) => value === at);
  return {
    options: isThere || !placeIn(at)
      ? options
      : [...options, { value: at, label: "The device chosen before" }],
    isCut: found.length >= READ_PLACES_MAX || find !== "",
  };
}
