/**
 * What the page of a device and its forms ask: the device as it stands, where it may be read, its counters with all
 * their series. Retired devices are there too.
 *
 * @module
 */

import type { Channel, Unit } from "../domain/channel.ts";
import type { Series } from "../domain/series.ts";
import type { Endpoint } from "../domain/site.ts";
import { CHANNEL_KINDS, choiceOf, ENDPOINT_KINDS } from "./codes.ts";
import type { Database } from "./db.ts";
import { type LockedDevice, readDeviceRow } from "./device_change.ts";
import { newestEventOf } from "./device_events.ts";
import { seriesOf } from "./plans.ts";

/** A device with what surrounds it. */
export interface DeviceFacts {
  /** The device. */
  readonly device: LockedDevice;
  /** Name of its site. */
  readonly siteName: string;
  /** Zone of its site. */
  readonly zone: string;
  /** Name of the device whose load its own is part of; `null`: none. */
  readonly parent: string | null;
  /** What stands on the cabinet; `null`: nothing. */
  readonly label: string | null;
  /** Where it hangs; `null`: not known. */
  readonly location: string | null;
  /** All ports of the site. */
  readonly endpoints: readonly Pick<Endpoint, "id" | "port" | "kind">[];
  /** Its channels, ended ones among them. */
  readonly channels: readonly Channel[];
  /** The series of its counters by channel, oldest first. */
  readonly series: ReadonlyMap<number, readonly Series[]>;
  /** Its newest event; 0: nothing has happened to it. */
  readonly seen: number;
}

/** A device of a site; `null`: there is none such. */
export async function readDevice(
  db: Database,
  at: { readonly siteId: number; readonly meterId: number },
): Promise<DeviceFacts | null> {
  const { siteId, meterId } = at;
  const device = await readDeviceRow(db.reader, at);
  if (!device) return null;
  const site = await db.reader.selectFrom("site").select(["name", "zone"]).where("site_id", "=", siteId)
    .executeTakeFirstOrThrow();
  const more = await db.reader.selectFrom("meter as m").leftJoin("meter as p", "p.meter_id", "m.parent_id")
    .select(["m.label", "m.location", "p.name as parent"]).where("m.meter_id", "=", meterId)
    .executeTakeFirstOrThrow();
  const endpoints = await db.reader.selectFrom("endpoint").select(["endpoint_id", "port", "kind"])
    .where("site_id", "=", siteId).orderBy("endpoint_id").execute();
  const rows = await db.reader.selectFrom("channel")
    .select(["channel_id", "quantity", "kind", "unit", "decimals", "since", "until"])
    .where("meter_id", "=", meterId).orderBy("channel_id").execute();
  const channels = rows.map((row): Channel => ({
    id: row.channel_id,
    siteId,
    meterId,
    quantity: row.quantity,
    kind: choiceOf(CHANNEL_KINDS, row.kind),
    unit: row.unit as Unit,
    decimals: row.decimals,
    since: row.since,
    until: row.until,
  }));
  const counters = channels.filter(({ kind }) => kind === "counter").map(({ id }) => id);
  return {
    device,
    siteName: site.name,
    zone: site.zone,
    ...more,
    endpoints: endpoints.map((row) => ({
      id: row.endpoint_id,
      port: row.port,
      kind: choiceOf(ENDPOINT_KINDS, row.kind),
    })),
    channels,
    series: counters.length === 0 ? new Map() : await seriesOf(db.reader, counters),
    seen: await newestEventOf(db.reader, meterId),
  };
}

/** Profiles by which a device was read before, at most 50. */
export async function listEarlierProfiles(db: Database, meterId: number): Promise<readonly string[]> {
  const rows = await db.reader.selectFrom("device_event").select("before_json").where(
    "meter_id",
    "=",
    meterId,
  )
    .orderBy("event_id", "desc").limit(50).execute();
  const ids = rows.map(({ before_json }) =>
    (JSON.parse(before_json) as { readonly profileId?: string }).profileId
  );
  return [...new Set(ids)].filter((id) => id !== undefined);
}

/** Retired devices of a site by name, at most 100. */
export async function listRetired(
  db: Database,
  siteId: number,
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  const rows = await db.reader.selectFrom("meter").select(["meter_id", "name"]).where("site_id", "=", siteId)
    .where("until", "is not", null).orderBy("name").limit(100).execute();
  return rows.map(({ meter_id: id, name }) => ({ id, name }));
}
