/**
 * What the host tells of its VPN, and the peers that the host is asked to admit: the files between app and host.
 *
 * @module
 */

import type { OwnService } from "../domain/dial_policy.ts";
import { HOST_PLACE, vpnAddressesOf } from "../domain/vpn.ts";
import { EXCHANGE_MAX, formatPeers, type HostVpn, parseHostVpn } from "../domain/vpn_exchange.ts";
import { admittedKeys, type VpnPeer } from "../domain/vpn_peer.ts";
import { err, ok, type Result } from "../result.ts";
import { askHost, readExchange, requestPath } from "./host_exchange.ts";

/** The file in which the host tells of its VPN, in the folder of the host. */
const HOST_VPN_FILE = "vpn.json";

/** The file with the peers, among what the app asks. */
const PEERS_FILE = "peers.json";

/** The VPN as the host tells it; `null`: the host has none. The error says what is wrong with the file. */
export async function readHostVpn(hostDir: string): Promise<Result<HostVpn | null, string>> {
  const path = `${hostDir}/${HOST_VPN_FILE}`;
  const told = await readExchange({ path, most: EXCHANGE_MAX, parse: parseHostVpn });
  switch (told.kind) {
    case "absent":
      return ok(null);
    case "unreadable":
      return err(told.why);
    case "told":
      return ok(told.value);
  }
}

/** What a VPN adds to where sites may be reached: its networks, and that the host itself is no site. */
export function vpnPlaces(
  vpn: HostVpn | null,
): { readonly networks: readonly string[]; readonly own: readonly OwnService[] } {
  if (!vpn) return { networks: [], own: [] };
  const host = vpnAddressesOf(vpn, HOST_PLACE);
  const isText = (text: string | null | undefined) => typeof text === "string";
  return {
    networks: [vpn.network, vpn.network6].filter(isText),
    own: [host?.address, host?.address6].filter(isText).map((address) => ({ address, port: null })),
  };
}

/** Asks the host to admit these peers and no others: the file is replaced as a whole. */
export async function askForPeers(
  dataDir: string,
  { vpn, peers }: { readonly vpn: HostVpn; readonly peers: readonly VpnPeer[] },
): Promise<void> {
  const asked = peers.flatMap((peer) => {
    const keys = admittedKeys(peer);
    const addresses = vpnAddressesOf(vpn, peer.place);
    if (keys.length === 0 || !addresses) return [];
    const { address, address6 } = addresses;
    return [{ keys, addresses: address6 === null ? [address] : [address, address6] }];
  });
  const text = formatPeers(asked);
  if (await textAt(requestPath(dataDir, PEERS_FILE)) === text) return;
  await askHost(dataDir, { name: PEERS_FILE, text });
}

async function textAt(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
