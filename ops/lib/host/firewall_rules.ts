/**
 * The rules of a host's firewall as data: what may be opened from where to where, and why. The texts of UFW, the plan
 * that operators read and the tests are made from them.
 *
 * @module
 */

import { networkText, parseAddress, parseNetwork } from "../../../lib/domain/address.ts";
import type { HostDescription } from "./description.ts";
import { INTERFACES } from "./layout.ts";

/** The two kinds of addresses; every rule holds for both unless it names addresses. */
export type Family = "ipv4" | "ipv6";

/** Both. */
export const FAMILIES: readonly Family[] = ["ipv4", "ipv6"];

/**
 * Where a rule stands. The first three are UFW's own lists, as `ufw status` shows them; the others are chains in UFW's
 * before and after files, for what UFW's commands cannot say.
 */
export type Place =
  /** What comes to this host. */
  | "incoming"
  /** What programs of this host open. */
  | "outgoing"
  /** What passes through this host. */
  | "routed"
  /** What comes to this host out of the tunnels. */
  | "tunnel"
  /** What the app opens as a process of this host. */
  | "app"
  /** What the app opens in a container. */
  | "containers"
  /** What is forwarded to and from containers, before Docker's own rules. */
  | "docker";

/** What is done: `limit` lets five connections of an address pass in 30 s, `deny` is silent, `reject` says no. */
export type Verdict = "allow" | "limit" | "deny" | "reject";

/** What a rule is about; `echo` is ping. */
export type Proto = "tcp" | "udp" | "echo" | "any";

/** One rule. The first that fits decides. */
export interface Rule {
  /** What it is called. */
  readonly name: string;
  readonly place: Place;
  readonly verdict: Verdict;
  readonly proto: Proto;
  /** Ports it is about, at most 15; empty: all. */
  readonly ports: readonly number[];
  /** Networks it comes from; `null`: anywhere. */
  readonly from: readonly string[] | null;
  /** Networks it goes to; `null`: anywhere. */
  readonly to: readonly string[] | null;
  /** Interface it comes in by. */
  readonly in?: string;
  /** Interface it goes out by. */
  readonly out?: string;
  /** What it does and why, for operators. */
  readonly sentence: string;
}

/** Ports of mail: handed over with TLS from the start, or after STARTTLS. */
export const MAIL_PORTS: readonly number[] = [465, 587];

/** Networks of routers: those described and the VPN's own. */
function routerNetworks(described: HostDescription): readonly string[] {
  const { routers, vpn } = described;
  const tunnel = vpn === null ? [] : [vpn.network, ...(vpn.network6 === null ? [] : [vpn.network6])];
  return [...new Set([...routers.networks, ...tunnel].map(canonical))];
}

/** All rules of a host, in the order in which each place asks them. */
export function rulesOf(described: HostDescription): readonly Rule[] {
  return [
    ...incoming(described),
    ...outgoing(described),
    ...(described.vpn === null ? [] : tunnel()),
    ...app(described),
    ...containers(described),
    ...docker(described),
  ];
}

const ANY = { proto: "any", ports: [], from: null, to: null } as const;

function incoming(described: HostDescription): readonly Rule[] {
  const place = "incoming";
  const rules: Rule[] = described.vpn === null ? [] : [
    {
      ...ANY,
      name: "tunnel",
      place,
      verdict: "deny",
      in: INTERFACES.vpn,
      sentence: "Routers open nothing on this host through their tunnel; they answer what they are asked",
    },
    {
      ...ANY,
      name: "from tunnel",
      place: "routed",
      verdict: "deny",
      in: INTERFACES.vpn,
      sentence: "Routers reach neither each other nor anything behind this host through their tunnel",
    },
  ];
  rules.push({
    ...ANY,
    name: "ssh",
    place,
    verdict: "limit",
    proto: "tcp",
    ports: [described.ssh.port],
    from: described.adminNetworks.map(canonical),
    sentence: "Administrators reach SSH from their networks alone; the sixth try in 30 s is refused",
  }, {
    ...ANY,
    name: "web",
    place,
    verdict: "allow",
    proto: "tcp",
    ports: [80, 443],
    sentence: "Everybody reaches the pages; port 80 leads to 443 and answers the certificate authority",
  });
  if (described.vpn !== null) {
    rules.push({
      ...ANY,
      name: "vpn",
      place,
      verdict: "allow",
      proto: "udp",
      ports: [described.vpn.port],
      sentence: "Routers build their tunnels from wherever their SIM is; WireGuard answers known keys alone",
    });
  }
  return rules;
}

