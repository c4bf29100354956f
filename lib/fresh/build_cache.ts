/**
 * What a build knows and the app asks: file routes, islands, entry files and hashed assets.
 *
 * @module
 */

import type { ComponentType } from "preact";

/** A module under `routes/`, with its path there ("sites/[site]/index.tsx"). */
export interface RouteFile {
  /** Path below `routes/`. */
  readonly path: string;
  /** The module's exports. */
  readonly mod: Record<string, unknown>;
}

/** An export of a file in `islands/`. */
export interface Island {
  /** Name that the browser knows it by, unique in the app. */
  readonly name: string;
  /** Name of the export. */
  readonly exportName: string;
  /** URL of the chunk that has it. */
  readonly chunk: string;
  /** URLs of what the chunk imports, to be loaded at the same time. */
  readonly preload: readonly string[];
}

/** A file that may be served. */
export interface StaticFile {
  /** Where it lies below the build's `static/`. */
  readonly path: string;
  /** Hash of the content, in hexadecimal. */
  readonly hash: string;
  /** Its media type. */
  readonly contentType: string;
  /** True if the URL names the content and so never changes its meaning. */
  readonly immutable: boolean;
}

/** What every page loads. */
export interface ClientEntry {
  /** URL of the module with `boot()`, loaded by pages with islands. */
  readonly runtime: string;
  /** URLs that the runtime imports. */
  readonly preload: readonly string[];
  /** URL of the compiled `client.ts`, null if there is none or it has no code. */
  readonly script: string | null;
  /** URLs of the style sheets that `client.ts` imports. */
  readonly css: readonly string[];
}

/** The result of a build. */
export interface BuildCache {
  /** True while developing: pages reload when the server did, and nothing is cached for ever. */
  readonly development: boolean;
  /** File routes, in any order. */
  readonly routes: readonly RouteFile[];
  /** Islands by component. */
  readonly islands: ReadonlyMap<ComponentType, Island>;
  /** What every page loads. */
  readonly client: ClientEntry | null;
  /** What may be served, by URL path. */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** Hashed URL path by plain URL path, for `asset()`. */
  readonly assets: ReadonlyMap<string, string>;
  /** Reads a served file whole, by its path below the build's `static/`. */
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** The cache of an app that was not built: no files, no islands. */
export const EMPTY_BUILD: BuildCache = {
  development: false,
  routes: [],
  islands: new Map(),
  client: null,
  files: new Map(),
  assets: new Map(),
  readFile: () => Promise.reject(new Error("There are no files without a build")),
};
