/**
 * What the built `_fresh/server.js` calls: gives the app its build and its files.
 *
 * @module
 */

import type { ComponentType } from "preact";
import { type App, setBuildCache } from "./app.ts";
import type { BuildCache, ClientEntry, Island, RouteFile, StaticFile } from "./build_cache.ts";

/** An island module with what the build knows of its exports. */
export interface IslandModule {
  /** The module. */
  readonly mod: Record<string, unknown>;
  /** Its islands. */
  readonly islands: readonly Island[];
}

/** What a build writes down; the modules are imported by the snapshot itself. */
export interface Snapshot {
  /** File routes. */
  readonly routes: readonly RouteFile[];
  /** Modules with islands. */
  readonly islands: readonly IslandModule[];
  /** What every page loads, null without islands and `client.ts`. */
  readonly client: ClientEntry | null;
  /** Served files by URL path. */
  readonly files: Readonly<Record<string, StaticFile>>;
  /** Hashed path by plain path. */
  readonly assets: Readonly<Record<string, string>>;
}

/** Makes the build of a snapshot; `readFile` takes a path below the build's `static/`. */
export function buildOf(
  snapshot: Snapshot,
  { root, readFile }: { root: string; readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>> },
): BuildCache {
  const islands = new Map<ComponentType, Island>();
  for (const { mod, islands: list } of snapshot.islands) {
    for (const island of list) islands.set(mod[island.exportName] as ComponentType, island);
  }
  return {
    root,
    islands,
    routes: snapshot.routes,
    client: snapshot.client,
    files: new Map(Object.entries(snapshot.files)),
    assets: new Map(Object.entries(snapshot.assets)),
    readFile: (file) => readFile(file.path),
  };
}

/** Gives an app the build that lies in the folder of `serverUrl`, the URL of `_fresh/server.js`. */
export function applySnapshot<State>(app: App<State>, snapshot: Snapshot, serverUrl: string): void {
  const folder = new URL("./static/", serverUrl);
  const root = decodeURIComponent(new URL("../", serverUrl).pathname);
  const readFile = (path: string) => Deno.readFile(new URL(encodeURI(path), folder));
  setBuildCache(app, buildOf(snapshot, { root, readFile }), "production");
}