function outgoing(described: HostDescription): readonly Rule[] {
  const modbus = { ...ANY, place: "outgoing", proto: "tcp", ports: described.routers.ports } as const;
  const networks = routerNetworks(described);
  return [
    ...(networks.length === 0 ? [] : [
      {
        ...modbus,
        name: "modbus",
        verdict: "allow",
        to: networks,
        sentence: "Meters are read over Modbus in the networks of routers",
      } as const,
    ]),
    {
      ...modbus,
      name: "modbus elsewhere",
      verdict: "reject",
      sentence: "Nobody on this host speaks Modbus to any other place",
    },
  ];
}

function tunnel(): readonly Rule[] {
  const tunnel = { ...ANY, place: "tunnel", in: INTERFACES.vpn } as const;
  return [
    {
      ...tunnel,
      name: "tunnel ping",
      verdict: "allow",
      proto: "echo",
      sentence: "Routers may ping this host, which tells a fitter that the tunnel stands",
    },
    {
      ...tunnel,
      name: "tunnel rest",
      verdict: "deny",
      sentence: "Whatever else routers open here is dropped, also what UFW lets in by itself elsewhere",
    },
  ];
}

/** What the app may open, wherever it runs. */
function egress(described: HostDescription, place: "app" | "containers", who: string): readonly Rule[] {
  const networks = routerNetworks(described);
  const rule = (name: string, more: Partial<Rule> & Pick<Rule, "sentence">): Rule => (
    { ...ANY, name: `${place} ${name}`, place, verdict: "allow", proto: "tcp", ...more }
  );
  return [
    rule("dns", { proto: "udp", ports: [53], sentence: `${who} looks names up` }),
    rule("dns tcp", { ports: [53], sentence: `${who} looks names up whose answers are long` }),
    ...database(described).map(({ to, port, where }) =>
      rule("database", { ports: [port], to, sentence: `${who} reaches its database ${where}` })
    ),
    rule("mail", { ports: MAIL_PORTS, sentence: `${who} hands over mail` }),
    ...(networks.length === 0 ? [] : [
      rule("modbus", {
        ports: described.routers.ports,
        to: networks,
        sentence: `${who} reads meters in the networks of routers`,
      }),
      rule("routers rest", {
        verdict: "reject",
        proto: "any",
        to: networks,
        sentence: `${who} opens nothing else on routers`,
      }),
    ]),
    rule("https", { ports: [443], sentence: `${who} reaches services such as that for short messages` }),
    rule("rest", {
      verdict: "reject",
      proto: "any",
      sentence: `${who} opens nothing else; tries are logged, and one that was taken over gets no further`,
    }),
  ];
}

function app(described: HostDescription): readonly Rule[] {
  return egress(described, "app", "The app");
}

function containers(described: HostDescription): readonly Rule[] {
  return egress(described, "containers", "The app in a container");
}

function docker(described: HostDescription): readonly Rule[] {
  const place = "docker";
  const { vpn, routers } = described;
  const rule = (name: string, more: Partial<Rule> & Pick<Rule, "sentence" | "verdict">): Rule => (
    { ...ANY, name: `docker ${name}`, place, ...more }
  );
  return [
    ...(vpn === null ? [] : [
      rule("from tunnel", {
        verdict: "deny",
        in: INTERFACES.vpn,
        sentence: "Routers reach no container through their tunnel",
      }),
    ]),
    ...OTHER_BRIDGES.flatMap((bridge) => [
      ...(vpn === null ? [] : [
        rule(`${bridge} to tunnel`, {
          verdict: "reject",
          in: bridge,
          out: INTERFACES.vpn,
          sentence: `Containers of others on ${bridge} reach no router through its tunnel`,
        }),
      ]),
      rule(`${bridge} modbus`, {
        verdict: "reject",
        proto: "tcp",
        ports: routers.ports,
        in: bridge,
        sentence: `Containers of others on ${bridge} do not speak Modbus`,
      }),
      rule(`from ${bridge}`, {
        verdict: "allow",
        in: bridge,
        sentence: `Containers of others on ${bridge} open what they like besides`,
      }),
    ]),
    rule("rest", {
      verdict: "deny",
      sentence: "A port that a container publishes stays closed from outside, whatever Docker says; " +
        "`ufw route allow` opens one",
    }),
  ];
}

/** Docker's bridges besides ours: its own and those it names itself. */
const OTHER_BRIDGES = ["docker0", "br-+"] as const;

interface DatabasePlace {
  readonly to: readonly string[] | null;
  readonly port: number;
  readonly where: string;
}

// A filter that asks a name server at boot fails where that is silent: a named host is allowed by its port.
function database({ database }: HostDescription): readonly DatabasePlace[] {
  if (database.kind === "sqlite") return [];
  const { host, port } = database;
  const isAddress = parseAddress(host) !== null;
  return [{ to: isAddress ? [canonical(host)] : null, port, where: `at ${host}` }];
}

function canonical(text: string): string {
  const network = parseNetwork(text);
  return network === null ? text : networkText(network);
}
