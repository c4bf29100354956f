/**
 * One change of how a device is read, within a transaction: its row, its channels, the series of its counters, and what
 * was derived since. Visits that are under way lose their claim, so that nothing is stored that was judged before.
 *
 * @module
 */

import type { Channel } from "../domain/channel.ts";
import type { CounterRules } from "../domain/counter.ts";
import {
  type ChannelChanges,
  channelChanges,
  type CounterAround,
  type CountersRead,
  counterTroubles,
  type CountingProfile,
  type FindCounting,
  type LifeRefusal,
  type Rating,
  underWayAt,
} from "../domain/device_life.ts";
import { endSOf, type HalfHour, halfHourOf } from "../domain/half_hour.ts";
import type { Transformer } from "../domain/site.ts";
import { standingOf, successorOf } from "../domain/succession.ts";
import type { ReadingRow } from "../domain/visit.ts";
import { err, ok, type Result } from "../result.ts";
import { CHANNEL_KINDS, codeIn } from "./codes.ts";
import type { Correction } from "./corrections.ts";
import type { Executor } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { spendGaps } from "./gaps.ts";
import { takeIds } from "./ids.ts";
import { channelsOf } from "./plans.ts";
import { type CounterBefore, countersBefore, rederive, type Rederived } from "./rederive.ts";
import { dropRows, rewriteRows, storedRows } from "./stored_rows.ts";

/** A device as it stands, locked. */
export interface LockedDevice extends Rating {
  /** The device. */
  readonly meterId: number;
  /** Where it stands. */
  readonly siteId: number;
  /** What people call it. */
  readonly name: string;
  /** Through which endpoint it is read. */
  readonly endpointId: number;
  /** Under which unit. */
  readonly unitId: number;
  /** By which profile. */
  readonly profileId: string;
  /** As its label says; `null`: not known. */
  readonly serial: string | null;
  /** First half-hour that is expected. */
  readonly since: HalfHour;
  /** First half-hour that is no longer expected; `null`: expected for good. */
  readonly until: HalfHour | null;
}

/** A device of a site, locked until the transaction ends; `null`: there is none such. */
export async function lockDevice(tx: Executor, at: DevicePlace): Promise<LockedDevice | null> {
  await tx.selectFrom("meter").select("meter_id").where("meter_id", "=", at.meterId).modifyEnd(
    exclusiveLock(tx),
  )
    .execute();
  return await readDeviceRow(tx, at);
}

/** Which device of which site. */
export interface DevicePlace {
  /** The site. */
  readonly siteId: number;
  /** The device. */
  readonly meterId: number;
}

/** A device of a site as it stands; `null`: there is none such. */
export async function readDeviceRow(
  db: Executor,
  { siteId, meterId }: DevicePlace,
): Promise<LockedDevice | null> {
  const row = await db.selectFrom("meter")
    .select(["meter_id", "site_id", "name", "endpoint_id", "unit_id", "profile_id", "serial", "transformer"])
    .select(["max_power_w", "since", "until"])
    .where("meter_id", "=", meterId).where("site_id", "=", siteId).executeTakeFirst();
  return row === undefined ? null : {
    meterId: row.meter_id,
    siteId: row.site_id,
    name: row.name,
    endpointId: row.endpoint_id,
    unitId: row.unit_id,
    profileId: row.profile_id,
    serial: row.serial,
    transformer: row.transformer === null ? null : JSON.parse(row.transformer) as Transformer,
    maxPowerW: row.max_power_w,
    since: row.since,
    until: row.until,
  };
}

/** Half-hours in which a claim may still live. */
const LIVING = 50;

/** Takes back the claims on a site: its visits under way are not stored, and it is visited again at once. */
export async function revokeClaims(
  tx: Executor,
  { siteId, nowMs }: { readonly siteId: number; readonly nowMs: number },
): Promise<void> {
  const newest = halfHourOf(nowMs);
  await tx.updateTable("ledger").set({ state: 0, token: null, claim_until_ms: null, due_at_ms: nowMs })
    .where("half_hour", "in", Array.from({ length: LIVING }, (_, i) => newest - i)).where(
      "site_id",
      "=",
      siteId,
    )
    .where("state", "=", 1).execute();
}

