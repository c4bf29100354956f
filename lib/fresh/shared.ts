/**
 * What server and browser both know: the paths of assets, and how the head is collected.
 *
 * @module
 */

import type { ComponentChildren } from "preact";

/** What the current side of the wire does for `fresh/runtime`; set by the renderer and by `boot()`. */
export interface Runtime {
  /** Gives the hashed path of a static file, or the path itself if it is unknown. */
  asset(path: string): string;
  /** Takes elements for the head of the page. */
  head(children: ComponentChildren): void;
}

const NO_RUNTIME: Runtime = { asset: (path) => path, head: () => {} };

let current: Runtime = NO_RUNTIME;

/** Makes a runtime the current one, null for none, and gives the one before. */
export function setRuntime(runtime: Runtime | null): Runtime {
  const before = current;
  current = runtime ?? NO_RUNTIME;
  return before;
}

/** The current runtime. */
export function runtime(): Runtime {
  return current;
}
