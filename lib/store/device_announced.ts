/**
 * Replacements that were announced: withdrawn before they come, carried out when their instant is over, and put right
 * afterwards when the counters are known.
 *
 * @module
 */

import type { CountersRead, FindCounting } from "../domain/device_life.ts";
import type { Transformer } from "../domain/site.ts";
import { err, ok } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { appendChange, signalCommit } from "./changes.ts";
import { keepCorrections } from "./corrections.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { acting, type ActResult, type DeviceAct, note } from "./device_act.ts";
import { changeDevice, lockDevice, recount } from "./device_change.ts";
import { announcedOf, placeTrouble } from "./device_checks.ts";
import { EVENT_KINDS, EVENT_STATES } from "./device_events.ts";
import type { Changing } from "./within.ts";

/** Withdraws what was announced of a device. */
export function withdrawAnnounced(db: Changing, by: Author, act: DeviceAct): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const announced = await announcedOf(tx, device.meterId);
    if (!announced) return err([{ kind: "nothing-changes" }]);
    const withdrawn = await tx.updateTable("device_event").set({ state: EVENT_STATES.indexOf("withdrawn") })
      .where("event_id", "=", announced.id).where("state", "=", 0).executeTakeFirst();
    if (withdrawn.numUpdatedRows !== 1n) return err([{ kind: "changed-meanwhile" }]);
    const entry = { action: "device-announcement-withdrawn", subject: `device ${device.meterId}` };
    await appendAudit(tx, by, { ...entry, siteId: device.siteId, before: announced });
    return ok(announced.id);
  }, { retired: true });
}

/** What an announcement holds. */
interface Announced {
  readonly serial: string | null;
  readonly profileId: string;
  readonly transformer: Transformer | null;
  readonly unitId: number;
  readonly counters: readonly CountersRead[];
  readonly confirmed: boolean;
}

/** Announcements carried out in one go at most. */
const DUE_LIMIT = 50;

/** Sites whose replacements are due at an instant in epoch milliseconds, with the profiles that are needed. */
export async function listDueReplacements(
  db: Database,
  nowMs: number,
): Promise<readonly { readonly id: number; readonly profileIds: readonly string[] }[]> {
  const rows = await db.kysely.selectFrom("device_event as e").innerJoin(
    "meter as m",
    "m.meter_id",
    "e.meter_id",
  )
    .select(["e.event_id", "e.after_json", "m.profile_id"]).where(
      "e.state",
      "=",
      EVENT_STATES.indexOf("announced"),
    )
    .where("e.at_s", "<=", Math.floor(nowMs / 1000)).orderBy("e.at_s").limit(DUE_LIMIT).execute();
  return rows.map(({ event_id, after_json, profile_id }) => ({
    id: event_id,
    profileIds: [profile_id, (JSON.parse(after_json) as Announced).profileId],
  }));
}

/** Carries out a replacement that was announced; whether it was still to be done. Repeatable. */
export async function carryOut(
  db: Database,
  eventId: number,
  { nowMs, find }: { readonly nowMs: number; readonly find: FindCounting },
): Promise<boolean> {
  const done = await transaction(db, async (tx) => {
    const event = await tx.selectFrom("device_event").select([
      "site_id",
      "meter_id",
      "at_s",
      "half_hour",
      "before_json",
      "after_json",
    ])
      .where("event_id", "=", eventId).executeTakeFirst();
    const device = event && await lockDevice(tx, { siteId: event.site_id, meterId: event.meter_id });
    if (!event || !device) return false;
    const taken = await tx.updateTable("device_event").set({ state: EVENT_STATES.indexOf("done") })
      .where("event_id", "=", eventId).where("state", "=", EVENT_STATES.indexOf("announced"))
      .executeTakeFirst();
    if (taken.numUpdatedRows !== 1n) return false;
    const announced = JSON.parse(event.after_json) as Announced;
    const { serial, profileId, transformer, counters, confirmed } = announced;
    const { unitId: was } = JSON.parse(event.before_json) as Partial<Announced>;
    // A device that was moved meanwhile stays where it is, unless another unit was announced.
    const unitId = announced.unitId === was ? device.unitId : announced.unitId;
    const trouble = device.until !== null
      ? { kind: "retired" } as const
      : await placeTrouble(tx, device, { endpointId: device.endpointId, unitId });
    const after = { serial, profileId, transformer, unitId };
    const change = { device, after, atS: event.at_s, counters, sameDevice: false, confirmed, find, nowMs };
    const first = trouble === null ? await changeDevice(tx, change) : err([trouble]);
    // What was announced of the counters may turn out to be wrong: the device was replaced all the same.
    const carried = first.ok || trouble !== null
      ? first
      : await changeDevice(tx, { ...change, counters: [] });
    if (carried.ok) await keepCorrections(tx, eventId, carried.value.corrections);
    const told = carried.ok
      ? { corrected: carried.value.corrections.length, ...(first.ok ? {} : { countersRefused: first.error }) }
      : { refused: carried.error };
    await tx.updateTable("device_event").set({
      after_json: JSON.stringify({ ...announced, unitId, ...told }),
      ...(carried.ok ? {} : { state: EVENT_STATES.indexOf("withdrawn") }),
    }).where("event_id", "=", eventId).execute();
    await appendChange(tx, { halfHour: event.half_hour, siteIds: [event.site_id], atMs: nowMs });
    return true;
  });
  if (done) signalCommit(db);
  return done;
}

/** Counters that became known after a replacement. */
export interface CountersNoted extends DeviceAct {
  /** What the counters showed; those that are absent nobody read. */
  readonly counters: readonly CountersRead[];
  /** Whether growth that cannot have been was confirmed. */
  readonly confirmed: boolean;
  /** Finds profiles. */
  readonly find: FindCounting;
}

/** Notes what the counters showed at the last replacement of a device: what was read since is derived again. */
export function noteCounters(db: Changing, by: Author, act: CountersNoted): Promise<ActResult> {
  return acting(db, act, async (tx, device): Promise<ActResult> => {
    const event = await lastChangeOf(tx, device.meterId);
    if (event?.kind !== EVENT_KINDS.indexOf("replaced")) return err([{ kind: "nothing-changes" }]);
    const { counters, confirmed, find } = act;
    // As it was before: what it ended with counts by its own profile and ratio.
    const old = { ...device, ...JSON.parse(event.before_json) as Partial<Announced> };
    const change = {
      device,
      after: {},
      atS: event.at_s,
      counters,
      sameDevice: false,
      confirmed,
      find,
      nowMs: by.atMs,
    };
    const done = await recount(tx, change, old);
    if (!done.ok) return done;
    const after = { ...JSON.parse(event.after_json) as Record<string, unknown>, counters };
    await tx.updateTable("device_event").set({ after_json: JSON.stringify(after) })
      .where("event_id", "=", event.event_id).execute();
    const noted = {
      device,
      act,
      kind: "counted",
      atS: event.at_s,
      after: { counters },
      done: done.value,
    } as const;
    return ok(await note(tx, by, noted));
  });
}

/** The last event after which counters began new series. */
async function lastChangeOf(tx: Executor, meterId: number) {
  const kinds = ["replaced", "transformer", "profile", "taken-back"] as const;
  return await tx.selectFrom("device_event").select(["event_id", "kind", "at_s", "before_json", "after_json"])
    .where("meter_id", "=", meterId).where("state", "=", EVENT_STATES.indexOf("done"))
    .where("kind", "in", kinds.map((kind) => EVENT_KINDS.indexOf(kind)))
    .orderBy("at_s", "desc").orderBy("event_id", "desc").executeTakeFirst();
}
