/**
 * The addresses of a host. What a name resolves to can change after it was typed in, so it is resolved once, when it
 * is dialled, and those very addresses are judged and dialled (`lib/domain/dial_policy.ts`).
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** Addresses of one name that are looked at. */
const ADDRESSES_PER_NAME = 8;

/** The addresses of a host in the order in which the resolver gives them, at most 8; empty: there are none. */
export async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    return found.slice(0, ADDRESSES_PER_NAME).map(({ address }) => address);
  } catch {
    return []; // whatever the resolver says, there is no way to this host now
  }
}
