/**
 * Installs what the tests need and a machine lacks: packages of Debian or Ubuntu, where we may.
 *
 * @module
 */
import { type ProcessOptions, runProcess } from "./process.ts";

/** A program or file that tests need, and the package that brings it. */
export interface TestTool {
  /** Files of which one is enough. */
  readonly files: readonly string[];
  /** Package of Debian and Ubuntu. */
  readonly package: string;
}

/** What the tests need besides Deno and npm packages. `CHROMIUM` names another browser. */
export const TEST_TOOLS: readonly TestTool[] = [
  { package: "mariadb-server-core", files: ["/usr/sbin/mariadbd"] },
  { package: "mariadb-client-core", files: ["/usr/bin/mariadb"] },
  { package: "mmdebstrap", files: ["/usr/bin/mmdebstrap"] },
  { package: "chromium", files: ["/usr/bin/chromium"] },
  { package: "python3-pymodbus", files: ["/usr/lib/python3/dist-packages/pymodbus"] },
  { package: "mbpoll", files: ["/usr/bin/mbpoll"] },
  { package: "docker.io", files: ["/usr/sbin/dockerd", "/usr/bin/dockerd"] },
  { package: "docker-compose", files: ["/usr/bin/docker-compose"] },
  { package: "age", files: ["/usr/bin/age"] },
  { package: "restic", files: ["/usr/bin/restic"] },
  { package: "iptables", files: ["/usr/sbin/iptables"] },
  { package: "nmap", files: ["/usr/bin/nmap"] },
  { package: "fail2ban", files: ["/usr/bin/fail2ban-server"] },
  { package: "nftables", files: ["/usr/sbin/nft"] },
  { package: "nginx", files: ["/usr/sbin/nginx"] },
  { package: "curl", files: ["/usr/bin/curl"] },
  { package: "wrk", files: ["/usr/bin/wrk"] },
  { package: "testssl.sh", files: ["/usr/bin/testssl"] },
  { package: "wapiti", files: ["/usr/bin/wapiti"] },
  { package: "ufw", files: ["/usr/sbin/ufw"] },
  { package: "wireguard-tools", files: ["/usr/bin/wg"] },
  { package: "wireguard-go", files: ["/usr/bin/wireguard-go"] },
  { package: "certbot", files: ["/usr/bin/certbot"] },
  { package: "pebble", files: ["/usr/bin/pebble-challtestsrv"] },
  { package: "faketime", files: ["/usr/bin/faketime"] },
  { package: "fonts-inter", files: ["/usr/share/fonts/opentype/inter", "/usr/share/fonts/truetype/inter"] },
];

const UPDATE_MS = 120_000;
const INSTALL_MS = 600_000;

/** The packages whose files are not here. */
export async function missingPackages(tools: readonly TestTool[]): Promise<readonly string[]> {
  const there = (path: string) => Deno.stat(path).then(() => true, () => false);
  const missing = await Promise.all(tools.map(async (tool) => {
    return (await Promise.all(tool.files.map(there))).includes(true) ? undefined : tool.package;
  }));
  return missing.filter((name) => name !== undefined);
}

/** Installs packages; what went wrong in words, or undefined. Only root may. */
export async function installPackages(packages: readonly string[]): Promise<string | undefined> {
  if (packages.length === 0) return undefined;
  if (Deno.uid() !== 0) return `not root, so these are not installed: ${packages.join(" ")}`;
  const apt = async (args: readonly string[], deadlineMs: number): Promise<string | undefined> => {
    const options: ProcessOptions = {
      program: "apt-get",
      args: ["-q", "-y", "-o", "DPkg::Lock::Timeout=120", ...args],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      deadlineMs,
    };
    const { code, output } = await runProcess(options).catch(() => ({
      code: 1,
      output: "there is no apt-get",
    }));
    return code === 0 ? undefined : `apt-get ${args[0]} failed: ${output.trim().split("\n").at(-1)}`;
  };
  return await apt(["update"], UPDATE_MS) ??
    await apt(["install", "--no-install-recommends", ...packages], INSTALL_MS);
}
