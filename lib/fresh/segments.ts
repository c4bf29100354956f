/**
 * Lays middleware, layouts and error pages out along the path, and gives each route its chain.
 *
 * @module
 */

import { Context, wrappersOf } from "./context.ts";
import { HttpError } from "./error.ts";
import { resolveComponent } from "./render.ts";
import { joinPath, type Router } from "./router.ts";
import type {
  HandlerFn,
  LayoutConfig,
  Method,
  Middleware,
  PageResponse,
  Route,
  RouteComponent,
} from "./types.ts";

/** What was asked of the app, in order; `path` is a route pattern or the place it applies to. */
export type Command<State> =
  | { kind: "middleware"; path: string; fns: readonly Middleware<State>[] }
  | { kind: "layout"; path: string; component: RouteComponent<State>; config?: LayoutConfig | undefined }
  | { kind: "error"; path: string; route: Route<State> }
  | { kind: "notFound"; route: Route<State> }
  | { kind: "app"; component: RouteComponent<State> }
  | { kind: "handler"; path: string; method: Method | "ALL"; fns: readonly Middleware<State>[] }
  | RouteCommand<State>
  | { kind: "files"; path: string; list: () => readonly Command<State>[] };

/** A route: `place` is where its layouts and middleware lie, the pattern with its groups. */
export interface RouteCommand<State> {
  /** Tells it from the other commands. */
  readonly kind: "route";
  /** The URL pattern. */
  readonly path: string;
  /** Where it lies among layouts and middleware. */
  readonly place: string;
  /** The route. */
  readonly route: Route<State>;
}

/** One step of the path, with what applies below it. */
interface Segment<State> {
  readonly parent: Segment<State> | null;
  readonly children: Map<string, Segment<State>>;
  readonly middlewares: Middleware<State>[];
  layout: { component: RouteComponent<State>; config: LayoutConfig } | null;
  errorRoute: Route<State> | null;
  notFound: Route<State> | null;
  app: RouteComponent<State> | null;
}

const METHODS: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What runs for a request, in order. */
type Chain<State> = readonly Middleware<State>[];

function newSegment<State>(parent: Segment<State> | null): Segment<State> {
  const nothing = { layout: null, errorRoute: null, notFound: null, app: null };
  return { parent, children: new Map(), middlewares: [], ...nothing };
}

function segmentAt<State>(root: Segment<State>, path: string): Segment<State> {
  let current = root;
  for (const step of path.split("/")) {
    if (step === "" || step === "*") continue;
    let child = current.children.get(step);
    if (child === undefined) {
      child = newSegment(current);
      current.children.set(step, child);
    }
    current = child;
  }
  return current;
}

/**
 * Fills the router from the commands, in order: middleware applies to routes that come after it.
 *
 * @returns The chain for requests that match no route.
 */
export function applyCommands<State>(
  router: Router<Middleware<State>>,
  commands: readonly Command<State>[],
  basePath: string,
): Chain<State> {
  const root = newSegment<State>(null);
  applyAll({ root, router, basePath }, commands);
  return chainOf(root);
}

interface Target<State> {
  readonly root: Segment<State>;
  readonly router: Router<Middleware<State>>;
  readonly basePath: string;
}

function applyAll<State>(target: Target<State>, commands: readonly Command<State>[]) {
  const { root, router, basePath } = target;
  for (const command of commands) {
    switch (command.kind) {
      case "middleware":
        segmentAt(root, command.path).middlewares.push(...command.fns);
        break;
      case "layout":
        segmentAt(root, command.path).layout = { component: command.component, config: command.config ?? {} };
        break;
      case "error":
        segmentAt(root, command.path).errorRoute = command.route;
        break;
      case "notFound":
        root.notFound = command.route;
        break;
      case "app":
        root.app = command.component;
        break;
      case "handler": {
        const chain = [...chainOf(segmentAt(root, command.path)), ...command.fns];
        const methods = command.method === "ALL" ? METHODS : [command.method];
        for (const method of methods) router.add(method, joinPath(basePath, command.path), chain);
        break;
      }
      case "route":
        addRoute(target, command);
        break;
      case "files":
        applyAll({ root, router, basePath: joinPath(basePath, command.path) }, command.list());
        break;
    }
  }
}

