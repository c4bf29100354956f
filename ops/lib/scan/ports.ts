/**
 * Open TCP ports as they are seen over the network, by nmap, against what the description opens.
 *
 * @module
 */

import type { Finding } from "../../../lib/domain/scan.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { HostDescription } from "../host/description.ts";
import { FLOWS } from "../host/segments.ts";
import {
  type Check,
  lacking,
  lastWords,
  NO_PROGRAM,
  notRun,
  ranBut,
  type ScanContext,
  TOO_LONG,
} from "./check.ts";

const DEADLINE_MS = 12 * 60_000;

/** Ports that everybody may reach, and what does not work where they do not answer. */
const PUBLIC = [
  { port: 80, what: "certificates cannot be renewed, and typed names lead nowhere" },
  { port: 443, what: "nobody reaches the pages" },
] as const;

/** The check. */
export const portsCheck: Check = {
  name: "ports",
  about: "open TCP ports over IPv4 and IPv6, against the description (nmap)",
  async run(context) {
    const { target, described } = context;
    if (target === null) return notRun("no target: name one with --target, or describe the host");
    const found: Finding[] = [];
    const looked: string[] = [];
    const absent: string[] = [];
    const missed: string[] = [];
    for (const family of ["IPv4", "IPv6"] as const) {
      const seen = await look(context, family);
      if (seen.kind === "no-nmap") return lacking("nmap");
      if (seen.kind !== "seen") {
        (seen.kind === "absent" ? absent : missed).push(`${family}: ${seen.why}`);
        continue;
      }
      if (isLoopback(seen.address) && target.address === null) {
        return notRun(`${target.host} leads to loopback here: name the host's address with --address`);
      }
      const here = await isOurs(context, seen.address);
      looked.push(`${seen.address} from this machine${here ? ", which has that address itself" : ""}`);
      const open = new Set([...openPorts(described), target.port]);
      found.push(...judgePorts(seen, { open, here }));
    }
    if (looked.length === 0) return notRun([...absent, ...missed].join("; "));
    const rest = absent.length === 0 ? "" : `; not over ${absent.join("; ")}`;
    return ranBut(missed, { looked: `${looked.join(", ")}${rest}`, findings: found });
  },
};

/** Open ports of an address. */
export interface SeenPorts {
  readonly address: string;
  readonly open: readonly { readonly port: number; readonly service: string }[];
}

/** How looking over one IP family went: where there is no such address there is nothing to see. */
type Look =
  | { readonly kind: "seen" } & SeenPorts
  | { readonly kind: "absent" | "failed"; readonly why: string }
  | { readonly kind: "no-nmap" };

async function look({ run, target }: ScanContext, family: "IPv4" | "IPv6"): Promise<Look> {
  const { host, address } = target ?? { host: "", address: null };
  const failed = (why: string): Look => ({ kind: "failed", why });
  if (address !== null && address.includes(":") !== (family === "IPv6")) {
    return { kind: "absent", why: "another address was named" };
  }
  const six = family === "IPv6" ? ["-6"] : [];
  const { code, out, err: words } = await run([
    "nmap",
    ...[...six, "-Pn", "-n", "-sT", "-p-", "-T4", "--max-retries", "1", "--host-timeout", "5m", "-oX", "-"],
    address ?? host,
  ], { deadlineMs: DEADLINE_MS / 2 });
  if (code === NO_PROGRAM) return { kind: "no-nmap" };
  if (code === TOO_LONG) return failed("nmap did not end in time");
  if (code !== 0) return failed(`nmap ended with code ${code}: ${lastWords(words)}`);
  const parsed = parseNmap(out);
  if (parsed.ok) return { kind: "seen", ...parsed.value };
  const unknown = /resolve/i.test(words + out);
  return unknown ? { kind: "absent", why: `${host} has no such address` } : failed(parsed.error);
}

const isLoopback = (address: string) => address === "::1" || address.startsWith("127.");

async function isOurs({ run }: ScanContext, address: string): Promise<boolean> {
  const { out } = await run(["ip", "-oneline", "addr", "show"]);
  return isLoopback(address) || out.includes(` ${address}/`);
}

/** What must be known to judge ports. */
export interface PortsExpected {
  /** Ports that may be open. */
  readonly open: ReadonlySet<number>;
  /** Whether the address is this machine's own, so that no firewall was in the way. */
  readonly here: boolean;
}

/** Ports that the table of segments opens on this host to everybody and to administrators. */
export function openPorts(described: HostDescription | null): readonly number[] {
  if (described === null) return [22, ...PUBLIC.map(({ port }) => port)];
  return FLOWS.filter(({ from, to, proto, verdict }) =>
    (from === "internet" || from === "admin") && to === "edge" && proto === "tcp" &&
    (verdict === "open" || verdict === "limited")
  ).flatMap(({ ports }) => ports.of(described));
}

/** Ports that are open and should not be, and those that should be and are not. */
export function judgePorts(
  { address, open }: SeenPorts,
  { open: expected, here }: PortsExpected,
): readonly Finding[] {
  const surplus = open.filter(({ port }) => !expected.has(port)).map(({ port, service }): Finding => ({
    check: "ports",
    id: `open-${port}`,
    severity: here ? "medium" : "high",
    what: `TCP port ${port}${service === "" ? "" : ` (${service})`} is open` +
      (here ? ", seen from the machine itself: a firewall may still close it to others" : ""),
    where: address,
    remedy: `ss -ltnp says which program listens; let it listen on loopback, or see deno task firewall plan`,
  }));
  const closed = PUBLIC.filter(({ port }) => !open.some((one) => one.port === port)).map((one): Finding => ({
    check: "ports",
    id: `closed-${one.port}`,
    severity: "medium",
    what: `TCP port ${one.port} does not answer: ${one.what}`,
    where: address,
    remedy: "systemctl status nginx, and deno task firewall plan",
  }));
  return [...surplus, ...closed];
}

/** Reads nmap's XML of one host. */
export function parseNmap(xml: string): Result<SeenPorts, string> {
  if (!/<finished [^>]*exit="success"/.test(xml)) return err("nmap did not finish");
  const hosts = xml.split("<host ").slice(1);
  const [host] = hosts;
  if (host === undefined || hosts.length > 1) return err(`nmap saw ${hosts.length} hosts`);
  if (/timedout="true"/.test(host)) return err("nmap gave up: the host answered too slowly");
  const address = /<address addr="([0-9a-fA-F.:]+)" addrtype="ipv[46]"/.exec(host)?.[1];
  if (address === undefined) return err("nmap names no address");
  const ports = [...host.matchAll(/<port protocol="tcp" portid="(\d+)">(.*?)<\/port>/gs)];
  const open = ports.filter(([, , inner = ""]) => /<state state="open"/.test(inner));
  return ok({
    address,
    open: open.map(([, port, inner = ""]) => ({
      port: Number(port),
      service: /<service name="([^"]{0,40})"/.exec(inner)?.[1] ?? "",
    })),
  });
}
