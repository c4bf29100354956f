/**
 * A host among everybody who may want something of it: the internet, administrators, a database, routers behind a fixed
 * address and in tunnels, and the app as a process and in a container. All of them are network namespaces of one
 * stand-in, so that a try takes milliseconds.
 *
 * @module
 */
import { type HostDescription, USUAL_LIMITS } from "../../ops/lib/host/description.ts";
import type { Family } from "../../ops/lib/host/firewall_rules.ts";
import { IDS, INTERFACES } from "../../ops/lib/host/layout.ts";
import { PUBLISHED_PORT, type SegmentName } from "../../ops/lib/host/segments.ts";
import type { Docker } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { asUser, listen, namespaceIn, networkOf, type Place } from "./probe.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

/** What the host of the scene is described as. */
export const SCENE_DESCRIPTION: HostDescription = {
  ...exampleDescription(),
  adminNetworks: ["192.0.2.0/24", "2001:db8:a::/64"],
  routers: { networks: ["10.20.0.0/16", "2001:db8:f::/64"], ports: [502, 1502] },
  vpn: { endpoint: "energy.example.test", port: 51_820, network: "10.98.0.0/24", network6: "fd98::/64" },
  database: { kind: "mysql", host: "198.51.100.9", port: 3306 },
  limits: USUAL_LIMITS,
};

type Addresses = Readonly<Record<Family, string>>;

/** Where somebody is, and how they are reached. */
interface Somebody {
  readonly place: Place;
  readonly addresses: Addresses;
}

/** The scene. */
export interface Scene {
  readonly host: StandIn;
  /** Restarts Docker on the host, and with it the container of the app. */
  readonly restartDocker: () => Promise<void>;
  /** From where a segment tries; each must see the same. */
  readonly from: (segment: SegmentName, family: Family, containersOnly: boolean) => readonly Place[];
  /** Where a segment is, as another one sees it. */
  readonly to: (from: SegmentName, to: SegmentName, family: Family) => readonly string[];
}

const CONTAINER_NETWORK = "10.99.0.0/24";

/** Somebody's namespace, the host's and their own last part of the address in a network of each family. */
interface Neighbour {
  readonly name: string;
  readonly ipv4: readonly [network: string, host: string, own: string, bits: number];
  readonly ipv6: string;
}

const NEIGHBOURS = {
  internet: { name: "internet", ipv4: ["203.0.113", "1", "2", 24], ipv6: "2001:db8:1::" },
  admin: { name: "admin", ipv4: ["192.0.2", "1", "2", 24], ipv6: "2001:db8:a::" },
  database: { name: "database", ipv4: ["198.51.100", "1", "9", 24], ipv6: "2001:db8:d::" },
  router: { name: "router", ipv4: ["10.20.0", "1", "2", 16], ipv6: "2001:db8:f::" },
} as const satisfies Readonly<Record<string, Neighbour>>;

const PEERS = ["peer2", "peer3"] as const;

/** Makes the scene. UFW and Docker are installed, and nothing is set yet. */
export async function makeScene(docker: Docker): Promise<Scene> {
  const host = await startStandIn(docker, {
    what: "firewall",
    network: await docker.network(),
    docker: true,
    args: ["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"],
  });
  const install = ["--no-install-recommends", "ufw", "iptables", "docker.io", "busybox-static"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await host.must(["apt-get", "-qq", "update"], { env });
  await host.must(["apt-get", "-qq", "install", ...install], { env, deadlineMs: 300_000 });
  // Whoever is refused must be refused by the filter, not for want of a way.
  for (const setting of ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]) {
    await host.must(["sysctl", "--quiet", setting]);
  }
  for (const neighbour of Object.values(NEIGHBOURS)) await addNeighbour(host, neighbour);
  await addTunnels(host);
  await listenEverywhere(host);
  const container = await startContainer(host);
  await host.must(["iptables", "-P", "FORWARD", "ACCEPT"]); // Docker would drop what our rules are to drop
  return sceneOf(host, container);
}

