/**
 * A host and two routers on one "internet", each a network namespace with WireGuard in user space: what runs in them is
 * what a host and routers run.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { hostInterfaceText } from "../../lib/domain/vpn_text.ts";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import type { HostDescription, VpnDescription } from "../../ops/lib/host/description.ts";
import { UFW_PATHS, wantedFiles } from "../../ops/lib/host/firewall_files.ts";
import { INTERFACES, MADE_BY, PATHS } from "../../ops/lib/host/layout.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import { type SyncHost, VPN_PLACE, type VpnPlace } from "../../ops/lib/host/vpn_sync.ts";
import { eventually } from "../flows/product_process.ts";
import { exampleDescription } from "./example_description.ts";
import { type Argv, must, run, type RunEnd } from "./run.ts";

/** Where the host is on the internet; its pages answer at port 80. */
export const HOST_ADDRESS = "198.18.77.1";

/** The VPN. */
export const VPN: VpnDescription = {
  endpoint: HOST_ADDRESS,
  port: 51_820,
  network: "10.98.0.0/24",
  network6: "fd98:77::/64",
};

const DESCRIBED: HostDescription = { ...exampleDescription(), vpn: VPN };

/** Somebody with a network of their own. */
export interface Somebody {
  /** Name of the namespace. */
  readonly name: string;
  /** Runs a program there, whatever comes of it. */
  run(argv: Argv, input?: string): Promise<RunEnd>;
  /** Runs a program there that must succeed; its standard output. */
  must(argv: Argv): Promise<string>;
  /** What runs a program there. */
  readonly within: Argv;
}

/** All of them. */
export interface VpnScene {
  readonly folder: string;
  readonly host: Somebody;
  /** The host as its set-up sees it. */
  readonly machine: SyncHost;
  /** Where its VPN lies. */
  readonly place: VpnPlace;
  readonly routerA: Somebody;
  readonly routerB: Somebody;
  /** Brings a router's tunnel up by its file, in place of the one it has; its interface. */
  tunnel(router: Somebody, file: string): Promise<string>;
  /** Waits until the host has heard a router, by the key that it has now. */
  heard(router: Somebody): Promise<void>;
}

/** Names are shared by all namespaces, and with whatever else runs here. */
const MARK = `wpv${Deno.pid}`;

/** This machine's way to the internet of the scene. */
const OURS = `${MARK}v`;

const INTERNET = somebody("i");

/** Makes the scene in a folder, gives it to a body and takes all of it away. */
export async function withVpnScene(folder: string, body: (scene: VpnScene) => Promise<void>): Promise<void> {
  const [host, routerA, routerB] = [somebody("h"), somebody("a"), somebody("b")];
  await sweep();
  try {
    await internet([host, routerA, routerB]);
    await hostVpn(folder, host);
    await firewall(folder, host);
    await body({
      folder,
      host,
      routerA,
      routerB,
      machine: machineIn(folder, host),
      place: placeIn(folder),
      tunnel: (router, file) => tunnel(folder, router, file),
      heard: (router) => heard(host, router),
    });
  } finally {
    for (
      const [name, file] of [[routerA, routerFile(folder, routerA)], [
        routerB,
        routerFile(folder, routerB),
      ]] as const
    ) {
      await name.run(["wg-quick", "down", file]);
    }
    await host.run(["wg-quick", "down", hostFile(folder)]);
    for (const { name } of [host, routerA, routerB, INTERNET]) await run(["ip", "netns", "del", name]);
    await run(["ip", "link", "del", OURS]);
  }
}

function somebody(letter: string): Somebody {
  const name = `${MARK}${letter}`;
  const within: Argv = ["ip", "netns", "exec", name];
  return {
    name,
    within,
    run: (argv, input) => run([...within, ...argv], input === undefined ? {} : { input }),
    must: (argv) => must([...within, ...argv]),
  };
}

/**
 * A bridge between all of them and this machine, which looks at the host's pages. It has a namespace of its own: in this
 * machine's the filter of Docker would be asked.
 */
async function internet(all: readonly Somebody[]): Promise<void> {
  const { name: middle, must: within } = INTERNET;
  await must(["ip", "netns", "add", middle]);
  await within(["ip", "link", "add", "bridge", "type", "bridge"]);
  await within(["ip", "link", "set", "bridge", "up"]);
  const plug = async (i: number) => {
    await within(["ip", "link", "set", `port${i}`, "master", "bridge", "up"]);
  };
  for (const [i, { name, must: inside }] of all.entries()) {
    await must(["ip", "netns", "add", name]);
    await within(["ip", "link", "add", `port${i}`, "type", "veth", "peer", "name", "eth0", "netns", name]);
    await plug(i);
    await inside(["ip", "link", "set", "lo", "up"]);
    await inside(["ip", "addr", "add", `198.18.77.${i + 1}/24`, "dev", "eth0"]);
    await inside(["ip", "link", "set", "eth0", "up"]);
  }
  await must(["ip", "link", "add", OURS, "type", "veth", "peer", "name", "port9", "netns", middle]);
  await plug(9);
  await must(["ip", "addr", "add", "198.18.77.254/24", "dev", OURS]);
  await must(["ip", "link", "set", OURS, "up"]);
}

