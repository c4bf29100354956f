/**
 * The setting that says from which addresses sites are reached.
 *
 * @module
 */

import { OWN_ADDRESSES_MAX, readOwnAddress } from "../domain/own_addresses.ts";

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