/** How a device is read from an instant on. */
export interface DeviceChange {
  /** The device, locked. */
  readonly device: LockedDevice;
  /** What is different from then on. */
  readonly after: Partial<
    Pick<LockedDevice, "profileId" | "unitId" | "serial" | "transformer" | "maxPowerW">
  >;
  /** Epoch seconds. */
  readonly atS: number;
  /** What counters showed then. */
  readonly counters: readonly CountersRead[];
  /** Whether it is the same device, read in another way. */
  readonly sameDevice: boolean;
  /** Whether what cannot have flowed was confirmed. */
  readonly confirmed: boolean;
  /** Finds profiles. */
  readonly find: FindCounting;
  /** Epoch milliseconds of now. */
  readonly nowMs: number;
}

/** What a change did. */
export interface ChangeDone {
  /** Amounts that were replaced. */
  readonly corrections: readonly Correction[];
  /** Quantities that end. */
  readonly ended: readonly string[];
  /** Quantities that begin. */
  readonly begun: readonly string[];
  /** Rows of channels that were not there. */
  readonly dropped: number;
}

interface Plan extends DeviceChange {
  readonly changes: ChannelChanges;
  readonly before: { readonly profile: CountingProfile | undefined; readonly rating: Rating };
  readonly next: { readonly profile: CountingProfile; readonly rating: Rating };
  readonly known: ReadonlyMap<number, CounterBefore>;
  /** The half-hour under way at the instant: the first whose closing reading is taken the new way. */
  readonly halfHour: HalfHour;
  /** The half-hour after the newest that may have been read. */
  readonly to: HalfHour;
  /** Whether what was read since is understood already: only its series begin otherwise. */
  readonly isUnderstood?: boolean;
}

/** Changes how a device is read, or says what is wrong with that: then it stays as it is. */
export async function changeDevice(
  tx: Executor,
  change: DeviceChange,
): Promise<Result<ChangeDone, readonly LifeRefusal[]>> {
  const { device, after, atS, find, nowMs } = change;
  const profileId = after.profileId ?? device.profileId;
  const profile = find(profileId);
  if (!profile) return err([{ kind: "no-such-profile", profileId }]);
  await revokeClaims(tx, { siteId: device.siteId, nowMs });
  const halfHour = underWayAt(atS);
  const rating = {
    transformer: after.transformer === undefined ? device.transformer : after.transformer,
    maxPowerW: after.maxPowerW === undefined ? device.maxPowerW : after.maxPowerW,
  };
  const before = { profile: find(device.profileId), rating: device };
  const next = { profile, rating };
  const own = (await channelsOf(tx, [device.siteId], halfHour)).filter(({ meterId }) =>
    meterId === device.meterId
  );
  const changes = channelChanges(own, { before, after: next, sameDevice: change.sameDevice });
  const to = halfHourOf(nowMs) + 1;
  const counters = [...changes.changed, ...changes.ended].filter(({ kind }) => kind === "counter")
    .map(({ id }) => id);
  const known = await countersBefore(tx, counters, { atS, to });
  const plan: Plan = { ...change, changes, before, next, known, halfHour, to };
  const troubles = troublesOf(plan);
  if (troubles.length > 0) return err(troubles);
  await writeDevice(tx, plan);
  await writeChannels(tx, plan);
  const counted = [
    ...changes.changed.flatMap((it) => rederivedOf(plan, it)),
    ...changes.ended.flatMap((it) => endedOf(plan, it)),
  ];
  const corrections = await rederive(tx, counted, { atS });
  await revalue(tx, plan);
  const ended = changes.ended.map(({ id }) => id);
  await spendGaps(tx, ended);
  const dropped = await dropRows(tx, { channelIds: ended, from: halfHour, to });
  return ok({
    corrections,
    dropped,
    ended: changes.ended.map(({ quantity }) => quantity),
    begun: changes.begun.map(({ quantity }) => quantity),
  });
}

