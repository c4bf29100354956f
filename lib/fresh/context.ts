/**
 * What a request carries through middleware, handlers and pages.
 *
 * @module
 */

import { type ComponentChildren, type ComponentType, Fragment, h, isValidElement, type VNode } from "preact";
import type { BuildCache } from "./build_cache.ts";
import { renderDocument } from "./render.ts";
import type { PageProps, RouteComponent } from "./types.ts";

/** What the framework itself keeps of a request. */
export interface Inside {
  /** The build that pages are rendered with. */
  readonly build: BuildCache;
  /** What wraps a page: `_app`, then layouts, outermost first; it changes on the way down. */
  layouts: readonly RouteComponent<never>[];
  /** The nonce that the page was rendered with, null if none was. */
  nonce: string | null;
}

const INSIDE = new WeakMap<object, Inside>();

/** What the framework keeps of a request. */
export function insideOf(ctx: object): Inside {
  const inside = INSIDE.get(ctx);
  if (inside === undefined) throw new Error("This context was not made by an App");
  return inside;
}

/** What a context is made from: fields of its own, and the build. */
export type ContextInit =
  & Pick<Context<unknown>, "req" | "url" | "info" | "route" | "params">
  & Pick<Inside, "build">;

/** A request on its way: unique for each, shared by all that handle it. */
export class Context<State> {
  /** The request. */
  readonly req: Request;
  /** The request's URL, with repeated slashes in its path made one. */
  readonly url: URL;
  /** Where the request came from. */
  readonly info: Deno.ServeHandlerInfo;
  /** The pattern that matched, null if none did. */
  readonly route: string | null;
  /** Parameters of the route, decoded. */
  readonly params: Record<string, string>;
  /** What middleware puts there for those below. */
  readonly state: State = {} as State;
  /** What the handler gave the page. */
  data: unknown = undefined;
  /** The error that led to an error page, else null. */
  error: unknown = null;
  /** What a layout or `_app` wraps. */
  Component: ComponentType = () => null;
  /** Goes on to the next middleware or the handler. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Nothing comes next"));

  /** Made by the app for each request. */
  constructor({ req, url, info, route, params, build }: ContextInit) {
    this.req = req;
    this.url = url;
    this.info = info;
    this.route = route;
    this.params = params;
    INSIDE.set(this, { build, layouts: [], nonce: null });
  }

  /** Sends the browser elsewhere; a path never leads to another host, whatever slashes it begins with. */
  redirect(pathOrUrl: string, status: number = 302): Response {
    return new Response(null, { status, headers: { location: safeLocation(pathOrUrl) } });
  }

  /** Renders JSX inside the layouts and `_app` of the route. */
  // deno-lint-ignore no-explicit-any
  async render(vnode: VNode<any> | null, init: ResponseInit = {}): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) throw new Error("ctx.render() takes JSX");
    const inside = insideOf(this);
    let inner: VNode = vnode ?? h(Fragment, null);
    for (const layout of inside.layouts.toReversed()) {
      const child = inner;
      this.Component = () => child;
      const result = await resolveComponent(layout, this);
      if (result instanceof Response) return result;
      inner = result;
    }
    const { html, nonce } = renderDocument(inside.build, inner);
    inside.nonce = nonce;
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(html, { ...init, headers });
  }

  /** Answers with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** Answers with JSON. */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }
}

/** Calls an async component now, which may give a response; a plain one is left for the renderer. */
export async function resolveComponent<State>(
  component: RouteComponent<never>,
  ctx: Context<State>,
): Promise<VNode | Response> {
  const { data, error, info, params, req, route, state, url, Component } = ctx;
  const props = { data, error, info, params, req, route, state, url, Component };
  const render = component as RouteComponent<unknown>;
  if (render.constructor.name !== "AsyncFunction") {
    return h(render as ComponentType<PageProps>, props) as VNode<unknown> as VNode;
  }
  const result = await render(props);
  return result instanceof Response ? result : h(Fragment, null, result as ComponentChildren);
}

/** Browsers read "//host" and "/\host" as another host, and skip tabs and newlines before deciding. */
function safeLocation(target: string): string {
  // deno-lint-ignore no-control-regex
  const clean = target.replace(/[\u0000-\u001f]/g, "").trimStart();
  if (!/^[/\\]/.test(clean)) return clean;
  const end = clean.search(/[?#]/);
  const path = end === -1 ? clean : clean.slice(0, end);
  return path.replace(/[/\\]+/g, "/") + (end === -1 ? "" : clean.slice(end));
}
