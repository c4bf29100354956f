/**
 * The life of a device: replaced, moved, its transformers or profile changed, retired and taken back. Each act is one
 * transaction with its event and its entry in the audit trail, or part of a larger one.
 *
 * @module
 */

import { AHEAD_S, type CountersRead, type FindCounting } from "../domain/device_life.ts";
import { HALF_HOUR_S, halfHourOf } from "../domain/half_hour.ts";
import type { Transformer } from "../domain/site.ts";
import { err, ok } from "../result.ts";
import type { Author } from "./audit.ts";
import type { Executor } from "./db.ts";
import { acting, type ActResult, type DeviceAct, note } from "./device_act.ts";
import { changeDevice, type LockedDevice, revokeClaims } from "./device_change.ts";
import { placeTrouble, whenTrouble } from "./device_checks.ts";
import { spendGaps } from "./gaps.ts";
import { takeIds } from "./ids.ts";
import { seriesOf } from "./plans.ts";
import { writeSeries } from "./visit_rows.ts";
import type { Changing } from "./within.ts";

export type { ActResult, DeviceAct } from "./device_act.ts";

/** A device that was replaced by another one. */
export interface Replacement extends DeviceAct {
  /** Epoch seconds, at most a week ahead: it is announced then. */
  readonly atS: number;
  /** What the counters showed; those that are absent nobody read. */
  readonly counters: readonly CountersRead[];
  /** Serial of the new device; `null`: not known. */
  readonly serial: string | null;
  /** Profile of the new device. */
  readonly profileId: string;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Its unit; absent: the same. */
  readonly unitId?: number;
  /** Whether growth that cannot have been was confirmed. */
  readonly confirmed: boolean;
  /** Finds profiles. */
  readonly find: FindCounting;
}

/**
 * Notes that a device was replaced, or announces it. The channels go on; its counters begin new series that go on from
 * what the old ones had counted, and what was read since is derived again.
 */
export function replaceMeter(db: Changing, by: Author, act: Replacement): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const trouble = await whenTrouble(tx, device, { atS: act.atS, nowMs: by.atMs, aheadS: AHEAD_S });
    if (trouble) return err([trouble]);
    if (!act.find(act.profileId)) return err([{ kind: "no-such-profile", profileId: act.profileId }]);
    const unitId = act.unitId ?? device.unitId;
    const taken = await placeTrouble(tx, device, { endpointId: device.endpointId, unitId });
    if (taken) return err([taken]);
    const { serial, profileId, transformer, counters, confirmed } = act;
    const after = { serial, profileId, transformer, unitId };
    if (act.atS * 1000 > by.atMs) {
      const announced = { ...after, counters, confirmed };
      return ok(
        await note(tx, by, {
          device,
          act,
          kind: "replaced",
          atS: act.atS,
          after: announced,
          announced: true,
        }),
      );
    }
    const done = await changeDevice(tx, { ...act, device, after, sameDevice: false, nowMs: by.atMs });
    if (!done.ok) return done;
    return ok(
      await note(tx, by, {
        device,
        act,
        kind: "replaced",
        atS: act.atS,
        after: { ...after, counters },
        done: done.value,
      }),
    );
  });
}

/** Where a device is read from now on. */
export interface Move extends DeviceAct {
  /** The endpoint, of the same site. */
  readonly endpointId: number;
  /** The unit. */
  readonly unitId: number;
}

/** Notes that a device is reached otherwise; it is the same one, so its series go on. */
export function moveDevice(db: Changing, by: Author, act: Move): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const { endpointId, unitId } = act;
    if (endpointId === device.endpointId && unitId === device.unitId) {
      return err([{ kind: "nothing-changes" }]);
    }
    const trouble = await placeTrouble(tx, device, { endpointId, unitId });
    if (trouble) return err([trouble]);
    await revokeClaims(tx, { siteId: device.siteId, nowMs: by.atMs });
    await tx.updateTable("meter").set({ endpoint_id: endpointId, unit_id: unitId })
      .where("meter_id", "=", device.meterId).execute();
    const atS = Math.floor(by.atMs / 1000);
    return ok(await note(tx, by, { device, act, kind: "moved", atS, after: { endpointId, unitId } }));
  });
}

/** What a device is rated for from an instant on. */
export interface TransformerChange extends DeviceAct {
  /** Epoch seconds, not in the future. */
  readonly atS: number;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Largest believable power in W; absent: as it was. */
  readonly maxPowerW?: number | null;
  /** What the counters showed at that moment, as final and first alike; those that are absent nobody read. */
  readonly counters: readonly CountersRead[];
  /** Whether growth that cannot have been was confirmed. */
  readonly confirmed: boolean;
  /** Finds profiles. */
  readonly find: FindCounting;
}

/** Notes that a device has other transformers; counters whose factor changes begin a new series. */
export function changeTransformer(db: Changing, by: Author, act: TransformerChange): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const { atS, transformer, maxPowerW = device.maxPowerW } = act;
    if (same({ transformer, maxPowerW }, device)) return err([{ kind: "nothing-changes" }]);
    const trouble = await whenTrouble(tx, device, { atS, nowMs: by.atMs, aheadS: 0 });
    if (trouble) return err([trouble]);
    const after = { transformer, maxPowerW };
    const done = await changeDevice(tx, { ...act, device, after, sameDevice: true, nowMs: by.atMs });
    if (!done.ok) return done;
    return ok(await note(tx, by, { device, act, kind: "transformer", atS, after, done: done.value }));
  });
}

