/**
 * Reads the meaning of files under `routes/` from their names, and their exports into commands.
 *
 * @module
 */

import type { RouteFile } from "./build_cache.ts";
import type { Command } from "./segments.ts";
import type { Middleware, Route, RouteComponent, RouteConfig, RouteHandler } from "./types.ts";

/** What a module under `routes/` may export. */
interface RouteModule<State> {
  readonly config?: RouteConfig;
  readonly handler?: RouteHandler<unknown, State> | Middleware<State>[];
  readonly handlers?: RouteHandler<unknown, State> | Middleware<State>[];
  readonly default?: RouteComponent<State>;
}

const SPECIAL = ["_app", "_middleware", "_layout", "_error", "_404"];

/** True for a file that is a route, layout, middleware or error page; `(_name)` folders hold none. */
export function isRouteFile(path: string): boolean {
  if (!/\.[tj]sx?$/.test(path) || /[._]test\.[tj]sx?$/.test(path)) return false;
  return !path.split("/").some((step) => step.startsWith("(_") && step.endsWith(")"));
}

/** Makes the commands of a project's route files, in the order in which they are to be tried. */
export function fileCommands<State>(files: readonly RouteFile[]): readonly Command<State>[] {
  const named = files.map((file) => ({ file, ...splitPath(file.path) }));
  const special = named.filter(({ name }) => SPECIAL.includes(name));
  const routes = named.filter(({ name }) => !SPECIAL.includes(name))
    .sort((a, b) => compareRoutes([...a.folders, a.name], [...b.folders, b.name]));
  return [...special, ...routes].flatMap(({ file, folders, name }) => {
    const mod = checkModule<State>(file);
    const place = folders.map(stepPattern).join("");
    const command = commandOf<State>(name, { mod, place, folders, path: file.path });
    return command === null ? [] : [command];
  });
}

function splitPath(path: string): { readonly folders: readonly string[]; readonly name: string } {
  const steps = path.replace(/\.[tj]sx?$/, "").split("/");
  return { folders: steps.slice(0, -1), name: steps.at(-1) ?? "" };
}

function checkModule<State>({ path, mod }: RouteFile): RouteModule<State> {
  const handler = mod.handlers ?? mod.handler;
  const known = [mod.default, handler].some((each) => typeof each === "function") ||
    [mod.config, handler].some((each) => typeof each === "object" && each !== null) ||
    Array.isArray(mod.default);
  if (!known) throw new Error(`routes/${path} exports no "default", "handler", "handlers" or "config"`);
  if (typeof handler === "function" && handler.length > 1) {
    throw new Error(`The handler of routes/${path} must take one argument, the context`);
  }
  return mod as RouteModule<State>;
}

interface Placed<State> {
  readonly mod: RouteModule<State>;
  readonly place: string;
  readonly folders: readonly string[];
  readonly path: string;
}

function commandOf<State>(name: string, { mod, place, folders, path }: Placed<State>): Command<State> | null {
  const handler = mod.handlers ?? mod.handler;
  const component = mod.default;
  if (name === "_middleware") {
    const own = handler ?? component;
    const fns = Array.isArray(own) ? own : [own];
    if (!fns.every((fn) => typeof fn === "function")) {
      throw new Error(`routes/${path} must export a function or a list of them: middleware has no methods`);
    }
    return { kind: "middleware", path: place, fns: fns as Middleware<State>[] };
  }
  if (name === "_app") return component === undefined ? null : { kind: "app", component };
  if (name === "_layout") {
    return component === undefined ? null : { kind: "layout", path: place, component, config: mod.config };
  }
  if (Array.isArray(handler)) {
    throw new Error(`routes/${path} exports a list of handlers: only middleware may`);
  }
  const route: Route<State> = { component, handler, config: mod.config };
  if (name === "_error") return { kind: "error", path: place, route };
  if (name === "_404") return { kind: "notFound", route };
  return { kind: "route", path: pathPattern([...folders, name]), place, route };
}

/** The URL pattern of a path below `routes/`: groups vanish, `index` is its folder. */
export function pathPattern(steps: readonly string[]): string {
  const visible = steps.filter((step) => !isGroup(step));
  if (visible.at(-1) === "index") visible.pop();
  return visible.map(stepPattern).join("") || "/";
}

function isGroup(step: string): boolean {
  return step.startsWith("(") && step.endsWith(")");
}

function stepPattern(step: string): string {
  if (isGroup(step)) return `/${step}`;
  const rest = /^\[\.\.\.(\w+)\]$/.exec(step);
  if (rest !== null) return `/:${rest[1]}*`;
  const optional = /^\[\[(\w+)\]\]$/.exec(step);
  if (optional !== null) return `{/:${optional[1]}}?`;
  if (step.includes("][")) throw new SyntaxError(`Two parameters side by side in "${step}"`);
  const pattern = step.replace(/\[(\w+)\]/g, ":$1");
  if (/[[\]]/.test(pattern)) throw new SyntaxError(`Not a route name: "${step}"`);
  // A name that goes on after a parameter needs the parameter in braces of its own.
  return `/${pattern.replace(/:(\w+)/g, (whole, name) => pattern === whole ? whole : `{:${name}}`)}`;
}

/** Fixed names come before parameters, parameters before optional ones, and the rest last. */
function compareRoutes(a: readonly string[], b: readonly string[]): number {
  const left = a.filter((step) => !isGroup(step));
  const right = b.filter((step) => !isGroup(step));
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x, y] = [left[index] ?? "", right[index] ?? ""];
    if (x !== y) return rank(x) - rank(y) || (x < y ? -1 : 1);
  }
  return left.length - right.length;
}

function rank(step: string): number {
  if (step.startsWith("[...")) return 4;
  if (step.startsWith("[[")) return 3;
  if (step.startsWith("[") && step.endsWith("]")) return 2;
  return step.includes("[") ? 1 : 0;
}
