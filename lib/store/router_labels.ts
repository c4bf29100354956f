/**
 * What is registered of a site's router besides its addresses: what its label says, and its SIM.
 *
 * @module
 */

import type { SimStep } from "../domain/registration.ts";
import type { Database } from "./db.ts";

/** The label of a router and its SIM; `null`: not known. */
export interface RouterLabel {
  /** Its model. */
  readonly model: string | null;
  /** Its serial number. */
  readonly serial: string | null;
  /** Its SIM. */
  readonly sim: SimStep | null;
}

/** The label of a site's router; nothing is known where none is registered. */
export async function findRouterLabel(db: Database, siteId: number): Promise<RouterLabel> {
  const row = await db.reader.selectFrom("router").select(["model", "serial", "sim"])
    .where("site_id", "=", siteId).executeTakeFirst();
  return { model: row?.model ?? null, serial: row?.serial ?? null, sim: simOf(row?.sim ?? null) };
}

/** A SIM out of stored JSON; what is not understood is not known. */
function simOf(stored: string | null): SimStep | null {
  if (stored === null) return null;
  const sim = JSON.parse(stored) as { readonly [Name in keyof SimStep]?: unknown } | null;
  const textOf = (value: unknown) => typeof value === "string" && value !== "" ? value : null;
  const allowance = sim?.allowanceMB;
  return {
    iccid: textOf(sim?.iccid),
    number: textOf(sim?.number),
    operator: textOf(sim?.operator),
    apn: textOf(sim?.apn),
    allowanceMB: typeof allowance === "number" && Number.isFinite(allowance) && allowance > 0
      ? allowance
      : null,
  };
}
