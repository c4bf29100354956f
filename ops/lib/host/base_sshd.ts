/**
 * sshd by key alone, without ever locking the operator out: passwords end only where a key that is really installed
 * lets `deploy` in.
 *
 * @module
 */

import { keysText, SSHD_SETTINGS, sshdText } from "./base_access.ts";
import { DISTRIBUTIONS } from "./base_distribution.ts";
import { type Loosened, loosenedIn, SSHD_PLACES } from "./base_sshd_match.ts";
import type { HostDescription } from "./description.ts";
import { file, folder, step } from "./kit.ts";
import { IDS, PATHS } from "./layout.ts";
import { type Distribution, type Host, HostError, type Part, type Reaction, type Step } from "./step.ts";

/** What sshd is told, before what clouds and others tell it: the first word counts. */
export const SSHD_FILE = "/etc/ssh/sshd_config.d/10-wattpost.conf";

const SSHD = "/usr/sbin/sshd";

/** Types of keys that every sshd of ours takes. */
const KEY_TYPES = /^(ED25519|ED25519-SK|ECDSA|ECDSA-SK|RSA)(-CERT)?$/;

/** Bits of an RSA key at least. */
const RSA_BITS_MIN = 2_048;

/** Two steps: the keys, and sshd once they count. */
export function sshSteps(described: HostDescription, distribution: Distribution): readonly Step[] {
  return [
    step("ssh: keys of deploy", "Who deploys gets in by these keys; they belong to root, not to deploy", [
      folder({ path: PATHS.deployKeys.replace(/\/[^/]*$/, ""), mode: 0o755, owner: "root:root" }),
      file({ path: PATHS.deployKeys, text: keysText(described) }),
    ]),
    step("ssh: keys only", "Passwords can be guessed; keys cannot. Nobody is locked out: root's keys stay", [
      // sshd checks nothing without it, and where connections come by a socket it is not there at first.
      folder({ path: "/run/sshd", mode: 0o755, owner: "root:root" }),
      guarded(
        file({
          path: SSHD_FILE,
          text: sshdText(described),
          verify: (path) => [SSHD, "-t", "-f", path],
          then: reloadsOf(distribution),
        }),
        whyLockedOut,
      ),
      effective(described.ssh.port),
      forEverybody(),
    ]),
  ];
}

/** How sshd hears of changes; connections that are open stay open. */
function reloadsOf(distribution: Distribution): readonly Reaction[] {
  const guard = [SSHD, "-t"] as const;
  const reload: Reaction = {
    name: "sshd reads its settings",
    guard,
    argv: ["systemctl", "try-reload-or-restart", "ssh.service"],
  };
  switch (DISTRIBUTIONS[distribution].ssh) {
    case "service":
      return [reload];
    case "socket":
      // The socket's port is made from sshd's settings whenever systemd reads its units.
      return [
        { name: "systemd reads the port of sshd", guard, argv: ["systemctl", "daemon-reload"] },
        { name: "the socket of sshd takes its port", argv: ["systemctl", "try-restart", "ssh.socket"] },
        reload,
      ];
  }
}

/** A part that is not applied where there is a reason against it; the reason is drift, too. */
function guarded(part: Part, whyNot: (on: Host) => Promise<string | null>): Part {
  return {
    ...part,
    async check(on) {
      const found = await part.check(on);
      // Before anything is installed there is nothing to be judged.
      if (found.length > 0) return found;
      const why = await whyNot(on);
      return why === null
        ? []
        : [{ what: "keys of deploy", is: why, expected: "a key that lets deploy in", does: [] }];
    },
    async apply(on) {
      const why = await whyNot(on);
      if (why !== null) {
        throw new HostError(`Passwords of SSH are not switched off, you could be locked out: ${why}`);
      }
      await part.apply(on);
    },
  };
}

/** Why `deploy` could not get in by key; `null`: it can. Looks at what is really there. */
async function whyLockedOut(on: Host): Promise<string | null> {
  const { name } = IDS.deploy;
  const path = PATHS.deployKeys;
  const passwd = await on.run(["getent", "passwd", name]);
  if (passwd.code !== 0) return `there is no user ${name}`;
  if (/(nologin|false)$/.test(passwd.out.trim())) return `${name} has no shell`;
  const there = await on.stat(path);
  if (there?.kind !== "file") return `there is no file ${path}`;
  if (there.owner !== "root:root" || (there.mode & 0o022) !== 0) {
    return `${path} can be changed by others than root, so sshd passes over it`;
  }
  if ((there.mode & 0o004) === 0) return `${name} cannot read ${path}`;
  const listed = await on.run(["ssh-keygen", "-l", "-f", path]);
  if (listed.code !== 0 || !listed.out.split("\n").some(isGoodKey)) {
    return `${path} holds no key that sshd takes`;
  }
  const [, expires = "never"] =
    /^Account expires[ \t]*:[ \t]*(.+)$/m.exec((await on.run(["chage", "-l", name])).out) ?? [];
  if (expires !== "never") return `the account ${name} expires: ${expires}`;
  return await refusedByName(on, name);
}

