/**
 * What app and host tell each other of the VPN, as files: the app which keys have which addresses, the host what routers
 * have to know of it and which keys it has heard. Neither believes the other unchecked.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isPlain, type Plain } from "./plain.ts";
import { isPeerAddress, isVpnKey, PEERS_MAX, readVpnNetworks, type VpnNetworks } from "./vpn.ts";
import type { Handshakes } from "./vpn_peer.ts";

/** A peer as the host is asked to admit it. */
export interface AskedPeer {
  /** Public keys, one or two; of two the last is the newer one. */
  readonly keys: readonly string[];
  /** Its addresses, without a prefix: one IPv4, and one IPv6 where the VPN has such. */
  readonly addresses: readonly string[];
}

/** The VPN as the host tells it. */
export interface HostVpn extends VpnNetworks {
  /** Name of the interface. */
  readonly interfaceName: string;
  /** Public key of the host. */
  readonly publicKey: string;
  /** Name or address at which routers reach the host. */
  readonly endpoint: string;
  /** UDP port there. */
  readonly port: number;
  /** When it was told, epoch milliseconds. */
  readonly atMs: number;
  /** Which keys were heard when. */
  readonly heard: Handshakes;
  /** Why what the app asked last was not done; `null`: it was, or nothing was asked. */
  readonly refused: string | null;
}

/** Characters of a file at most. */
export const EXCHANGE_MAX = 4_000_000;

const VERSION = 1;

/** The file by which the app asks for peers. */
export function formatPeers(peers: readonly AskedPeer[]): string {
  const lines = peers.map(({ keys, addresses }) => JSON.stringify({ keys, addresses }));
  return `{"version":${VERSION},"peers":[\n${lines.join(",\n")}\n]}\n`;
}

/** Reads that file; nothing of what is wrong is repeated, for whoever wrote it may be hostile. */
export function parsePeers(text: string, networks: VpnNetworks): Result<readonly AskedPeer[], string> {
  const read = objectOf(text, ["version", "peers"]);
  if (!read.ok) return read;
  const { version, peers } = read.value;
  if (version !== VERSION) return err(`its version is not ${VERSION}`);
  if (!Array.isArray(peers)) return err("its peers are no list");
  if (peers.length > PEERS_MAX) return err(`it has ${peers.length} peers, at most ${PEERS_MAX}`);
  const taken = new Set<string>();
  const asked: AskedPeer[] = [];
  for (const [i, each] of peers.entries()) {
    const peer = readPeer(each, networks);
    if (!peer.ok) return err(`peer ${i + 1}: ${peer.error}`);
    for (const one of [...peer.value.keys, ...peer.value.addresses]) {
      if (taken.has(one)) return err(`peer ${i + 1}: a key or address is another peer's too`);
      taken.add(one);
    }
    asked.push(peer.value);
  }
  return ok(asked);
}

function readPeer(value: unknown, networks: VpnNetworks): Result<AskedPeer, string> {
  if (!isPlain(value) || !hasOnly(value, ["keys", "addresses"])) return err("it is no peer");
  const { keys, addresses } = value;
  if (!isTexts(keys) || keys.length < 1 || keys.length > 2 || !keys.every(isVpnKey)) {
    return err("expected one or two keys of 32 bytes in base64");
  }
  if (!isTexts(addresses) || addresses.length < 1 || addresses.length > 2) {
    return err("expected one or two addresses");
  }
  if (!addresses.every((one) => isPeerAddress(networks, one))) {
    return err("an address is not inside the VPN, or is the host's");
  }
  const versions = new Set(addresses.map((one) => one.includes(":")));
  if (versions.size !== addresses.length || !versions.has(false)) {
    return err("expected an IPv4 address, and at most one of IPv6");
  }
  return ok({ keys, addresses });
}

/** The file by which the host tells of the VPN. */
export function formatHostVpn(vpn: HostVpn): string {
  return `${JSON.stringify({ version: VERSION, ...vpn, heard: Object.fromEntries(vpn.heard) }, null, 1)}\n`;
}

/** Reads that file; it is root's, and still nothing in it is taken as it comes. */
export function parseHostVpn(text: string): Result<HostVpn, string> {
  const read = objectOf(text, [
    "version",
    "interfaceName",
    "publicKey",
    "endpoint",
    "port",
    "network",
    "network6",
    "atMs",
    "heard",
    "refused",
  ]);
  if (!read.ok) return read;
  const { version, interfaceName, publicKey, endpoint, port, network, network6, atMs, heard, refused } =
    read.value;
  if (version !== VERSION) return err(`its version is not ${VERSION}`);
  const networks = readVpnNetworks({ network, network6 });
  if (!networks.ok) return networks;
  if (!isVpnKey(publicKey)) return err("its public key is none");
  if (typeof interfaceName !== "string" || !/^[a-z0-9_.-]{1,15}$/i.test(interfaceName)) {
    return err("its interface has no name");
  }
  if (typeof endpoint !== "string" || !/^[A-Za-z0-9.:-]{1,253}$/.test(endpoint)) {
    return err("its endpoint is neither a name nor an address");
  }
  if (!isWhole(port) || port < 1 || port > 65_535) return err("its port is none");
  if (!isWhole(atMs)) return err("its time is none");
  if (refused !== null && typeof refused !== "string") return err("what it refused is no text");
  const times = readHandshakes(heard);
  if (!times) return err("what it heard is not understood");
  return ok({
    ...networks.value,
    interfaceName,
    publicKey,
    endpoint,
    port,
    atMs,
    heard: times,
    refused: refused === null ? null : refused.slice(0, 500),
  });
}

function readHandshakes(value: unknown): Handshakes | null {
  if (!isPlain(value)) return null;
  const entries = Object.entries(value);
  if (entries.length > 2 * PEERS_MAX) return null;
  const heard = new Map<string, number>();
  for (const [key, atS] of entries) {
    if (!isVpnKey(key) || !isWhole(atS) || atS < 1) return null;
    heard.set(key, atS);
  }
  return heard;
}

function objectOf(text: string, names: readonly string[]): Result<Plain, string> {
  if (text.length > EXCHANGE_MAX) return err(`it is longer than ${EXCHANGE_MAX} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err("it is not JSON");
  }
  return isPlain(value) && hasOnly(value, names) ? ok(value) : err("it does not have what is expected");
}

function hasOnly(value: Plain, names: readonly string[]): boolean {
  const own = Object.keys(value);
  return own.length === names.length && names.every((name) => own.includes(name));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
