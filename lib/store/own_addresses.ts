/**
 * The setting that says from which addresses sites are reached, and what stands on the label of a site's router.
 *
 * @module
 */

import { OWN_ADDRESSES_MAX, readOwnAddress } from "../domain/own_addresses.ts";
import type { Database } from "./db.ts";

/** Name of the setting. */
export const OWN_ADDRESSES_SETTING = "own-addresses";

/** Addresses out of stored JSON (`addresses`); what is not understood is left out. */
export function ownAddressesOf(stored: unknown): readonly string[] {
  const { addresses } = (stored ?? {}) as { readonly addresses?: unknown };
  if (!Array.isArray(addresses)) return [];
  return addresses.slice(0, OWN_ADDRESSES_MAX).filter((one): one is string =>
    typeof one === "string" && readOwnAddress(one).ok
  );
}

/** What stands on the label of a router; `null`: not known. */
export interface RouterLabel {
  /** Its model. */
  readonly model: string | null;
  /** Its serial number. */
  readonly serial: string | null;
}

/** The label of a site's router; both unknown where none is registered. */
export async function findRouterLabel(db: Database, siteId: number): Promise<RouterLabel> {
  const row = await db.reader.selectFrom("router").select(["model", "serial"])
    .where("site_id", "=", siteId).executeTakeFirst();
  return { model: row?.model ?? null, serial: row?.serial ?? null };
}
