/**
 * Finds what a project is made of: route files, islands, static files, the client entry.
 *
 * @module
 */

import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Snapshot } from "./server.ts";

/** More files than this in one folder are no project of ours. */
const FILES_MAX = 20_000;

/** A file with its path below the folder that it was found in, by slashes. */
export interface Found {
  /** Path below the folder. */
  readonly path: string;
  /** Absolute path. */
  readonly file: string;
}

/** A module with islands. */
export interface IslandSource {
  /** Absolute path. */
  readonly file: string;
  /** Names of the components that it exports, with the name that the browser knows each by. */
  readonly exports: readonly { readonly exportName: string; readonly name: string }[];
  /** Name of its entry in the bundle. */
  readonly entry: string;
}

/** The parts of a project. */
export interface Sources {
  /** Paths of route files below the routes folder. */
  readonly routes: readonly Found[];
  /** Modules with islands. */
  readonly islands: readonly IslandSource[];
  /** Paths of static files below their folder. */
  readonly statics: readonly Found[];
  /** Absolute path of the client entry, null if there is none. */
  readonly client: string | null;
}

/** Looks through the folders of a project. Island modules are loaded to learn what they export. */
export async function findSources(root: string): Promise<Sources> {
  const islands: IslandSource[] = [];
  for (const { path, file } of (await listFiles(join(root, "islands"))).filter(isCode)) {
    const mod: Record<string, unknown> = await import(pathToFileURL(file).href);
    const base = path.replace(/\.[jt]sx?$/, "").replace(/\W+/g, "_").replace(/^(?=\d)/, "_");
    const exports = Object.keys(mod).filter((name) => typeof mod[name] === "function").map((exportName) => ({
      exportName,
      name: exportName === "default" ? base : `${base}_${exportName}`,
    }));
    if (exports.length > 0) islands.push({ file, exports, entry: `island-${base}` });
  }
  const names = islands.flatMap(({ entry, exports }) => [entry, ...exports.map(({ name }) => name)]);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two islands are called ${twice}: rename one`);
  const client = join(root, "client.ts");
  return {
    islands,
    client: await Deno.stat(client).then(({ isFile }) => isFile ? client : null, () => null),
    routes: (await listFiles(join(root, "routes"))).filter(isCode),
    statics: await listFiles(join(root, "static")),
  };
}

/** Loads the modules of a project in this process. */
export async function importSources(
  { routes, islands }: Sources,
): Promise<Pick<Snapshot, "routes" | "islandModules">> {
  const load = (file: string): Promise<Record<string, unknown>> => import(pathToFileURL(file).href);
  return {
    routes: await Promise.all(routes.map(async ({ path, file }) => ({ path, mod: await load(file) }))),
    islandModules: await Promise.all(islands.map(({ file }) => load(file))),
  };
}

/** True for a route or island; tests and `(_name)` folders hold none. */
function isCode({ path }: Found): boolean {
  return /\.[tj]sx?$/.test(path) && !/[._]test\.[tj]sx?$|(^|\/)\(_[^/]*\)\//.test(path);
}

/** Files of a folder and those below, sorted; hidden ones are left out, a missing folder has none. */
async function listFiles(folder: string): Promise<Found[]> {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    let entries: Deno.DirEntry[];
    try {
      entries = await Array.fromAsync(Deno.readDir(next));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound && next === folder) return [];
      throw error;
    }
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const path = join(next, entry.name);
      if (entry.isDirectory) open.push(path);
      if (entry.isFile) found.push(path);
    }
    if (found.length > FILES_MAX) throw new Error(`More than ${FILES_MAX} files in ${folder}`);
  }
  return found.sort().map((file) => ({ file, path: relative(folder, file).replaceAll(sep, "/") }));
}
