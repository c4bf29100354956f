/**
 * Packages of the distribution: installed where missing; taken away are only those that were missing, with what came
 * along for them, and never what somebody else's package needs.
 *
 * @module
 */

import { commandText } from "./kit_reactions.ts";
import { type CommandEnd, type CommandOptions, type Host, HostError, type Part } from "./step.ts";

const INSTALL_MS = 20 * 60_000;
const UPDATE_MS = 5 * 60_000;
/** Longest wait for another apt that runs, such as unattended upgrades, in seconds. */
const LOCK_SECONDS = 300;

/** Seconds between two looks whether the lists are free. */
const LOOK_SECONDS = 3;
const LISTS_LOCK = /Could not get lock \/var\/lib\/apt\/lists\//;

/** What is kept of a package that was not there. */
interface KeptPackage {
  /** The package of ours for which it came along; its own name where it was asked for. */
  readonly for: string;
}

const APT_GET = [
  "apt-get",
  "-q",
  "-y",
  "-o",
  `DPkg::Lock::Timeout=${LOCK_SECONDS}`,
  "-o",
  "Dpkg::Options::=--force-confdef",
  "-o",
  "Dpkg::Options::=--force-confold",
] as const;
const QUIET = { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "l", APT_LISTCHANGES_FRONTEND: "none" };

/** Distribution packages, installed where missing; undone are only those that were missing. */
export function packages(names: readonly string[]): Part {
  return {
    keeps: names.map(packageName),
    async check(on) {
      const missing = await missingOf(on, names);
      const command = commandText(["apt-get", "install", "--no-install-recommends", ...missing.keys()]);
      return [...missing].map(([name, is]) => ({
        what: `package ${name}`,
        is,
        expected: "installed",
        does: [command],
      }));
    },
    async apply(on) {
      const missing = [...(await missingOf(on, names)).keys()];
      if (missing.length > 0) await install(on, missing);
    },
    async undo(on) {
      await removePackages(on, names);
    },
  };
}

/** The name under which a package is kept. */
export function packageName(name: string): string {
  return `package ${name}`;
}

/** The packages that are not installed, and how they are. */
async function missingOf(on: Host, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const missing = new Map<string, string>();
  if (names.length === 0) return missing;
  const { out } = await on.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", ...names]);
  const states = new Map(out.split("\n").map((line) => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""]));
  for (const name of names) {
    const state = states.get(name) ?? "";
    if (!/^.i/.test(state)) missing.set(name, "not installed");
    if (/^.[^in]/.test(state)) missing.set(name, STATES[state[1] ?? ""] ?? "not installed");
  }
  return missing;
}

/** The second letter of dpkg's states. */
const STATES: Readonly<Record<string, string>> = {
  c: "not installed",
  H: "half installed",
  U: "unpacked, not configured",
  F: "half configured",
  W: "waits for triggers of others",
  t: "waits for triggers of its own",
};

/** Installs packages, and keeps beforehand which ones come along with them. */
async function install(on: Host, missing: readonly string[]): Promise<void> {
  await finishDpkg(on);
  if (!await areListsFresh(on)) await updateLists(on);
  let planned = await simulate(on, missing);
  if (planned.code !== 0) {
    await updateLists(on);
    planned = await simulate(on, missing);
  }
  if (planned.code !== 0) throw refused(missing, planned);
  const added: string[] = [];
  for (const name of namesAfter("Inst", planned.out)) {
    if (await isInstalled(on, name)) continue; // an upgrade of what is there
    const kept: KeptPackage = { for: missing.includes(name) ? name : missing[0] ?? name };
    await on.kept.set(packageName(name), kept, { once: true });
    added.push(name);
  }
  const command = [...APT_GET, "install", "--no-install-recommends", "--", ...missing] as const;
  let end = await on.run(command, { env: QUIET, deadlineMs: INSTALL_MS });
  if (end.code !== 0) {
    await updateLists(on); // the mirror may have newer ones than the lists say
    end = await on.run(command, { env: QUIET, deadlineMs: INSTALL_MS });
  }
  if (end.code === 0) return;
  // What is not there is not ours, should somebody else install it later.
  for (const name of added) if (!await isInstalledOrLeft(on, name)) await on.kept.remove(packageName(name));
  throw refused(missing, end);
}

/** Whether there are lists that were read within a day; their own times are the mirror's. */
async function areListsFresh(on: Host): Promise<boolean> {
  const read = ["-name", "partial", "-mmin", "-1440", "-o", "-name", "*_Packages*"];
  const { out } = await on.run(["find", "/var/lib/apt/lists", "-maxdepth", "1", ...read]);
  return /\/partial$/m.test(out) && /_Packages/.test(out);
}

