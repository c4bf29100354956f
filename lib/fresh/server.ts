/**
 * What the built `_fresh/server.js` calls: gives the app its build and its files.
 *
 * @module
 */

import type { ComponentType } from "preact";
import { type App, setBuildCache } from "./app.ts";
import type { BuildCache, Island, StaticFile } from "./build_cache.ts";

/** What a build writes down; the modules are imported by the snapshot itself. */
export interface Snapshot extends Pick<BuildCache, "routes" | "client"> {
  /** Modules with islands. */
  readonly islandModules: readonly Record<string, unknown>[];
  /** The islands of each of those modules, in the same order. */
  readonly islands: readonly (readonly Island[])[];
  /** Served files by URL path. */
  readonly files: Readonly<Record<string, StaticFile>>;
  /** Hashed path by plain path. */
  readonly assets: Readonly<Record<string, string>>;
}

/** Makes the build of a snapshot. */
export function buildOf(snapshot: Snapshot, rest: Pick<BuildCache, "development" | "readFile">): BuildCache {
  const { routes, client, files, assets } = snapshot;
  const islands = new Map<ComponentType, Island>();
  snapshot.islandModules.forEach((mod, index) => {
    for (const island of snapshot.islands[index] ?? []) {
      islands.set(mod[island.exportName] as ComponentType, island);
    }
  });
  const byPath = { files: new Map(Object.entries(files)), assets: new Map(Object.entries(assets)) };
  return { ...rest, ...byPath, routes, client, islands };
}

/** Gives an app the build that lies in the folder of `serverUrl`, the URL of `_fresh/server.js`. */
export function applySnapshot<State>(app: App<State>, snapshot: Snapshot, serverUrl: string): void {
  const folder = new URL("./static/", serverUrl);
  const readFile = (path: string) => Deno.readFile(new URL(encodeURI(path), folder));
  setBuildCache(app, buildOf(snapshot, { development: false, readFile }));
}
