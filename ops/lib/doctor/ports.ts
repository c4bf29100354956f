/**
 * Which programs of a host can be reached from outside, from what `ss` says, and which of them should be.
 *
 * @module
 */

import type { Config } from "../../../lib/config.ts";
import { readDescription } from "../host/describe.ts";
import type { Outcome } from "../trial/verdict.ts";

/** A port at which something listens. */
export interface Listener {
  /** Over what. */
  readonly protocol: "tcp" | "udp";
  /** At which address; `*`: all. */
  readonly address: string;
  /** Its number. */
  readonly port: number;
}

/** A port that may be reached from outside. */
export interface ExpectedPort {
  readonly protocol: Listener["protocol"];
  readonly port: number;
  /** What is there. */
  readonly what: string;
  /** Whether something must listen there. */
  readonly must: boolean;
}

/** Lines of `ss` that are read. */
const LISTENERS_MAX = 2_000;

/** Reads `ss -H -l -n -t -u`. */
export function readListeners(text: string): readonly Listener[] {
  return text.split("\n").slice(0, LISTENERS_MAX).flatMap((line): readonly Listener[] => {
    const [protocol, state, , , local = ""] = line.trim().split(/\s+/);
    if (protocol !== "tcp" && protocol !== "udp") return [];
    if (state !== "LISTEN" && state !== "UNCONN") return [];
    const at = local.lastIndexOf(":");
    const port = Number(local.slice(at + 1));
    if (at < 0 || !Number.isInteger(port) || port < 1) return [];
    return [{ protocol, address: local.slice(0, at).replace(/^\[|\]$/g, "").replace(/%.*$/, ""), port }];
  });
}

/** What may be reached from outside: as the host is described, else as is usual. */
export function expectedPorts(description: string | null, settings: Config | null): readonly ExpectedPort[] {
  const read = description === null ? null : readDescription(description);
  const described = read?.ok ? read.value : null;
  const isWeb = described !== null || (settings?.secureCookies ?? false);
  return [
    { protocol: "tcp", port: described?.ssh.port ?? 22, what: "SSH", must: false },
    { protocol: "tcp", port: 80, what: "http, which leads to https", must: described !== null },
    { protocol: "tcp", port: 443, what: "https", must: isWeb },
    ...(described?.vpn
      ? [{ protocol: "udp", port: described.vpn.port, what: "VPN", must: true } as const]
      : []),
    // A lease of an address and the time: asked from inside, answered from outside.
    { protocol: "udp", port: 68, what: "DHCP", must: false },
    { protocol: "udp", port: 546, what: "DHCPv6", must: false },
    { protocol: "udp", port: 123, what: "time", must: false },
  ];
}

/** Ports of databases and of the app: outside they are a fault, not a surprise. */
const NEVER: Readonly<Record<number, string>> = {
  3306: "a database",
  33060: "a database",
  4512: "the sessions",
};

/** Judges who listens. */
export function judgePorts(listeners: readonly Listener[], expected: readonly ExpectedPort[]): Outcome {
  const outside = listeners.filter(({ address }) => !isLoopback(address));
  const known = (one: Listener) => {
    return expected.find(({ protocol, port }) => protocol === one.protocol && port === one.port);
  };
  const lacking = expected.filter(({ must, protocol, port }) =>
    must && !listeners.some((one) => one.protocol === protocol && one.port === port)
  );
  const strange = distinct(outside.filter((one) => known(one) === undefined));
  const never = strange.filter((one) => one.protocol === "tcp" && NEVER[one.port] !== undefined);
  const heard = distinct(outside.filter((one) => known(one) !== undefined)).map((one) => known(one)?.what);
  const evidence = [
    heard.length > 0
      ? `${[...new Set(heard)].join(", ")} can be reached`
      : "nothing can be reached from outside",
    ...(lacking.length > 0 ? [`nobody listens for ${lacking.map(portText).join(", ")}`] : []),
    ...(strange.length > 0 ? [`also ${strange.slice(0, 10).map(listenerText).join(", ")}`] : []),
  ].join("; ");
  if (never.length > 0) {
    const what = never.map((one) => NEVER[one.port]).join(", ");
    return {
      verdict: "fail",
      evidence,
      remedy: `Let ${what} listen at 127.0.0.1 alone, or see deno task firewall plan`,
    };
  }
  if (lacking.length > 0) {
    return {
      verdict: "fail",
      evidence,
      remedy: "Is nginx running? systemctl status nginx, deno task nginx check",
    };
  }
  if (strange.length === 0) return { verdict: "pass", evidence };
  return {
    verdict: "warn",
    evidence,
    remedy:
      "Ask ss -lntup who listens; what nobody outside needs belongs to 127.0.0.1, or behind the firewall",
  };
}

function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === "::1" || /^::ffff:127\./.test(address);
}

function distinct(listeners: readonly Listener[]): readonly Listener[] {
  const seen = new Map(listeners.map((one) => [`${one.protocol} ${one.port}`, one]));
  return [...seen.values()].sort((a, b) => a.port - b.port);
}

function listenerText({ protocol, address, port }: Listener): string {
  return `${protocol} ${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function portText({ protocol, port, what }: ExpectedPort): string {
  return `${what} (${protocol} ${port})`;
}
