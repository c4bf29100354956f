/**
 * The configuration of a Teltonika router as a shell script of UCI commands. What differs from firmware to firmware is
 * looked up on the router itself, and each option says where its name comes from.
 *
 * @module
 */

import {
  budgetOf,
  checkTargetsOf,
  devicePortsOf,
  isPrivateAccess,
  OWN_ADDRESSES_FIRST,
  rankedWans,
  type RouterFacts,
  routerPortsOf,
  serverPortOf,
} from "./facts.ts";
import { budgetWords, headerLines, SOURCE_LINES } from "./header.ts";
import { comment, quoted } from "./shell_text.ts";

/** Rises with every change of what the file does. */
export const RUTOS_COMMANDS_VERSION = 2;

/** Names of the interfaces in the script; what they are called on a router differs. */
const VARIABLES = { cellular: "CELLULAR", wifi: "WIFI", wired: "WIRED" } as const;

/** The script; the facts must be without faults. */
export function rutosCommands(facts: RouterFacts): string {
  const header = headerLines(facts, { title: "RutOS commands", version: RUTOS_COMMANDS_VERSION });
  const sections = [
    ["#!/bin/sh", ...header.map(comment), ...SOURCE_LINES.map(comment)],
    stopLines(facts),
    variableLines(facts),
    HELPERS,
    cellularLines(facts),
    wanLines(facts),
    serverLines(facts),
    firewallLines(facts),
    gnssLines(),
    timeLines(facts),
    lanLines(facts),
    COMMIT,
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function stopLines({ ownAddresses, siteName }: RouterFacts): readonly string[] {
  const begin = ["set -euf", `printf 'Wattpost router template for %s\\n' ${quoted(siteName)}`];
  if (ownAddresses.length > 0) return begin;
  return [
    ...begin,
    "",
    comment(`${OWN_ADDRESSES_FIRST}.`),
    `printf '%s\\n' ${quoted(`${OWN_ADDRESSES_FIRST}. Nothing was changed.`)} >&2`,
    "exit 1",
  ];
}

function variableLines(facts: RouterFacts): readonly string[] {
  return [
    "# --- What may be called otherwise on this router: look with `uci show network` ---",
    "CELLULAR='mob1s1a1'  # [P] first SIM of the first modem",
    "WIRED='wan'          # [P]",
    "WIFI='wifi_wan'      # [?] check on your firmware: it has the name that was typed when the Wi-Fi WAN was made",
    ...devicePortsOf(facts).map(({ port }) =>
      `DEVICE_${port}=''      # LAN address of the device that is read at port ${port}`
    ),
    ...(facts.ownAddresses.length > 0
      ? [`OWN=${quoted(facts.ownAddresses.join(" "))}  # from where Wattpost reaches this router`]
      : []),
  ];
}

const HELPERS = [
  `say() { printf '%s\\n' "$*"; }`,
  `has() { uci -q get "$1" >/dev/null; }`,
  "# The section of mwan3 of a type ($1) that is about an interface ($2)",
  "section_of() {",
  `  for s in $(uci -q show mwan3 | sed -n "s/^mwan3\\.\\(.*\\)\\.interface='$2'\\$/\\1/p"); do`,
  `    if [ "$(uci -q get "mwan3.$s")" = "$1" ]; then printf '%s' "$s"; return 0; fi`,
  "  done",
  "}",
] as const;

function cellularLines({ sim, paths }: RouterFacts): readonly string[] {
  const fixed = paths.find(({ kind }) => kind === "cellular")?.host;
  if (fixed === undefined) return [];
  return [
    "# --- Mobile: the fixed address or private APN comes with the contract of the SIM ---",
    comment(`Expected at ${fixed}${sim?.number ? `, number ${sim.number}` : ""}.`),
    "# User and password of an APN are typed on the router and are in no template.",
    ...(sim?.apn
      ? [
        'if has "network.$CELLULAR"; then',
        '  uci set "network.$CELLULAR.auto_apn=0"  # [T]',
        `  uci set "network.$CELLULAR.apn"=${quoted(sim.apn)}  # [P]`,
        'else say "Skipped the APN: there is no interface $CELLULAR"; fi',
      ]
      : ["# No APN is registered with the site: the router keeps the one it has."]),
  ];
}

function wanLines(facts: RouterFacts): readonly string[] {
  const wans = rankedWans(facts);
  if (wans.length === 0) return [];
  if (wans.length === 1) {
    return [
      "# --- Failover ---",
      "# One way in is registered: there is nothing to fail over to, and checks would only cost data.",
    ];
  }
  const targets = checkTargetsOf(facts);
  return [
    `# --- Failover: ${wans.map(({ kind }) => kind).join(", then ")} ---`,
    ...budgetWords(budgetOf(facts)).map(comment),
    ...(targets.length > 0 ? [] : [
      "# In a private APN the internet may be out of reach and no single address of ours is known: no path is",
      "# checked, and one counts as working while its interface is up. Name an address inside that answers pings.",
    ]),
    "# metric: [T] 1 is used first. interval, enabled, family and the condition with its options: [T], as RutOS makes",
    "# them itself (every 3 s, down after 3, up after 3). A path is down after three checks without an answer.",
    "wan() {  # interface, metric, seconds between checks (0: none), addresses to ask",
    "  i=$1 metric=$2 every=$3; shift 3",
    '  if ! has "network.$i"; then say "Skipped: there is no interface $i"; return 0; fi',
    '  uci set "network.$i.metric=$metric"',
    '  has "mwan3.$i" || uci set "mwan3.$i=interface"',
    '  uci set "mwan3.$i.family=ipv4"',
    '  uci set "mwan3.$i.enabled=1"',
    '  [ "$every" = 0 ] || uci set "mwan3.$i.interval=$every"',
    '  member=$(section_of member "$i")',
    '  if [ -n "$member" ]; then uci set "mwan3.$member.metric=$metric"',
    '  else say "Put $i into the policy mwan_default: Network, Failover"; fi',
    '  c=$(section_of condition "$i")',
    '  if [ -z "$c" ]; then c=$(uci add mwan3 condition); uci set "mwan3.$c.interface=$i"; fi',
    '  uci -q delete "mwan3.$c.track_ip" || true',
    '  [ "$every" != 0 ] || return 0',
    '  for o in track_method=ping reliability=1 count=1 timeout=2 down=3 up=3; do uci set "mwan3.$c.$o"; done',
    '  for t in "$@"; do uci add_list "mwan3.$c.track_ip=$t"; done',
    "}",
    ...wans.map(({ kind, metric, intervalS }) => {
      const every = targets.length === 0 ? 0 : intervalS ?? 0;
      return [`wan "$${VARIABLES[kind]}" ${metric} ${every}`, ...targets.map(quoted)].join(" ");
    }),
  ];
}

function serverLines(facts: RouterFacts): readonly string[] {
  const port = serverPortOf(facts);
  if (port === null) {
    return ["# --- Modbus server: none is registered for the router itself, so none is turned on ---"];
  }
  return [
    "# --- Modbus server ---",
    "# [T] modbus_server, section modbus, and its options; [W] device id 0 to 255, timeout 0 to 60 s.",
    "# [P] older firmware: package modbus, service modbusd. On some models it is installed under System, Packages [W].",
    "SERVER=''",
    "if has modbus_server.modbus; then SERVER=modbus_server; elif has modbus.modbus; then SERVER=modbus; fi",
    'if [ -n "$SERVER" ]; then',
    `  for o in enabled=1 port=${port} device_id=${facts.unitId} keepconn=1 timeout=60; do`,
    '    uci set "$SERVER.modbus.$o"',
    "  done",
    '  uci set "$SERVER.modbus.md_data_type=0"  # [T] [W] data counters in bytes, as Wattpost reads them',
    "else say 'Skipped: this firmware has no Modbus server: install it under System, Packages'; fi",
  ];
}

function firewallLines(facts: RouterFacts): readonly string[] {
  if (facts.ownAddresses.length === 0) {
    return ["# --- Firewall ---", comment(`${OWN_ADDRESSES_FIRST}.`)];
  }
  const own = routerPortsOf(facts).map(({ port }) => port);
  const devices = devicePortsOf(facts).map(({ port }) => port);
  return [
    "# --- Firewall: our addresses and nobody else ---",
    "# [O] rule: src, src_ip, proto, dest_port, target; redirect: src_dport, dest, dest_ip, dest_port.",
    '# [T] "Allow remote access" of the Modbus server is the rule Enable_MODBUSD_WAN, which admits everybody: whatever',
    "# accepts one of these ports alone from the outside without naming who, is turned off. Rules for several ports and",
    "# port forwards of your own are not looked at: see uci show firewall.",
    "for s in $(uci -q show firewall | sed -n 's/^firewall\\.\\(wattpost_[0-9_]*\\)=.*/\\1/p'); do",
    '  uci delete "firewall.$s"',
    "done",
    "close_to_others() {  # port",
    `  for s in $(uci -q show firewall | sed -n "s/^firewall\\.\\(.*\\)\\.dest_port='$1'\\$/\\1/p"); do`,
    '    [ "$(uci -q get "firewall.$s")" = rule ] || continue',
    '    [ "$(uci -q get "firewall.$s.target")" = ACCEPT ] || continue',
    '    case "$(uci -q get "firewall.$s.src")" in wan | "*") ;; *) continue ;; esac',
    '    if ! has "firewall.$s.src_ip"; then',
    '      uci set "firewall.$s.enabled=0"; say "Turned off the open rule $s of port $1"',
    "    fi",
    "  done",
    "}",
    ...FIREWALL_RULE,
    "admit() {  # port",
    "  n=0",
    '  for from in $OWN; do n=$((n + 1)); rule "$1" "$n" rule "dest_port=$1" target=ACCEPT; done',
    "}",
    ...(devices.length === 0 ? [] : FORWARD),
    ...(own.length === 0 ? [] : [`for p in ${own.join(" ")}; do close_to_others "$p"; admit "$p"; done`]),
    ...devices.map((port) => `forward ${port} "$DEVICE_${port}"`),
  ];
}

const FIREWALL_RULE = [
  "rule() {  # port, number, type of section, options of its own",
  '  s="wattpost_$1_$2"',
  '  uci set "firewall.$s=$3"',
  '  uci set "firewall.$s.name=Wattpost $1 $2"',
  "  shift 3",
  '  for o in enabled=1 src=wan proto=tcp "src_ip=$from" "$@"; do uci set "firewall.$s.$o"; done',
  "}",
] as const;

const FORWARD = [
  "forward() {  # port, LAN address of the device",
  '  if [ -z "$2" ]; then say "Skipped port $1: write the address of its device into DEVICE_$1"; return 0; fi',
  "  n=0",
  "  for from in $OWN; do",
  "    n=$((n + 1))",
  "    case $from in *:*) continue ;; esac  # [O] a redirect is for IPv4",
  '    rule "$1" "$n" redirect target=DNAT "src_dport=$1" dest=lan "dest_ip=$2" dest_port=502  # [?] its own port',
  "  done",
  "}",
] as const;

function gnssLines(): readonly string[] {
  return [
    "# --- GNSS [T] [P]; a model without it is left alone ---",
    "if has gps.gpsd; then uci set gps.gpsd.enabled=1; fi",
  ];
}

function timeLines(facts: RouterFacts): readonly string[] {
  if (facts.ntpServers.length === 0) return [];
  return [
    "# --- Time ---",
    "# [T] ntpclient: enabled, and a section ntpserver with its hostname for each; gps_sync: time from GNSS as well.",
    "if has 'ntpclient.@ntpclient[0]'; then",
    "  uci set 'ntpclient.@ntpclient[0].enabled=1'",
    ...(isPrivateAccess(facts)
      ? [
        "  # A private APN may reach no time server: GNSS tells the time too.",
        "  if has gps.gpsd; then uci set 'ntpclient.@ntpclient[0].gps_sync=1'; fi",
      ]
      : []),
    "  while has 'ntpclient.@ntpserver[0]'; do uci delete 'ntpclient.@ntpserver[0]'; done",
    `  for h in ${facts.ntpServers.map(quoted).join(" ")}; do`,
    '    n=$(uci add ntpclient ntpserver); uci set "ntpclient.$n.hostname=$h"',
    "  done",
    "elif has system.ntp; then  # [O]",
    "  uci set system.ntp.enabled=1",
    "  uci -q delete system.ntp.server || true",
    `  for h in ${facts.ntpServers.map(quoted).join(" ")}; do uci add_list "system.ntp.server=$h"; done`,
    "fi",
  ];
}

function lanLines({ lanAddress }: RouterFacts): readonly string[] {
  if (lanAddress === null) return [];
  return [
    "# --- Fixed address in the LAN [O]: from here on the router is found there ---",
    `uci set network.lan.ipaddr=${quoted(lanAddress)}`,
  ];
}

const COMMIT = [
  "# --- Keep it and let the services know [O]; which services there are differs, so each is looked for ---",
  "for p in network mwan3 firewall modbus_server modbus gps ntpclient system; do",
  '  if uci -q show "$p" >/dev/null; then uci commit "$p"; fi',
  "done",
  "for s in modbus_server modbusd gpsd ntpclient sysntpd firewall network mwan3; do",
  '  if [ -x "/etc/init.d/$s" ]; then "/etc/init.d/$s" reload || say "Restart $s by hand"; fi',
  "done",
  "say 'Done: now test the site in Wattpost, path by path'",
] as const;
