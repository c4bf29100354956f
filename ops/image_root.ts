/**
 * Puts the image together while it is built: three folders that become its layers, what changes least in the first one,
 * and the list of what it is made of. The Dockerfile runs it in the project's folder.
 *
 * @module
 */

import {
  type LockFile,
  type ModuleInfo,
  neededPackages,
  type NpmPackage,
  packageId,
} from "./lib/image/packages.ts";
import { sbomText } from "./lib/image/sbom.ts";
import { HELD, laySystem } from "./lib/image/system.ts";
import { copyTree, settleTree } from "./lib/image/tree.ts";

/** Where the list of what the image is made of lies in it. */
const SBOM_PATH = "/usr/share/wattpost/sbom.cdx.json";

const PROJECT = "/app";
const CACHE = "/deno-dir";
const REGISTRY = "npm/registry.npmjs.org";

/** What tells programs that are written about code, not code. */
const UNUSED = /\.(?:d\.[cm]?ts|map)$/;

function ask(program: string, args: readonly string[]): string {
  const { code, stdout, stderr } = new Deno.Command(program, { args: [...args], stdin: "null" }).outputSync();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${err.trim()}`);
  return out;
}

function readJson<T>(path: string): T {
  return JSON.parse(Deno.readTextFileSync(path));
}

/**
 * What runs in the image: the product, what asks whether it works, and the tasks that need its settings and database.
 * The other files of `ops` are there for a host that takes its sources from the image.
 */
function programs(): readonly string[] {
  const { tasks } = readJson<{ tasks: Readonly<Record<string, { readonly command?: string }>> }>(
    `${PROJECT}/deno.json`,
  );
  const ops = Object.values(tasks).flatMap(({ command = "" }) =>
    /^deno task -q ops .*?(ops\/\w+\.ts)$/.exec(command)?.[1] ?? []
  );
  return ["_fresh/server.js", "ops/alive.ts", "ops/smoke.ts", ...ops];
}

/** Copies packages; of those that only tests import, Deno asks for nothing but the folder. */
function layPackages(
  folder: string,
  needed: readonly NpmPackage[],
  locked: readonly string[],
): ReadonlyMap<string, string> {
  const licences = new Map<string, string>();
  const ids = new Set(needed.map(packageId));
  for (const key of locked) {
    const [, name = "", version = ""] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
    const path = `${CACHE}/${REGISTRY}/${name}/${version}`;
    const id = `${name}@${version}`;
    Deno.mkdirSync(`${folder}${path}`, { recursive: true });
    if (!ids.has(id)) continue;
    copyTree(path, `${folder}${path}`, (file) => !UNUSED.test(file));
    const { license } = readJson<{ license?: unknown }>(`${path}/package.json`);
    if (typeof license === "string") licences.set(id, license);
  }
  return licences;
}

function main(out: string): void {
  const lock = readJson<LockFile>(`${PROJECT}/deno.lock`);
  // What Deno makes of the sources is kept, so that nothing has to be made anew at each start.
  ask("deno", ["install", "--quiet", "--frozen", "--entrypoint", ...programs()]);
  const infos = programs().map((file): ModuleInfo => JSON.parse(ask("deno", ["info", "--json", file])));
  const needed = neededPackages(infos, lock);
  const debian = laySystem(`${out}/system`, ask);
  const licences = layPackages(`${out}/packages`, needed, Object.keys(lock.npm ?? {}));
  copyTree(PROJECT, `${out}/app${PROJECT}`);
  copyTree(`${CACHE}/gen`, `${out}/app${CACHE}/gen`);
  const [, distribution = ""] = /^VERSION_ID="(\d+)"$/m.exec(Deno.readTextFileSync("/usr/lib/os-release")) ??
    [];
  const { version } = readJson<{ version: string }>(`${PROJECT}/deno.json`);
  const text = sbomText({ version, deno: Deno.version.deno, distribution, debian, npm: needed, licences });
  Deno.mkdirSync(`${out}/app/usr/share/wattpost`, { recursive: true });
  Deno.writeTextFileSync(`${out}/app${SBOM_PATH}`, text);
  for (const layer of ["system", "packages", "app"]) settleTree(`${out}/${layer}`, HELD);
  console.log(`${needed.length} packages of npm, ${debian.length} of Debian`);
}

if (import.meta.main) main(Deno.args[0] ?? "/image");
