/**
 * Lays middleware, layouts and error pages out along the path, and gives each route its chain.
 *
 * @module
 */

import { Context, insideOf, resolveComponent } from "./context.ts";
import { HttpError } from "./error.ts";
import type { Router } from "./router.ts";
import type { HandlerFn, Method, Middleware, Route, RouteComponent } from "./types.ts";

/**
 * What was asked of the app, in order. `path` is a route's pattern or the place that the rest applies below;
 * `place` is where a route lies among them: its pattern with its groups.
 */
export type Command<State> =
  | Readonly<{ kind: "middleware"; path: string; fns: readonly Middleware<State>[] }>
  | Readonly<{ kind: "app"; component: RouteComponent<State> }>
  | Readonly<{ kind: "layout"; path: string; component: RouteComponent<State> }>
  | Readonly<{ kind: "error"; path: string; route: Route<State> }>
  | Readonly<{ kind: "route"; path: string; place: string; route: Route<State> }>;

/** One step of the path, with what applies below it. */
interface Segment<State> {
  readonly parent: Segment<State> | null;
  readonly children: Map<string, Segment<State>>;
  readonly middlewares: Middleware<State>[];
  readonly layouts: RouteComponent<State>[];
  errorRoute: Route<State> | null;
}

const METHODS: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What runs for a request, in order. */
type Chain<State> = readonly Middleware<State>[];

function newSegment<State>(parent: Segment<State> | null): Segment<State> {
  return { parent, children: new Map(), middlewares: [], layouts: [], errorRoute: null };
}

function segmentAt<State>(root: Segment<State>, path: string): Segment<State> {
  let current = root;
  for (const step of path.split("/").filter((each) => each !== "")) {
    const child = current.children.get(step) ?? newSegment(current);
    current.children.set(step, child);
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
): Chain<State> {
  const root = newSegment<State>(null);
  for (const command of commands) {
    switch (command.kind) {
      case "middleware":
        segmentAt(root, command.path).middlewares.push(...command.fns);
        break;
      case "app":
        root.layouts.unshift(command.component);
        break;
      case "layout":
        segmentAt(root, command.path).layouts.push(command.component);
        break;
      case "error":
        segmentAt(root, command.path).errorRoute = command.route;
        break;
      case "route": {
        const { route, place, path } = command;
        const chain = [...chainOf(segmentAt(root, place)), (ctx: Context<State>) => renderRoute(ctx, route)];
        for (const method of methodsOf(route)) router.add(method, path, chain);
        break;
      }
    }
  }
  return chainOf(root);
}

function methodsOf<State>({ handler, component }: Route<State>): readonly Method[] {
  if (typeof handler === "function") return METHODS;
  const methods = new Set(METHODS.filter((method) => handler?.[method] !== undefined));
  if (component !== undefined) methods.add("GET");
  return [...methods];
}

/** From the root down: each step's layouts and error page, then its middleware. */
function chainOf<State>(segment: Segment<State>): Chain<State> {
  const above = segment.parent === null ? [] : chainOf(segment.parent);
  return [...above, (ctx) => throughSegment(ctx, segment), ...segment.middlewares];
}

async function throughSegment<State>(ctx: Context<State>, segment: Segment<State>): Promise<Response> {
  const inside = insideOf(ctx);
  const outer = inside.layouts;
  inside.layouts = [...outer, ...segment.layouts as RouteComponent<never>[]];
  try {
    return await ctx.next();
  } catch (error) {
    ctx.error = error;
    if (segment.errorRoute === null) throw error;
    return await renderRoute(ctx, segment.errorRoute, error instanceof HttpError ? error.status : 500);
  } finally {
    inside.layouts = outer;
  }
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
  ctx.data = answer.data;
  const result = route.component === undefined
    ? null
    : await resolveComponent(route.component as RouteComponent<never>, ctx);
  if (result instanceof Response) return result;
  return await ctx.render(result, { status: answer.status ?? status, headers: new Headers(answer.headers) });
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
