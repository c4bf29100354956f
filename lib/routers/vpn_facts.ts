/**
 * What a router's files for the VPN are made of. They hold its private key, so they are made when they are taken away and
 * kept nowhere.
 *
 * @module
 */

import { parseAddress } from "../domain/address.ts";
import { isVpnKey, type VpnAddresses } from "../domain/vpn.ts";
import type { RouterFault, RouterPortFacts } from "./facts.ts";
import { MONTH_S } from "./pings.ts";
import { isPlainLine } from "./shell_text.ts";

/** A router in the VPN, and the host at the other end. */
export interface VpnFileFacts {
  /** Name of the site. */
  readonly siteName: string;
  /** Day on which the file is made, `2026-11-29`. */
  readonly day: string;
  /** The router's private key. */
  readonly privateKey: string;
  /** The router's addresses in the VPN. */
  readonly own: VpnAddresses;
  /** The host's public key. */
  readonly hostKey: string;
  /** The host's addresses in the VPN. */
  readonly host: VpnAddresses;
  /** Name or address at which the host is reached. */
  readonly endpoint: string;
  /** UDP port there. */
  readonly port: number;
  /** Ports at which the site is read. */
  readonly ports: readonly RouterPortFacts[];
}

/** Seconds between two keepalives: carriers forget a UDP mapping after 30 s at the earliest. */
export const KEEPALIVE_S = 25;

/** Bytes of a keepalive: 32 of WireGuard, IPv4 20, UDP 8. */
const KEEPALIVE_BYTES = 60;

/** Bytes of a handshake: 148 and 92 of WireGuard, each with IPv4 20 and UDP 8. */
const HANDSHAKE_BYTES = 296;

/** Seconds between two handshakes: the first keepalive after 120 s. */
const HANDSHAKE_S = 125;

/** MB a month of 1,000,000 bytes that keeping the tunnel open takes (metering.md 9 measured 13). */
export const KEEPALIVE_MONTH_MB: number =
  (MONTH_S / KEEPALIVE_S * KEEPALIVE_BYTES + MONTH_S / HANDSHAKE_S * HANDSHAKE_BYTES) / 1e6;

/** Why there is a keepalive, and what it costs. */
export const KEEPALIVE_WORDS: readonly string[] = [
  `A keepalive every ${KEEPALIVE_S} s takes ${Math.round(KEEPALIVE_MONTH_MB)} MB of the SIM a month.`,
  "The router opens the tunnel and Wattpost waits: so no port of the router is open to the internet. Behind a carrier's",
  "translation of addresses the way back is forgotten within a minute, so without it the site could not be read.",
];

/** Judges every fact that goes into a file. */
export function vpnFaultsOf(facts: VpnFileFacts): readonly RouterFault[] {
  const faults: RouterFault[] = [];
  const no = (what: string, words: string) => faults.push({ what, words });
  if (!isPlainLine(facts.siteName)) {
    no("The site's name", "Expected one line of at most 300 characters that can be seen");
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(facts.day)) no("The day", "Expected one such as 2026-11-29");
  if (!isVpnKey(facts.privateKey) || !isVpnKey(facts.hostKey)) no("A key", "Expected 32 bytes in base64");
  if (!/^[A-Za-z0-9.:-]{1,253}$/.test(facts.endpoint)) no("The host", "Expected a name or an address");
  if (![facts.port, ...facts.ports.map(({ port }) => port)].every(isPort)) {
    no("A port", "Expected 1 to 65535");
  }
  const texts = [facts.own, facts.host].flatMap(({ address, address6 }) => [address, address6]);
  if (texts.some((text) => text !== null && parseAddress(text) === null)) {
    no("An address in the VPN", "Expected an IPv4 or IPv6 address");
  }
  return faults;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** An address in the VPN with its family. */
export interface VpnPair {
  /** The router's. */
  readonly own: string;
  /** The host's. */
  readonly host: string;
  /** Whether they are IPv6. */
  readonly isIpv6: boolean;
}

/** The addresses by family, IPv4 first. */
export function pairsOf({ own, host }: VpnFileFacts): readonly VpnPair[] {
  const four = { own: own.address, host: host.address, isIpv6: false };
  return own.address6 === null || host.address6 === null
    ? [four]
    : [four, { own: own.address6, host: host.address6, isIpv6: true }];
}

/** Host and port as WireGuard writes them. */
export function endpointText({ endpoint, port }: Pick<VpnFileFacts, "endpoint" | "port">): string {
  return endpoint.includes(":") ? `[${endpoint}]:${port}` : `${endpoint}:${port}`;
}

/** Ports at which the router itself answers, each once, and those that it passes on. */
export function vpnPortsOf(
  { ports }: Pick<VpnFileFacts, "ports">,
): { readonly own: readonly number[]; readonly passedOn: readonly number[] } {
  const numbers = (isDevice: boolean) => [
    ...new Set(ports.filter(({ kind }) => (kind === "device") === isDevice).map(({ port }) => port)),
  ];
  return { own: numbers(false), passedOn: numbers(true) };
}

/** What each of the files says first. */
export function vpnHeaderLines(
  { siteName, day }: VpnFileFacts,
  { title, version }: { readonly title: string; readonly version: number },
): readonly string[] {
  return [
    `Wattpost VPN: ${title}, version ${version}, made on ${day}`,
    `Site: ${siteName}`,
    "It holds the router's private key: whoever has this file is this router. Bring it there, load it, delete it;",
    "if somebody saw it, change the key in Wattpost and load the new file.",
  ];
}