async function updateLists(on: Host): Promise<void> {
  for (let tries = 1;; tries++) {
    const { code, out, err } = await on.run([...APT_GET, "update"], { env: QUIET, deadlineMs: UPDATE_MS });
    if (code === 0) return;
    // apt waits for dpkg's lock but not for that of the lists: an update that lives on after a kill has it.
    const isBusy = LISTS_LOCK.test(err) && tries < LOCK_SECONDS / LOOK_SECONDS;
    if (!isBusy) throw new HostError(`Cannot read the package source: ${lastWords({ out, err })}`);
    await on.run(["sleep", String(LOOK_SECONDS)]);
  }
}

function simulate(on: Host, names: readonly string[]): Promise<CommandEnd> {
  return on.run(["apt-get", "-q", "-s", "install", "--no-install-recommends", "--", ...names], options());
}

/** What a killed run of dpkg left half done is finished first, once nobody is at it any more. */
async function finishDpkg(on: Host): Promise<void> {
  const isHalfDone = async () => (await on.run(["dpkg", "--audit"])).out.trim() !== "";
  if (!await isHalfDone()) return;
  await on.run([...APT_GET, "check"], { env: QUIET, deadlineMs: 2 * LOCK_SECONDS * 1_000 }); // waits for the lock
  if (!await isHalfDone()) return;
  const command = ["dpkg", "--force-confdef", "--force-confold", "--configure", "-a"] as const;
  await on.must(command, { env: QUIET, deadlineMs: INSTALL_MS });
}

async function isInstalled(on: Host, name: string): Promise<boolean> {
  return (await missingOf(on, [name])).size === 0;
}

/** Removes packages that were missing before, and what came along with them and nobody needs any more. */
export async function removePackages(on: Host, names: readonly string[]): Promise<void> {
  const ours: string[] = [];
  for (const name of names) if (await on.kept.get(packageName(name)) !== undefined) ours.push(name);
  if (ours.length === 0) return;
  await finishDpkg(on);
  const added = (await on.kept.list(packageName(""))).map((name) => name.slice(packageName("").length));
  await purge(on, await freeOf(on, ours, added));
  for (const name of ours) await on.kept.remove(packageName(name));
  const along: string[] = [];
  for (const name of added.filter((one) => !ours.includes(one))) {
    const kept = await on.kept.get(packageName(name)) as KeptPackage | undefined;
    if (kept && kept.for !== name) along.push(name);
  }
  const unneeded = namesAfter("Remv", (await on.run(["apt-get", "-q", "-s", "autoremove"], options())).out);
  await purge(on, await freeOf(on, along.filter((name) => unneeded.includes(name)), added));
  for (const name of along) {
    if (unneeded.includes(name) || !await isInstalled(on, name)) await on.kept.remove(packageName(name));
  }
}

/** Those whose removal takes nothing along that others put there. */
async function freeOf(
  on: Host,
  names: readonly string[],
  added: readonly string[],
): Promise<readonly string[]> {
  const there: string[] = [];
  for (const name of names) if (await isInstalledOrLeft(on, name)) there.push(name);
  if (there.length === 0) return [];
  const foreign = async (some: readonly string[]) => {
    const { out } = await on.run(["apt-get", "-q", "-s", "purge", "--", ...some], options());
    return [...namesAfter("Remv", out), ...namesAfter("Purg", out)].some((name) => !added.includes(name));
  };
  if (!await foreign(there)) return there;
  const free: string[] = [];
  for (const name of there) if (!await foreign([name])) free.push(name);
  return free;
}

async function isInstalledOrLeft(on: Host, name: string): Promise<boolean> {
  const { code, out } = await on.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}", name]);
  return code === 0 && !/^.n/.test(out);
}

async function purge(on: Host, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const end = await on.run([...APT_GET, "purge", "--", ...names], { env: QUIET, deadlineMs: INSTALL_MS });
  if (end.code !== 0) throw new HostError(`Cannot remove ${names.join(" ")}: ${lastWords(end)}`);
}

function options(): CommandOptions {
  return { env: QUIET, deadlineMs: UPDATE_MS };
}

/** The packages of a simulation's lines that begin so: `Inst nginx (1.22.1-9 …)`. */
function namesAfter(word: "Inst" | "Remv" | "Purg", output: string): readonly string[] {
  const lines = output.split("\n").filter((line) => line.startsWith(`${word} `));
  return [...new Set(lines.map((line) => line.split(" ")[1]?.replace(/:\w+$/, "") ?? ""))];
}

function refused(names: readonly string[], end: Pick<CommandEnd, "out" | "err">): HostError {
  return new HostError(`Cannot install ${names.join(" ")}: ${lastWords(end)}`);
}

function lastWords({ out, err }: Pick<CommandEnd, "out" | "err">): string {
  const lines = `${out}\n${err}`.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const errors = lines.filter((line) => /^(E|Err|W):/.test(line));
  return (errors.length > 0 ? errors.slice(0, 3) : lines.slice(-2)).join("; ");
}
