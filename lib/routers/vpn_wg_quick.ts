/**
 * A router's end of the tunnel as the file of `wg-quick`, for routers that are a Linux.
 *
 * @module
 */

import { aloneText } from "../domain/vpn.ts";
import { comment } from "./shell_text.ts";
import {
  endpointText,
  KEEPALIVE_S,
  KEEPALIVE_WORDS,
  pairsOf,
  type VpnFileFacts,
  vpnHeaderLines,
  type VpnPair,
  vpnPortsOf,
} from "./vpn_facts.ts";

/** Rises with every change of what the file does. */
export const WG_QUICK_VERSION = 1;

/** The file; the facts must be without faults. */
export function wgQuickFile(facts: VpnFileFacts): string {
  const pairs = pairsOf(facts);
  return [
    ...vpnHeaderLines(facts, { title: "wg-quick file", version: WG_QUICK_VERSION }).map(comment),
    "",
    "[Interface]",
    `PrivateKey = ${facts.privateKey}`,
    `Address = ${pairs.map(({ own }) => aloneText(own)).join(", ")}`,
    "# Through the tunnel come Wattpost's questions to the Modbus ports, pings, and answers; nothing else.",
    ...pairs.flatMap((pair) => rulesOf(facts, pair)),
    "",
    "# Wattpost; nothing else is sent into the tunnel or believed out of it.",
    "[Peer]",
    `PublicKey = ${facts.hostKey}`,
    `Endpoint = ${endpointText(facts)}`,
    `AllowedIPs = ${pairs.map(({ host }) => aloneText(host)).join(", ")}`,
    ...KEEPALIVE_WORDS.map(comment),
    `PersistentKeepalive = ${KEEPALIVE_S}`,
    "",
  ].join("\n");
}

/** Each rule goes before the ones made before it, and is taken away when the tunnel ends. */
function rulesOf(facts: VpnFileFacts, { host, isIpv6 }: VpnPair): readonly string[] {
  const { own, passedOn } = vpnPortsOf(facts);
  const program = isIpv6 ? "ip6tables" : "iptables";
  const ping = isIpv6 ? "-p icmpv6 --icmpv6-type echo-request" : "-p icmp --icmp-type echo-request";
  const through = passedOn.length === 0 ? "" : " -m conntrack ! --ctstate DNAT";
  const rules = [
    "INPUT -i %i -j DROP",
    `INPUT -i %i -s ${host} ${ping} -j ACCEPT`,
    ...(own.length === 0
      ? []
      : [`INPUT -i %i -s ${host} -p tcp -m multiport --dports ${own.join(",")} -j ACCEPT`]),
    "INPUT -i %i -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
    `FORWARD -i %i${through} -j DROP`,
  ];
  return [
    ...rules.map((rule) => `PostUp = ${program} -w -I ${rule}`),
    ...rules.map((rule) => `PostDown = ${program} -w -D ${rule}`),
  ];
}
