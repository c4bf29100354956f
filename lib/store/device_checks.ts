/**
 * What is asked before an act on a device: when it may lie, and whether the device may answer where it is to.
 *
 * @module
 */

import { instantTrouble, type LifeRefusal, unitFits } from "../domain/device_life.ts";
import { HALF_HOUR_S } from "../domain/half_hour.ts";
import { choiceOf, ENDPOINT_KINDS } from "./codes.ts";
import type { Executor } from "./db.ts";
import type { LockedDevice } from "./device_change.ts";
import { EVENT_KINDS, EVENT_STATES } from "./device_events.ts";

/** What is wrong with the instant of an act; `null`: nothing. */
export async function whenTrouble(
  tx: Executor,
  device: LockedDevice,
  { atS, nowMs, aheadS }: { readonly atS: number; readonly nowMs: number; readonly aheadS: number },
): Promise<LifeRefusal | null> {
  const announced = await announcedOf(tx, device.meterId);
  if (announced) return { kind: "already-announced", atS: announced.atS };
  const changes = ["replaced", "transformer", "profile", "taken-back"] as const;
  const last = await tx.selectFrom("device_event").select((eb) => eb.fn.max("at_s").as("at_s"))
    .where("meter_id", "=", device.meterId).where("state", "=", EVENT_STATES.indexOf("done"))
    .where("kind", "in", changes.map((kind) => EVENT_KINDS.indexOf(kind))).executeTakeFirst();
  const lastS = last?.at_s == null ? 0 : Number(last.at_s) + 1;
  const notBeforeS = Math.max(device.since * HALF_HOUR_S, lastS);
  return instantTrouble(atS, { nowS: Math.floor(nowMs / 1000), notBeforeS, aheadS });
}

/** What is announced of a device; `null`: nothing. */
export async function announcedOf(
  tx: Executor,
  meterId: number,
): Promise<{ readonly id: number; readonly atS: number } | null> {
  const row = await tx.selectFrom("device_event").select(["event_id", "at_s"]).where("meter_id", "=", meterId)
    .where("state", "=", EVENT_STATES.indexOf("announced")).executeTakeFirst();
  return row ? { id: row.event_id, atS: row.at_s } : null;
}

/** Whether a device may answer at an endpoint under a unit; `null`: it may. */
export async function placeTrouble(
  tx: Executor,
  device: LockedDevice,
  { endpointId, unitId }: { readonly endpointId: number; readonly unitId: number },
): Promise<LifeRefusal | null> {
  const endpoint = await tx.selectFrom("endpoint").select("kind").where("endpoint_id", "=", endpointId)
    .where("site_id", "=", device.siteId).executeTakeFirst();
  if (!endpoint) return { kind: "no-such-endpoint" };
  if (!unitFits(unitId, choiceOf(ENDPOINT_KINDS, endpoint.kind))) return { kind: "unit-refused", unitId };
  const twin = await tx.selectFrom("meter").select("name").where("endpoint_id", "=", endpointId)
    .where("unit_id", "=", unitId).where("meter_id", "<>", device.meterId).where("until", "is", null)
    .executeTakeFirst();
  return twin ? { kind: "unit-taken", unitId, by: twin.name } : null;
}
