/**
 * What sshd really does (`sshd -T`) against a table of what it should.
 *
 * @module
 */

import type { Finding, Severity } from "../../../lib/domain/scan.ts";
import { loosenedIn, SSHD_PLACES } from "../host/base_sshd_match.ts";
import { type Check, lacking, NO_PROGRAM, notRun, type ScanContext } from "./check.ts";

/** What a setting of sshd should be. */
interface Expected {
  readonly name: string;
  readonly severity: Severity;
  /** Whether a value will do. */
  readonly is: (value: string) => boolean;
  /** What it should be, in words. */
  readonly words: string;
  /** Why. */
  readonly why: string;
}

const exactly = (text: string) => ({ is: (value: string) => value === text, words: text });
const atMost = (most: number) => ({
  is: (value: string) => /^\d+$/.test(value) && Number(value) <= most && Number(value) > 0,
  words: `1 to ${most}`,
});
const without = (pattern: RegExp, words: string) => ({
  is: (value: string) => !value.split(",").some((one) => pattern.test(one)),
  words: `a list without ${words}`,
});

const TABLE: readonly Expected[] = [
  {
    name: "permitrootlogin",
    severity: "critical",
    is: (value) => /^(?:no|prohibit-password|without-password|forced-commands-only)$/.test(value),
    words: "no, or keys alone",
    why: "everybody knows its name",
  },
  { name: "passwordauthentication", severity: "critical", ...exactly("no"), why: "passwords are guessed" },
  {
    name: "kbdinteractiveauthentication",
    severity: "critical",
    ...exactly("no"),
    why: "it asks for passwords by another name",
  },
  { name: "permitemptypasswords", severity: "critical", ...exactly("no"), why: "an empty password is none" },
  { name: "pubkeyauthentication", severity: "high", ...exactly("yes"), why: "keys are the only way in" },
  {
    name: "hostbasedauthentication",
    severity: "high",
    ...exactly("no"),
    why: "other machines vouch for nobody",
  },
  {
    name: "permituserenvironment",
    severity: "medium",
    ...exactly("no"),
    why: "it changes what programs load",
  },
  { name: "x11forwarding", severity: "low", ...exactly("no"), why: "there are no windows here" },
  { name: "gatewayports", severity: "medium", ...exactly("no"), why: "it opens ports past the firewall" },
  { name: "permittunnel", severity: "medium", ...exactly("no"), why: "it is a VPN past the firewall" },
  {
    name: "strictmodes",
    severity: "medium",
    ...exactly("yes"),
    why: "keys that others can write are no keys",
  },
  { name: "maxauthtries", severity: "low", ...atMost(6), why: "each connection may guess so often" },
  { name: "logingracetime", severity: "low", ...atMost(120), why: "whoever says nothing holds a place" },
  {
    name: "ciphers",
    severity: "medium",
    ...without(/cbc|arcfour|3des|none/, "CBC, RC4 and DES"),
    why: "they are broken",
  },
  { name: "macs", severity: "medium", ...without(/md5|96|none/, "MD5 and cut sums"), why: "they are broken" },
  {
    name: "kexalgorithms",
    severity: "medium",
    ...without(/group1-|group-exchange-sha1|group14-sha1/, "SHA-1 and group 1"),
    why: "they are broken",
  },
];

/** Where sshd may lie. */
const SSHD = "/usr/sbin/sshd";

/** The check. */
export const sshdCheck: Check = {
  name: "sshd",
  about: "what sshd does, against a table (sshd -T)",
  async run({ run, read, list }) {
    const { code, out, err: words } = await run([SSHD, "-T"]);
    if (code === NO_PROGRAM) return lacking("sshd", "openssh-server");
    if (code !== 0) return notRun(`sshd -T ended with code ${code}: ${words.trim().slice(0, 200)}`);
    const settings = parseSshd(out);
    if (!settings.has("permitrootlogin")) return notRun("sshd -T does not name its settings");
    const findings = [...judgeSshd(settings), ...await looseBlocks({ read, list })];
    return { kind: "ran", looked: "settings of sshd on this machine", findings };
  },
};

/** What `Match` blocks let in, which `sshd -T` does not show. */
export async function looseBlocks(
  { read, list }: Pick<ScanContext, "read" | "list">,
): Promise<readonly Finding[]> {
  const { file, folder } = SSHD_PLACES;
  const names = (await list(folder)).filter((name) => /^[^.].*\.conf$/.test(name));
  const found: Finding[] = [];
  for (const path of [file, ...names.toSorted().map((name) => `${folder}/${name}`)]) {
    for (const { block, name, value } of loosenedIn(await read(path) ?? "")) {
      found.push({
        check: "sshd",
        id: `match-${name}`,
        severity: "critical",
        what: `${name} is ${value} for some (${block}): they need no key`,
        where: path,
        remedy: "take it out of that file: sshd -T does not show what holds for some alone",
      });
    }
  }
  return found;
}

/** Settings by name; of several lines the first. */
export function parseSshd(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name = "", value = ""] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    const key = name.toLowerCase();
    if (key !== "" && !settings.has(key)) settings.set(key, value.trim());
  }
  return settings;
}

/** Settings that are not as they should be; one that sshd does not know is left out. */
export function judgeSshd(settings: ReadonlyMap<string, string>): readonly Finding[] {
  return TABLE.flatMap(({ name, severity, is, words, why }): readonly Finding[] => {
    const value = settings.get(name);
    if (value === undefined || is(value)) return [];
    return [{
      check: "sshd",
      id: name,
      severity,
      what: `${name} is ${value.slice(0, 120)}, expected ${words}: ${why}`,
      where: "sshd",
      remedy:
        "deno task host apply writes the drop-in; sshd -T says what holds, files in sshd_config.d which first",
    }];
  });
}