/** Derives the counters of a replacement again by what they showed; `old` is the device as it was before. */
export async function recount(
  tx: Executor,
  change: DeviceChange,
  old: LockedDevice,
): Promise<Result<ChangeDone, readonly LifeRefusal[]>> {
  const { device, atS, find, nowMs } = change;
  const profile = find(device.profileId);
  if (!profile) return err([{ kind: "no-such-profile", profileId: device.profileId }]);
  await revokeClaims(tx, { siteId: device.siteId, nowMs });
  const halfHour = underWayAt(atS);
  const to = halfHourOf(nowMs) + 1;
  const own = (await channelsOf(tx, [device.siteId], halfHour)).filter(({ meterId, kind, since }) =>
    meterId === device.meterId && kind === "counter" && since < halfHour
  );
  const known = await countersBefore(tx, own.map(({ id }) => id), { atS, to });
  const changes: ChannelChanges = { same: [], changed: own, ended: [], begun: [] };
  const before = { profile: find(old.profileId), rating: old };
  const next = { profile, rating: device };
  const plan: Plan = { ...change, changes, before, next, known, halfHour, to, isUnderstood: true };
  const troubles = troublesOf(plan);
  if (troubles.length > 0) return err(troubles);
  const counters = own.flatMap((channel) => rederivedOf(plan, channel));
  return ok({ corrections: await rederive(tx, counters, { atS }), ended: [], begun: [], dropped: 0 });
}

function troublesOf(plan: Plan): readonly LifeRefusal[] {
  const { changes, counters, known, before, atS, confirmed } = plan;
  return counters.flatMap((read): readonly LifeRefusal[] => {
    const channel = changes.changed.find(({ quantity }) => quantity === read.quantity);
    const counter = channel && known.get(channel.id);
    const rules = before.profile?.rulesOf(read.quantity, before.rating, read.final ?? 0);
    if (!channel || !counter || !rules) return [];
    const around: CounterAround = {
      read,
      last: standingOf(counter),
      since: firstSince(plan, channel),
      rules,
    };
    return counterTroubles(atS, around).filter(({ kind }) => kind !== "implausible" || !confirmed);
  });
}

/** The first value that was read after the change, as it is understood now; `null`: none. */
function firstSince(plan: Plan, channel: Channel): number | null {
  const understood = understand(plan, channel);
  for (const row of plan.known.get(channel.id)?.rows ?? []) {
    if (endSOf(row.halfHour) + (row.readS ?? 0) < plan.atS) continue;
    const { value } = understood(row);
    if (value !== null && value > 0) return value;
  }
  return null;
}

/** Whether a row was read at the change or after it: a late visit of the half-hour before may have been, too. */
function isAfter({ halfHour, readS, value }: ReadingRow, { atS }: Pick<Plan, "atS">): boolean {
  return value !== null && endSOf(halfHour) + (readS ?? 0) >= atS;
}

function unread(row: ReadingRow): ReadingRow {
  const nothing = { value: null, boundary: null, amount: null, quality: "missing" } as const;
  return { ...row, ...nothing, readingReason: "not-a-number" };
}

/** What a stored row of a quantity means that ends: whatever was read since is nothing of it. */
function understandEnded(plan: Plan): (row: ReadingRow) => ReadingRow {
  return (row) => isAfter(row, plan) ? unread(row) : row;
}

/** What a stored row means: its words are read by the profile that was in force when they were read. */
function understand(
  plan: Plan,
  { quantity }: Channel,
): (row: ReadingRow) => ReadingRow {
  const { before, next, sameDevice } = plan;
  const [old, now] = [before.profile, next.profile].map((profile) =>
    profile?.channels.find((it) => it.quantity === quantity)
  );
  const sameWords = old?.register === now?.register;
  const sameNumber = sameWords && old?.coding === now?.coding;
  return (row) => {
    if (plan.isUnderstood || !isAfter(row, plan)) return row;
    const sameRating = sameDevice ? before.rating.transformer === next.rating.transformer : false;
    if (sameNumber && (now?.kind === "counter" || sameRating || row.words === null)) return row;
    const value = sameWords && row.words !== null
      ? next.profile.valueOf(quantity, next.rating, row.words)
      : null;
    const { version: profileVersion } = next.profile;
    return value === null ? unread(row) : { ...row, value, profileVersion };
  };
}