async function addNeighbour(host: StandIn, { name, ipv4, ipv6 }: Neighbour): Promise<void> {
  const [network, here, there, bits] = ipv4;
  const ip = (...words: string[]) => host.must(["ip", ...words]);
  await ip("netns", "add", name);
  await ip("link", "add", `to-${name}`, "type", "veth", "peer", "name", "eth0", "netns", name);
  await ip("addr", "add", `${network}.${here}/${bits}`, "dev", `to-${name}`);
  await ip("addr", "add", `${ipv6}1/64`, "dev", `to-${name}`, "nodad");
  await ip("link", "set", `to-${name}`, "up");
  await insideUp(host, name, [`${network}.${there}/${bits}`, `${ipv6}${there}/64`]);
  await ip("-n", name, "route", "add", "default", "via", `${network}.${here}`);
  await ip("-n", name, "-6", "route", "add", "default", "via", `${ipv6}1`);
}

// Tunnels are routes through one interface: whoever is in one reaches the next only through the host.
async function addTunnels(host: StandIn): Promise<void> {
  const ip = (...words: string[]) => host.must(["ip", ...words]);
  await ip("link", "add", INTERFACES.vpn, "address", "02:00:00:00:98:01", "type", "bridge");
  await ip("addr", "add", "10.98.0.1/24", "dev", INTERFACES.vpn);
  await ip("addr", "add", "fd98::1/64", "dev", INTERFACES.vpn, "nodad");
  await ip("link", "set", INTERFACES.vpn, "up");
  await host.must(["sysctl", "--quiet", `net.ipv4.conf.${INTERFACES.vpn}.send_redirects=0`]);
  for (const name of PEERS) {
    const last = name.slice(-1);
    await ip("netns", "add", name);
    await ip("link", "add", `to-${name}`, "type", "veth", "peer", "name", "eth0", "netns", name);
    await ip("link", "set", `to-${name}`, "master", INTERFACES.vpn, "up");
    await ip("link", "set", `to-${name}`, "type", "bridge_slave", "isolated", "on");
    await insideUp(host, name, [`10.98.0.${last}/32`, `fd98::${last}/128`]);
    await ip("-n", name, "route", "add", "10.98.0.1", "dev", "eth0");
    await ip("-n", name, "route", "add", "default", "via", "10.98.0.1");
    await ip("-n", name, "-6", "route", "add", "fd98::1", "dev", "eth0");
    await ip("-n", name, "-6", "route", "add", "default", "via", "fd98::1");
    // Nobody in a tunnel is told of a shorter way.
    for (const what of ["ipv4.conf.all", "ipv4.conf.eth0", "ipv6.conf.all", "ipv6.conf.eth0"]) {
      const setting = `net.${what}.accept_redirects=0`;
      await host.must(["ip", "netns", "exec", name, "sysctl", "--quiet", setting]);
    }
    // A tunnel knows its peers by their keys: nobody in it asks for neighbours.
    const macOf = (words: string) => /link\/ether (\S+)/.exec(words)?.[1] ?? "";
    const own = macOf(await ip("link", "show", INTERFACES.vpn));
    const theirs = macOf(await ip("-n", name, "link", "show", "eth0"));
    const forGood = ["nud", "permanent", "dev"] as const;
    await ip("neigh", "replace", `fd98::${last}`, "lladdr", theirs, ...forGood, INTERFACES.vpn);
    await ip("-n", name, "neigh", "replace", "fd98::1", "lladdr", own, ...forGood, "eth0");
  }
}

async function insideUp(host: StandIn, name: string, addresses: readonly string[]): Promise<void> {
  await host.must(["ip", "-n", name, "link", "set", "lo", "up"]);
  await host.must(["ip", "-n", name, "link", "set", "eth0", "up"]);
  for (const address of addresses) {
    await host.must(["ip", "-n", name, "addr", "add", address, "dev", "eth0", "nodad"].filter(
      (word) => word !== "nodad" || address.includes(":"),
    ) as [string, ...string[]]);
  }
}

