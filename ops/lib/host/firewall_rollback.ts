/**
 * A change of the firewall that goes back by itself unless somebody confirms it: what was there is kept first, then a
 * timer is armed that does not hang on the connection over which the change is made. Whoever takes the kept state
 * first, the confirmation or the timer, has it alone.
 *
 * @module
 */

import { dirname } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { UFW_PATHS } from "./firewall_files.ts";
import { FAMILIES, type Family } from "./firewall_rules.ts";
import { IPTABLES, LOCK_S, parseSaved } from "./firewall_running.ts";
import { PATHS } from "./layout.ts";
import { type FileText, type Host, HostError } from "./step.ts";

/** Seconds to confirm in, unless told. */
export const USUAL_WITHIN_S = 60;

/** Fewest and most seconds to confirm in. */
export const WITHIN_S = { least: 20, most: 3_600 } as const;

/** How the timer calls what brings the former state back. */
export interface Restorer {
  /** A program and its arguments, with absolute paths. */
  readonly argv: readonly [string, ...string[]];
}

/** The former state. */
export interface Former {
  /** When it was kept, ISO 8601. */
  readonly at: string;
  /** Seconds after which it comes back. */
  readonly withinS: number;
  /** UFW's files; `null`: there was none. */
  readonly files: Readonly<Record<string, FileText | null>>;
  /** The filter as iptables-save wrote it. */
  readonly filters: Readonly<Record<Family, string>>;
}

/** How the confirmation of a change stands. */
export type RollbackState =
  | { readonly kind: "none" }
  /** It waits to be confirmed. */
  | { readonly kind: "waiting"; readonly former: Former }
  /** The former state is coming back just now, or its coming back was cut short. */
  | { readonly kind: "restoring" };

/** Longest time in ms that bringing the former state back takes. */
const RESTORING_MS = 60_000;
const LOOK_MS = 200;
const FOLDER = `${PATHS.state}/firewall`;
const WAITING = `${FOLDER}/waiting.json`;
const RESTORING = `${FOLDER}/restoring.json`;
/** What was brought back last, until the next change. */
export const RESTORED = `${FOLDER}/restored.json`;
const CONFIRMED = `${FOLDER}/confirmed.json`;
/** Where the process stands that waits, where there is no systemd. */
export const PID_FILE = "/run/wattpost-firewall-rollback.pid";
const TIMER = "wattpost-firewall-rollback";
const BOOT_UNIT = "wattpost-firewall-boot.service";
const BOOT_PATH = `/etc/systemd/system/${BOOT_UNIT}`;

/** How it stands. */
export async function rollbackState(on: Host): Promise<RollbackState> {
  if (await on.stat(RESTORING) !== null) return { kind: "restoring" };
  const former = await readFormer(on, WAITING);
  return former === null ? { kind: "none" } : { kind: "waiting", former };
}

/** Keeps the present state and arms the timer that brings it back. */
export async function arm(
  on: Host,
  { withinS, at, restorer }: { readonly withinS: number; readonly at: string; readonly restorer: Restorer },
): Promise<void> {
  const { kind } = await rollbackState(on);
  if (kind !== "none") {
    throw new HostError(
      "Cannot change the firewall: another change waits. `deno task firewall confirm` keeps it, " +
        "`deno task firewall rollback` takes it back",
    );
  }
  const files: [string, FileText | null][] = [];
  for (const path of UFW_PATHS) files.push([path, await fileAt(on, path)]);
  const filters = { ipv4: await savedFilter(on, "ipv4"), ipv6: await savedFilter(on, "ipv6") };
  const former: Former = { at, withinS, files: Object.fromEntries(files), filters };
  await on.must(["mkdir", "-p", "-m", "700", "--", FOLDER]);
  await on.must(["rm", "-f", "--", RESTORED, CONFIRMED]);
  await on.write(WAITING, { text: JSON.stringify(former), mode: 0o600, owner: "root:root" });
  await startTimer(on, withinS, restorer);
}

/** Whether systemd runs this host. */
async function hasSystemd(on: Host): Promise<boolean> {
  return (await on.stat("/run/systemd/system"))?.kind === "folder";
}

async function startTimer(on: Host, withinS: number, { argv }: Restorer): Promise<void> {
  const [program, ...args] = argv;
  if (await hasSystemd(on)) {
    await on.run(["systemctl", "stop", `${TIMER}.timer`]);
    await on.run(["systemctl", "reset-failed", `${TIMER}.service`]);
    // After a power cut the timer is gone: then the former files come back before UFW loads them.
    await on.write(BOOT_PATH, { text: bootUnit(argv), mode: 0o644, owner: "root:root" });
    await on.must(["systemctl", "daemon-reload"]);
    await on.must(["systemctl", "enable", BOOT_UNIT]);
    await on.must([
      "systemd-run",
      `--unit=${TIMER}`,
      "--description=Brings the former firewall back unless the new one is confirmed",
      `--on-active=${withinS}s`,
      "--timer-property=AccuracySec=1s",
      "--setenv=HOME=/root",
      program,
      ...args,
    ]);
    return;
  }
  await on.must([
    ...["start-stop-daemon", "--start", "--background", "--make-pidfile", "--pidfile", PID_FILE] as const,
    ...["--startas", program, "--", ...args, "--after", String(withinS)],
  ]);
}

