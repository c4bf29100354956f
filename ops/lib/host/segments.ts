/**
 * Who may open what to whom: the parts into which a host and what is around it are cut, and every way between them that
 * is open or must be proved closed. The page for operators is made from this table, and so are the probes of the tests.
 *
 * @module
 */

import { parseAddress } from "../../../lib/domain/address.ts";
import type { HostDescription } from "./description.ts";
import { FAMILIES, type Family, MAIL_PORTS } from "./firewall_rules.ts";

/** A part. */
export type SegmentName = "internet" | "admin" | "edge" | "app" | "database" | "field";

/** What each part is. */
export const SEGMENTS: Readonly<Record<SegmentName, string>> = {
  internet: "Everybody: browsers, services, routers before their tunnel stands",
  admin: "The networks from which administrators work (`adminNetworks`)",
  edge: "This host itself: nginx, SSH, WireGuard, and what root runs",
  app: "Wattpost, as a process of the user `wattpost` or in containers on `wattpost-br0`",
  database: "MySQL or MariaDB at the described address; SQLite is a file of the app",
  field: "Routers and meters: the tunnels, and the networks of routers (`routers.networks`)",
};

/** All parts, from outside to inside. */
export const SEGMENT_NAMES: readonly SegmentName[] = [
  "internet",
  "admin",
  "edge",
  "app",
  "database",
  "field",
];

/** How a try ends: `limited` is open until the sixth try in 30 s, `closed` is silence, `refused` is a no. */
export type FlowVerdict = "open" | "limited" | "closed" | "refused";

/** Ports: as the page says them, and as a host has them. */
export interface Ports {
  /** `routers.ports` or numbers. */
  readonly words: string;
  /** None: the host has no such way. */
  readonly of: (described: HostDescription) => readonly number[];
}

/** One way from a part to another. */
export interface Flow {
  readonly from: SegmentName;
  readonly to: SegmentName;
  /** What it is, as the page names it. */
  readonly what: string;
  readonly proto: "tcp" | "udp";
  readonly ports: Ports;
  readonly verdict: FlowVerdict;
  readonly why: string;
  /** Whether only what runs in a container goes this way: as a process it would be the host itself. */
  readonly containersOnly?: boolean;
}

/** A try that a test makes. */
export interface SegmentProbe {
  readonly flow: Flow;
  readonly family: Family;
  readonly port: number;
}

/** A port that nothing is described for. */
const OTHER_PORT = 4_444;

/** The port of a container in the tests, published on all addresses. */
export const PUBLISHED_PORT = 8_099;

const http: Ports = { words: "80, 443", of: () => [80, 443] };
const https: Ports = { words: "443", of: () => [443] };
const dns: Ports = { words: "53", of: () => [53] };
const mail: Ports = { words: MAIL_PORTS.join(", "), of: () => MAIL_PORTS };
const ssh: Ports = { words: "`ssh.port`", of: ({ ssh }) => [ssh.port] };
const vpn: Ports = { words: "`vpn.port`", of: ({ vpn }) => vpn === null ? [] : [vpn.port] };
const modbus: Ports = { words: "`routers.ports`", of: ({ routers }) => routers.ports };
const database: Ports = {
  words: "`database.port`",
  of: ({ database }) => database.kind === "mysql" ? [database.port] : [],
};
const published: Ports = { words: "any", of: () => [PUBLISHED_PORT] };
const other: Ports = { words: "any", of: () => [OTHER_PORT] };

const tcp = "tcp" as const;
const udp = "udp" as const;

