/**
 * How the Docker daemon is told to behave: logs that end, ports that stay on this machine, networks of its own that are
 * nobody else's.
 *
 * @module
 */

import { isIPv4 } from "node:net";
import type { HostDescription } from "./description.ts";

/** Networks that containers may have, the first that are free are taken. The last one is for benchmarks, used nowhere. */
const CANDIDATES: readonly string[] = [
  ...[30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 31, 16].map((second) => `172.${second}.0.0/16`),
  ...[254, 253, 252, 251, 250, 249, 248, 247].map((second) => `10.${second}.0.0/16`),
  ...[208, 192, 176, 160].map((third) => `192.168.${third}.0/20`),
  "198.18.0.0/16",
  "198.19.0.0/16",
];

/** Pools that are taken: 2 of 256 networks each. */
const POOLS = 2;

/** Networks for containers that overlap nothing of the description, at most two; none: all are taken. */
export function containerPools(described: HostDescription): readonly string[] {
  const { routers, adminNetworks, vpn, database } = described;
  const taken = [...routers.networks, ...adminNetworks];
  if (vpn) taken.push(vpn.network);
  if (database.kind === "mysql") taken.push(database.host);
  const ranges = taken.map(rangeOf).filter((range) => range !== null);
  return CANDIDATES.filter((candidate) => {
    const own = rangeOf(candidate);
    // A network of everybody (0.0.0.0/0) says nothing about where others are.
    return own &&
      !ranges.some(({ first, last }) => first <= own.last && own.first <= last && last - first < 2 ** 32 - 1);
  }).slice(0, POOLS);
}

/** First and last address of an IPv4 network or address; `null`: something else. */
function rangeOf(network: string): { readonly first: number; readonly last: number } | null {
  const [address = "", prefix = "32"] = network.split("/");
  if (!isIPv4(address)) return null;
  const size = 2 ** (32 - Number(prefix));
  const whole = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(whole / size) * size;
  return { first, last: first + size - 1 };
}

/**
 * `/etc/docker/daemon.json`.
 *
 * - `ip`: a port that is published without an address is on 127.0.0.1, so neither IPv4 nor IPv6 opens it outside.
 * - `userland-proxy` stays: without it Docker lets loopback addresses be routed on its bridges (`route_localnet`).
 * - IPv6: containers have none and Docker writes no rule for it; nginx takes IPv6 and hands on over a socket.
 * - `live-restore`: containers go on while Docker itself is upgraded.
 */
export function daemonText(described: HostDescription): string {
  const pools = containerPools(described);
  const settings = {
    "log-driver": "json-file",
    "log-opts": { "max-size": "10m", "max-file": "5" },
    "live-restore": true,
    "no-new-privileges": true,
    "userland-proxy": true,
    icc: false,
    ip: "127.0.0.1",
    ipv6: false,
    ...(pools.length > 0 ? { "default-address-pools": pools.map((base) => ({ base, size: 24 })) } : {}),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
