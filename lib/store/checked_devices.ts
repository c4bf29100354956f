/**
 * What the nightly check reads of devices: which are due, what was stored of them, and what they said of themselves
 * before.
 *
 * @module
 */

import type { ChannelKind } from "../domain/channel.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import { letterOf } from "../domain/reading.ts";
import type { Transformer } from "../domain/site.ts";
import { CHANNEL_KINDS, choiceOf } from "./codes.ts";
import type { Database } from "./db.ts";
import { hexOf } from "./dialect.ts";
import { rangeOf } from "./outcomes.ts";
import { yieldToLoop } from "./sqlite.ts";
import { textsOf } from "./texts.ts";
import { type Changing, within } from "./within.ts";

/** Devices of one call at most. */
export const CHECKED_LIMIT = 50;

/** Ids of one span at most: with the half-hours of a day some milliseconds for the embedded database. */
const SPAN_IDS = 30;

/** Ids of others that a span may hold between those that are meant. */
const SPAN_GAP = 4;

const MEASURED = letterOf("measured");

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

/** A reading of a channel, as far as a check looks at it. */
export interface CheckedRow {
  /** The half-hour that it closes. */
  readonly halfHour: HalfHour;
  /** Its channel. */
  readonly channelId: number;
  /** Register words in hex, also of a value that was refused; `null`: a text's are not kept. */
  readonly words: string | null;
  /** The value as it was stored, the number of a text; `null`: it was refused. */
  readonly value: number | null;
  /** What a counter counted in the half-hour, measured at both ends; `null`: not so. */
  readonly amount: number | null;
  /** What a text channel said; absent: it is none, or was not read. */
  readonly text?: string;
}

/** Which readings. */
export interface UnpackedQuery {
  /** Channels of a device. */
  readonly channels: readonly DueChannel[];
  /** The first half-hour. */
  readonly from: HalfHour;
  /** The half-hour after the last. */
  readonly to: HalfHour;
}

/** What was read in half-hours that are not packed yet, by half-hour; others come in between. */
export async function readUnpacked(db: Database, query: UnpackedQuery): Promise<readonly CheckedRow[]> {
  const { channels, from, to } = query;
  const halfHours = rangeOf(from, to);
  const known = new Set(channels.map(({ id }) => id));
  const rows: CheckedRow[] = [];
  for (const span of spansOf([...known].sort((one, other) => one - other))) {
    const found = await selectChecked(db, halfHours, span);
    for (const row of found) if (known.has(row.channelId)) rows.push(row);
    await yieldToLoop();
  }
  const textual = new Set(channels.filter(({ kind }) => kind === "text").map(({ id }) => id));
  if (textual.size === 0) return rows;
  const said = rows.filter(({ channelId, value }) => textual.has(channelId) && value !== null);
  const texts = await textsOf(db, said.flatMap(({ value }) => value ?? []));
  return rows.map((row) => {
    const text = textual.has(row.channelId) && row.value !== null ? texts.get(row.value) : undefined;
    return text === undefined ? row : { ...row, text };
  });
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/** Ids that lie near each other: a device's do, and a span needs the same statement whatever it holds. */
function spansOf(ids: readonly number[]): readonly Span[] {
  const spans: { first: number; last: number }[] = [];
  for (const id of ids) {
    const span = spans.at(-1);
    if (span && id - span.last <= SPAN_GAP && id - span.first < SPAN_IDS) span.last = id;
    else spans.push({ first: id, last: id });
  }
  return spans;
}

async function selectChecked(
  db: Database,
  halfHours: readonly HalfHour[],
  { first, last }: Span,
): Promise<readonly CheckedRow[]> {
  const rows = await db.reader.selectFrom("recent")
    .select(["half_hour", "channel_id", "value", "amount", "quality", hexOf("words").as("words")])
    .where("half_hour", "in", halfHours).where("channel_id", ">=", first).where("channel_id", "<=", last)
    .where((eb) => eb.or([eb("words", "is not", null), eb("reading_reason", "is", null)])).execute();
  return rows.map(({ half_hour: halfHour, channel_id: channelId, value, amount, quality, words }) => ({
    halfHour,
    channelId,
    words: words === "" ? null : words,
    value,
    amount: quality === MEASURED ? amount : null,
  }));
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