/** Every way. */
export const FLOWS: readonly Flow[] = [
  ...to("internet", "edge", [
    [
      "pages",
      tcp,
      http,
      "open",
      "People read pages; port 80 leads to 443 and answers the certificate authority",
    ],
    [
      "tunnels",
      udp,
      vpn,
      "open",
      "SIMs change their address, so routers come from anywhere; WireGuard knows its keys",
    ],
    ["SSH", tcp, ssh, "closed", "Nobody guesses keys who is not in an admin network"],
    ["anything else", tcp, other, "closed", "What nobody described is nobody's to reach"],
  ]),
  ...to("internet", "app", [
    [
      "published ports of containers",
      tcp,
      published,
      "closed",
      "Docker opens nothing that UFW closes; pages go through nginx",
    ],
  ]),
  ...to("internet", "database", [
    ["the database", tcp, database, "closed", "Only the app asks the database; this host forwards to nobody"],
  ]),
  ...to("internet", "field", [
    ["Modbus", tcp, modbus, "closed", "Meters believe whoever reaches them; this host forwards to nobody"],
  ]),
  ...to("admin", "edge", [
    ["SSH", tcp, ssh, "limited", "Administrators get in by key; the sixth try in 30 s is refused"],
    ["pages", tcp, http, "open", "Administrators read pages as everybody does"],
    ["anything else", tcp, other, "closed", "An admin network is trusted with SSH, not with everything"],
  ]),
  ...to("admin", "app", [
    ["published ports of containers", tcp, published, "closed", "Whoever must see inside goes through SSH"],
  ]),
  ...to("admin", "field", [
    ["Modbus", tcp, modbus, "closed", "Meters are read by Wattpost alone"],
  ]),
  ...to("edge", "internet", [
    ["packages, names, time, certificates", tcp, http, "open", "The host keeps itself up to date"],
    ["Modbus", tcp, modbus, "refused", "Modbus goes to routers alone, whoever on the host speaks it"],
  ]),
  ...to("edge", "field", [
    ["Modbus", tcp, modbus, "open", "Operators try a router from the host"],
  ]),
  ...to("app", "edge", [
    [
      "SSH",
      tcp,
      ssh,
      "closed",
      "An app that was taken over does not get from its container to the host",
      true,
    ],
    ["anything else", tcp, other, "closed", "The app in a container needs nothing of the host", true],
  ]),
  ...to("app", "internet", [
    ["services (HTTPS)", tcp, https, "open", "Short messages, push and the like are sent over HTTPS"],
    ["names", udp, dns, "open", "Names are looked up"],
    ["mail", tcp, mail, "open", "Alerts and reports are handed over with TLS"],
    ["Modbus", tcp, modbus, "refused", "Meters are nowhere but behind routers"],
    ["anything else", tcp, other, "refused", "An app that was taken over gets no further"],
  ]),
  ...to("app", "admin", [
    ["SSH", tcp, ssh, "refused", "The app has no business with administrators' machines"],
  ]),
  ...to("app", "database", [
    ["the database", tcp, database, "open", "Readings are kept there"],
    ["anything else", tcp, other, "refused", "The app needs no other door of that machine"],
  ]),
  ...to("app", "field", [
    ["Modbus", tcp, modbus, "open", "Meters are read"],
    ["web pages of routers", tcp, https, "refused", "The app does not sign in to routers"],
    ["anything else", tcp, other, "refused", "Routers are asked for readings, and for nothing else"],
  ]),
  ...to("database", "edge", [
    ["SSH", tcp, ssh, "closed", "The database answers; it opens nothing"],
  ]),
  ...to("field", "edge", [
    ["pages", tcp, http, "closed", "Routers and what is plugged into them see nothing of this host but ping"],
    ["SSH", tcp, ssh, "closed", "A router that was taken over does not get into the host"],
    ["anything else", tcp, other, "closed", "Routers answer; they open nothing"],
  ]),
  ...to("field", "app", [
    ["published ports of containers", tcp, published, "closed", "Routers answer; they open nothing"],
  ]),
  ...to("field", "database", [
    ["the database", tcp, database, "closed", "Routers do not get through this host"],
  ]),
  ...to("field", "field", [
    ["Modbus", tcp, modbus, "closed", "One site's router does not reach another's meters"],
  ]),
  ...to("field", "internet", [
    ["services (HTTPS)", tcp, https, "closed", "A tunnel is no way into the internet"],
  ]),
];

type Row = readonly [
  what: string,
  proto: Flow["proto"],
  ports: Flow["ports"],
  verdict: FlowVerdict,
  why: string,
  containersOnly?: boolean,
];

function to(from: SegmentName, to: SegmentName, rows: readonly Row[]): readonly Flow[] {
  return rows.map(([what, proto, ports, verdict, why, containersOnly = false]) => (
    { from, to, what, proto, ports, verdict, why, containersOnly }
  ));
}

/** Every try that shows whether a host keeps to the table: each way, each port, both families. */
export function segmentProbes(described: HostDescription): readonly SegmentProbe[] {
  return FLOWS.flatMap((flow) =>
    FAMILIES.filter((family) => exists(described, flow, family)).flatMap((family) =>
      flow.ports.of(described).map((port) => ({ flow, family, port }))
    )
  );
}

// A database that is described by its address is there in one family; the app in a container has IPv4 alone.
function exists({ database }: HostDescription, flow: Flow, family: Family): boolean {
  if (flow.containersOnly && family === "ipv6") return false;
  if (flow.from !== "database" && flow.to !== "database") return true;
  if (database.kind === "sqlite") return false;
  const address = parseAddress(database.host);
  return address === null || address.bytes.length === (family === "ipv4" ? 4 : 16);
}
