/**
 * What the nightly check reads of devices: which are due, what was stored of them, and what they said of themselves
 * before.
 *
 * @module
 */

import type { ChannelKind } from "../domain/channel.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Transformer } from "../domain/site.ts";
import type { ReadingRow } from "../domain/visit.ts";
import { CHANNEL_KINDS, choiceOf } from "./codes.ts";
import type { Database } from "./db.ts";
import { rangeOf } from "./outcomes.ts";
import { selectRecent } from "./recent.ts";
import { yieldToLoop } from "./sqlite.ts";
import { textsOf } from "./texts.ts";
import { type Changing, within } from "./within.ts";

/** Devices of one call at most. */
export const CHECKED_LIMIT = 50;

/** Half-hours and channels of one statement: some milliseconds for the embedded database. */
const ROWS_A_STATEMENT = 1_000;

/** Characters of an identity that are kept. */
const TEXT_MAX = 250;

/** A device that is due for its check. */
export interface DueDevice {
  /** 32-bit. */
  readonly meterId: number;
  /** Where it stands. */
  readonly siteId: number;
  /** Its device profile. */
  readonly profileId: string;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Its serial number as registered; `null`: none was. */
  readonly serial: string | null;
  /** The serial number of the site's router as registered; `null`: none was. */
  readonly routerSerial: string | null;
  /** Its channels. */
  readonly channels: readonly DueChannel[];
}

/** A channel of a device that is due. */
export interface DueChannel {
  /** 32-bit. */
  readonly id: number;
  /** Its name in the profile. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: ChannelKind;
}

/** Which devices. */
export interface DueQuery {
  /** Epoch milliseconds: those checked before are due. */
  readonly checkedBeforeMs: number;
  /** Devices expected in this half-hour. */
  readonly halfHour: HalfHour;
  /** Only devices with a greater id. */
  readonly after: number;
  /** At most {@link CHECKED_LIMIT}. */
  readonly limit: number;
}

/** Devices of collected sites that were not checked lately, by id. */
export async function listDueDevices(db: Database, query: DueQuery): Promise<readonly DueDevice[]> {
  const { checkedBeforeMs, halfHour, after, limit } = query;
  const meters = await db.reader.selectFrom("meter as m")
    .innerJoin("site as s", "s.site_id", "m.site_id")
    .leftJoin("router as r", "r.site_id", "m.site_id")
    .leftJoin("device_check as c", "c.meter_id", "m.meter_id")
    .select(["m.meter_id", "m.site_id", "m.profile_id", "m.transformer", "m.serial"])
    .select("r.serial as router_serial")
    .where("m.meter_id", ">", after).where("m.since", "<=", halfHour).where("s.collected", "=", 1)
    .where((eb) => eb.or([eb("m.until", "is", null), eb("m.until", ">", halfHour)]))
    .where((eb) => eb.or([eb("c.checked_ms", "is", null), eb("c.checked_ms", "<", checkedBeforeMs)]))
    .orderBy("m.meter_id").limit(Math.min(limit, CHECKED_LIMIT)).execute();
  if (meters.length === 0) return [];
  const channels = await db.reader.selectFrom("channel").select([
    "channel_id",
    "meter_id",
    "quantity",
    "kind",
  ])
    .where("meter_id", "in", meters.map(({ meter_id }) => meter_id)).where("since", "<=", halfHour)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", halfHour)]))
    .orderBy("channel_id").execute();
  const byMeter = Map.groupBy(channels, ({ meter_id }) => meter_id);
  return meters.map((row) => ({
    meterId: row.meter_id,
    siteId: row.site_id,
    profileId: row.profile_id,
    transformer: row.transformer === null ? null : JSON.parse(row.transformer) as Transformer,
    serial: row.serial,
    routerSerial: row.router_serial,
    channels: (byMeter.get(row.meter_id) ?? []).map(({ channel_id, quantity, kind }) => ({
      id: channel_id,
      quantity,
      kind: choiceOf(CHANNEL_KINDS, kind),
    })),
  }));
}

/** Rows of half-hours that are not packed yet, in no order; texts as they were read. Lets others in between. */
export async function readUnpacked(
  db: Database,
  { channels, from, to }: {
    readonly channels: readonly DueChannel[];
    readonly from: HalfHour;
    readonly to: HalfHour;
  },
): Promise<readonly ReadingRow[]> {
  const ids = channels.map(({ id }) => id);
  const rows: ReadingRow[] = [];
  const size = Math.max(1, Math.floor(ROWS_A_STATEMENT / Math.max(1, ids.length)));
  const halfHours = rangeOf(from, to);
  for (let at = 0; at < halfHours.length && ids.length > 0; at += size) {
    rows.push(...await selectRecent(db.reader, halfHours.slice(at, at + size), ids));
    await yieldToLoop();
  }
  const textual = new Set(channels.filter(({ kind }) => kind === "text").map(({ id }) => id));
  const textIds = rows.flatMap(({ channelId, value }) =>
    textual.has(channelId) && value !== null ? [value] : []
  );
  if (textIds.length === 0) return rows;
  const texts = await textsOf(db, textIds);
  return rows.map((row) => {
    const text = textual.has(row.channelId) && row.value !== null ? texts.get(row.value) : undefined;
    return text === undefined ? row : { ...row, text };
  });
}

/** What a device said of itself. */
export interface DeviceIdentity {
  /** The device. */
  readonly meterId: number;
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** As it was read first. */
  readonly first: string;
  /** Epoch milliseconds at which it was noted first. */
  readonly firstMs: number;
  /** As it was read last. */
  readonly read: string;
}

/** What devices said of themselves, as far as it was noted. */
export async function readIdentities(
  db: Database,
  meterIds: readonly number[],
): Promise<readonly DeviceIdentity[]> {
  if (meterIds.length === 0) return [];
  const rows = await db.reader.selectFrom("device_identity")
    .select(["meter_id", "quantity", "first_text", "first_ms", "read_text"])
    .where("meter_id", "in", meterIds).orderBy("meter_id").orderBy("quantity").execute();
  return rows.map((row) => ({
    meterId: row.meter_id,
    quantity: row.quantity,
    first: row.first_text,
    firstMs: row.first_ms,
    read: row.read_text,
  }));
}

/** Notes what devices said of themselves; the registration is left as it is. */
export async function noteIdentities(
  db: Changing,
  identities: readonly DeviceIdentity[],
  nowMs: number,
): Promise<void> {
  if (identities.length === 0) return;
  await within(db, async (tx) => {
    await tx.replaceInto("device_identity").values(identities.map((each) => ({
      meter_id: each.meterId,
      quantity: each.quantity.slice(0, 80),
      first_text: each.first.slice(0, TEXT_MAX),
      first_ms: each.firstMs,
      read_text: each.read.slice(0, TEXT_MAX),
      read_ms: nowMs,
    }))).execute();
  });
}

/** Notes that devices were checked, so that a night that was ended goes on where it was. */
export async function noteChecked(db: Changing, meterIds: readonly number[], nowMs: number): Promise<void> {
  if (meterIds.length === 0) return;
  await within(db, async (tx) => {
    await tx.replaceInto("device_check")
      .values(meterIds.map((meter_id) => ({ meter_id, checked_ms: nowMs }))).execute();
  });
}
