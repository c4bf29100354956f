/**
 * Hosts to be scanned: the real product behind the real nginx on ports 80 and 443 of a network namespace, where nothing
 * else listens and nobody else is met.
 *
 * @module
 */

import { join } from "node:path";
import { parseScanReport, type ScanReport } from "../../lib/domain/scan.ts";
import { isCi } from "../../ops/lib/test_suites.ts";
import { CANNOT as NGINX_CANNOT, DOMAIN, type NginxScene, signIn } from "./nginx_scene.ts";
import { type Argv, must, run, type RunEnd, until } from "./run.ts";

const PROJECT = new URL("../..", import.meta.url).pathname;

const PROGRAMS = ["/usr/bin/nmap", "/usr/bin/testssl", "/usr/bin/wapiti"];

/** Whether scans are skipped: without their programs, and without root. */
export const CANNOT = NGINX_CANNOT || !isCi(Deno.env.get("CI")) && !PROGRAMS.every(there);

/** Limits under which a scan sees pages rather than refusals. */
export const WIDE = { pagesPerSecond: 1_000, exportsPerMinute: 1_000, connectionsPerAddress: 500 } as const;

/** Longest that one scan may take in ms. */
const SCAN_MS = 300_000;

/** How a scan went. */
export interface Scan {
  readonly code: number;
  readonly report: ScanReport;
  /** All that was printed. */
  readonly out: string;
}

/** A host that is scanned. */
export interface ScannedHost {
  /** Runs `deno task scan` in its namespace. */
  scan(only: readonly string[], args?: readonly string[]): Promise<Scan>;
  /** Runs a program in its namespace. */
  run(argv: Argv, input?: string): Promise<RunEnd>;
  /** Programs that run in its namespace now. */
  running(): Promise<readonly Running[]>;
}

/** A program that runs. */
export interface Running {
  readonly pid: number;
  readonly argv: readonly string[];
}

/** How a host differs from one that was set up well. */
export interface HostOptions {
  readonly what: string;
  /** From `writeCookie()`. */
  readonly cookieFile: string;
  /** Changes nginx's text. */
  readonly change?: (config: string) => string;
}

/** Signs in and writes the session's cookie into a file as a scan reads it; its path. */
export async function writeCookie(scene: NginxScene): Promise<string> {
  const [cookie = ""] = (await signIn(scene, "127.0.0.2")).split(";");
  const path = join(scene.folder, "cookie");
  await Deno.writeTextFile(path, cookie, { mode: 0o600 });
  return path;
}

/** Starts a host before the product of a scene, gives it to a function, and takes it away. */
export async function withScannedHost(
  scene: NginxScene,
  { what, cookieFile, change = (config) => config }: HostOptions,
  body: (host: ScannedHost) => Promise<void>,
): Promise<void> {
  const space = `wpscan-${Deno.pid}-${what}`;
  const config = join(scene.folder, `${what}.conf`);
  await Deno.writeTextFile(config, change(await textOn80(scene, what)));
  const inside: Argv = ["ip", "netns", "exec", space];
  const within = (argv: Argv, input = "") =>
    run([...inside, ...argv], { cwd: PROJECT, deadlineMs: SCAN_MS, input });
  await must(["ip", "netns", "add", space]);
  try {
    await must(["ip", "-n", space, "link", "set", "lo", "up"]);
    const nginx = new Deno.Command("ip", {
      args: [...inside.slice(1), "nginx", "-p", scene.folder, "-c", config, "-g", "daemon off;"],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    try {
      const asked: Argv = ["curl", "--silent", "--fail", "--cacert", scene.ca, `https://${DOMAIN}/livez`];
      await until("nginx answers", async () => (await within(asked)).code === 0 ? true : undefined);
      const to = join(scene.folder, `${what}.json`);
      const known = ["--target", `${DOMAIN}:443`, "--ca-file", scene.ca, "--cookie-file", cookieFile];
      await body({
        run: within,
        scan: async (only, args = []) => {
          const checks = only.flatMap((name) => ["--only", name]);
          const words = [...checks, ...known, "--to", to, ...args];
          return await scanned(to, await within([Deno.execPath(), "task", "--quiet", "scan", ...words]));
        },
        running: () => runningIn(space),
      });
    } finally {
      nginx.kill("SIGTERM");
      await nginx.status;
    }
  } finally {
    await must(["ip", "netns", "delete", space]);
  }
}

/** The scene's text of nginx on the usual ports; the product goes on to know those of the scene as its own. */
async function textOn80({ folder, options }: NginxScene, what: string): Promise<string> {
  const { ports, paths } = options;
  const listens = (port: number) => new RegExp(`(?<before>listen (?:\\[::\\]:)?)${port}\\b`, "g");
  const text = (await Deno.readTextFile(join(folder, "nginx.conf")))
    .replaceAll(listens(ports.https), "$<before>443")
    .replaceAll(listens(ports.http), "$<before>80");
  return text.replace(paths.pid, join(folder, `${what}.pid`));
}

async function scanned(path: string, { code, out, err }: RunEnd): Promise<Scan> {
  const text = await Deno.readTextFile(path).catch(() => "");
  const read = parseScanReport(text);
  if (!read.ok) throw new Error(`The scan has no report: ${read.error}\n${out}${err}`);
  return { code, report: read.value, out: `${out}${err}` };
}

async function runningIn(space: string): Promise<readonly Running[]> {
  const pids = (await must(["ip", "netns", "pids", space])).split("\n").filter((pid) => pid !== "");
  return await Promise.all(pids.map(async (pid) => {
    const { out } = await run(["cat", `/proc/${pid}/cmdline`]);
    return { pid: Number(pid), argv: out.split("\0") };
  }));
}

function there(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
