/**
 * A Teltonika router's end of the tunnel as a shell script of UCI commands: interface, peer, and a zone of the firewall
 * of its own. The key is given over standard input, never as an argument.
 *
 * @module
 */

import { aloneText } from "../domain/vpn.ts";
import { comment, quoted } from "./shell_text.ts";
import {
  KEEPALIVE_S,
  KEEPALIVE_WORDS,
  pairsOf,
  type VpnFileFacts,
  vpnHeaderLines,
  vpnPortsOf,
} from "./vpn_facts.ts";

/** Rises with every change of what the file does. */
export const VPN_RUTOS_VERSION = 1;

/** The interface, the zone, and the beginning of every section of ours. */
const NAME = "wattpost";

const SOURCES = [
  "",
  "[O] OpenWrt's documentation and sources, on which RutOS stands: proto wireguard of netifd, sections wireguard_NAME with",
  "    public_key, allowed_ips, endpoint_host, endpoint_port, persistent_keepalive, route_allowed_ips; zones and rules.",
  "[?] not verified on RutOS: that its web pages show what was made here, and that WireGuard is in your firmware (on some",
  "    models it is installed under System, Packages). Nothing of it was run on a router by Wattpost's makers.",
  "Keep a backup of the router, and stand beside it or be in its LAN. May be run again: it replaces what it made before.",
];

/** The script; the facts must be without faults. */
export function vpnRutosCommands(facts: VpnFileFacts): string {
  const header = vpnHeaderLines(facts, { title: "RutOS commands", version: VPN_RUTOS_VERSION });
  const sections = [
    ["#!/bin/sh", ...[...header, ...SOURCES].map(comment)],
    HELPERS,
    networkLines(facts),
    ZONE,
    ruleLines(facts),
    COMMIT,
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const HELPERS = [
  "set -euf",
  `say() { printf '%s\\n' "$*"; }`,
  "if [ ! -e /lib/netifd/proto/wireguard.sh ]; then",
  "  say 'This firmware has no WireGuard: install it under System, Packages. Nothing was changed.' >&2; exit 1",
  "fi",
] as const;

function networkLines(facts: VpnFileFacts): readonly string[] {
  const pairs = pairsOf(facts);
  return [
    "# --- The tunnel [O] ---",
    `for s in $(uci -q show network | sed -n 's/^network\\.\\([^.=]*\\)=wireguard_${NAME}$/\\1/p'); do`,
    '  uci delete "network.$s"',
    "done",
    `uci -q delete network.${NAME} || true`,
    ...KEEPALIVE_WORDS.map(comment),
    "uci batch <<'WATTPOST'",
    `set network.${NAME}=interface`,
    `set network.${NAME}.proto=wireguard`,
    `set network.${NAME}.private_key=${quoted(facts.privateKey)}`,
    ...pairs.map(({ own }) => `add_list network.${NAME}.addresses=${quoted(aloneText(own))}`),
    `set network.${NAME}_host=wireguard_${NAME}`,
    `set network.${NAME}_host.description=Wattpost`,
    `set network.${NAME}_host.public_key=${quoted(facts.hostKey)}`,
    `set network.${NAME}_host.endpoint_host=${quoted(facts.endpoint)}`,
    `set network.${NAME}_host.endpoint_port=${facts.port}`,
    `set network.${NAME}_host.persistent_keepalive=${KEEPALIVE_S}`,
    `set network.${NAME}_host.route_allowed_ips=1`,
    ...pairs.map(({ host }) => `add_list network.${NAME}_host.allowed_ips=${quoted(aloneText(host))}`),
    "WATTPOST",
  ];
}

const ZONE = [
  "# --- A zone of its own [O]: nothing comes in but what is named below, nothing goes through to the LAN ---",
  `for s in $(uci -q show firewall | sed -n 's/^firewall\\.\\(${NAME}_vpn[a-z0-9_]*\\)=.*/\\1/p'); do`,
  '  uci delete "firewall.$s"',
  "done",
  "uci batch <<'WATTPOST'",
  `set firewall.${NAME}_vpn=zone`,
  `set firewall.${NAME}_vpn.name=${NAME}`,
  `set firewall.${NAME}_vpn.input=DROP`,
  `set firewall.${NAME}_vpn.output=ACCEPT`,
  `set firewall.${NAME}_vpn.forward=DROP`,
  `add_list firewall.${NAME}_vpn.network=${NAME}`,
  "WATTPOST",
] as const;

function ruleLines(facts: VpnFileFacts): readonly string[] {
  const { own, passedOn } = vpnPortsOf(facts);
  return [
    "# --- Wattpost's address to the Modbus ports [O] ---",
    ...passedOn.map((port) =>
      `DEVICE_${port}=''      # LAN address of the device that is read at port ${port}`
    ),
    "rule() {  # name, type of section, options",
    `  s="${NAME}_vpn_$1"; uci set "firewall.$s=$2"; uci set "firewall.$s.name=Wattpost VPN $1"; shift 2`,
    `  for o in src=${NAME} proto=tcp "$@"; do uci set "firewall.$s.$o"; done`,
    "}",
    ...pairsOf(facts).flatMap(({ host, isIpv6 }) => [
      ...own.map((port) =>
        `rule ${port}${isIpv6 ? "_6" : ""} rule src_ip=${host} dest_port=${port} target=ACCEPT`
      ),
      ...(isIpv6 ? [] : passedOn.flatMap((port) => [
        `if [ -n "$DEVICE_${port}" ]; then`,
        `  rule ${port} redirect src_ip=${host} src_dport=${port} dest=lan "dest_ip=$DEVICE_${port}" dest_port=502 target=DNAT  # [?] its own port`,
        `else say 'Skipped port ${port}: write the address of its device into DEVICE_${port}'; fi`,
      ])),
    ]),
  ];
}

const COMMIT = [
  "# --- Keep it and let the services know [O] ---",
  "uci commit network",
  "uci commit firewall",
  "for s in network firewall; do",
  '  if [ -x "/etc/init.d/$s" ]; then "/etc/init.d/$s" reload || say "Restart $s by hand"; fi',
  "done",
  "say 'Done: Wattpost shows the router as heard within two minutes; then delete this file'",
] as const;
