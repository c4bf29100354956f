/**
 * Turns a page and what wraps it into a document, noting islands, head elements and scripts on the way.
 *
 * @module
 */

import { type ComponentChildren, type ComponentType, Fragment, h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { BuildCache } from "./build_cache.ts";
import type { Context } from "./context.ts";
import { FreshScripts, renderWith } from "./preact_hooks.ts";
import { newRenderState } from "./render_state.ts";
import type { PageProps, RouteComponent } from "./types.ts";

const NONCES = new WeakMap<object, string>();

/** The nonce that the page of this request was rendered with, undefined if none was. */
export function nonceOf(ctx: object): string | undefined {
  return NONCES.get(ctx);
}

/** Calls an async component now, which may give a response; a plain one is left for the renderer. */
export async function resolveComponent<State>(
  component: RouteComponent<never>,
  ctx: Context<State>,
): Promise<VNode | Response> {
  const { config, data, error, info, isPartial, params, req, route, state, url, Component } = ctx;
  const props = { config, data, error, info, isPartial, params, req, route, state, url, Component };
  const render = component as RouteComponent<unknown>;
  if (render.constructor.name !== "AsyncFunction") {
    return h(render as ComponentType<PageProps>, props) as VNode<unknown> as VNode;
  }
  const result = await render(props);
  return result instanceof Response ? result : h(Fragment, null, result as ComponentChildren);
}

/** What a document is made from. */
export interface PageParts {
  /** The build that knows the islands. */
  readonly build: BuildCache;
  /** The page inside its layouts. */
  readonly inner: VNode;
  /** `_app`, null if there is none. */
  readonly outer: VNode | null;
  /** Replaces what `_app` shows inside, once that is rendered. */
  readonly setChild: (html: VNode) => void;
}

/** Renders a document. The page comes before `_app`, so that the head knows what the page puts there. */
export function renderPage<State>(ctx: Context<State>, parts: PageParts): string {
  const state = newRenderState(ctx, parts.build);
  NONCES.set(ctx, state.nonce);
  return renderWith(state, () => {
    let html = renderToString(parts.inner);
    if (parts.outer !== null) {
      parts.setChild(raw(html));
      html = renderToString(parts.outer);
    }
    if (!state.seen.has("body")) html = renderToString(h("body", null, raw(html), h(FreshScripts, null)));
    if (!state.seen.has("head")) {
      html = renderToString(h("head", null, h("meta", { charset: "utf-8" }))) + html;
    }
    if (!state.seen.has("html")) html = `<html>${html}</html>`;
    return `<!DOCTYPE html>${html}`;
  });
}

function raw(html: string): VNode {
  return jsxTemplate([html]) as VNode;
}
