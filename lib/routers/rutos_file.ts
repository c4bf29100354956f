/**
 * The configuration of a Teltonika router as UCI text, package by package, for whoever merges it by hand or into a
 * backup instead of running commands.
 *
 * @module
 */

import {
  budgetOf,
  checkTargetsOf,
  devicePortsOf,
  OWN_ADDRESSES_FIRST,
  rankedWans,
  type RouterFacts,
  routerPortsOf,
  serverPortOf,
} from "./facts.ts";
import { budgetWords, headerLines, SOURCE_LINES } from "./header.ts";
import { comment, quoted } from "./shell_text.ts";

/** Rises with every change of what the file does. */
export const RUTOS_FILE_VERSION = 2;

/** What interfaces are called on a router as it comes; check on your firmware. */
const INTERFACES = { cellular: "mob1s1a1", wifi: "wifi_wan", wired: "wan" } as const;

const HOW = [
  "",
  "How to use it: `uci import` with -m merges one package at a time [O], so cut it at the package lines:",
  "  p=network; sed -n \"/^package $p\\$/,/^package /p\" this-file | grep -v '^package ' | uci -m import $p",
  "and the same for every other package; then `uci changes`, `uci commit`, and restart the services or the router.",
  "Without -m a package would be replaced as a whole: never do that with this file.",
] as const;

/** The text; the facts must be without faults. */
export function rutosFile(facts: RouterFacts): string {
  const header = headerLines(facts, { title: "RutOS file (UCI)", version: RUTOS_FILE_VERSION });
  const sections = [
    [...header, ...HOW, ...SOURCE_LINES].map(comment),
    networkLines(facts),
    failoverLines(facts),
    serverLines(facts),
    firewallLines(facts),
    [
      "package gps",
      "# [T] [P]; leave it out on a model without GNSS",
      ...section("gps 'gpsd'", { enabled: "1" }),
    ],
    timeLines(facts),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

type Options = Readonly<Record<string, string | readonly string[]>>;

function section(head: string, options: Options): readonly string[] {
  const lines = Object.entries(options).flatMap(([name, value]) =>
    typeof value === "string"
      ? [`\toption ${name} ${quoted(value)}`]
      : value.map((each) => `\tlist ${name} ${quoted(each)}`)
  );
  return ["", `config ${head}`, ...lines];
}

function networkLines(facts: RouterFacts): readonly string[] {
  const { sim, lanAddress } = facts;
  const wans = rankedWans(facts).flatMap(({ kind, metric }) =>
    section(`interface '${INTERFACES[kind]}'`, {
      ...(kind === "cellular" && sim?.apn ? { auto_apn: "0", apn: sim.apn } : {}),
      metric: String(metric),
    })
  );
  const lan = lanAddress === null ? [] : section("interface 'lan'", { ipaddr: lanAddress });
  return [
    "package network",
    "# metric, auto_apn [T]; apn [P]; lan [O]. Names of interfaces: mob1s1a1 and wan [P], wifi_wan [?]",
    "# User and password of an APN are typed on the router and are in no template.",
    ...wans,
    ...lan,
  ];
}

function failoverLines(facts: RouterFacts): readonly string[] {
  const wans = rankedWans(facts);
  if (wans.length < 2) return [];
  const targets = checkTargetsOf(facts);
  return [
    "package mwan3",
    ...budgetWords(budgetOf(facts)).map(comment),
    "# All options [T]. The router has a condition of its own for each interface: delete it, or change that one.",
    ...wans.flatMap(({ kind, intervalS }) => {
      const name = INTERFACES[kind];
      const checked = intervalS !== null && targets.length > 0;
      return [
        ...section(`interface '${name}'`, {
          enabled: "1",
          family: "ipv4",
          ...(checked ? { interval: String(intervalS) } : {}),
        }),
        ...(checked
          ? section(`condition 'wattpost_${kind}'`, {
            interface: name,
            track_method: "ping",
            track_ip: targets,
            reliability: "1",
            count: "1",
            timeout: "2",
            down: "3",
            up: "3",
          })
          : [
            comment(`${name} is not checked: the SIM's allowance is too small, or no address can be asked.`),
          ]),
      ];
    }),
  ];
}

function serverLines(facts: RouterFacts): readonly string[] {
  const port = serverPortOf(facts);
  if (port === null) return [];
  return [
    "package modbus_server",
    "# [T]; md_data_type 0 counts data in bytes, as Wattpost reads them. Older firmware: package modbus [P]",
    ...section("modbus 'modbus'", {
      enabled: "1",
      port: String(port),
      device_id: String(facts.unitId),
      keepconn: "1",
      timeout: "60",
      md_data_type: "0",
    }),
  ];
}

function firewallLines(facts: RouterFacts): readonly string[] {
  const rules = facts.ownAddresses.flatMap((from, i) => [
    ...routerPortsOf(facts).flatMap(({ port }) =>
      section(`rule 'wattpost_${port}_${i + 1}'`, {
        name: `Wattpost ${port} ${i + 1}`,
        enabled: "1",
        src: "wan",
        proto: "tcp",
        src_ip: from,
        dest_port: String(port),
        target: "ACCEPT",
      })
    ),
    // A redirect is for IPv4 alone.
    ...(from.includes(":") ? [] : devicePortsOf(facts)).flatMap(({ port }) => [
      "",
      comment(`Port ${port} goes on to a device in the LAN: write its address below and take the # away.`),
      ...section(`redirect 'wattpost_${port}_${i + 1}'`, {
        name: `Wattpost ${port} ${i + 1}`,
        enabled: "1",
        src: "wan",
        proto: "tcp",
        src_ip: from,
        src_dport: String(port),
        dest: "lan",
        dest_ip: "LAN-ADDRESS",
        dest_port: "502",
        target: "DNAT",
      }).filter((line) => line !== "").map((line) => `#${line}`),
    ]),
  ]);
  return [
    "package firewall",
    "# [O]; who else is admitted must be looked up: the rule Enable_MODBUSD_WAN [T] admits everybody and stays off.",
    ...(rules.length > 0 || facts.ownAddresses.length > 0 ? [] : [comment(`${OWN_ADDRESSES_FIRST}.`)]),
    ...rules,
  ];
}

function timeLines({ ntpServers }: RouterFacts): readonly string[] {
  if (ntpServers.length === 0) return [];
  return [
    "package ntpclient",
    "# [T]; the router has servers of its own beside these until they are deleted",
    ...ntpServers.flatMap((hostname, i) => section(`ntpserver 'wattpost_${i + 1}'`, { hostname })),
  ];
}
