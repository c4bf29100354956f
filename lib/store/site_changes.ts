/**
 * Applies a draft to the registered site that it changes, all of it or nothing: what has not changed keeps its id, so
 * that half-hours, attempts and history go on where they are.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import type { ChangedSite, DeviceStep, EndpointStep, PathStep, SiteState } from "../domain/registration.ts";
import { traceOfChange } from "../domain/registration_diff.ts";
import { isAsSeen, isSame } from "../domain/site_change.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { codeIn, END_USE_CODES, ENDPOINT_KINDS, PATH_KINDS } from "./codes.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { revokeClaims } from "./device_change.ts";
import { takeIds } from "./ids.ts";
import type { MeterDraft } from "./new_site.ts";
import type { SecretBox } from "./secret_box.ts";
import { deleteSecret, hasSecret, readSecret } from "./secrets.ts";
import { deleteDraft, draftSecretName, holdsGroup, type OwnDraft } from "./site_drafts.ts";
import { lockSiteState, type StoredSite } from "./site_state.ts";
import { insertMeters, routerSecretName, sealRouterPassword } from "./sites.ts";

/** A draft that is applied. */
export interface SiteUpdate extends OwnDraft {
  /** The version that was looked at. */
  readonly version: number;
  /** The site, and what the draft was made from. */
  readonly change: ChangedSite;
  /** What is to become of it, with the draft's numbers. */
  readonly target: SiteState;
  /** First half-hour that new devices are expected in. */
  readonly since: HalfHour;
  /** Makes the meter that is registered of a new device. */
  readonly meterOf: (device: DeviceStep) => MeterDraft;
  /** The meter as which the router itself is read, where that begins now; `null`: it does not. */
  readonly routerMeter: MeterDraft | null;
  /** Seals the router's password under the site's name. */
  readonly box: SecretBox;
}

/**
 * Why nothing was applied. `changed`: another window has changed or applied the draft; `site-changed`: somebody else has
 * changed the site since the draft was made from it; `port-held`: a port that is taken away has, or had, devices.
 */
export type UpdateTrouble = "changed" | "site-changed" | "gone" | "group-gone" | "name-taken" | "port-held";

