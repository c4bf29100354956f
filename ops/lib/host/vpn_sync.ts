/**
 * Brings the peers of the host's VPN in step with what the app asks for, and tells the app how they stand. What the app
 * asks may be hostile: it is taken whole and understood, or the peers stay as they are. Other tunnels are not touched.
 *
 * @module
 */

import {
  type AskedPeer,
  EXCHANGE_MAX,
  formatHostVpn,
  type HostVpn,
  parsePeers,
} from "../../../lib/domain/vpn_exchange.ts";
import type { Handshakes } from "../../../lib/domain/vpn_peer.ts";
import { peersText, readHandshakeLines, syncText } from "../../../lib/domain/vpn_text.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { VpnDescription } from "./description.ts";
import { HOST_FILES, IDS, INTERFACES, PATHS, REQUEST_FILES } from "./layout.ts";
import { readAsApp, type Reader } from "./requests.ts";
import { type Host, HostError } from "./step.ts";

/** Where the VPN of a host lies. */
export interface VpnPlace {
  /** Name of the interface. */
  readonly interfaceName: string;
  /** The host's private key: 0600, root. */
  readonly keyPath: string;
  /** The peers as they were admitted last, for the next start: 0600, root. */
  readonly peersPath: string;
  /** What the app asks for. */
  readonly asked: string;
  /** What the app is told. */
  readonly told: string;
  /** Who the app is; absent: its user on a host. */
  readonly reader?: Reader;
}

/** The VPN of a host that is set up as it should be. */
export const VPN_PLACE: VpnPlace = {
  interfaceName: INTERFACES.vpn,
  keyPath: `${PATHS.hostCredentials}/wireguard.key`,
  peersPath: `/etc/wireguard/${INTERFACES.vpn}.peers`,
  asked: `${PATHS.requests}/${REQUEST_FILES.peers}`,
  told: `${PATHS.host}/${HOST_FILES.vpn}`,
};

/** What syncing is made of. */
export interface VpnSyncOptions {
  /** The VPN as it is described; `null`: the host has none. */
  readonly vpn: VpnDescription | null;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Where it lies; default: {@link VPN_PLACE}. */
  readonly place?: VpnPlace;
}

/** What was done. */
export interface VpnSynced {
  /** Peers that are admitted; `null`: as many as before. */
  readonly peers: number | null;
  /** Why what was asked for was not done, in words that repeat nothing of it; `null`: it was. */
  readonly refused: string | null;
}

/** The part of a host that it works with. */
export type SyncHost = Pick<Host, "run" | "must" | "read" | "write">;

/** Brings the peers in step and tells the app; where the host has no VPN, nothing is done. */
export async function syncPeers(
  on: SyncHost,
  { vpn, nowMs, place = VPN_PLACE }: VpnSyncOptions,
): Promise<VpnSynced> {
  if (vpn === null) return { peers: null, refused: null };
  const heard = await readHeard(on, place);
  const asked = await readAsked(on, place, vpn);
  const done = asked.ok && asked.value !== null
    ? await admit(on, place, { vpn, peers: asked.value, heard })
    : asked.ok
    ? heard
    : asked;
  const refused = done.ok ? null : done.error;
  await tell(on, place, { vpn, nowMs, heard: heard.ok ? heard.value : new Map(), refused });
  return { peers: done.ok && asked.ok ? asked.value?.length ?? null : null, refused };
}

/** Which keys were heard since the interface came up. */
async function readHeard(on: SyncHost, { interfaceName }: VpnPlace): Promise<Result<Handshakes, string>> {
  const { code, out } = await on.run(["wg", "show", interfaceName, "latest-handshakes"]);
  return code === 0
    ? ok(readHandshakeLines(out))
    : err(`the interface ${interfaceName} is not up: systemctl status wg-quick@${interfaceName}`);
}

async function readAsked(
  on: SyncHost,
  { asked: path, reader }: VpnPlace,
  vpn: VpnDescription,
): Promise<Result<readonly AskedPeer[] | null, string>> {
  const text = await readAsApp(on.run, { path, most: EXCHANGE_MAX }, reader);
  if (!text.ok || text.value === null) return text.ok ? ok(null) : text;
  return parsePeers(text.value, vpn);
}

interface Admission {
  readonly vpn: VpnDescription;
  readonly peers: readonly AskedPeer[];
  /** The error: the interface does not run. */
  readonly heard: Result<Handshakes, string>;
}

/**
 * Kept for the next start first, then given to the interface that runs: whichever was killed is done again. Where none
 * runs, what was revoked meanwhile must not come back with it.
 */
async function admit(
  on: SyncHost,
  { interfaceName, keyPath, peersPath }: VpnPlace,
  { vpn, peers, heard }: Admission,
): Promise<Result<void, string>> {
  const text = peersText(peers, heard.ok ? heard.value : new Map());
  if (await on.read(peersPath) !== text) {
    await on.write(peersPath, { text, mode: 0o600, owner: "root:root" });
  }
  if (!heard.ok) return heard;
  const privateKey = await privateKeyOf(on, keyPath);
  const input = syncText({ privateKey, port: vpn.port }, text);
  // Over standard input: the key is in no argument and in no further file.
  const { code } = await on.run(["wg", "syncconf", interfaceName, "/dev/stdin"], { input });
  return code === 0 ? ok(undefined) : err(`wg syncconf ended with code ${code}`);
}

/** The host's private key. */
async function privateKeyOf(on: Pick<Host, "read">, keyPath: string): Promise<string> {
  const key = (await on.read(keyPath))?.trim() ?? "";
  if (key === "") {
    throw new HostError(`Cannot read the host's key for the VPN at "${keyPath}": deno task host apply`);
  }
  return key;
}

interface Told extends Pick<HostVpn, "heard" | "refused"> {
  readonly vpn: VpnDescription;
  readonly nowMs: number;
}

async function tell(on: SyncHost, place: VpnPlace, { vpn, nowMs, heard, refused }: Told): Promise<void> {
  const publicKey = await publicKeyOf(on, place.keyPath);
  const { endpoint, port, network, network6 } = vpn;
  const { interfaceName, told, reader } = place;
  const text = formatHostVpn({
    interfaceName,
    publicKey,
    endpoint,
    port,
    network,
    network6,
    atMs: nowMs,
    heard,
    refused,
  });
  await on.write(told, { text, mode: 0o640, owner: `root:${reader?.id ?? IDS.app.id}` });
}

/** The host's public key. */
export async function publicKeyOf(on: Pick<Host, "read" | "must">, keyPath: string): Promise<string> {
  const input = `${await privateKeyOf(on, keyPath)}\n`;
  return (await on.must(["wg", "pubkey"], { input })).out.trim();
}
