/**
 * `fresh`: the part of the Fresh 2 public API that the app uses, on Preact's npm packages.
 *
 * `@fresh/core` is published on JSR alone, which closed networks do not reach. Where JSR is reachable,
 * mapping `fresh` to `jsr:@fresh/core@^2.3` runs the same routes, islands and entry files.
 *
 * Supported: `App` (`use`, `get`, `fsRoutes`, `handler`), `createDefine`, `page`, `HttpError`, `Context`,
 * `staticFiles`, `csp` with nonces; the files `_app`, `_layout`, `_middleware`, `_error`, `(group)`,
 * `(_components)`, `[id]`, `[...rest]`; the exports `default`, `handler`, `handlers`; islands with signals and
 * every kind of prop that Fresh sends except JSX; `asset`, `IS_BROWSER`; `Builder` (`build`, `listen`).
 *
 * Deliberately absent, because no route uses it: the other methods of `App`, paths for `use` and `fsRoutes`,
 * `basePath`, `csrf` (the app's own check knows its public address), reports of `csp`, answers to OPTIONS,
 * `ctx.html`, `ctx.stream`, JSX as an island's prop, islands under `routes/`, `Head` (`_app` writes the head
 * from `state`), hashed `src` of images (`asset` gives it), partials and client navigation, lazy routes,
 * `upgrade`, `cors`, `ipFilter`, `trailingSlashes`, Temporal props, plugins, CSS modules, Vite, the error
 * overlay, OpenTelemetry spans. `_404` (`[...rest]` and `_error` say it), `[[optional]]` and the export
 * `config` are absent too: an app that has one does not start, and says which.
 *
 * @module
 */

export { App, type AppHandler } from "./app.ts";
export { Context } from "./context.ts";
export { csp, type CSPOptions } from "./csp.ts";
export { HttpError } from "./error.ts";
export { staticFiles } from "./static_files.ts";
export {
  createDefine,
  type Define,
  type HandlerByMethod,
  type HandlerFn,
  type Method,
  type Middleware,
  type Page,
  page,
  type PageOptions,
  type PageProps,
  type PageResponse,
  type RouteHandler,
} from "./types.ts";
