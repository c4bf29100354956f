/**
 * The shapes that routes, layouts and middleware are written in: Fresh's own names and meanings.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import type { Context } from "./context.ts";

/** HTTP methods that a route can handle. */
export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";

/** How a page answers besides its data. */
export interface PageOptions {
  /** Headers of the response. */
  headers?: HeadersInit;
  /** Status of the response, 200 if absent. */
  status?: number;
}

/** What a handler returns to have its page rendered. */
export interface PageResponse<T> extends PageOptions {
  /** What the page component gets as `props.data`. */
  data: T;
}

/** Answers a request with a response or with data for the page. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** One handler for each method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** One function for all methods, or one for each. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** Runs before and after what lies below: `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** What pages, layouts and `_app` get: the context's, and what the handler gave as `data`. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<Context<State>, "url" | "req" | "params" | "info" | "state" | "error" | "route" | "Component">
  & { data: Data };

/** A page, layout or `_app` of known data; it may wait, and may answer with a response of its own. */
export type Page<Data, State> = (
  props: PageProps<Data, State>,
) => ComponentChildren | Promise<ComponentChildren | Response>;

/** A page, layout or `_app`. */
// deno-lint-ignore no-explicit-any
export type RouteComponent<State> = Page<any, State>;

/** What answers at a path: a page, a handler, or both. */
export interface Route<State> {
  /** The page. */
  component?: RouteComponent<State> | undefined;
  /** Answers the requests. */
  handler?: RouteHandler<unknown, State> | undefined;
}

/** Typed identity functions for routes. */
export interface Define<State> {
  /** Types a handler or the handlers by method. */
  handlers<Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(
    handlers: Handlers,
  ): Handlers;
  /** Types a page by its handlers. */
  page<
    // deno-lint-ignore no-explicit-any
    Handler extends RouteHandler<any, State> = never,
    Data = Handler extends HandlerFn<infer D, State> ? D
      : Handler extends HandlerByMethod<infer D, State> ? D
      : never,
  >(render: Page<Data, State>): Page<Data, State>;
  /** Types a layout or `_app`. */
  layout(render: Page<unknown, State>): Page<unknown, State>;
  /** Types middleware, one or a list. */
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): M;
}

/** Gives the functions that type routes by the app's state; each returns what it gets. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    layout: (render) => render,
    middleware: (middleware) => middleware,
  };
}

/** Says that the page is to be rendered, with this data, status and headers. */
export function page<T>(data: T, options?: PageOptions): PageResponse<T>;
/** Says that the page is to be rendered, without data. */
export function page(): PageResponse<undefined>;
export function page<T>(data?: T, options?: PageOptions): PageResponse<T | undefined> {
  return { ...options, data };
}
