/**
 * Turns a page inside its layouts into a document, noting islands and assets on the way.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { BuildCache, Island } from "./build_cache.ts";
import { FreshScripts, renderWith } from "./preact_hooks.ts";

/** What the rendering of one page has found so far; rendering is synchronous, so one is current at a time. */
export interface RenderState {
  /** Allows the page's inline scripts and styles. */
  readonly nonce: string;
  /** The build that knows islands and assets. */
  readonly build: BuildCache;
  /** Which of `html`, `head` and `body` the page rendered itself. */
  readonly seen: Set<string>;
  /** Islands on the page. */
  readonly islands: Set<Island>;
  /** Props of each island on the page in the order met. */
  readonly islandProps: { readonly props: Record<string, unknown> }[];
  /** Hashed paths by the paths asked for, which islands in the browser will ask for again. */
  readonly assets: Record<string, string>;
  /** True once the scripts are written. */
  scripted: boolean;
}

/** Renders a document; what the page lacks of `html`, `head` and `body` is put around it. */
export function renderDocument(build: BuildCache, page: VNode): { html: string; nonce: string } {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const found = { seen: new Set<string>(), islands: new Set<Island>(), islandProps: [], assets: {} };
  const state: RenderState = { nonce, build, ...found, scripted: false };
  const document = renderWith(state, () => {
    let html = renderToString(page);
    if (!state.seen.has("body")) {
      html = renderToString(h("body", null, jsxTemplate([html]) as VNode, h(FreshScripts, null)));
    }
    if (!state.seen.has("head")) {
      html = renderToString(h("head", null, h("meta", { charset: "utf-8" }))) + html;
    }
    return state.seen.has("html") ? html : `<html>${html}</html>`;
  });
  return { html: `<!DOCTYPE html>${document}`, nonce };
}
