/**
 * What speaks against setting up this host, judged from facts before anything is changed: all of it at once, each with
 * what was found and what to do. Pure.
 *
 * @module
 */

import { addressKindOf, holds, parseAddress, parseNetwork } from "../../../lib/domain/address.ts";
import type { HostDescription } from "./description.ts";
import { IDS } from "./layout.ts";
import type { Distribution } from "./step.ts";

/** What speaks against it. */
export interface Problem {
  /** An error ends the run before it begins; a warning is said. */
  readonly level: "error" | "warning";
  /** What was found. */
  readonly found: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Whom `/etc/os-release` says this system is. */
export interface SystemFacts {
  readonly id: string;
  readonly version: string;
  /** As people call it. */
  readonly name: string;
}

/** Somebody who listens. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** The program; empty: the kernel itself, or nobody we may see. */
  readonly program: string;
}

/** Where a name leads. */
export interface NameFacts {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Facts of a host before its set-up. */
export interface PreflightFacts {
  /** Whether systemd runs it. */
  readonly systemd: boolean;
  readonly system: SystemFacts | null;
  /** Whether a set-up of ours is on it already: what is ours then stands in nobody's way. */
  readonly applied: boolean;
  /** Address of the operator's own connection over SSH; `null`: none was found. */
  readonly operatorAddress: string | null;
  /** Who set out over SSH and could come back neither as themselves nor as root, as both have no key; `null`: nobody. */
  readonly keyless: string | null;
  /** Addresses of all connections over SSH. */
  readonly sshAddresses: readonly string[];
  /** The domain, its aliases and the VPN's endpoint. */
  readonly names: readonly NameFacts[];
  readonly ownAddresses: readonly string[];
  /** Interfaces by which the host is reached from afar. */
  readonly uplinks: readonly string[];
  /** `null`: cannot be told. */
  readonly listeners: readonly Listener[] | null;
  /** Files of nginx that are neither ours nor the package's. */
  readonly foreignNginx: readonly string[];
  /** Rules of an active UFW that somebody added. */
  readonly foreignRules: readonly string[];
  /** Other owners of the filter that run: `firewalld`. */
  readonly otherFilters: readonly string[];
  /** MB that are free, by folder. */
  readonly freeMb: Readonly<Record<string, number>>;
  /** What the package source answers, in words, where it is needed; `null`: it answers, or is not needed. */
  readonly sourceTrouble: string | null;
  /** Where Docker comes from if not from the distribution; `null`: from there, or there is none. */
  readonly foreignDocker: string | null;
  /** Whether the system knows the time zone. */
  readonly zoneKnown: boolean;
}

/** What the operator said about it. */
export interface PreflightOptions {
  /** The domain leads elsewhere, and that is right. */
  readonly domainElsewhere: boolean;
}

const LEAST_MB = 2_000;
const SHOWN = 5;

/** The distribution of a system; `null`: it is none that we set up. */
export function distributionOf(system: SystemFacts | null): Distribution | null {
  switch (`${system?.id} ${system?.version}`) {
    case "debian 12":
      return "debian-12";
    case "ubuntu 22.04":
      return "ubuntu-22.04";
    case "ubuntu 24.04":
      return "ubuntu-24.04";
    default:
      return null;
  }
}

/** Everything that speaks against it, errors first. */
export function judgePreflight(
  described: HostDescription,
  facts: PreflightFacts,
  options: PreflightOptions,
): readonly Problem[] {
  const problems = [
    ...judgeSystem(facts),
    ...judgeOperator(described, facts),
    ...judgeKeys(facts),
    ...judgeNames(described, facts, options),
    ...judgePorts(described, facts),
    ...judgeUplinks(facts),
    ...judgeOthers(facts),
    ...judgeDisk(facts),
    ...judgeZone(described, facts),
  ];
  return problems.toSorted((a, b) => Number(a.level === "warning") - Number(b.level === "warning"));
}

function judgeSystem({ system, systemd }: PreflightFacts): readonly Problem[] {
  const problems: Problem[] = [];
  if (distributionOf(system) === null) {
    problems.push(error(
      `This system is ${system?.name ?? "unknown: there is no /etc/os-release"}`,
      "Use a host with Debian 12, Ubuntu 22.04 or Ubuntu 24.04",
    ));
  }
  if (!systemd) {
    problems.push(error(
      "systemd does not run this system",
      "Use a host, or a container that is started with /sbin/init",
    ));
  }
  return problems;
}

/** Nobody locks themselves out: the connection over which they work must be allowed afterwards. */
function judgeOperator(described: HostDescription, facts: PreflightFacts): readonly Problem[] {
  const { operatorAddress, sshAddresses } = facts;
  const shut = [...new Set(sshAddresses)].filter((address) => !isAllowed(described, address));
  if (operatorAddress !== null && !isAllowed(described, operatorAddress)) {
    return [error(
      `You are connected from ${operatorAddress}, which no network of adminNetworks holds: you would lock yourself out`,
      `Add "${operatorAddress}${
        operatorAddress.includes(":") ? "/128" : "/32"
      }", or the network it is in, to adminNetworks`,
    )];
  }
  if (shut.length === 0) return [];
  const found = `Somebody is connected over SSH from ${
    shut.join(", ")
  }, which no network of adminNetworks holds`;
  const advice = "Add it to adminNetworks if that is you or a colleague; else end that connection";
  // Whose connection it is cannot always be told, as in tmux: where all would be shut out, one of them is ours.
  const all = operatorAddress === null && shut.length === new Set(sshAddresses).size;
  return [all ? error(found, advice) : warning(found, advice)];
}

/** Passwords end: whoever came by one must be able to come again, and not only as somebody who may do a few things. */
function judgeKeys({ keyless }: PreflightFacts): readonly Problem[] {
  if (keyless === null) return [];
  const who = keyless === "root"
    ? "root, who has no key"
    : `${keyless}; neither ${keyless} nor root has a key`;
  return [error(
    `You are signed in over SSH as ${who}: once passwords are off, only ${IDS.deploy.name} gets in, who is not root`,
    `Put your public key into ~${keyless}/.ssh/authorized_keys, and sign in by it once`,
  )];
}

function isAllowed({ adminNetworks }: HostDescription, text: string): boolean {
  const address = parseAddress(text);
  return address !== null && (addressKindOf(text) === "loopback" || adminNetworks.some((network) => {
    const parsed = parseNetwork(network);
    return parsed !== null && holds(parsed, address);
  }));
}

function judgeNames(
  { domain, aliases }: HostDescription,
  { names, ownAddresses }: PreflightFacts,
  { domainElsewhere }: PreflightOptions,
): readonly Problem[] {
  const own = ownAddresses.join(", ") || "none that is reached from outside";
  return names.flatMap(({ name, addresses }) => {
    const level = domainElsewhere || !(name === domain || aliases.includes(name)) ? warning : error;
    const reached = addresses.filter((address) => addressKindOf(address) !== "loopback");
    if (reached.length === 0) {
      const found = addresses.length === 0
        ? `${name} does not resolve`
        : `${name} leads to ${addresses.join(", ")} here, as /etc/hosts says`;
      return [
        level(found, `Point its A and AAAA records to this host (${own}); certificates are issued by it`),
      ];
    }
    const elsewhere = reached.filter((address) => !ownAddresses.includes(address));
    if (elsewhere.length === 0) return [];
    return [level(
      `${name} leads to ${elsewhere.join(", ")}; this host has ${own}`,
      `Correct its records; where a router or balancer passes its connections on to this host, say --domain-elsewhere`,
    )];
  });
}

function judgePorts(described: HostDescription, facts: PreflightFacts): readonly Problem[] {
  if (facts.listeners === null) {
    return [
      warning(
        "Who listens on this host cannot be told",
        "Install iproute2 (its ss says it), and run it again",
      ),
    ];
  }
  const wanted: readonly Wanted[] = [
    { protocol: "tcp", port: 80, by: ["nginx"], of: "nginx" },
    { protocol: "tcp", port: 443, by: ["nginx"], of: "nginx" },
    { protocol: "tcp", port: described.ssh.port, by: ["sshd", "systemd"], of: "ssh.port" },
    ...(described.vpn
      ? [
        {
          protocol: "udp",
          port: described.vpn.port,
          by: facts.applied ? OURS_OF_VPN : [],
          of: "vpn.port",
        } as const,
      ]
      : []),
  ];
  return wanted.flatMap((one) => takenBy(one, facts.listeners ?? []));
}

/** Who has the VPN's port where we set it up: the kernel, or the program in its place. */
const OURS_OF_VPN = ["", "wireguard-go"] as const;

interface Wanted {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Programs that may have it. */
  readonly by: readonly string[];
  /** What wants it. */
  readonly of: string;
}

function takenBy({ protocol, port, by, of }: Wanted, listeners: readonly Listener[]): readonly Problem[] {
  const others = listeners.filter((one) =>
    one.protocol === protocol && one.port === port && !by.includes(one.program)
  );
  const programs = [...new Set(others.map(({ program }) => program || "the kernel"))];
  if (programs.length === 0) return [];
  const advice = of.includes(".")
    ? `Stop it, or give ${of} another number`
    : "Stop it, or move it to another port or host: people reach Wattpost there";
  return [error(`${programs.join(" and ")} listens on ${protocol} port ${port}, which ${of} needs`, advice)];
}

/** The firewall tells Docker's bridges by their names, and lets what comes from them pass. */
function judgeUplinks({ uplinks }: PreflightFacts): readonly Problem[] {
  return uplinks.filter((name) => /^(docker0$|br-|wattpost)/.test(name)).map((name) =>
    error(
      `This host is reached by ${name}, which is called as a bridge of containers: their ports would be open there`,
      `Give ${name} another name, such as lan0, where its network is set up`,
    )
  );
}

function judgeOthers(facts: PreflightFacts): readonly Problem[] {
  const { foreignNginx, foreignRules, otherFilters, foreignDocker, sourceTrouble } = facts;
  const problems: Problem[] = [];
  if (foreignNginx.length > 0) {
    problems.push(error(
      `Somebody configured nginx: ${some(foreignNginx)}`,
      "Wattpost wants nginx of its host for itself: move those files away, or use another host",
    ));
  }
  if (foreignRules.length > 0) {
    problems.push(error(
      `UFW is active with rules of somebody: ${some(foreignRules)}`,
      `Delete them (ufw status numbered, ufw delete N), or give those that stay a comment that begins with "keep"`,
    ));
  }
  if (otherFilters.length > 0) {
    problems.push(error(
      `${otherFilters.join(" and ")} filters on this host`,
      `UFW is the one owner of the filter: systemctl disable --now ${otherFilters.join(" ")}`,
    ));
  }
  if (foreignDocker !== null) {
    problems.push(error(
      `Docker is set up from another source: ${foreignDocker}`,
      "Remove it, so that the distribution's can be installed and get its updates; images and volumes of it stay",
    ));
  }
  if (sourceTrouble !== null) {
    problems.push(error(
      `The package source does not answer: ${sourceTrouble}`,
      "See /etc/apt/sources.list and /etc/apt/sources.list.d, the network and the proxy; try apt-get update",
    ));
  }
  return problems;
}

function judgeDisk({ freeMb }: PreflightFacts): readonly Problem[] {
  return Object.entries(freeMb).filter(([, free]) => free < LEAST_MB).map(([folder, free]) =>
    error(
      `${free} MB are free on ${folder}`,
      `Make room: ${LEAST_MB} MB are needed (apt-get clean; du -xsh ${folder})`,
    )
  );
}

function judgeZone({ timeZone }: HostDescription, { zoneKnown }: PreflightFacts): readonly Problem[] {
  if (zoneKnown) return [];
  const advice = "Take another name of that zone, or install tzdata-legacy, which has the old ones";
  return [error(`timeZone is "${timeZone}", which this system does not know`, advice)];
}

/** A user that removing takes away, and what runs as it. */
export interface RunningUser {
  readonly user: string;
  /** `1234 deno`, a process each. */
  readonly processes: readonly string[];
}

/** Why nothing is taken away. `sudoUser`: who called sudo. */
export function judgeRemove(
  { sudoUser, running }: {
    readonly sudoUser: string | undefined;
    readonly running: readonly RunningUser[];
  },
): readonly Problem[] {
  if (sudoUser === IDS.deploy.name) {
    return [error(
      `You are signed in as ${sudoUser}, whom removing takes away`,
      "Sign in as another administrator, or as root at the console",
    )];
  }
  return running.filter(({ processes }) => processes.length > 0).map(({ user, processes }) =>
    error(
      `The user ${user}, whom removing takes away, still runs ${some(processes)}`,
      user === IDS.app.name
        ? "Stop the app first: systemctl stop 'wattpost@*.service', and containers that run it"
        : `Let it sign out first, or end what it runs: pkill -u ${user}`,
    )
  );
}

/** Problems as people read them in a terminal. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(({ level, found, advice }) => `  ${level}: ${found}\n    ${advice}`).join("\n");
}

function some(things: readonly string[]): string {
  const more = things.length - SHOWN;
  return `${things.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function error(found: string, advice: string): Problem {
  return { level: "error", found, advice };
}

function warning(found: string, advice: string): Problem {
  return { level: "warning", found, advice };
}