const hostFile = (folder: string) => join(folder, `${INTERFACES.vpn}.conf`);

const interfaceOf = ({ name }: Somebody) => `${name}w`;

const routerFile = (folder: string, router: Somebody) => join(folder, `${interfaceOf(router)}.conf`);

function placeIn(folder: string): VpnPlace {
  return {
    interfaceName: INTERFACES.vpn,
    keyPath: join(folder, VPN_PLACE.keyPath),
    peersPath: join(folder, VPN_PLACE.peersPath),
    asked: join(folder, "data/requests/peers.json"),
    told: join(folder, "host/vpn.json"),
    // The product of the test is this test's user, not the app's.
    reader: { id: 0 },
  };
}

/** The host as its set-up sees it, with its commands in its namespace. */
function machineIn(folder: string, { within }: Somebody): SyncHost {
  const machine = openMachine(join(folder, "state"));
  return {
    ...machine,
    run: (argv, options) => machine.run([...within, ...argv] as Argv, options),
    must: (argv, options) => machine.must([...within, ...argv] as Argv, options),
  };
}

async function hostVpn(folder: string, host: Somebody): Promise<void> {
  const place = placeIn(folder);
  for (const path of [place.told, place.keyPath, place.peersPath]) {
    await Deno.mkdir(dirname(path), { recursive: true });
  }
  await Deno.writeTextFile(join(folder, PATHS.description), formatDescription(DESCRIBED));
  await Deno.writeTextFile(place.keyPath, await host.must(["wg", "genkey"]), { mode: 0o600 });
  await Deno.writeTextFile(place.peersPath, "", { mode: 0o600 });
  const text = hostInterfaceText({ ...VPN, ...place, madeBy: MADE_BY });
  await Deno.writeTextFile(hostFile(folder), text, { mode: 0o600 });
  // It would pass on what it gets, if nothing forbade it.
  await host.must(["sysctl", "-q", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]);
  await host.must(["wg-quick", "up", hostFile(folder)]);
}

/** The host's own firewall, made from its description, in its namespace. */
async function firewall(folder: string, host: Somebody): Promise<void> {
  const root = join(folder, "root");
  await must(["mkdir", "-p", `${root}/etc/default`, `${root}/lib`, `${root}/usr/share`]);
  for (const path of ["/etc/ufw", "/etc/default/ufw", "/lib/ufw", "/usr/share/ufw"]) {
    await must(["cp", "-r", path, `${root}${path}`]);
  }
  const now: Record<string, string> = {};
  for (const path of UFW_PATHS) now[path] = await Deno.readTextFile(`${root}${path}`);
  for (const [path, text] of Object.entries(wantedFiles(DESCRIBED, now))) {
    await Deno.writeTextFile(`${root}${path}`, text);
  }
  await host.must(["ufw", `--rootdir=${root}`, `--datadir=${root}`, "--force", "enable"]);
}

async function tunnel(folder: string, router: Somebody, file: string): Promise<string> {
  const path = routerFile(folder, router);
  await router.run(["wg-quick", "down", path]);
  await Deno.writeTextFile(path, file, { mode: 0o600 });
  await router.must(["wg-quick", "up", path]);
  return interfaceOf(router);
}

/** The one that answers a handshake knows of it with the first packet that follows. */
async function heard(host: Somebody, router: Somebody): Promise<void> {
  const key = (await router.must(["wg", "show", interfaceOf(router), "public-key"])).trim();
  await eventually(`the host has heard ${router.name}`, async () => {
    const { out } = await host.run(["wg", "show", INTERFACES.vpn, "latest-handshakes"]);
    return out.split("\n").some((line) => line.startsWith(key) && !line.endsWith("\t0"));
  });
}

/** Whether a TCP port answers somebody over HTTP. */
export async function reaches(who: Somebody, address: string, port: number): Promise<boolean> {
  // 7: refused or no way there; 28: no answer in time. Whatever else went wrong, somebody was there.
  const { code } = await who.run([
    "curl",
    "-s",
    "--noproxy",
    "*",
    "--max-time",
    "2",
    `http://${address}:${port}/`,
  ]);
  if (code === 28) return false;
  return code !== 7;
}

/** Whether somebody gets a connection to a TCP port. */
export async function connects(who: Somebody, address: string, port: number): Promise<boolean> {
  const words = await who.run([
    "curl",
    "-sv",
    "--noproxy",
    "*",
    "--max-time",
    "2",
    `telnet://${address}:${port}`,
  ], "");
  return /Connected to/.test(words.err);
}

/** Takes away what a test that was killed has left: its namespaces, and what still runs in them. */
async function sweep(): Promise<void> {
  const { out } = await run(["ip", "netns", "list"]);
  for (const [name = "", pid = ""] of out.matchAll(/^wpv(\d+)[habi]\b/gm)) {
    if ((await run(["test", "-d", `/proc/${pid}`])).code === 0) continue; // Deno itself may not look there
    const inside = (await run(["ip", "netns", "pids", name])).out.split("\n").filter((one) => one !== "");
    if (inside.length > 0) await run(["kill", "-9", ...inside]);
    await run(["ip", "netns", "del", name]);
  }
}
