/**
 * The firewall of a host as a whole: what of it is not as described, and how it is made so, guarded by a timer that
 * brings the former one back.
 *
 * @module
 */

import type { HostDescription } from "./description.ts";
import {
  filesWithout,
  foreignRules,
  shippedPath,
  type Texts,
  UFW_FILES,
  UFW_PATHS,
  wantedFiles,
  withoutForeign,
} from "./firewall_files.ts";
import { arm, forgetChanges, restore, type Restorer, standsStill } from "./firewall_rollback.ts";
import { clearChains, LOAD_COMMAND, loadRules, runningDrift } from "./firewall_running.ts";
import { lineDiff } from "./line_diff.ts";
import { type Drift, type Host, HostError } from "./step.ts";

/** Name under which UFW's files are kept as they were before Wattpost. */
export const KEPT_AS = "firewall before";

const RULES_MODE = 0o640;
const SETTINGS_MODE = 0o644;

/** UFW's files as they are; one that is missing as UFW ships it. `null`: UFW is not installed. */
export async function readUfwTexts(on: Host): Promise<Texts | null> {
  if (await on.stat("/usr/sbin/ufw") === null) return null;
  const texts: [string, string][] = [];
  for (const path of UFW_PATHS) {
    const shipped = shippedPath(path);
    const text = await on.read(path) ?? (shipped === null ? null : await on.read(shipped));
    if (text === null) {
      throw new HostError(
        `Cannot read "${path}", which is part of UFW: bring it back by ` +
          "`apt-get install --reinstall -o Dpkg::Options::=--force-confmiss ufw`",
      );
    }
    texts.push([path, text]);
  }
  return Object.fromEntries(texts);
}

/** What of the firewall is not as described: files, rules of others, and the rules that run. */
export async function firewallDrift(on: Host, described: HostDescription): Promise<readonly Drift[]> {
  const now = await readUfwTexts(on);
  if (now === null) {
    return [{ what: "UFW", is: "not installed", expected: "as described", does: [LOAD_COMMAND] }];
  }
  const files = await fileDrift(on, described, now);
  return [...foreignDrift(now), ...files, ...await runningDrift(on)];
}

function foreignDrift(now: Texts): readonly Drift[] {
  return foreignRules(now).filter(({ stays }) => !stays).map(({ family, rule, comment }) => ({
    what: `UFW rule "${rule}" of ${family === "ipv4" ? "IPv4" : "IPv6"}`,
    is: comment === "" ? "added by somebody" : `added by somebody: ${comment}`,
    expected: "absent, or with a comment that begins with keep",
    does: [`take out ${rule}`],
  }));
}

async function fileDrift(on: Host, described: HostDescription, now: Texts): Promise<readonly Drift[]> {
  const found: Drift[] = [];
  for (const [path, text] of Object.entries(wantedFiles(described, now))) {
    const is = await on.read(path);
    const old = is === null ? null : withoutForeign(path, is);
    if (old === text) continue;
    found.push({
      what: path,
      is: old === null ? "missing" : "not as described",
      expected: "as described",
      does: [`write ${path}`, ...lineDiff(old ?? "", text, path), LOAD_COMMAND],
    });
  }
  return found;
}

/** How a change is guarded. */
export interface Guard {
  /** Seconds after which the former state comes back. */
  readonly withinS: number;
  /** The present instant, ISO 8601. */
  readonly at: string;
  /** What brings it back. */
  readonly restorer: Restorer;
}

/** Makes the firewall as described; from now on the change waits to be confirmed. */
export async function changeFirewall(on: Host, described: HostDescription, guard: Guard): Promise<void> {
  const now = await readUfwTexts(on);
  if (now === null) throw new HostError("Cannot set the firewall: UFW is not installed");
  await on.kept.set(KEPT_AS, now, { once: true });
  await arm(on, guard);
  try {
    for (const [path, text] of Object.entries(wantedFiles(described, now))) {
      if (await on.read(path) !== text) await writeUfwFile(on, path, text);
    }
    await loadRules(on);
  } catch (error) {
    await restore(on, { boot: false });
    throw error;
  }
  if (!await standsStill(on)) {
    throw new HostError(
      `Setting the firewall took longer than ${guard.withinS} s, so the former one is back`,
    );
  }
}

async function writeUfwFile(on: Host, path: string, text: string): Promise<void> {
  const there = await on.stat(path);
  const isSetting = path === UFW_FILES.defaults || path === UFW_FILES.settings;
  const mode = there?.mode ?? (isSetting ? SETTINGS_MODE : RULES_MODE);
  await on.write(path, { text, mode, owner: there?.owner ?? "root:root" });
}

/** Takes our part out of UFW's files and of the rules that run; UFW itself is on or off as it was before. */
export async function removeFirewall(on: Host): Promise<void> {
  const before = await on.kept.get(KEPT_AS) as Texts | undefined;
  if (before === undefined) return;
  const now = await readUfwTexts(on);
  if (now !== null) {
    const without = filesWithout(now, before);
    for (const [path, text] of Object.entries(without)) {
      if (await on.read(path) !== text) await writeUfwFile(on, path, text);
    }
    if (/^ENABLED=yes/m.test(without[UFW_FILES.settings] ?? "")) await loadRules(on);
    else await on.must(["ufw", "disable"]);
    await clearChains(on);
  }
  await forgetChanges(on);
  await on.kept.remove(KEPT_AS);
}
