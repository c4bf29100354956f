/**
 * What happened to devices, as it is kept and told: an event has its instant, the half-hour that it lies in, who noted it,
 * and the device before and after.
 *
 * @module
 */

import type { DeviceEventKind, DeviceEventState } from "../domain/device_life.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Author } from "./audit.ts";
import { choiceOf, codeIn } from "./codes.ts";
import type { Database, Executor } from "./db.ts";

/** Kinds of events; a number once given keeps its meaning. */
export const EVENT_KINDS: readonly DeviceEventKind[] = [
  "replaced",
  "moved",
  "transformer",
  "profile",
  "retired",
  "taken-back",
  "counted",
];

/** States of events. */
export const EVENT_STATES: readonly DeviceEventState[] = ["announced", "done", "withdrawn"];

/** An event of a device. */
export interface DeviceEvent {
  /** Grows; the newest one of a device says what a page has seen of it. */
  readonly id: number;
  /** The device. */
  readonly meterId: number;
  /** What happened. */
  readonly kind: DeviceEventKind;
  /** Whether it has come. */
  readonly state: DeviceEventState;
  /** Epoch seconds at which it happened. */
  readonly atS: number;
  /** The half-hour that holds the instant. */
  readonly halfHour: HalfHour;
  /** Epoch milliseconds at which it was noted. */
  readonly recordedMs: number;
  /** Who noted it; `null`: nobody known any more. */
  readonly by: string | null;
  /** What they wrote beside it; may be empty. */
  readonly note: string;
  /** The device before. */
  readonly before: Readonly<Record<string, unknown>>;
  /** The device after. */
  readonly after: Readonly<Record<string, unknown>>;
}

/** Events of one page at most. */
const EVENTS_LIMIT = 200;

/** The events of a device, newest first, at most 200. */
export async function listDeviceEvents(db: Database, meterId: number): Promise<readonly DeviceEvent[]> {
  const rows = await db.reader.selectFrom("device_event as e").leftJoin("user as u", "u.user_id", "e.user_id")
    .select(["e.event_id", "e.meter_id", "e.kind", "e.state", "e.at_s", "e.half_hour", "e.recorded_ms"])
    .select(["u.name as by", "e.note", "e.before_json", "e.after_json"])
    .where("e.meter_id", "=", meterId).orderBy("e.at_s", "desc").orderBy("e.event_id", "desc")
    .limit(EVENTS_LIMIT).execute();
  return rows.map((row) => ({
    id: row.event_id,
    meterId: row.meter_id,
    kind: choiceOf(EVENT_KINDS, row.kind),
    state: choiceOf(EVENT_STATES, row.state),
    atS: row.at_s,
    halfHour: row.half_hour,
    recordedMs: row.recorded_ms,
    by: row.by,
    note: row.note,
    before: JSON.parse(row.before_json),
    after: JSON.parse(row.after_json),
  }));
}

/** An event to keep. */
export interface NewDeviceEvent extends Pick<DeviceEvent, "meterId" | "kind" | "state" | "atS" | "note"> {
  /** The site it stands at. */
  readonly siteId: number;
  /** The half-hour from which on it counts. */
  readonly halfHour: HalfHour;
  /** The device before. */
  readonly before: unknown;
  /** The device after. */
  readonly after: unknown;
}

/** Keeps an event within a transaction; its id. */
export async function insertEvent(tx: Executor, by: Author, event: NewDeviceEvent): Promise<number> {
  const inserted = await tx.insertInto("device_event").values({
    site_id: event.siteId,
    meter_id: event.meterId,
    kind: codeIn(EVENT_KINDS, event.kind),
    state: codeIn(EVENT_STATES, event.state),
    at_s: event.atS,
    half_hour: event.halfHour,
    recorded_ms: by.atMs,
    user_id: by.userId,
    note: event.note,
    before_json: JSON.stringify(event.before),
    after_json: JSON.stringify(event.after),
  }).executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}

/** The newest event of a device; 0: nothing has happened to it yet. */
export async function newestEventOf(db: Executor, meterId: number): Promise<number> {
  const row = await db.selectFrom("device_event").select((eb) => eb.fn.max("event_id").as("newest"))
    .where("meter_id", "=", meterId).executeTakeFirst();
  return row?.newest ?? 0;
}
