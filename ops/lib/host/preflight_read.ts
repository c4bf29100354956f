/**
 * What programs of a host print, read into facts. Pure.
 *
 * @module
 */

import { addressText, kindOf, parseAddress } from "../../../lib/domain/address.ts";
import { MADE_BY } from "./layout.ts";
import type { Listener, SystemFacts } from "./preflight.ts";

/** `/etc/os-release`; `null`: it says nothing. */
export function readSystem(text: string): SystemFacts | null {
  const value = (name: string) =>
    new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1]?.trim().replace(/^(["'])(.*)\1$/, "$2") ?? "";
  const id = value("ID");
  return id === "" ? null : { id, version: value("VERSION_ID"), name: value("PRETTY_NAME") || id };
}

/** `ss -H -ltnup`. */
export function readListeners(text: string): readonly Listener[] {
  return text.split("\n").flatMap((line) => {
    const [protocol, , , , local = "", , ...users] = line.trim().split(/\s+/);
    const [, address = "", port = ""] = /^(.*):(\d+)$/.exec(local) ?? [];
    if ((protocol !== "tcp" && protocol !== "udp") || port === "") return [];
    const program = /\(\("([^"]+)"/.exec(users.join(" "))?.[1] ?? "";
    return [{ protocol, address: plainAddress(address), port: Number(port), program }];
  });
}

/** Addresses at the other end of `ss -H -tn state established`, over SSH at these ports. */
export function readPeers(text: string, ports: readonly number[]): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [, , local = "", peer = ""] = line.trim().split(/\s+/);
    const isSsh = ports.some((port) => local.endsWith(`:${port}`));
    return isSsh ? [plainAddress(peer.replace(/:\d+$/, ""))] : [];
  });
}

/** `[::ffff:192.0.2.1]` and `fe80::1%eth0` as addresses are written elsewhere. */
function plainAddress(text: string): string {
  const address = parseAddress(text.replaceAll(/[[\]]/g, ""));
  return address ? addressText(address) : text;
}

/** `getent ahosts NAME`: the addresses, each once. */
export function readResolved(text: string): readonly string[] {
  const found = text.split("\n").flatMap((line) => {
    const [address = ""] = line.trim().split(/\s+/);
    return parseAddress(address) ? [plainAddress(address)] : [];
  });
  return [...new Set(found)];
}

/** `ip -j address`: the addresses at which others reach this host; bridges of containers are not among them. */
export function readOwnAddresses(text: string): readonly string[] {
  const found: string[] = [];
  for (const { ifname = "", addr_info = [] } of interfacesIn(text)) {
    if (/^(docker|br-|veth|wattpost)/.test(ifname)) continue;
    for (const { local = "" } of addr_info) {
      const address = parseAddress(local);
      if (address && !["loopback", "link-local"].includes(kindOf(address))) found.push(addressText(address));
    }
  }
  return found;
}

/** `ip -j route show default`: the interfaces by which this host is reached from afar. */
export function readUplinks(text: string): readonly string[] {
  try {
    const json: unknown = JSON.parse(text);
    const routes = Array.isArray(json) ? json as { readonly dev?: unknown }[] : [];
    return [...new Set(routes.flatMap(({ dev }) => typeof dev === "string" ? [dev] : []))];
  } catch {
    return [];
  }
}

interface Interface {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string }[];
}

function interfacesIn(text: string): readonly Interface[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json as Interface[] : [];
  } catch {
    return [];
  }
}

/** `SSH_CONNECTION` or `SSH_CLIENT` of an environment as the kernel shows it; `null`: it has none. */
export function readSshClient(environ: string): string | null {
  const value = environ.split("\0").find((entry) => /^SSH_(CONNECTION|CLIENT)=/.test(entry));
  const [address = ""] = value?.replace(/^[^=]+=/, "").split(" ") ?? [];
  return parseAddress(address) ? plainAddress(address) : null;
}

/** The parent in `/proc/PID/stat`; 0: none. */
export function readParent(stat: string): number {
  return Number(/^.*\) \S (\d+) /s.exec(stat)?.[1] ?? 0);
}

/** `df -Pk FOLDER`: MB that are free; `null`: it does not say. */
export function readFreeMb(text: string): number | null {
  const free = /^\S+\s+\d+\s+\d+\s+(\d+)\s+\d+%/m.exec(text)?.[1];
  return free === undefined ? null : Math.floor(Number(free) / 1_024);
}

/** The rules that `ufw show added` lists and that are neither ours nor marked to be kept. */
export function readForeignRules(text: string): readonly string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) =>
    line.startsWith("ufw ") && !/ comment '(keep|Wattpost)/i.test(line)
  );
}

/** The rules of `ufw show added` that let somebody in: `from 192.0.2.0/24 to any port 22 proto tcp`. */
export function readWaysIn(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [, rule] =
      /^ufw (?:allow|limit) (from \S+ to any port \d+ proto tcp)(?: comment .*)?$/.exec(line.trim()) ?? [];
    return rule === undefined ? [] : [rule];
  });
}

/** Whether a file is one of ours. */
export function isOurs(text: string): boolean {
  return text.slice(0, 1_000).includes(MADE_BY);
}

/** The checksums of a package's own configuration, by path: `dpkg-query -W -f '${Conffiles}'`. */
export function readConffiles(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  return new Map(lines.flatMap(([path = "", sum = ""]) => /^[0-9a-f]{32}$/.test(sum) ? [[path, sum]] : []));
}

/** The addresses of archives in `apt-get update --print-uris`. */
export function readReleaseUrls(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/^'(https?:\/\/[^']+)'/gm)].map(([, url = ""]) => url))];
}
