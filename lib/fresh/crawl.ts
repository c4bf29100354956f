/**
 * Finds what a project is made of: route files, islands, static files, the client entry.
 *
 * @module
 */

import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Island, RouteFile } from "./build_cache.ts";
import type { ResolvedBuildConfig } from "./dev.ts";
import { isRouteFile } from "./fs_routes.ts";
import type { IslandModule, Snapshot } from "./server.ts";

/** More files than this in one folder are no project of ours. */
const FILES_MAX = 20_000;

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
  readonly routes: readonly { readonly path: string; readonly file: string }[];
  /** Modules with islands. */
  readonly islands: readonly IslandSource[];
  /** Paths of static files below their folder. */
  readonly statics: readonly { readonly path: string; readonly file: string }[];
  /** Absolute path of the client entry, null if there is none. */
  readonly client: string | null;
}

/** Looks through the folders of a project. Island modules are loaded to learn what they export. */
export async function findSources(config: ResolvedBuildConfig): Promise<Sources> {
  const inRoutes = await listFiles(config.routeDir);
  const islandFiles = [
    ...(await listFiles(config.islandDir)).filter(({ path }) => !/(^|\/)\(_[^/]*\)\//.test(path)),
    ...inRoutes.filter(({ path }) => path.split("/").includes("(_islands)")),
  ].filter(({ path }) => /\.[jt]sx?$/.test(path) && !/[._]test\.[jt]sx?$/.test(path));
  const islands: IslandSource[] = [];
  const taken = new Set<string>();
  for (const { path, file } of islandFiles) {
    const mod: Record<string, unknown> = await import(pathToFileURL(file).href);
    const base = path.replace(/\.[jt]sx?$/, "").replace(/\W+/g, "_").replace(/^(?=\d)/, "_");
    const exports = Object.keys(mod).filter((name) => typeof mod[name] === "function").map((exportName) => ({
      exportName,
      name: unique(exportName === "default" ? base : `${base}_${exportName}`, taken),
    }));
    if (exports.length > 0) islands.push({ file, exports, entry: unique(`island-${base}`, taken) });
  }
  const client = await firstFile(["client.ts", "client.tsx"].map((name) => join(config.root, name)));
  return {
    islands,
    client,
    routes: inRoutes.filter(({ path }) => isRouteFile(path)),
    statics: await listFiles(config.staticDir),
  };
}

/** Loads the modules of a project in this process. */
export async function importSources(
  sources: Sources,
  { islands }: { readonly islands: ReadonlyMap<IslandSource, readonly Island[]> },
): Promise<Pick<Snapshot, "routes" | "islands">> {
  const routes: RouteFile[] = [];
  for (const { path, file } of sources.routes) {
    routes.push({ path, mod: await import(pathToFileURL(file).href) });
  }
  const modules: IslandModule[] = [];
  for (const source of sources.islands) {
    const mod = await import(pathToFileURL(source.file).href);
    modules.push({ mod, islands: islands.get(source) ?? [] });
  }
  return { routes, islands: modules };
}

function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 1; taken.has(free) && count < FILES_MAX; count++) free = `${name}_${count}`;
  taken.add(free);
  return free;
}

async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await Deno.stat(path).then((stat) => stat.isFile, () => false);
    if (found) return path;
  }
  return null;
}

/** Files of a folder and those below, sorted; hidden ones are left out, a missing folder has none. */
async function listFiles(folder: string): Promise<{ readonly path: string; readonly file: string }[]> {
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
