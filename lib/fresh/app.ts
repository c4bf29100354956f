/**
 * The application: collects routes and middleware, and answers requests with them.
 *
 * @module
 */

import { type BuildCache, EMPTY_BUILD } from "./build_cache.ts";
import { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import { fileCommands } from "./fs_routes.ts";
import { newRouter } from "./router.ts";
import { applyCommands, type Command, runChain } from "./segments.ts";
import type { HandlerFn, Middleware } from "./types.ts";

/** Answers a request; without `info` it came from nowhere. */
export type AppHandler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
  completed: Promise.resolve(),
};

const NO_BUILD = 'File routes need a build: run "deno task build", then start "_fresh/server.js"';

const BUILDS = new WeakMap<object, BuildCache>();

/** Gives an app its build; to be called before `app.handler()`. */
export function setBuildCache<State>(app: App<State>, build: BuildCache): void {
  BUILDS.set(app, build);
}

/** Routes and middleware; what is added later does not apply to what came before. */
export class App<State> {
  readonly #commands: (Command<State> | { readonly kind: "files" })[] = [];

  /** Adds middleware for all that comes after. */
  use(...middleware: Middleware<State>[]): this {
    this.#commands.push({ kind: "middleware", path: "", fns: middleware });
    return this;
  }

  /** Answers GET (and HEAD) at a path. */
  get(path: string, handler: HandlerFn<unknown, State>): this {
    this.#commands.push({ kind: "route", path, place: path, route: { handler: { GET: handler } } });
    return this;
  }

  /** Adds the routes that the builder found under `routes/`. */
  fsRoutes(): this {
    this.#commands.push({ kind: "files" });
    return this;
  }

  /** Gives the function that answers requests. */
  handler(): AppHandler {
    const build = BUILDS.get(this) ?? EMPTY_BUILD;
    if (build === EMPTY_BUILD && this.#commands.some(({ kind }) => kind === "files")) {
      throw new Error(NO_BUILD);
    }
    const router = newRouter<Middleware<State>>();
    const commands = this.#commands.flatMap((command) =>
      command.kind === "files" ? fileCommands<State>(build.routes) : [command]
    );
    const unmatched = applyCommands(router, commands);

    return async (req, info = NO_INFO) => {
      const url = new URL(req.url);
      url.pathname = url.pathname.replace(/\/{2,}/g, "/");
      const { pattern, params, handlers, allowed } = router.match(req.method, url);
      const ctx = new Context<State>({ req, url, info, route: pattern, params, build });
      const isRefused = pattern !== null && handlers === null;
      const last = () => Promise.reject(new HttpError(isRefused ? 405 : 404));
      const response = await runChain(handlers ?? unmatched, ctx, last).catch(lastResort);
      if (response.status === 405 && isRefused) response.headers.set("Allow", allowed.join(", "));
      if (req.method !== "HEAD") return response;
      await response.body?.cancel();
      return new Response(null, response);
    };
  }
}

/** Answers errors that no error page took; a bug's words are for the log alone. */
function lastResort(error: unknown): Response {
  const { status, message } = error instanceof HttpError ? error : new HttpError(500);
  if (status >= 500) console.error(error);
  return new Response(message, { status });
}