/** Applies a draft and removes it. */
export async function updateSite(
  db: Database,
  by: Author,
  update: SiteUpdate,
): Promise<Result<number, UpdateTrouble>> {
  const { box, change: { siteId }, draftId } = update;
  const plain = await readSecret(db, box, draftSecretName(draftId));
  try {
    return await transaction(db, async (tx): Promise<Result<number, UpdateTrouble>> => {
      const stored = await readyFor(tx, update);
      if (!stored.ok) return stored;
      if (!await deleteDraft(tx, update)) return err("changed");
      await applyTo(tx, stored.value, update);
      // A visit under way goes to the old address, where another site may answer by now.
      if (isReachedOtherwise(update)) await revokeClaims(tx, { siteId, nowMs: by.atMs });
      await writeTrace(tx, by, update);
      await keepPassword(tx, by, { ...update, plain });
      return ok(siteId);
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err("name-taken");
    throw error;
  }
}

/** The site, locked, if it can become what it is to be; nothing is written until that is known. */
async function readyFor(
  tx: Executor,
  { draftId, ownerId, version, change, target }: SiteUpdate,
): Promise<Result<StoredSite, UpdateTrouble>> {
  const draft = await tx.selectFrom("site_draft").select("version")
    .where("draft_id", "=", draftId).where("owner_id", "=", ownerId).executeTakeFirst();
  if (draft?.version !== version) return err("changed");
  const { groupId } = target.site;
  if (groupId !== change.base.site.groupId && !await holdsGroup(tx, groupId)) return err("group-gone");
  const stored = await lockSiteState(tx, change.siteId);
  if (!stored.ok) return err(stored.error === "gone" ? "gone" : "site-changed");
  if (!isAsSeen(change, stored.value.state)) return err("site-changed");
  const going = goneEndpointIds(change, target);
  if (going.length > 0) {
    const held = await tx.selectFrom("meter").select("meter_id").where("endpoint_id", "in", going).limit(1)
      .executeTakeFirst();
    if (held) return err("port-held");
  }
  return stored;
}

function isReachedOtherwise({ change: { base }, target }: SiteUpdate): boolean {
  const way = ({ router: { paths, endpoints } }: SiteState) => [paths, endpoints];
  return !isSame(way(base), way(target));
}

function goneEndpointIds({ endpointIds }: ChangedSite, { router }: SiteState): readonly number[] {
  const kept = new Set(router.endpoints.map(({ id }) => String(id)));
  return Object.entries(endpointIds).flatMap(([number, id]) => kept.has(number) ? [] : [id]);
}

async function applyTo(tx: Executor, stored: StoredSite, update: SiteUpdate): Promise<void> {
  const { change: { base, siteId }, target } = update;
  if (!isSame([base.site, base.hours], [target.site, target.hours])) await updateSiteRow(tx, update);
  await updateRouterRow(tx, update);
  if (!isSame(base.router.paths, target.router.paths)) {
    await updatePaths(tx, stored, { siteId, paths: target.router.paths });
  }
  const endpointIds = await updateEndpoints(tx, update);
  await updateMeters(tx, { ...update, endpointIds });
}

async function updateSiteRow(tx: Executor, { change, target: { site, hours } }: SiteUpdate): Promise<void> {
  const { name, town, zone, latitude, longitude, groupId, address, contacts, collected } = site;
  await tx.updateTable("site").set({
    name,
    town,
    zone,
    latitude,
    longitude,
    hours: hours && JSON.stringify(hours),
    collected: collected === false ? 0 : 1,
    group_id: groupId,
    address: address === "" ? null : address,
    contacts: JSON.stringify(contacts),
  }).where("site_id", "=", change.siteId).execute();
}

async function updateRouterRow(tx: Executor, { change, target, routerMeter }: SiteUpdate): Promise<void> {
  const [was, becomes] = [change.base.router, target.router];
  const fields = ({ model, serial, user, sim }: typeof was) => [model, serial, user, sim];
  if (!routerMeter && isSame(fields(was), fields(becomes))) return;
  const { model, serial, user, sim } = becomes;
  await tx.updateTable("router")
    .set({ model, serial, user_name: user, sim: JSON.stringify(sim) })
    .$if(routerMeter !== null, (query) => query.set({ profile_id: routerMeter?.profileId ?? null }))
    .where("site_id", "=", change.siteId).execute();
}

interface NewPaths {
  readonly siteId: number;
  readonly paths: readonly PathStep[];
}

/** An address that stays keeps its id, whatever its place; one that is replaced by another of its kind hands it on. */
async function updatePaths(
  tx: Executor,
  { state, pathIds }: StoredSite,
  { siteId, paths }: NewPaths,
): Promise<void> {
  const left = state.router.paths.map((path, i) => ({ ...path, id: pathIds[i] ?? 0, place: i }));
  const take = (fits: (one: PathStep) => boolean) => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const same = paths.map((path) => take(({ host }) => host === path.host));
  const known = paths.map((path, i) => same[i] ?? take(({ kind }) => kind === path.kind));
  for (const [place, { kind, host }] of paths.entries()) {
    const was = known[place];
    const values = { place, kind: codeIn(PATH_KINDS, kind), host };
    if (was && was.place === place && was.kind === kind && was.host === host) continue;
    if (was) await tx.updateTable("path").set(values).where("path_id", "=", was.id).execute();
    else {
      const path_id = await takeIds(tx, "path", 1);
      await tx.insertInto("path").values({ path_id, site_id: siteId, ...values }).execute();
    }
  }
  for (const { id } of left) await tx.deleteFrom("path").where("path_id", "=", id).execute();
}

/** Ids of all ports by their number within the draft. */
async function updateEndpoints(
  tx: Executor,
  { change, target }: SiteUpdate,
): Promise<ReadonlyMap<number, number>> {
  const ids = new Map(Object.entries(change.endpointIds).map(([number, id]) => [Number(number), id]));
  for (const id of goneEndpointIds(change, target)) {
    await tx.deleteFrom("endpoint").where("endpoint_id", "=", id).execute();
  }
  const before = new Map(change.base.router.endpoints.map((one) => [one.id, one]));
  for (const endpoint of target.router.endpoints) {
    if (isSame(before.get(endpoint.id), endpoint)) continue;
    const known = ids.get(endpoint.id);
    const values = endpointValues(endpoint);
    if (known !== undefined) {
      await tx.updateTable("endpoint").set(values).where("endpoint_id", "=", known).execute();
    } else {
      const endpoint_id = await takeIds(tx, "endpoint", 1);
      await tx.insertInto("endpoint").values({ endpoint_id, site_id: change.siteId, ...values }).execute();
      ids.set(endpoint.id, endpoint_id);
    }
  }
  return ids;
}

function endpointValues({ port, kind, pauseMs, responseTimeoutMs }: EndpointStep) {
  return {
    port,
    kind: codeIn(ENDPOINT_KINDS, kind),
    pause_ms: pauseMs,
    response_timeout_ms: responseTimeoutMs,
  };
}

interface MeterUpdate extends SiteUpdate {
  readonly endpointIds: ReadonlyMap<number, number>;
}

async function updateMeters(tx: Executor, update: MeterUpdate): Promise<void> {
  const { change, target, since, meterOf, routerMeter, endpointIds } = update;
  const known = new Map(Object.entries(change.meterIds).map(([number, id]) => [Number(number), id]));
  const through = (id: number) => endpointIds.get(id) ?? 0;
  const fresh = target.devices.filter(({ id }) => !known.has(id))
    .map((device) => ({ endpointId: through(device.endpointId), meter: meterOf(device) }));
  const own = target.router.endpoints.find(({ kind }) => kind === "router");
  if (routerMeter && own) fresh.push({ endpointId: through(own.id), meter: routerMeter });
  const added = fresh.length === 0
    ? new Map<number, number>()
    : await insertMeters(tx, { siteId: change.siteId, since, meters: fresh, known });
  const ids = new Map([...known, ...added]);
  const before = new Map(change.base.devices.map((one) => [one.id, one]));
  for (const device of target.devices) {
    const [meterId, was] = [known.get(device.id), before.get(device.id)];
    if (meterId === undefined || isSame(was, device)) continue;
    const { name, endUse, wholeSite, parentId, serial, label, location, maxPowerW } = device;
    await tx.updateTable("meter").set({
      name,
      end_use: endUse && codeIn(END_USE_CODES, endUse),
      whole_site: wholeSite ? 1 : 0,
      serial,
      label,
      location,
      max_power_w: maxPowerW,
    }).$if(
      was?.parentId !== parentId,
      (query) => query.set({ parent_id: parentId === null ? null : ids.get(parentId) ?? null }),
    ).where("meter_id", "=", meterId).execute();
  }
}

async function writeTrace(tx: Executor, by: Author, { change, target }: SiteUpdate): Promise<void> {
  const { siteId, base, meterIds } = change;
  const trace = traceOfChange(base, target, (deviceId) => meterIds[String(deviceId)] ?? null);
  await appendAudit(tx, by, { action: "site-changed", subject: `site ${siteId}`, siteId, ...trace });
}

async function keepPassword(
  tx: Executor,
  by: Author,
  { change: { siteId, forgetsPassword }, box, plain }: SiteUpdate & { readonly plain: string | null },
): Promise<void> {
  if (plain !== null) return await sealRouterPassword(tx, by, { siteId, box, plain });
  const name = routerSecretName(siteId);
  if (!forgetsPassword || !await hasSecret(tx, name)) return;
  await deleteSecret(tx, name);
  const entry = { action: "secret-changed", subject: `secret ${name}`, siteId };
  await appendAudit(tx, by, { ...entry, after: { state: "removed" } });
}
