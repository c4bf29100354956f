/**
 * How the Docker daemon is told to behave: logs that end, ports that stay on this machine, networks of its own that are
 * nobody else's.
 *
 * @module
 */

import { parseNetwork } from "../../../lib/domain/address.ts";
import { overlap } from "./describe_networks.ts";
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
  // A network of everybody (0.0.0.0/0) says nothing about where others are.
  const others = taken.flatMap((text) => parseNetwork(text) ?? []).filter(({ prefix }) => prefix > 0);
  return CANDIDATES.filter((candidate) => {
    const own = parseNetwork(candidate);
    return own !== null && !others.some((other) => overlap(own, other));
  }).slice(0, POOLS);
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
