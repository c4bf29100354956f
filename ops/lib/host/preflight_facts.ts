/**
 * Gathers the facts by which a host is judged before its set-up; changes nothing.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { isApplied } from "./applied.ts";
import { isGoodKey } from "./base_sshd.ts";
import type { HostDescription } from "./description.ts";
import type { Looked } from "./engine.ts";
import { isUserOurs } from "./kit_users.ts";
import { IDS } from "./layout.ts";
import type { Listener, NameFacts, PreflightFacts, RunningUser, SystemFacts } from "./preflight.ts";
import {
  isOurs,
  readConffiles,
  readForeignRules,
  readFreeMb,
  readListeners,
  readOwnAddresses,
  readParent,
  readPeers,
  readReleaseUrls,
  readResolved,
  readSshClient,
  readSystem,
  readUplinks,
} from "./preflight_read.ts";
import type { Host } from "./step.ts";
import { parseAddress } from "../../../lib/domain/address.ts";

const DEEPEST = 30;
const MOST_FILES = 200;
const NAME_MS = 10_000;
const SOURCE_MS = 30_000;
const MOST_SOURCES = 3;

/** Whom the system says it is; `null`: it does not say. */
export async function systemOf(on: Host): Promise<SystemFacts | null> {
  // It may be a link to /usr/lib, which is not followed.
  return readSystem((await on.run(["cat", "/etc/os-release"])).out);
}

/** The address from which the operator is connected: sudo hides it, but not what the processes above us have. */
export async function operatorAddressOf(on: Host): Promise<string | null> {
  let pid = Deno.pid;
  for (let depth = 0; depth < DEEPEST && pid > 1; depth++) {
    const address = readSshClient((await on.run(["cat", `/proc/${pid}/environ`])).out);
    if (address !== null) return address;
    pid = readParent((await on.run(["cat", `/proc/${pid}/stat`])).out);
  }
  return null;
}

/** Users that removing takes away, and what runs as them. */
export async function runningUsersOf(on: Host): Promise<readonly RunningUser[]> {
  const found: RunningUser[] = [];
  for (const { name } of [IDS.app, IDS.deploy]) {
    if (!await isUserOurs(on, name)) continue;
    const { code, out } = await on.run(["pgrep", "-l", "-u", name]);
    if (code === 0) found.push({ user: name, processes: out.trim().split("\n") });
  }
  return found;
}

/** All facts but for the operator's own address. */
export async function gatherFacts(
  on: Host,
  { described, looked, operatorAddress, sudoUser }: {
    readonly described: HostDescription;
    readonly looked: readonly Looked[];
    readonly operatorAddress: string | null;
    readonly sudoUser: string | undefined;
  },
): Promise<PreflightFacts> {
  const applied = await isApplied(on.kept);
  const listeners = await listenersOf(on);
  const needsPackages = looked.some(({ drift }) => drift.some(({ what }) => what.startsWith("package ")));
  return {
    systemd: await on.stat("/run/systemd/system") !== null,
    system: await systemOf(on),
    applied,
    operatorAddress,
    keyless: operatorAddress === null || applied ? null : await keylessOf(on, sudoUser ?? "root"),
    sshAddresses: await peersOf(on, listeners ?? []),
    names: await namesOf(on, described),
    ownAddresses: readOwnAddresses((await on.run(["ip", "-j", "address"])).out),
    uplinks: await uplinksOf(on),
    listeners,
    foreignNginx: await foreignNginx(on),
    foreignRules: applied ? [] : await foreignRules(on),
    otherFilters: await otherFilters(on),
    freeMb: await freeMb(on),
    sourceTrouble: needsPackages ? await sourceTrouble(on) : null,
    foreignDocker: await foreignDocker(on),
    zoneKnown: await on.stat("/usr/share/zoneinfo") === null ||
      await on.stat(`/usr/share/zoneinfo/${described.timeZone}`) !== null,
  };
}

/** The operator, if neither they nor root has a key that sshd looks for; `null`: one has, or it cannot be told. */
async function keylessOf(on: Host, operator: string): Promise<string | null> {
  for (const name of new Set([operator, "root"])) if (await mayHaveKey(on, name)) return null;
  return operator;
}

async function mayHaveKey(on: Host, name: string): Promise<boolean> {
  const asked = await on.run(["/usr/sbin/sshd", "-T", "-C", `user=${name},host=localhost,addr=127.0.0.1`]);
  const says = (setting: string) => new RegExp(`^${setting} (.*)$`, "m").exec(asked.out)?.[1];
  // Keys that lie elsewhere or come from a program are nothing that we know of.
  if ((says("authorizedkeyscommand") ?? "none") !== "none") return true;
  if (!/^(\.ssh\/authorized_keys2?\s*)+$/.test(says("authorizedkeysfile") ?? ".ssh/authorized_keys")) {
    return true;
  }
  const home = (await on.run(["getent", "passwd", name])).out.trim().split(":")[5] ?? "";
  for (const file of ["authorized_keys", "authorized_keys2"]) {
    const listed = await on.run(["ssh-keygen", "-l", "-f", `${home}/.ssh/${file}`]);
    if (listed.code === 0 && listed.out.split("\n").some(isGoodKey)) return true;
  }
  return false;
}

