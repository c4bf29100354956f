/**
 * The application: collects routes and middleware, and answers requests with them.
 *
 * @module
 */

import { type BuildCache, EMPTY_BUILD } from "./build_cache.ts";
import { Context } from "./context.ts";
import { HttpError, statusText } from "./error.ts";
import { fileCommands } from "./fs_routes.ts";
import { newRouter } from "./router.ts";
import { applyCommands, type Command, runChain } from "./segments.ts";
import type {
  FreshConfig,
  LayoutConfig,
  Method,
  Middleware,
  ResolvedFreshConfig,
  Route,
  RouteComponent,
  RouteConfig,
} from "./types.ts";

/** Where and how `listen()` serves. */
export type ListenOptions = Partial<Deno.ServeTcpOptions>;

/** Answers a request; without `info` it came from nowhere. */
export type AppHandler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
  completed: Promise.resolve(),
};

const NO_BUILD = 'File routes need a build: run "deno task build", then start "_fresh/server.js"';

const BUILDS = new WeakMap<object, BuildCache>();

/** Gives an app its build; to be called before `app.handler()`. */
export function setBuildCache<State>(
  app: App<State>,
  build: BuildCache,
  mode: ResolvedFreshConfig["mode"],
): void {
  BUILDS.set(app, build);
  app.config.root = build.root;
  app.config.mode = mode;
}

/** Routes and middleware; what is added later does not apply to what came before. */
export class App<State> {
  /** The configuration as the app uses it. */
  readonly config: ResolvedFreshConfig;
  readonly #commands: Command<State>[] = [];

  /** An app without routes. */
  constructor(config: FreshConfig = {}) {
    this.config = { root: ".", basePath: config.basePath ?? "", mode: config.mode ?? "production" };
  }

  /** Adds middleware for all that comes after, or for what lies below a path. */
  use(...middleware: Middleware<State>[]): this;
  use(path: string, ...middleware: Middleware<State>[]): this;
  use(first: string | Middleware<State>, ...rest: Middleware<State>[]): this {
    const [path, fns] = typeof first === "string" ? [first, rest] : ["*", [first, ...rest]];
    return this.#add({ kind: "middleware", path, fns });
  }

  /** Answers GET (and HEAD) at a path. */
  get(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("GET", path, fns);
  }

  /** Answers POST at a path. */
  post(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("POST", path, fns);
  }

  /** Answers PUT at a path. */
  put(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("PUT", path, fns);
  }

  /** Answers PATCH at a path. */
  patch(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("PATCH", path, fns);
  }

  /** Answers DELETE at a path. */
  delete(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("DELETE", path, fns);
  }

  /** Answers HEAD at a path. */
  head(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("HEAD", path, fns);
  }

  /** Answers every method at a path. */
  all(path: string, ...fns: Middleware<State>[]): this {
    return this.#handle("ALL", path, fns);
  }

  /** Adds a page with its handlers at a path. */
  route(path: string, route: Route<State>, config?: RouteConfig): this {
    return this.#add({ kind: "route", path, place: path, route: config ? { ...route, config } : route });
  }

  /** Adds the routes that the builder found under `routes/`, at the root or below a path. */
  fsRoutes(pattern: string = "*"): this {
    const list = () => fileCommands<State>((BUILDS.get(this) ?? EMPTY_BUILD).routes);
    return this.#add({ kind: "files", path: pattern, list });
  }

  /** Answers what no route matches, and every 404. */
  notFound(route: Route<State> | Middleware<State>): this {
    return this.#add({ kind: "notFound", route: asRoute(route) });
  }

  /** Answers errors thrown below a path. */
  onError(path: string, route: Route<State> | Middleware<State>): this {
    return this.#add({ kind: "error", path, route: asRoute(route) });
  }

  /** Wraps every page, outside all layouts. */
  appWrapper(component: RouteComponent<State>): this {
    return this.#add({ kind: "app", component });
  }

  /** Wraps every page below a path. */
  layout(path: string, component: RouteComponent<State>, config?: LayoutConfig): this {
    return this.#add({ kind: "layout", path, component, config });
  }

  /** Gives the function that answers requests. */
  handler(): AppHandler {
    const build = BUILDS.get(this) ?? EMPTY_BUILD;
    if (build === EMPTY_BUILD && this.#commands.some(({ kind }) => kind === "files")) {
      throw new Error(NO_BUILD);
    }
    const router = newRouter<Middleware<State>>();
    const { config } = this;
    const unmatched = applyCommands(router, this.#commands, config.basePath);

    return async (req, info = NO_INFO) => {
      const url = new URL(req.url);
      url.pathname = url.pathname.replace(/\/{2,}/g, "/");
      const { pattern, params, handlers, allowed } = router.match(req.method, url);
      const ctx = new Context<State>({ req, url, info, route: pattern, params, config, build });
      const allow = pattern !== null && handlers === null ? allowed.join(", ") : null;
      const last = () => Promise.resolve(endOfChain(req.method, allow));
      const response = await runChain(handlers ?? unmatched, ctx, last).catch(lastResort);
      if (response.status === 405 && allow !== null) response.headers.set("Allow", allow);
      if (req.method !== "HEAD") return response;
      await response.body?.cancel();
      return new Response(null, response);
    };
  }

  /** Serves the app on a port, 8000 if none is named. */
  async listen(options: ListenOptions = {}): Promise<void> {
    await Deno.serve({ port: 8000, ...options }, this.handler()).finished;
  }

  #handle(method: Method | "ALL", path: string, fns: readonly Middleware<State>[]): this {
    return this.#add({ kind: "handler", method, path, fns });
  }

  #add(command: Command<State>): this {
    this.#commands.push(command);
    return this;
  }
}

function asRoute<State>(route: Route<State> | Middleware<State>): Route<State> {
  return typeof route === "function" ? { handler: route } : route;
}

/** Comes when no handler answered. */
function endOfChain(method: string, allow: string | null): Response {
  if (allow === null) throw new HttpError(404);
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow: allow } });
  throw new HttpError(405);
}

/** Answers errors that no error page took. */
function lastResort(error: unknown): Response {
  const status = error instanceof HttpError ? error.status : 500;
  if (status >= 500) console.error(error);
  const message = error instanceof HttpError ? error.message : statusText(500);
  return new Response(message, { status });
}
