/**
 * What a router's configuration is made of, and what of it can be written into no file.
 *
 * @module
 */

import { kindOf, parseAddress, parseNetwork } from "../domain/address.ts";
import type { EndpointKind, PathKind } from "../domain/site.ts";
import { FREE_INTERVAL_S, type PingBudget, pingBudgetOf } from "./pings.ts";
import { isPlainLine } from "./shell_text.ts";

/** A way into a site. */
export interface RouterPathFacts {
  /** Kind of WAN. */
  readonly kind: PathKind;
  /** Address or host name at which the site is reached. */
  readonly host: string;
}

/** A port behind a router's address. */
export interface RouterPortFacts {
  /** TCP port, 1 to 65535. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
}

/** The SIM of a router; `null`: not registered. */
export interface SimFacts {
  /** Access point name. */
  readonly apn: string | null;
  /** Its telephone number. */
  readonly number: string | null;
  /** Data of a month in MB of 1,000,000 bytes. */
  readonly allowanceMb: number | null;
}

/** A router and what it has to do. */
export interface RouterFacts {
  /** Name of the site. */
  readonly siteName: string;
  /** Model as the label says; `null`: not known. */
  readonly model: string | null;
  /** Serial number as the label says; `null`: not known. */
  readonly serial: string | null;
  /** Ways in, the main one first. */
  readonly paths: readonly RouterPathFacts[];
  /** Ports behind its address. */
  readonly ports: readonly RouterPortFacts[];
  /** Unit id of the router's own Modbus server. */
  readonly unitId: number;
  /** Its SIM; `null`: none is registered. */
  readonly sim: SimFacts | null;
  /** Addresses and networks from which we reach it; empty: nobody has said. */
  readonly ownAddresses: readonly string[];
  /** Time servers. */
  readonly ntpServers: readonly string[];
  /** Fixed IPv4 address in its LAN; `null`: left as it is. */
  readonly lanAddress: string | null;
  /** Day on which the file is made, `2026-11-29`. */
  readonly day: string;
}

/** Why a router's file cannot be made. */
export interface RouterFault {
  /** Which of the facts, in words. */
  readonly what: string;
  /** What is expected. */
  readonly words: string;
}

/** What is said wherever a rule for our addresses would stand. */
export const OWN_ADDRESSES_FIRST =
  "Set the addresses of Wattpost first (Administration, Networks), then download this again: nothing is opened to the outside until they are known";

/** Time servers where nobody names others. */
export const USUAL_NTP_SERVERS: readonly string[] = ["0.pool.ntp.org", "1.pool.ntp.org"];

/** What is pinged where the internet is reached: as RutOS does it by itself. */
const PUBLIC_TARGETS: readonly string[] = ["1.1.1.1", "8.8.8.8"];

/** Judges every fact that goes into a file. */
export function faultsOf(facts: RouterFacts): readonly RouterFault[] {
  const { sim } = facts;
  const texts: readonly (readonly [string, string | null])[] = [
    ["The site's name", facts.siteName],
    ["The router's model", facts.model],
    ["The router's serial number", facts.serial],
    ["The APN", sim?.apn ?? null],
    ["The SIM's number", sim?.number ?? null],
    ...facts.paths.map(({ host }) => ["An address", host] as const),
  ];
  const faults: RouterFault[] = texts.flatMap(([what, text]) =>
    text === null || isPlainLine(text)
      ? []
      : [{ what, words: "Expected one line of at most 300 characters that can be seen" }]
  );
  const no = (what: string, words: string) => faults.push({ what, words });
  if (!/^\d{4}-\d{2}-\d{2}$/.test(facts.day)) no("The day", "Expected one such as 2026-11-29");
  if (facts.ports.some(({ port }) => !isWhole(port, 1, 65_535))) no("A port", "Expected 1 to 65535");
  if (!isWhole(facts.unitId, 0, 255)) no("The unit id", "Expected 0 to 255");
  if (facts.ownAddresses.some((one) => parseNetwork(one) === null)) {
    no("An address of Wattpost", "Expected one such as 203.0.113.9 or 10.8.0.0/24");
  }
  if (facts.ntpServers.some((one) => !/^[A-Za-z0-9.:-]{1,253}$/.test(one))) {
    no("A time server", "Expected a host name or an address");
  }
  if (facts.lanAddress !== null && parseAddress(facts.lanAddress)?.bytes.length !== 4) {
    no("The LAN address", "Expected an IPv4 address");
  }
  return faults;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** A kind of WAN with its place and how it is checked. */
export interface RankedWan {
  /** Kind of WAN. */
  readonly kind: PathKind;
  /** Metric: 1 is used before 2. */
  readonly metric: number;
  /** Address at which the site is reached over it. */
  readonly host: string;
  /** Seconds between two checks; `null`: not checked, the allowance is too small. */
  readonly intervalS: number | null;
}

/** The kinds of WAN of a router in the order of its paths, each once. */
export function rankedWans(facts: RouterFacts): readonly RankedWan[] {
  const kinds = facts.paths.filter(({ kind }, i) => facts.paths.findIndex((one) => one.kind === kind) === i);
  const budget = budgetOf(facts);
  return kinds.map(({ kind, host }, i) => ({
    kind,
    metric: i + 1,
    host,
    intervalS: kind === "cellular" ? budget.intervalS : FREE_INTERVAL_S,
  }));
}

/** What the checks of the cellular path may take. */
export function budgetOf({ sim }: RouterFacts): PingBudget {
  return pingBudgetOf(sim?.allowanceMb ?? null);
}

/** Whether the main way in lies in somebody's own network: a private APN or a VPN. */
export function isPrivateAccess({ paths }: RouterFacts): boolean {
  const address = parseAddress(paths[0]?.host ?? "");
  return address !== null && kindOf(address) === "private";
}

/**
 * What is pinged to tell whether a path works: from a private APN the internet may be out of reach, but we are not.
 * Empty: no address of ours is known that could be asked.
 */
export function checkTargetsOf(facts: RouterFacts): readonly string[] {
  if (!isPrivateAccess(facts)) return PUBLIC_TARGETS;
  return facts.ownAddresses.filter((one) => parseAddress(one) !== null).slice(0, 2);
}

/** Ports at which the router itself answers, each once: its own server and serial gateways. */
export function routerPortsOf({ ports }: RouterFacts): readonly RouterPortFacts[] {
  return ports.filter(({ kind, port }, i) =>
    kind !== "device" && ports.findIndex((p) => p.port === port) === i
  );
}

/** Ports that are passed on to devices in the LAN, each once. */
export function devicePortsOf({ ports }: RouterFacts): readonly RouterPortFacts[] {
  return ports.filter(({ kind, port }, i) =>
    kind === "device" && ports.findIndex((p) => p.port === port) === i
  );
}

/** The port of the router's own Modbus server; `null`: none is registered. */
export function serverPortOf({ ports }: RouterFacts): number | null {
  return ports.find(({ kind }) => kind === "router")?.port ?? null;
}

/** `RUT956, serial 1234`, or what is known of it. */
export function routerWords({ model, serial }: RouterFacts): string {
  return `${model ?? "model not registered"}, ${
    serial === null ? "serial not registered" : `serial ${serial}`
  }`;
}
