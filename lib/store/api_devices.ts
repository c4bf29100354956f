/**
 * Devices and channels as programs ask for them: by id, within reach of whoever asks, also those that are no longer
 * read.
 *
 * @module
 */

import type { Channel, Unit } from "../domain/channel.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Reach, SitePlace } from "../domain/permission.ts";
import type { Meter } from "../domain/site.ts";
import { CHANNEL_KINDS, choiceOf, END_USE_CODES } from "./codes.ts";
import type { Database } from "./db.ts";
import { withinReach } from "./reach.ts";

/** A device at a site. */
export interface ListedDevice
  extends Pick<Meter, "id" | "name" | "profileId" | "unitId" | "endUse" | "wholeSite"> {
  /** The site it stands at, as far as reach is concerned. */
  readonly place: SitePlace;
  /** First half-hour that is expected. */
  readonly since: HalfHour;
  /** First half-hour that is no longer expected; `null`: expected for good. */
  readonly until: HalfHour | null;
}

/** A channel of a device. */
export interface ListedChannel extends Channel {
  /** The site it belongs to, as far as reach is concerned. */
  readonly place: SitePlace;
  /** What people call its device. */
  readonly deviceName: string;
}

/** A part of a list by id. */
export interface AfterId {
  /** All must agree. */
  readonly reaches: readonly Reach[];
  /** Greater ids alone; 0: from the first. */
  readonly afterId: number;
  /** Things at most, 1 to 201. */
  readonly limit: number;
}

/** Which devices: all of a site, or one. */
export type DeviceChoice = { readonly siteId: number } | { readonly deviceId: number };

/** Devices within reach in the order of their ids. */
export async function listDevicesAfter(
  db: Database,
  { reaches, afterId, limit, ...choice }: AfterId & DeviceChoice,
): Promise<readonly ListedDevice[]> {
  const select = db.reader.selectFrom("meter as m").innerJoin("site as s", "s.site_id", "m.site_id")
    .select(["m.meter_id", "m.site_id", "s.group_id", "m.unit_id", "m.profile_id", "m.name", "m.end_use"])
    .select(["m.whole_site", "m.since", "m.until"])
    .where("m.meter_id", ">", afterId)
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" }));
  const chosen = "siteId" in choice
    ? select.where("m.site_id", "=", choice.siteId)
    : select.where("m.meter_id", "=", choice.deviceId);
  const rows = await chosen.orderBy("m.meter_id").limit(Math.min(limit, 201)).execute();
  return rows.map((row) => ({
    id: row.meter_id,
    place: { id: row.site_id, groupId: row.group_id },
    name: row.name,
    profileId: row.profile_id,
    unitId: row.unit_id,
    endUse: row.end_use === null ? null : choiceOf(END_USE_CODES, row.end_use),
    wholeSite: row.whole_site === 1,
    since: row.since,
    until: row.until,
  }));
}

/** Which channels: all of a site, all of a device, or by id; of these one quantity, or counters alone. */
export interface ChannelChoice {
  /** Of a site. */
  readonly siteId?: number | undefined;
  /** Of a device. */
  readonly deviceId?: number | undefined;
  /** By id, at most 100. */
  readonly channelIds?: readonly number[] | undefined;
  /** Of one quantity; default: any. */
  readonly quantity?: string | undefined;
  /** Whether counters alone. */
  readonly counters?: boolean;
}

/** Channels within reach in the order of their ids. */
export async function listChannelsAfter(
  db: Database,
  { reaches, afterId, limit, ...choice }: AfterId & ChannelChoice,
): Promise<readonly ListedChannel[]> {
  const { siteId, deviceId, channelIds, quantity, counters } = choice;
  if (siteId === undefined && deviceId === undefined && channelIds === undefined) return [];
  if (channelIds && channelIds.length > 100) {
    throw new RangeError(`${channelIds.length} channels: at most 100`);
  }
  let select = db.reader.selectFrom("channel as c").innerJoin("site as s", "s.site_id", "c.site_id")
    .innerJoin("meter as m", "m.meter_id", "c.meter_id")
    .select(["c.channel_id", "c.site_id", "c.meter_id", "c.quantity", "c.kind", "c.unit", "c.decimals"])
    .select(["c.since", "c.until", "s.group_id", "m.name as device_name"])
    .where("c.channel_id", ">", afterId)
    .where(withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" }));
  if (siteId !== undefined) select = select.where("c.site_id", "=", siteId);
  if (deviceId !== undefined) select = select.where("c.meter_id", "=", deviceId);
  if (channelIds !== undefined) select = select.where("c.channel_id", "in", channelIds);
  if (quantity !== undefined) select = select.where("c.quantity", "=", quantity);
  if (counters) select = select.where("c.kind", "=", CHANNEL_KINDS.indexOf("counter"));
  const rows = await select.orderBy("c.channel_id").limit(Math.min(limit, 201)).execute();
  return rows.map((row) => ({
    id: row.channel_id,
    siteId: row.site_id,
    place: { id: row.site_id, groupId: row.group_id },
    meterId: row.meter_id,
    deviceName: row.device_name,
    quantity: row.quantity,
    kind: choiceOf(CHANNEL_KINDS, row.kind),
    unit: row.unit as Unit,
    decimals: row.decimals,
    since: row.since,
    until: row.until,
  }));
}
