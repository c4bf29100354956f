/**
 * One line for each sign-in that was refused, as programs that ban addresses read it. Nothing in it was typed by a
 * visitor: a time, an address that was parsed, and one of a few words, always in this order.
 *
 * @module
 */

import { addressText, networkText, parseAddress } from "./address.ts";

/** What was refused: a password, a code, a passkey, or one try too many of any. */
export const REFUSED_BY = ["password", "code", "passkey", "throttle"] as const;

/** What was refused. */
export type RefusedBy = (typeof REFUSED_BY)[number];

/** Words before the address. */
export const REFUSAL_WORDS = "wattpost sign-in refused from";

/** A sign-in that was refused. */
export interface SignInRefusal {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Address of the client as far as it can be believed. */
  readonly address: string;
  /** What was refused. */
  readonly by: RefusedBy;
}

/** Leading bits of an IPv6 address that name whoever has it: a network of 2^64 addresses is one customer's. */
const IPV6_PREFIX = 64;

/**
 * Under what an address is banned, as it is written: an IPv4 address itself (`192.0.2.7`), of an IPv6 address its
 * network (`2001:db8:1:2::/64`).
 *
 * @returns `null`: it is no address.
 */
export function bannedAs(address: string): string | null {
  const parsed = parseAddress(address);
  if (parsed === null) return null;
  if (parsed.bytes.length === 4) return addressText(parsed);
  const bytes = parsed.bytes.map((byte, i) => i < IPV6_PREFIX / 8 ? byte : 0);
  return networkText({ bytes, prefix: IPV6_PREFIX });
}

/**
 * The line of a refusal, with its line break.
 *
 * @returns `null`: there is no address that could be banned, as on a socket that no proxy stands before.
 */
export function refusalLine({ atMs, address, by }: SignInRefusal): string | null {
  const banned = bannedAs(address);
  return banned === null ? null : `${new Date(atMs).toISOString()} ${REFUSAL_WORDS} ${banned} by ${by}\n`;
}