function same(one: Pick<LockedDevice, "transformer" | "maxPowerW">, other: typeof one): boolean {
  const text = ({ transformer: it, maxPowerW }: typeof one) =>
    JSON.stringify([
      maxPowerW,
      it && [it.ctPrimaryA, it.ctSecondaryA, it.vtPrimaryV, it.vtSecondaryV, it.appliedBy],
    ]);
  return text(one) === text(other);
}

/** By what profile devices are read from now on. */
export interface ProfileChange {
  /** The devices. */
  readonly devices: readonly Omit<DeviceAct, "note">[];
  /** The profile. */
  readonly profileId: string;
  /** What people write beside it; may be empty. */
  readonly note: string;
  /** Finds profiles. */
  readonly find: FindCounting;
}

/**
 * Reads devices by another profile, or another version of it, from the half-hour under way on. Each device is one act;
 * what came of each, by its id. Counters whose register, coding and factor are the same go on in their series.
 */
export async function changeProfile(
  db: Changing,
  by: Author,
  { devices, profileId, note: words, find }: ProfileChange,
): Promise<ReadonlyMap<number, ActResult>> {
  const results = new Map<number, ActResult>();
  for (const one of devices) {
    const act = { ...one, note: words };
    const result = await acting(db, act, async (tx, device): Promise<ActResult> => {
      if (device.profileId === profileId) return err([{ kind: "nothing-changes" }]);
      const atS = Math.floor(by.atMs / 1000);
      const trouble = await whenTrouble(tx, device, { atS, nowMs: by.atMs, aheadS: 0 });
      if (trouble) return err([trouble]);
      const change = {
        device,
        after: { profileId },
        atS,
        counters: [],
        sameDevice: true,
        confirmed: false,
        find,
      };
      const done = await changeDevice(tx, { ...change, nowMs: by.atMs });
      if (!done.ok) return done;
      return ok(
        await note(tx, by, { device, act, kind: "profile", atS, after: { profileId }, done: done.value }),
      );
    });
    results.set(one.meterId, result);
  }
  return results;
}

/** A device that is no longer read. */
export interface Retirement extends DeviceAct {
  /** Whether it is gone already: the half-hour under way is not expected either. */
  readonly gone: boolean;
}

/** Retires a device: its channels end, its history and pages stay. */
export function retireDevice(db: Changing, by: Author, act: Retirement): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const underWay = halfHourOf(by.atMs);
    const until = Math.max(device.since, act.gone ? underWay : underWay + 1);
    await revokeClaims(tx, { siteId: device.siteId, nowMs: by.atMs });
    await tx.updateTable("meter").set({ until }).where("meter_id", "=", device.meterId).execute();
    await tx.updateTable("channel").set({ until }).where("meter_id", "=", device.meterId)
      .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", until)])).where("since", "<=", until)
      .execute();
    const atS = act.gone ? Math.floor(by.atMs / 1000) : until * HALF_HOUR_S;
    return ok(await note(tx, by, { device, act, kind: "retired", atS, halfHour: until, after: { until } }));
  });
}

/**
 * Takes a device back. Where it missed no half-hour everything is as if it had never been retired; else its counters
 * begin new series, and the half-hours between are not expected.
 */
export function takeBackDevice(db: Changing, by: Author, act: DeviceAct): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const { until } = device;
    if (until === null) return err([{ kind: "not-retired" }]);
    const taken = await placeTrouble(tx, device, device);
    if (taken) return err([taken]);
    await tx.updateTable("meter").set({ until: null }).where("meter_id", "=", device.meterId).execute();
    const rows = await tx.selectFrom("channel").select(["channel_id", "kind"]).where(
      "meter_id",
      "=",
      device.meterId,
    )
      .where("until", "=", until).execute();
    await tx.updateTable("channel").set({ until: null }).where("meter_id", "=", device.meterId)
      .where("until", "=", until).execute();
    const atS = Math.floor(by.atMs / 1000);
    if (halfHourOf(by.atMs) > until) {
      await beginAnew(tx, rows.filter(({ kind }) => kind === 0).map(({ channel_id }) => channel_id), atS);
    }
    return ok(await note(tx, by, { device, act, kind: "taken-back", atS, after: { until: null } }));
  }, { retired: true });
}

/** What happened while a device was retired is nobody's energy: its counters begin where they are found. */
async function beginAnew(tx: Executor, channelIds: readonly number[], atS: number): Promise<void> {
  const all = await seriesOf(tx, channelIds);
  const begun = channelIds.flatMap((id) => {
    const old = all.get(id)?.at(-1);
    if (!old) return [];
    const { numerator, denominator, modulus } = old;
    return [{ id: 0, channelId: id, sinceS: atS, numerator, denominator, origin: 0, modulus }];
  });
  let id = await takeIds(tx, "series", begun.length);
  await writeSeries(tx, begun.map((series) => ({ ...series, id: id++ })));
  await spendGaps(tx, channelIds);
}
