/**
 * The addresses from which the product reaches sites: what a router at a site has to admit, and nothing else.
 *
 * @module
 */

import { addressText, kindOf, networkText, parseNetwork } from "./address.ts";
import { err, ok, type Result } from "../result.ts";

/** Addresses and networks at most. */
export const OWN_ADDRESSES_MAX = 20;

/** A network with fewer leading bits would admit too many machines that are not ours. */
const PREFIX_LEAST = { ipv4: 16, ipv6: 32 } as const;

/** One address or network as an administrator writes it, made canonical; else what is wrong with it. */
export function readOwnAddress(text: string): Result<string, string> {
  const network = parseNetwork(text);
  if (network === null) return err("is no address, expected one such as 203.0.113.9 or 10.8.0.0/24");
  const bits = network.bytes.length * 8;
  const least = bits === 32 ? PREFIX_LEAST.ipv4 : PREFIX_LEAST.ipv6;
  if (network.prefix < least) return err(`is too wide: a network has at least ${least} bits here`);
  const kind = kindOf(network);
  if (kind !== "ordinary" && kind !== "private") {
    return err("is no address that a router could be reached from");
  }
  return ok(network.prefix === bits ? addressText(network) : networkText(network));
}
