/**
 * How an act on a device is carried out: on the device as it was seen, with its event and its entry in the audit trail, in
 * one transaction or as part of a larger one.
 *
 * @module
 */

import type { DeviceEventKind, LifeRefusal } from "../domain/device_life.ts";
import { HALF_HOUR_S, type HalfHour, halfHourOf } from "../domain/half_hour.ts";
import { err, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { appendChange, signalCommit } from "./changes.ts";
import { keepCorrections } from "./corrections.ts";
import type { Executor } from "./db.ts";
import { type ChangeDone, lockDevice, type LockedDevice } from "./device_change.ts";
import { insertEvent, newestEventOf } from "./device_events.ts";
import { type Changing, within } from "./within.ts";

/** An act on a device. */
export interface DeviceAct {
  /** The site it stands at. */
  readonly siteId: number;
  /** The device. */
  readonly meterId: number;
  /** Id of its newest event that was seen, 0 for none; absent: whatever happened since. */
  readonly seen?: number;
  /** What people write beside it, at most 300 characters; may be empty. */
  readonly note: string;
}

/** Id of the event, or everything that is wrong. */
export type ActResult = Result<number, readonly LifeRefusal[]>;

/** Characters of a note at most. */
export const NOTE_MAX = 300;

/** Runs an act on a device that is locked, if it is as it was seen. */
export async function acting(
  db: Changing,
  act: DeviceAct,
  run: (tx: Executor, device: LockedDevice) => Promise<ActResult>,
  { retired = false }: { readonly retired?: boolean } = {},
): Promise<ActResult> {
  const result = await within(db, async (tx): Promise<ActResult> => {
    const device = await lockDevice(tx, act);
    if (!device) return err([{ kind: "no-such-device" }]);
    if (act.seen !== undefined && act.seen !== await newestEventOf(tx, device.meterId)) {
      return err([{ kind: "changed-meanwhile" }]);
    }
    if (device.until !== null && !retired) return err([{ kind: "retired" }]);
    return await run(tx, device);
  });
  if (result.ok && "kysely" in db) signalCommit(db);
  return result;
}

/** An act that was done. */
export interface Noted {
  readonly device: LockedDevice;
  readonly act: DeviceAct;
  readonly kind: DeviceEventKind;
  readonly atS: number;
  readonly halfHour?: HalfHour;
  readonly after: Readonly<Record<string, unknown>>;
  readonly done?: ChangeDone;
  readonly announced?: boolean;
}

/** Amounts that an entry names; the others are counted. */
const CORRECTIONS_NAMED = 96;

/** Keeps the event and its entry in the audit trail, and tells those who follow the site. */
export async function note(tx: Executor, by: Author, noted: Noted): Promise<number> {
  const { device, act, kind, atS, after, done, announced = false } = noted;
  const { siteId, meterId } = device;
  const before = Object.fromEntries(
    Object.keys(after).flatMap((key) => {
      return key in device ? [[key, device[key as keyof LockedDevice]]] : [];
    }),
  );
  const corrections = done?.corrections ?? [];
  const change = done
    ? { ended: done.ended, begun: done.begun, dropped: done.dropped, corrected: corrections.length }
    : {};
  const halfHour = noted.halfHour ?? Math.floor(atS / HALF_HOUR_S);
  const state = announced ? "announced" : "done";
  const event = {
    siteId,
    meterId,
    kind,
    state,
    atS,
    halfHour,
    note: act.note,
    before,
    after: { ...after, ...change },
  } as const;
  const id = await insertEvent(tx, by, event);
  await keepCorrections(tx, id, corrections);
  await appendAudit(tx, by, {
    action: announced ? "device-replacement-announced" : `device-${kind}`,
    subject: `device ${meterId}`,
    siteId,
    before,
    after: { ...after, ...change, at: atS, corrections: corrections.slice(0, CORRECTIONS_NAMED) },
  });
  await appendChange(tx, { halfHour: halfHourOf(by.atMs) - 1, siteIds: [siteId], atMs: by.atMs });
  return id;
}
