/**
 * The VPN towards routers: which address each peer has, and what a key looks like. An address belongs to one site for
 * good, so that a router that was forgotten somewhere never answers for another.
 *
 * @module
 */

import { addressText, holds, type Network, parseAddress, parseNetwork } from "./address.ts";
import { err, ok, type Result } from "../result.ts";

/** The networks of the VPN. */
export interface VpnNetworks {
  /** Private IPv4 network, /16 to /24, such as `10.8.0.0/16`. */
  readonly network: string;
  /** Private IPv6 network (fd00::/8), /64 to /112; `null`: the VPN has none. */
  readonly network6: string | null;
}

/** The addresses of a peer, without a prefix: each is its own /32 or /128. */
export interface VpnAddresses {
  /** IPv4. */
  readonly address: string;
  /** IPv6; `null`: the VPN has none. */
  readonly address6: string | null;
}

/** The host's place: it has the first address. */
export const HOST_PLACE = 1;

/** The first place of a site. */
export const FIRST_PLACE = 2;

/** Peers of one VPN at most. */
export const PEERS_MAX = 10_000;

/** Bits of an IPv4 network of a VPN, and of an IPv6 one. */
const PREFIXES = { ipv4: [16, 24], ipv6: [64, 112] } as const;

/** 32 bytes in base64, written in the one way in which the last sign has no bits to spare. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** Whether a text is a key of WireGuard: 32 bytes in base64. */
export function isVpnKey(text: unknown): text is string {
  return typeof text === "string" && KEY.test(text);
}

/** Networks as they are written in a file, made canonical; else what is wrong with them. */
export function readVpnNetworks(
  { network, network6 }: { readonly network: unknown; readonly network6: unknown },
): Result<VpnNetworks, string> {
  const four = typeof network === "string" ? parseNetwork(network) : null;
  if (!four || four.bytes.length !== 4 || !isBetween(four.prefix, PREFIXES.ipv4) || !isPrivateIpv4(four)) {
    return err("its network is no private IPv4 network of /16 to /24");
  }
  if (network6 === null) return ok({ network: textOf(four), network6: null });
  const six = typeof network6 === "string" ? parseNetwork(network6) : null;
  if (!six || six.bytes.length !== 16 || !isBetween(six.prefix, PREFIXES.ipv6) || six.bytes[0] !== 0xfd) {
    return err("its IPv6 network is none of fd00::/8, /64 to /112");
  }
  return ok({ network: textOf(four), network6: textOf(six) });
}

/**
 * The addresses of a place; `null`: the network has no such place.
 *
 * @param place {@link HOST_PLACE} is the host, sites have those from {@link FIRST_PLACE} on.
 */
export function vpnAddressesOf(networks: VpnNetworks, place: number): VpnAddresses | null {
  const four = parseNetwork(networks.network);
  if (!four || !Number.isInteger(place) || place < HOST_PLACE || place > placesOf(networks)) return null;
  const six = networks.network6 === null ? null : parseNetwork(networks.network6);
  return { address: placed(four, place), address6: six && placed(six, place) };
}

/** The highest place: the last address of an IPv4 network is nobody's. */
export function placesOf({ network }: VpnNetworks): number {
  const four = parseNetwork(network);
  return four ? 2 ** (32 - four.prefix) - 2 : 0;
}

/** Whether an address is one that a peer may have: within the VPN, neither the host's nor the network's ends. */
export function isPeerAddress(networks: VpnNetworks, text: string): boolean {
  const address = parseAddress(text);
  if (!address || addressText(address) !== text) return false;
  const host = vpnAddressesOf(networks, HOST_PLACE);
  if (text === host?.address || text === host?.address6) return false;
  const network = parseNetwork((address.bytes.length === 4 ? networks.network : networks.network6) ?? "");
  if (!network || !holds(network, address)) return false;
  const isFirst = address.bytes.every((byte, i) => byte === network.bytes[i]);
  return !isFirst && (address.bytes.length === 16 || text !== placed(network, placesOf(networks) + 1));
}

/** An address in a VPN as WireGuard names it: a network of itself. */
export function aloneText(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}

function placed(network: Network, place: number): string {
  const bytes = [...network.bytes];
  let rest = place;
  for (let i = bytes.length - 1; i >= 0 && rest > 0; i--) {
    const sum = (bytes[i] ?? 0) + rest % 256;
    bytes[i] = sum % 256;
    rest = Math.floor(rest / 256) + Math.floor(sum / 256);
  }
  return addressText({ bytes });
}

function textOf(network: Network): string {
  return `${addressText(network)}/${network.prefix}`;
}

function isBetween(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}

/** A VPN never takes the carriers' range (100.64.0.0/10), in which private APNs lie. */
function isPrivateIpv4(network: Network): boolean {
  return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].some((text) => {
    const range = parseNetwork(text);
    return range !== null && holds(range, network);
  });
}
