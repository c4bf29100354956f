/**
 * Networks of a description, in the form in which they are compared, and what each may be. Pure.
 *
 * @module
 */

import {
  type Address,
  addressText,
  holds,
  kindOf,
  type Network,
  networkText,
  parseAddress,
  parseNetwork,
} from "../../../lib/domain/address.ts";
import { type Field, refuse, textOf } from "./describe_fields.ts";

const EXPECTED = `a network such as "192.0.2.0/24" or "2001:db8:1::/48"`;
/** Networks wider than this are no networks of anybody's own. */
const WIDEST = { 4: 8, 16: 16 } as const;

/** Places that are never anybody's network: the host itself, neighbours without a router, many at once. */
const NOWHERE = networksOf("127.0.0.0/8 ::1/128 0.0.0.0/8 ::/128 224.0.0.0/4 ff00::/8 255.255.255.255/32");
const LINKS = networksOf("169.254.0.0/16 fe80::/10");
const PRIVATE4 = networksOf("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10");
const PRIVATE6 = networksOf("fd00::/8");

/** Whether two networks have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  return holds(a, { bytes: b.bytes }) || holds(b, { bytes: a.bytes });
}

/** A network in its canonical form; `null`: it is refused. */
function networkOf(field: Field): Network | null {
  const text = textOf(field, EXPECTED);
  if (text === null) return null;
  const network = parseNetwork(text);
  const address = parseAddress(text.split("/")[0] ?? "");
  if (network === null || address === null) return refuse(field, EXPECTED);
  if (!sameBytes(network, address)) {
    return refuse(
      field,
      `the network itself: "${networkText(network)}", or "${single(address)}" for this address alone`,
    );
  }
  return network;
}

/** A network from which administrators come; `null`: it is refused. */
export function adminNetworkOf(field: Field): Network | null {
  const network = networkOf(field);
  if (network === null) return null;
  if (network.prefix === 0) {
    return refuse(
      field,
      "the networks from which you administrate: this one is the whole internet, which then tries passwords and keys",
    );
  }
  if (isTooWide(network)) {
    return refuse(field, "a network of your own: this one is a large part of the internet");
  }
  if (meets(network, NOWHERE)) {
    return refuse(field, "a network from which somebody connects: nobody comes from this one");
  }
  return network;
}

/** A network in which routers are; `null`: it is refused. */
export function routerNetworkOf(field: Field): Network | null {
  const network = networkOf(field);
  if (network === null) return null;
  if (network.prefix === 0 || isTooWide(network)) {
    return refuse(
      field,
      "a network of routers alone: this one lets the app reach a large part of the internet",
    );
  }
  if (meets(network, [...NOWHERE, ...LINKS])) {
    return refuse(
      field,
      "a network of routers: in this one are the host itself, its neighbours or no one at all",
    );
  }
  if (kindOf(network) === "metadata") {
    return refuse(field, "a network of routers: this one tells the machines of a cloud their secrets");
  }
  return network;
}

/** What the VPN's networks must keep clear of. */
export interface Taken {
  /** What it is, in words: `routers.networks[0]`. */
  readonly place: string;
  readonly network: Network;
}

/** The private network of the VPN; `null`: it is refused. */
export function vpnNetworkOf(field: Field, family: 4 | 6, taken: readonly Taken[]): Network | null {
  const expects = family === 4
    ? `a private network from /16 to /24, such as "10.86.0.0/20"`
    : `a private network in fd00::/8 from /64 to /112, such as "fd86:1::/64"`;
  const network = networkOf(field);
  if (network === null) return null;
  const [least, most, inside] = family === 4 ? [16, 24, PRIVATE4] as const : [64, 112, PRIVATE6] as const;
  const fits = network.prefix >= least && network.prefix <= most &&
    inside.some((one) => holds(one, network));
  if (!fits) return refuse(field, expects);
  const other = taken.find((one) => overlap(one.network, network));
  if (other) {
    return refuse(field, `${expects}, that nobody else has: ${networkText(other.network)} is ${other.place}`);
  }
  return network;
}

function isTooWide({ bytes, prefix }: Network): boolean {
  return prefix < (bytes.length === 4 ? WIDEST[4] : WIDEST[16]);
}

function meets(network: Network, others: readonly Network[]): boolean {
  return others.some((other) => overlap(network, other));
}

function sameBytes(a: Address, b: Address): boolean {
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, at) => byte === b.bytes[at]);
}

function single(address: Address): string {
  return `${addressText(address)}/${address.bytes.length * 8}`;
}

function networksOf(list: string): readonly Network[] {
  return list.split(" ").flatMap((text) => parseNetwork(text) ?? []);
}