function bootUnit(argv: readonly string[]): string {
  return `[Unit]
Description=Brings the former firewall back after a start, as the new one was never confirmed
DefaultDependencies=no
ConditionPathExists=|${WAITING}
ConditionPathExists=|${RESTORING}
After=local-fs.target
Before=ufw.service

[Service]
Type=oneshot
Environment=HOME=/root
ExecStart=${[...argv, "--boot"].join(" ")}

[Install]
WantedBy=sysinit.target
`;
}

/** Keeps the change for good; `false`: it was too late, the former state is back. */
export async function confirm(on: Host): Promise<boolean> {
  if ((await on.run(["mv", "-T", "--", WAITING, CONFIRMED])).code !== 0) return false;
  await disarm(on);
  await on.must(["rm", "-f", "--", CONFIRMED]);
  return true;
}

/** What is brought back, and how. */
export interface RestoreOptions {
  /** At a start of the host UFW has not loaded its files yet: then they are enough. */
  readonly boot: boolean;
}

/** Brings the former state back; `false`: there is none that waits. May be killed and called again. */
export async function restore(on: Host, { boot }: RestoreOptions): Promise<boolean> {
  const took = await on.run(["mv", "-T", "--", WAITING, RESTORING]);
  const former = await readFormer(on, RESTORING);
  if (former === null) return took.code === 0;
  await putBack(on, former, { boot });
  await on.must(["mv", "-T", "--", RESTORING, RESTORED]);
  await disarm(on);
  return true;
}

/**
 * To be called once a change is made: where the timer was faster, its work is done again, as the change went on
 * meanwhile. `true`: the change stands, and waits unless somebody confirmed it already.
 */
export async function standsStill(on: Host): Promise<boolean> {
  const endMs = systemClock.monotonicMs() + RESTORING_MS;
  while (await on.stat(RESTORING) !== null && systemClock.monotonicMs() < endMs) {
    await systemClock.sleep(LOOK_MS);
  }
  const former = await on.stat(WAITING) === null ? await readFormer(on, RESTORED) : null;
  if (former === null) return true;
  await putBack(on, former, { boot: false });
  return false;
}

async function putBack(on: Host, { files, filters }: Former, { boot }: RestoreOptions): Promise<void> {
  for (const [path, file] of Object.entries(files)) {
    if (file === null) await on.must(["rm", "-f", "--", path]);
    else if (await on.stat(dirname(path)) !== null) await on.write(path, file);
  }
  if (boot) return;
  for (const family of FAMILIES) {
    const { restore, save } = IPTABLES[family];
    const running = await on.run([save, "-t", "filter"]);
    if (running.code !== 0) continue; // there is no such filter here
    await on.must([restore, "-w", LOCK_S], { input: wholeFilter(filters[family]) });
  }
}

/** A filter to load as a whole; where there was none, everything is let through as the kernel does. */
export function wholeFilter(saved: string): string {
  if (parseSaved(saved).size > 0) return saved;
  return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";
}

/** Forgets everything of changes, also what a kill left behind. */
export async function forgetChanges(on: Host): Promise<void> {
  await disarm(on);
  await on.must(["rm", "-rf", "--", FOLDER]);
}

// The timer may be what calls us: stopping it does not stop the service it started.
async function disarm(on: Host): Promise<void> {
  if (!await hasSystemd(on)) {
    await on.run(["start-stop-daemon", "--stop", "--oknodo", "--pidfile", PID_FILE, "--signal", "TERM"]);
    await on.must(["rm", "-f", "--", PID_FILE]);
    return;
  }
  await on.run(["systemctl", "stop", `${TIMER}.timer`]);
  await on.run(["systemctl", "disable", BOOT_UNIT]);
  await on.must(["rm", "-f", "--", BOOT_PATH]);
  await on.run(["systemctl", "daemon-reload"]);
}

async function readFormer(on: Host, path: string): Promise<Former | null> {
  const text = await on.read(path);
  return text === null ? null : JSON.parse(text) as Former;
}

async function fileAt(on: Host, path: string): Promise<FileText | null> {
  const there = await on.stat(path);
  const text = there?.kind === "file" ? await on.read(path) : null;
  return there === null || text === null ? null : { text, mode: there.mode, owner: there.owner };
}

async function savedFilter(on: Host, family: Family): Promise<string> {
  const { code, out } = await on.run([IPTABLES[family].save, "-t", "filter"]);
  return code === 0 ? out : "";
}
