/**
 * What is collected while one page is rendered. Rendering is synchronous, so one is current at a time.
 *
 * @module
 */

import type { VNode } from "preact";
import type { BuildCache, Island } from "./build_cache.ts";

/** What the rendering of one page has found so far. */
export interface RenderState {
  /** Allows the page's inline scripts and styles. */
  readonly nonce: string;
  /** The build that knows islands and assets. */
  readonly build: BuildCache;
  /** True while developing: pages reload when the server did. */
  readonly development: boolean;
  /** Path that all URLs of the app lie under. */
  readonly basePath: string;
  /** Which of `html`, `head` and `body` the page rendered itself. */
  readonly seen: Set<string>;
  /** Elements for the head by what tells them apart. */
  readonly head: Map<string, VNode>;
  /** Islands on the page. */
  readonly islands: Set<Island>;
  /** Props of each island on the page in the order met, slots in place of JSX. */
  readonly islandProps: { readonly props: Record<string, unknown> }[];
  /** JSX given to islands that they have not shown (yet), by number; null once shown. */
  readonly slots: (VNode | null)[];
  /** Hashed paths asked for inside islands, which the browser will ask for again. */
  readonly assets: Record<string, string>;
  /** True once the scripts are written. */
  scripted: boolean;
}

/** Starts the rendering of a page. */
export function newRenderState(
  ctx: { readonly config: { readonly mode: string; readonly basePath: string } },
  build: BuildCache,
): RenderState {
  return {
    nonce: crypto.randomUUID().replaceAll("-", ""),
    build,
    development: ctx.config.mode === "development",
    basePath: ctx.config.basePath,
    seen: new Set(),
    head: new Map(),
    islands: new Set(),
    islandProps: [],
    slots: [],
    assets: {},
    scripted: false,
  };
}