async function uplinksOf(on: Host): Promise<readonly string[]> {
  const found: string[] = [];
  for (const family of ["-4", "-6"]) {
    found.push(...readUplinks((await on.run(["ip", family, "-j", "route", "show", "default"])).out));
  }
  return [...new Set(found)];
}

async function listenersOf(on: Host): Promise<readonly Listener[] | null> {
  const { code, out } = await on.run(["ss", "-H", "-ltnup"]);
  return code === 0 ? readListeners(out) : null;
}

async function peersOf(on: Host, listeners: readonly Listener[]): Promise<readonly string[]> {
  const isSsh = ({ program, port }: Listener) => program === "sshd" || (program === "systemd" && port === 22);
  const ports = listeners.filter(isSsh).map(({ port }) => port);
  return readPeers((await on.run(["ss", "-H", "-tn", "state", "established"])).out, ports);
}

async function namesOf(on: Host, { domain, aliases, vpn }: HostDescription): Promise<readonly NameFacts[]> {
  const endpoint = vpn && parseAddress(vpn.endpoint) === null ? [vpn.endpoint] : [];
  const names = [...new Set([domain, ...aliases, ...endpoint])];
  return await Promise.all(names.map(async (name) => {
    const { out } = await on.run(["getent", "ahosts", name], { deadlineMs: NAME_MS });
    return { name, addresses: readResolved(out) };
  }));
}

/** Files of nginx that are neither ours nor as the package brought them. */
async function foreignNginx(on: Host): Promise<readonly string[]> {
  const folders = ["/etc/nginx/conf.d", "/etc/nginx/sites-enabled"];
  const listed = await on.run(["find", ...folders, "-maxdepth", "1", "-mindepth", "1", "!", "-type", "d"]);
  const enabled = listed.out.split("\n").filter((path) =>
    /(^\/etc\/nginx\/sites-enabled\/|\.conf$)/.test(path)
  );
  const own = await on.run(["dpkg-query", "-W", "-f", "${Conffiles}\n", "nginx-common", "nginx"]);
  const sums = readConffiles(own.out);
  const foreign: string[] = [];
  for (const path of ["/etc/nginx/nginx.conf", ...enabled].slice(0, MOST_FILES)) {
    const { code, out } = await on.run(["cat", "--", path]);
    if (code !== 0 || isOurs(out)) continue;
    const real = (await on.run(["readlink", "-f", "--", path])).out.trim();
    if (createHash("md5").update(out).digest("hex") !== sums.get(real)) foreign.push(path);
  }
  return foreign;
}

async function foreignRules(on: Host): Promise<readonly string[]> {
  const { code, out } = await on.run(["ufw", "status"], { deadlineMs: 30_000 });
  if (code !== 0 || !/^Status: active/m.test(out)) return [];
  return readForeignRules((await on.run(["ufw", "show", "added"])).out);
}

async function otherFilters(on: Host): Promise<readonly string[]> {
  const active: string[] = [];
  for (const unit of ["firewalld", "nftables"]) {
    if ((await on.run(["systemctl", "is-active", "--quiet", unit])).code === 0) active.push(unit);
  }
  return active;
}

async function freeMb(on: Host): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const folder of ["/", "/var"]) {
    const free = readFreeMb((await on.run(["df", "-Pk", folder])).out);
    if (free !== null) found[folder] = free;
  }
  return found;
}

/** Asks each archive for the list of one suite, as apt would: by its proxy and its certificates. */
async function sourceTrouble(on: Host): Promise<string | null> {
  const urls = readReleaseUrls((await on.run(["apt-get", "update", "--print-uris"])).out);
  if (urls.length === 0) return "none is configured";
  const folder = (await on.run(["mktemp", "-d"])).out.trim();
  if (folder === "") return "there is no temporary folder";
  const limits = ["http", "https"].flatMap((kind) => ["-o", `Acquire::${kind}::Timeout=10`]);
  try {
    for (const url of urls.slice(0, MOST_SOURCES)) {
      const options = ["-o", "Acquire::Retries=0", ...limits];
      const get = ["download-file", url, `${folder}/InRelease`];
      const { code, out, err } = await on.run(["/usr/lib/apt/apt-helper", ...options, ...get], {
        deadlineMs: SOURCE_MS,
      });
      if (code !== 0) return `${url}: ${`${out}\n${err}`.trim().split("\n").at(-1)}`;
    }
  } finally {
    await on.run(["rm", "-rf", "--", folder]);
  }
  return null;
}

async function foreignDocker(on: Host): Promise<string | null> {
  const { out } = await on.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", "docker-ce"]);
  if (/^docker-ce installed$/m.test(out)) return "the package docker-ce of docker.com";
  return await on.stat("/snap/bin/docker") === null ? null : "the snap docker";
}