async function writeDevice(tx: Executor, { device, after }: Plan): Promise<void> {
  const { profileId, unitId, serial, transformer, maxPowerW } = { ...device, ...after };
  await tx.updateTable("meter").set({
    profile_id: profileId,
    unit_id: unitId,
    serial,
    transformer: transformer && JSON.stringify(transformer),
    max_power_w: maxPowerW,
  }).where("meter_id", "=", device.meterId).execute();
}

async function writeChannels(
  tx: Executor,
  { device, changes, next: { profile }, halfHour }: Plan,
): Promise<void> {
  const kept = [...changes.same, ...changes.changed].map(({ id }) => id);
  if (kept.length > 0) {
    await tx.updateTable("channel").set({ profile_version: profile.version }).where("channel_id", "in", kept)
      .execute();
  }
  for (const { id, since } of changes.ended) {
    await tx.updateTable("channel").set({ until: Math.max(since, halfHour) }).where("channel_id", "=", id)
      .execute();
  }
  if (changes.begun.length === 0) return;
  let id = await takeIds(tx, "channel", changes.begun.length);
  await tx.insertInto("channel").values(changes.begun.map(({ quantity, kind, unit, decimals }) => ({
    channel_id: id++,
    site_id: device.siteId,
    meter_id: device.meterId,
    quantity,
    kind: codeIn(CHANNEL_KINDS, kind),
    unit,
    decimals,
    profile_version: profile.version,
    since: halfHour,
    until: null,
  }))).execute();
}

/** A counter that is derived again from the change on; nothing for other kinds. */
function rederivedOf(plan: Plan, channel: Channel): readonly Rederived[] {
  const { atS, before, next, known } = plan;
  const counter = known.get(channel.id);
  const rules = next.profile.rulesOf(channel.quantity, next.rating, 0);
  if (!counter || !rules) return [];
  const rulesAt = (at: number, value: number): CounterRules =>
    (at < atS ? before.profile?.rulesOf(channel.quantity, before.rating, value) : null) ??
      next.profile.rulesOf(channel.quantity, next.rating, value) ?? rules;
  const read = plan.counters.find(({ quantity }) => quantity === channel.quantity);
  const begins = successorOf(counter, { channelId: channel.id, atS, rules, read });
  return [{ channelId: channel.id, before: counter, begins, understood: understand(plan, channel), rulesAt }];
}

/** A counter that ends: what was read since, and what was recovered from that, is not its own. */
function endedOf(plan: Plan, channel: Channel): readonly Rederived[] {
  const { before: { profile, rating }, known } = plan;
  const counter = known.get(channel.id);
  const rules = profile?.rulesOf(channel.quantity, rating, 0);
  if (!counter || !rules) return [];
  const rulesAt = (_: number, value: number) => profile?.rulesOf(channel.quantity, rating, value) ?? rules;
  const understood = understandEnded(plan);
  return [{ channelId: channel.id, before: counter, begins: null, understood, rulesAt }];
}

/** Values of the other kinds that were read since: what the new profile cannot have meant is no value. */
async function revalue(tx: Executor, plan: Plan): Promise<void> {
  const { same, changed, ended } = plan.changes;
  const others = [...same, ...changed, ...ended].filter(({ kind }) => kind === "gauge" || kind === "state");
  const stored = await storedRows(tx, {
    channelIds: others.map(({ id }) => id),
    from: underWayAt(plan.atS) - 1,
    to: plan.to,
  });
  const rewritten = others.flatMap((channel) => {
    const understood = ended.includes(channel) ? understandEnded(plan) : understand(plan, channel);
    return (stored.get(channel.id) ?? []).flatMap((row) => {
      const now = understood(row);
      return now === row ? [] : [now];
    });
  });
  await rewriteRows(tx, rewritten);
}
