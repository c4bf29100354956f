/**
 * What a request carries through middleware, handlers and pages.
 *
 * @module
 */

import { type ComponentType, Fragment, h, isValidElement, type VNode } from "preact";
import type { BuildCache } from "./build_cache.ts";
import { renderPage, resolveComponent } from "./render.ts";
import type { LayoutConfig, ResolvedFreshConfig, RouteComponent } from "./types.ts";

/** The components that wrap a page. */
export interface Wrappers {
  /** `_app`, null if there is none or it is skipped. */
  app: RouteComponent<never> | null;
  /** Layouts, outermost first. */
  layouts: readonly RouteComponent<never>[];
  /** The build that the page is rendered with. */
  readonly build: BuildCache;
}

const WRAPPERS = new WeakMap<object, Wrappers>();

/** The wrappers of a request, which middleware of the framework changes on the way down. */
export function wrappersOf(ctx: object): Wrappers {
  const wrappers = WRAPPERS.get(ctx);
  if (wrappers === undefined) throw new Error("This context was not made by an App");
  return wrappers;
}

/** What a context is made from. */
export interface ContextInit {
  /** The request. */
  readonly req: Request;
  /** Its URL. */
  readonly url: URL;
  /** Where it came from. */
  readonly info: Deno.ServeHandlerInfo;
  /** The pattern that matched. */
  readonly route: string | null;
  /** The pattern's parameters. */
  readonly params: Record<string, string>;
  /** The app's configuration. */
  readonly config: ResolvedFreshConfig;
  /** The build that pages are rendered with. */
  readonly build: BuildCache;
}

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
  /** The app's configuration. */
  readonly config: ResolvedFreshConfig;
  /** What middleware puts there for those below. */
  readonly state: State = {} as State;
  /** Always false: there are no partials. */
  readonly isPartial: boolean = false;
  /** What the handler gave the page. */
  data: unknown = undefined;
  /** The error that led to an error page, else null. */
  error: unknown = null;
  /** What a layout or `_app` wraps. */
  Component: ComponentType = () => null;
  /** Goes on to the next middleware or the handler. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Nothing comes next"));

  /** Made by the app for each request. */
  constructor(init: ContextInit) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this.config = init.config;
    WRAPPERS.set(this, { app: null, layouts: [], build: init.build });
  }

  /** Sends the browser elsewhere; a path never leads to another host, whatever slashes it begins with. */
  redirect(pathOrUrl: string, status: number = 302): Response {
    return new Response(null, { status, headers: { location: safeLocation(pathOrUrl) } });
  }

  /** Renders JSX inside the layouts and `_app` of the route. */
  async render(
    // deno-lint-ignore no-explicit-any
    vnode: VNode<any> | null,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) throw new Error("ctx.render() takes JSX");
    const wrappers = wrappersOf(this);
    const layouts = config.skipInheritedLayouts ? [] : wrappers.layouts;
    let inner: VNode | null = vnode;
    for (const layout of layouts.toReversed()) {
      const child = inner;
      this.Component = () => child;
      const result = await resolveComponent(layout, this);
      if (result instanceof Response) return result;
      inner = result;
    }

    let child: VNode = inner ?? h(Fragment, null);
    const Child = () => child;
    this.Component = Child;
    const app = config.skipAppWrapper ? null : wrappers.app;
    const outer = app === null ? null : await resolveComponent(app, this);
    if (outer instanceof Response) return outer;

    const setChild = (html: VNode) => {
      child = html;
    };
    const html = renderPage(this, { build: wrappers.build, inner: child, outer, setChild });
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(html, { ...init, headers });
  }

  /** Answers with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** Answers with HTML given as text. */
  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  /** Answers with JSON. */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Answers with the pieces of an iterable, or of a function that makes one, as they come. */
  stream<U extends string | Uint8Array>(
    stream: Iterable<U> | AsyncIterable<U> | (() => Iterable<U> | AsyncIterable<U>),
    init?: ResponseInit,
  ): Response {
    const encoder = new TextEncoder();
    const body = ReadableStream.from(typeof stream === "function" ? stream() : stream).pipeThrough(
      new TransformStream<U, Uint8Array>({
        transform(piece, controller) {
          controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
        },
      }),
    );
    return new Response(body, init);
  }
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