/** On every port that is tried somebody listens, so that only the filter can say no. */
async function listenEverywhere(host: StandIn): Promise<void> {
  const tcp = [53, 80, 443, 465, 587, 502, 1502, 3306, 4444].map((port) => ({ proto: "tcp", port }) as const);
  const ports = [...tcp, { proto: "tcp", port: 22 }, { proto: "udp", port: 53 }] as const;
  const names = [...Object.values(NEIGHBOURS).map(({ name }) => name), ...PEERS];
  await Promise.all(names.map((name) => listen(namespaceIn(host, name), ports)));
  // SSH listens already.
  await listen(host, [...tcp, { proto: "udp", port: 51_820 }]);
}

async function startContainer(host: StandIn): Promise<number> {
  await host.must(["systemctl", "restart", "docker"]); // its control groups can be written only now
  const bridge = `com.docker.network.bridge.name=${INTERFACES.containers}`;
  await host.must([
    "docker",
    "network",
    "create",
    "--subnet",
    CONTAINER_NETWORK,
    "--opt",
    bridge,
    "wattpost",
  ]);
  await host.must(["tar", "-C", "/", "-cf", "/tmp/image.tar", "bin/busybox"]);
  await host.must(["docker", "import", "/tmp/image.tar", "sleeper"]);
  await host.must([
    ...[
      "docker",
      "run",
      "--detach",
      "--name",
      "app",
      "--network",
      "wattpost",
      "--restart",
      "always",
    ] as const,
    ...["--publish", `0.0.0.0:${PUBLISHED_PORT}:8000`, "--publish", `[::]:${PUBLISHED_PORT}:8000`],
    ...["sleeper", "/bin/busybox", "sleep", "100000"],
  ]);
  return await listenInContainer(host);
}

/** Listens behind the published port; the process of the container. */
async function listenInContainer(host: StandIn): Promise<number> {
  const pid = Number(await host.must(["docker", "inspect", "--format", "{{.State.Pid}}", "app"]));
  await listen(networkOf(host, pid), [{ proto: "tcp", port: 8000 }]);
  return pid;
}

function sceneOf(host: StandIn, first: number): Scene {
  let container = first;
  const inside = (name: string) => namespaceIn(host, name);
  const neighbour = ({ name, ipv4: [network, , own], ipv6 }: Neighbour): Somebody => ({
    place: inside(name),
    addresses: { ipv4: `${network}.${own}`, ipv6: `${ipv6}${own}` },
  });
  const peers = PEERS.map((name): Somebody => ({
    place: inside(name),
    addresses: { ipv4: `10.98.0.${name.slice(-1)}`, ipv6: `fd98::${name.slice(-1)}` },
  }));
  const { internet, admin, database, router } = NEIGHBOURS;
  const outside = { internet, admin, database } as const;
  return {
    host,
    async restartDocker() {
      await host.must(["systemctl", "restart", "docker"]);
      container = await listenInContainer(host);
    },
    from(segment, family, containersOnly) {
      const inContainer = networkOf(host, container);
      switch (segment) {
        case "edge":
          return [host];
        case "app":
          if (containersOnly) return [inContainer];
          return [asUser(host, IDS.app.id), ...(family === "ipv4" ? [inContainer] : [])];
        case "field":
          return peers.slice(0, 1).map(({ place }) => place);
        case "internet":
        case "admin":
        case "database":
          return [inside(outside[segment].name)];
      }
    },
    to(from, to, family) {
      const here = from === "field"
        ? { ipv4: "10.98.0.1", ipv6: "fd98::1" }
        : from === "app"
        ? { ipv4: "10.99.0.1", ipv6: "" }
        : hereOf(from === "edge" ? internet : outside[from]);
      switch (to) {
        case "edge":
        case "app":
          return [here[family]];
        case "field":
          return [...(from === "field" ? [] : [neighbour(router)]), ...peers.slice(1)].map(({ addresses }) =>
            addresses[family]
          );
        case "internet":
        case "admin":
        case "database":
          return [neighbour(outside[to]).addresses[family]];
      }
    },
  };
}

function hereOf({ ipv4: [network, here], ipv6 }: Neighbour): Addresses {
  return { ipv4: `${network}.${here}`, ipv6: `${ipv6}1` };
}