/** A line of `ssh-keygen -l`: `256 SHA256:… comment (ED25519)`. */
export function isGoodKey(line: string): boolean {
  const [, bits, type = ""] = /^(\d+) \S+ .*\(([A-Z0-9-]+)\)$/.exec(line.trim()) ?? [];
  return KEY_TYPES.test(type) && (!type.startsWith("RSA") || Number(bits) >= RSA_BITS_MIN);
}

/** Whether lists of users or groups that somebody else wrote keep `deploy` out. */
async function refusedByName(on: Host, name: string): Promise<string | null> {
  const asked = `user=${name},host=localhost,addr=127.0.0.1`;
  const { code, out, err } = await on.run([SSHD, "-T", "-C", asked]);
  if (code !== 0) return `sshd does not read its own settings: ${err.trim()}`;
  const groups = (await on.run(["id", "-nG", name])).out.trim().split(/\s+/);
  return refusedByLists(out, { name, groups });
}

/** Why lists in the output of `sshd -T` refuse a user; patterns other than names are taken as a refusal. */
export function refusedByLists(
  settings: string,
  { name, groups }: { readonly name: string; readonly groups: readonly string[] },
): string | null {
  const list = (key: string) =>
    settings.split("\n").filter((line) => line.startsWith(`${key} `)).flatMap((line) =>
      line.slice(key.length + 1).trim().split(/\s+/)
    );
  const has = (key: string, names: readonly string[]) => list(key).some((entry) => names.includes(entry));
  if (list("allowusers").length > 0 && !has("allowusers", [name])) {
    return `AllowUsers of sshd does not name ${name}`;
  }
  if (list("allowgroups").length > 0 && !has("allowgroups", groups)) {
    return `AllowGroups of sshd names no group of ${name}`;
  }
  if (has("denyusers", [name])) return `DenyUsers of sshd names ${name}`;
  if (has("denygroups", groups)) return `DenyGroups of sshd names a group of ${name}`;
  return null;
}

/** What sshd goes by in the end: another file may have said something first. */
function effective(port: number): Part {
  const advice = (name: string) => `see which file says ${name}: grep -ri ${name} /etc/ssh/sshd_config*`;
  const wrong = async (on: Host) => {
    if (await on.stat(SSHD_FILE) === null) return [];
    const { code, out } = await on.run([SSHD, "-T"]);
    return code === 0 ? differences(out, port) : [];
  };
  return {
    async check(on) {
      return (await wrong(on)).map(({ name, is, expected }) => ({
        what: `sshd ${name}`,
        is,
        expected,
        does: [advice(name)],
      }));
    },
    async apply(on) {
      const [first] = await wrong(on);
      if (!first) return;
      const { name, is, expected } = first;
      throw new HostError(`sshd goes by ${name} ${is}, not ${expected}; ${advice(name)}`);
    },
    undo: () => Promise.resolve(),
  };
}

/** Keys alone, for everybody: no `Match` block of another file makes an exception. */
function forEverybody(): Part {
  const look = async (on: Host): Promise<readonly (Loosened & { readonly path: string })[]> => {
    if (await on.stat(SSHD_FILE) === null) return [];
    const { file, folder } = SSHD_PLACES;
    const listed = await on.run(["find", folder, "-maxdepth", "1", "-name", "*.conf", "!", "-name", ".*"]);
    const found: (Loosened & { readonly path: string })[] = [];
    for (const path of [file, ...listed.out.split("\n").filter((one) => one !== "").toSorted()]) {
      const { out } = await on.run(["cat", "--", path]); // it may be a link
      found.push(...loosenedIn(out).map((one) => ({ ...one, path })));
    }
    return found;
  };
  const words = ({ block, name, value }: Loosened) => `${name} ${value} for some (${block})`;
  return {
    async check(on) {
      return (await look(on)).map((one) => ({
        what: one.path,
        is: words(one),
        expected: "keys alone, for everybody",
        does: [`take it out of ${one.path}`],
      }));
    },
    async apply(on) {
      const [first] = await look(on);
      if (!first) return;
      throw new HostError(`sshd goes by ${words(first)}: take it out of ${first.path}`);
    },
    undo: () => Promise.resolve(),
  };
}

/** Where the output of `sshd -T` is not what we told it. */
export function differences(
  settings: string,
  port: number,
): readonly { readonly name: string; readonly is: string; readonly expected: string }[] {
  const lines = settings.split("\n").map((line) => line.trim());
  const expected = { port: String(port), ...SSHD_SETTINGS };
  return Object.entries(expected).flatMap(([name, value]) => {
    const given = lines.filter((line) => line.startsWith(`${name} `)).map((line) =>
      line.slice(name.length + 1)
    );
    // `without-password` is how sshd itself calls `prohibit-password`.
    const same = given.some((is) =>
      is === value || (is === "without-password" && value === "prohibit-password")
    );
    return same ? [] : [{ name, is: given.join(" ") || "not set", expected: value }];
  });
}
