/**
 * Files of WireGuard on the host as text: the interface as `wg-quick` brings it up, and its peers as `wg` takes them.
 *
 * @module
 */

import { parseNetwork } from "./address.ts";
import { aloneText, HOST_PLACE, vpnAddressesOf, type VpnNetworks } from "./vpn.ts";
import type { AskedPeer } from "./vpn_exchange.ts";
import type { Handshakes } from "./vpn_peer.ts";

/** What the host's interface is made from. */
export interface HostInterface extends VpnNetworks {
  /** UDP port. */
  readonly port: number;
  /** Path of the file with the private key: it stands in no other. */
  readonly keyPath: string;
  /** Path of the file with the peers. */
  readonly peersPath: string;
  /** First line, without a comment sign. */
  readonly madeBy: string;
}

/** The file that `wg-quick` reads: it holds no secret, and makes no route but that of the network itself. */
export function hostInterfaceText(host: HostInterface): string {
  const own = vpnAddressesOf(host, HOST_PLACE);
  const bits = (text: string | null) => parseNetwork(text ?? "")?.prefix ?? 0;
  const addresses = [
    own?.address && `${own.address}/${bits(host.network)}`,
    own?.address6 && `${own.address6}/${bits(host.network6)}`,
  ].filter((one) => typeof one === "string");
  return [
    `# ${host.madeBy}`,
    "# Routers of sites; their keys and addresses come from Wattpost. deno task vpn status shows them.",
    "[Interface]",
    `Address = ${addresses.join(", ")}`,
    `ListenPort = ${host.port}`,
    "Table = off",
    `PostUp = wg set %i private-key ${host.keyPath}`,
    `PostUp = wg addconf %i ${host.peersPath}`,
    "",
  ].join("\n");
}

/**
 * The peers as `wg` takes them. Addresses belong to one key: where there are two, the newer one has them from its first
 * handshake on; until then it may shake hands and nothing else.
 */
export function peersText(peers: readonly AskedPeer[], heard: Handshakes): string {
  return peers.flatMap(({ keys, addresses }) => {
    const holder = keys.findLast((key) => heard.has(key)) ?? keys[0];
    return keys.map((key) => {
      const own = key === holder ? [`AllowedIPs = ${addresses.map(aloneText).join(", ")}`] : [];
      return ["[Peer]", `PublicKey = ${key}`, ...own, ""].join("\n");
    });
  }).join("\n");
}

/** The interface with key, port and peers, as `wg syncconf` takes it: without key and port it would forget both. */
export function syncText(
  { privateKey, port }: { readonly privateKey: string; readonly port: number },
  peers: string,
): string {
  return `[Interface]\nPrivateKey = ${privateKey}\nListenPort = ${port}\n\n${peers}`;
}

/** What `wg show … latest-handshakes` prints: a key and epoch seconds a line, 0 for those that were never heard. */
export function readHandshakeLines(text: string): Handshakes {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [key = "", atS = "0"] = line.split("\t");
      return key !== "" && Number(atS) > 0 ? [[key, Number(atS)] as const] : [];
    }),
  );
}
