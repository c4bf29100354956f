/**
 * `fresh`: the part of the Fresh 2 public API that the app uses, on Preact's npm packages.
 *
 * `@fresh/core` is published on JSR alone, which closed networks do not reach. Where JSR is reachable,
 * mapping `fresh` to `jsr:@fresh/core@^2.3` runs the same routes, islands and entry files.
 *
 * Supported: `App` (`use`, `get`, `post`, `put`, `patch`, `delete`, `head`, `all`, `route`, `fsRoutes`,
 * `notFound`, `onError`, `appWrapper`, `layout`, `handler`, `listen`), `createDefine`, `page`, `HttpError`,
 * `Context`, `staticFiles`, `csrf`, `csp` with nonces; the files `_app`, `_layout`, `_middleware`, `_error`,
 * `_404`, `(group)`, `(_components)`, `(_islands)`, `[id]`, `[[id]]`, `[...rest]`; the exports `default`,
 * `handler`, `handlers`, `config`; islands with signals, slots and every kind of prop that Fresh sends.
 *
 * Deliberately absent: partials and client navigation, `mountApp`, lazy routes and middleware, `upgrade`,
 * `cors`, `ipFilter`, `trailingSlashes`, `assetSrcSet`, Temporal props, plugins, CSS modules, Tailwind, Vite,
 * the error overlay, OpenTelemetry spans, and `Head` changing the head from within an island in the browser.
 *
 * @module
 */

export { App, type AppHandler, type ListenOptions } from "./app.ts";
export { Context } from "./context.ts";
export { csp, type CSPOptions } from "./csp.ts";
export { csrf, type CsrfOptions } from "./csrf.ts";
export { HttpError } from "./error.ts";
export { staticFiles } from "./static_files.ts";
export {
  createDefine,
  type Define,
  type FreshConfig,
  type HandlerByMethod,
  type HandlerFn,
  type LayoutConfig,
  type Method,
  type Middleware,
  type Page,
  page,
  type PageProps,
  type PageResponse,
  type ResolvedFreshConfig,
  type RouteConfig,
  type RouteData,
  type RouteHandler,
} from "./types.ts";
