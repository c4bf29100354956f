/**
 * Parts of a host that are neither files nor packages: its clock, its time zone, settings of its kernel, and Deno.
 *
 * @module
 */

import { CREDENTIAL_NAMES } from "../credentials.ts";
import { SYSCTLS } from "./base_system.ts";
import { packages, unit } from "./kit.ts";
import { IDS, PATHS } from "./layout.ts";
import { type Drift, type Host, HostError, type Part } from "./step.ts";

/** Packages and units of others that keep the time; where one is there, it stays and is enough. */
const TIMEKEEPERS: readonly (readonly [name: string, unit: string])[] = [
  ["chrony", "chrony.service"],
  ["ntpsec", "ntpsec.service"],
  ["ntp", "ntp.service"],
  ["openntpd", "openntpd.service"],
];

/** One keeper of the time: who is there already, else systemd-timesyncd. A container has its host's clock. */
export function timeSync(): Part {
  const own = packages(["systemd-timesyncd"]);
  const runs = unit({ name: "systemd-timesyncd.service", enabled: true, active: true });
  const enabled = unit({ name: "systemd-timesyncd.service", enabled: true, active: false });
  const partsOf = async (on: Host): Promise<readonly Part[]> => {
    const keeper = await otherTimekeeper(on);
    if (keeper) return [unit({ name: keeper, enabled: true, active: true })];
    return [own, await isContainer(on) ? enabled : runs];
  };
  return {
    keeps: [...own.keeps ?? [], ...runs.keeps ?? []],
    async check(on) {
      const found: Drift[] = [];
      for (const part of await partsOf(on)) found.push(...await part.check(on));
      return found;
    },
    async apply(on) {
      for (const part of await partsOf(on)) if ((await part.check(on)).length > 0) await part.apply(on);
    },
    async undo(on) {
      await runs.undo(on);
      await own.undo(on);
    },
  };
}

async function otherTimekeeper(on: Host): Promise<string | null> {
  for (const [name, service] of TIMEKEEPERS) {
    const { code, out } = await on.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", name]);
    if (code === 0 && out.trim() === "installed") return service;
  }
  return null;
}

/** Whether the host is a container: its clock and most of its kernel are another's. */
async function isContainer(on: Host): Promise<boolean> {
  return (await on.run(["systemd-detect-virt", "--container", "--quiet"])).code === 0;
}

const ZONE_LINK = "/etc/localtime";
const ZONES = "/usr/share/zoneinfo/";

/** The zone of the clock in logs. */
export function timeZone(zone: string): Part {
  const name = "time zone";
  const command = (to: string): readonly [string, ...string[]] => ["timedatectl", "set-timezone", to];
  const current = async (on: Host) => {
    const target = (await on.stat(ZONE_LINK))?.target ?? "";
    return target.replace(/^.*\/zoneinfo\//, "") || "Etc/UTC";
  };
  return {
    keeps: [name],
    async check(on) {
      const is = await current(on);
      return is === zone ? [] : [{ what: name, is, expected: zone, does: [command(zone).join(" ")] }];
    },
    async apply(on) {
      if (await on.stat(`${ZONES}${zone}`) === null) {
        throw new HostError(`Cannot set the time zone: this system knows no "${zone}"`);
      }
      await on.kept.set(name, await current(on), { once: true });
      await on.must(command(zone));
    },
    async undo(on) {
      const before = await on.kept.get(name);
      if (typeof before !== "string") return;
      await on.must(command(before));
      await on.kept.remove(name);
    },
  };
}

/** Settings of the kernel as they count now; a container that may not write them has what its host gives it. */
export function sysctlValues(): Part {
  const pathOf = (name: string) => `/proc/sys/${name.replaceAll(".", "/")}`;
  const wrong = async (on: Host): Promise<readonly (readonly [string, string, string])[]> => {
    const found: (readonly [string, string, string])[] = [];
    for (const [name, value] of Object.entries(SYSCTLS)) {
      const is = (await on.read(pathOf(name)))?.trim();
      // A kernel without IPv6 has none of its settings.
      if (is === undefined || is === value) continue;
      if ((await on.run(["test", "-w", pathOf(name)])).code === 0) found.push([name, is, value]);
    }
    return found;
  };
  return {
    keeps: Object.keys(SYSCTLS).map((name) => `sysctl ${name}`),
    async check(on) {
      return (await wrong(on)).map(([name, is, value]) => ({
        what: `sysctl ${name}`,
        is,
        expected: value,
        does: [`sysctl -w ${name}=${value}`],
      }));
    },
    async apply(on) {
      for (const [name, is, value] of await wrong(on)) {
        await on.kept.set(`sysctl ${name}`, is, { once: true });
        await on.must(["sysctl", "-q", "-w", `${name}=${value}`]);
      }
    },
    async undo(on) {
      for (const name of Object.keys(SYSCTLS)) {
        const before = await on.kept.get(`sysctl ${name}`);
        if (typeof before !== "string") continue;
        await on.run(["sysctl", "-q", "-w", `${name}=${before}`]);
        await on.kept.remove(`sysctl ${name}`);
      }
    },
  };
}

/** Deno where units and sudo look for it: a copy of the one that sets the host up, unless there is one. */
export function denoProgram(): Part {
  const path = PATHS.deno;
  return {
    keeps: [`program ${path}`],
    async check(on) {
      // A link (npm makes one) counts where it leads to a program.
      if ((await on.run(["test", "-x", path])).code === 0) return [];
      const does = [`install -o root -g root -m 0755 ${Deno.execPath()} ${path}`];
      return [{ what: path, is: "missing", expected: "a program", does }];
    },
    async apply(on) {
      await on.kept.set(`program ${path}`, true, { once: true });
      await on.must(["install", "-o", "root", "-g", "root", "-m", "0755", Deno.execPath(), path]);
    },
    async undo(on) {
      if (await on.kept.get(`program ${path}`) === undefined) return;
      await on.must(["rm", "-f", "--", path]);
      await on.kept.remove(`program ${path}`);
    },
  };
}

/** Files that operators put into the folder of credentials: root's, readable for the app's group and nobody else. */
export function credentialModes(): Part {
  const expected = { mode: 0o640, owner: `root:${IDS.app.name}` };
  const words = (mode: number, owner: string) => `${mode.toString(8).padStart(4, "0")} ${owner}`;
  const wrong = async (on: Host) => {
    const found: { readonly path: string; readonly is: string; readonly isFile: boolean }[] = [];
    for (const name of CREDENTIAL_NAMES) {
      const path = `${PATHS.credentials}/${name}`;
      const there = await on.stat(path);
      const isFile = there?.kind === "file";
      if (!there || (isFile && there.mode === expected.mode && there.owner === expected.owner)) continue;
      found.push({ path, isFile, is: isFile ? words(there.mode, there.owner) : "no file" });
    }
    return found;
  };
  return {
    async check(on) {
      return (await wrong(on)).map(({ path, is }) => ({
        what: path,
        is,
        expected: words(expected.mode, expected.owner),
        does: [`chown ${expected.owner} ${path}`, `chmod 0640 ${path}`],
      }));
    },
    async apply(on) {
      for (const { path, isFile } of await wrong(on)) {
        if (!isFile) throw new HostError(`Cannot use "${path}" as a credential: it is no file`);
        await on.setModes(path, expected);
      }
    },
    undo: () => Promise.resolve(),
  };
}