function addRoute<State>({ root, router, basePath }: Target<State>, command: RouteCommand<State>) {
  const { route } = command;
  const chain: Chain<State> = [...chainOf(segmentAt(root, command.place)), (ctx) => renderRoute(ctx, route)];
  const path = joinPath(basePath, route.config?.routeOverride ?? command.path);
  for (const method of methodsOf(route)) router.add(method, path, chain);
}

function methodsOf<State>(route: Route<State>): readonly Method[] {
  if (typeof route.handler === "function") return METHODS;
  const methods = new Set(
    METHODS.filter((method) => typeof route.handler === "object" && route.handler[method]),
  );
  if (route.component !== undefined) methods.add("GET");
  return [...methods];
}

/** From the root down: each step's layout and error page, then its middleware. */
function chainOf<State>(segment: Segment<State>): Chain<State> {
  const above = segment.parent === null ? [] : chainOf(segment.parent);
  return [...above, (ctx) => throughSegment(ctx, segment), ...segment.middlewares];
}

async function throughSegment<State>(ctx: Context<State>, segment: Segment<State>): Promise<Response> {
  const wrappers = wrappersOf(ctx);
  const { app, layouts } = wrappers;
  if (segment.app !== null) wrappers.app = segment.app as RouteComponent<never>;
  if (segment.layout !== null) {
    const { component, config } = segment.layout;
    if (config.skipAppWrapper) wrappers.app = null;
    const above = config.skipInheritedLayouts ? [] : wrappers.layouts;
    wrappers.layouts = [...above, component as RouteComponent<never>];
  }
  try {
    return await ctx.next();
  } catch (error) {
    ctx.error = error;
    const status = error instanceof HttpError ? error.status : 500;
    const notFound = rootOf(segment).notFound;
    if (status === 404 && notFound !== null) return await renderRoute(ctx, notFound, status);
    if (segment.errorRoute !== null) return await renderRoute(ctx, segment.errorRoute, status);
    throw error;
  } finally {
    wrappers.app = app;
    wrappers.layouts = layouts;
  }
}

function rootOf<State>(segment: Segment<State>): Segment<State> {
  let root = segment;
  while (root.parent !== null) root = root.parent;
  return root;
}

function handlerFor<State>(route: Route<State>, method: string): HandlerFn<unknown, State> | null {
  const { handler } = route;
  if (typeof handler === "function") return handler;
  const own = handler?.[method as Method] ?? (method === "HEAD" ? handler?.GET : undefined);
  if (own !== undefined) return own;
  // A page without a handler for it shows itself on GET; an error page on every method.
  return route.component === undefined ? null : () => ({ data: {} });
}

async function renderRoute<State>(ctx: Context<State>, route: Route<State>, status = 200): Promise<Response> {
  const fn = handlerFor(route, ctx.req.method);
  if (fn === null) return await ctx.next();
  const answer = await fn(ctx);
  if (answer instanceof Response) return answer;
  return await showPage(ctx, route, { ...answer, status: answer.status ?? status });
}

async function showPage<State>(
  ctx: Context<State>,
  route: Route<State>,
  answer: PageResponse<unknown>,
): Promise<Response> {
  ctx.data = answer.data;
  const result = route.component === undefined
    ? null
    : await resolveComponent(route.component as RouteComponent<never>, ctx);
  if (result instanceof Response) return result;
  const headers = new Headers(answer.headers);
  return await ctx.render(result, { status: answer.status ?? 200, headers }, route.config);
}

/** Runs a chain; `last` answers when all of it called `next()`. */
export function runChain<State>(
  chain: Chain<State>,
  ctx: Context<State>,
  last: () => Promise<Response>,
): Promise<Response> {
  const step = async (index: number): Promise<Response> => {
    const fn = chain[index];
    if (fn === undefined) return await last();
    const before = ctx.next;
    ctx.next = () => step(index + 1);
    try {
      const result = await fn(ctx);
      if (!(result instanceof Response)) throw new Error(`Middleware gave ${typeof result}, not a Response`);
      return result;
    } finally {
      ctx.next = before;
    }
  };
  return step(0);
}
