/**
 * Reads the meaning of files under `routes/` from their names, and their exports into commands.
 *
 * @module
 */

import type { RouteFile } from "./build_cache.ts";
import type { Command } from "./segments.ts";
import type { Middleware, RouteComponent, RouteHandler } from "./types.ts";

/** What a module under `routes/` may export. */
interface RouteModule<State> {
  readonly handler?: RouteHandler<unknown, State> | Middleware<State>[];
  readonly handlers?: RouteHandler<unknown, State> | Middleware<State>[];
  readonly default?: RouteComponent<State>;
}

/** Files that are no routes, in the order in which they apply. */
const SPECIAL = ["_app", "_middleware", "_layout", "_error"];

/** Makes the commands of a project's route files, in the order in which they are to be tried. */
export function fileCommands<State>(files: readonly RouteFile[]): readonly Command<State>[] {
  const named = files.map((file) => {
    const steps = file.path.replace(/\.[tj]sx?$/, "").split("/");
    return { file, steps, name: steps.at(-1) ?? "" };
  });
  const special = named.filter(({ name }) => SPECIAL.includes(name));
  const routes = named.filter(({ name }) => !SPECIAL.includes(name));
  routes.sort((a, b) => compareRoutes(a.steps, b.steps));
  return [...special, ...routes].map(({ file, steps }) => commandOf<State>(file, steps));
}

function checkModule<State>({ path, mod }: RouteFile): RouteModule<State> {
  const handler = mod.handlers ?? mod.handler;
  const known = [mod.default, handler].some((each) => typeof each === "function" || Array.isArray(each)) ||
    typeof handler === "object" && handler !== null;
  if (!known) throw new Error(`routes/${path} exports no "default", "handler" or "handlers"`);
  if (mod.config !== undefined) throw new Error(`routes/${path} exports "config", which is not supported`);
  if (typeof handler === "function" && handler.length > 1) {
    throw new Error(`The handler of routes/${path} must take one argument, the context`);
  }
  return mod as RouteModule<State>;
}

function commandOf<State>(file: RouteFile, steps: readonly string[]): Command<State> {
  const name = steps.at(-1) ?? "";
  const mod = checkModule<State>(file);
  const handler = mod.handlers ?? mod.handler;
  const component = mod.default;
  const place = steps.slice(0, -1).map(stepPattern).join("");
  if (name === "_middleware") {
    const own = handler ?? component;
    const fns = Array.isArray(own) ? own : [own];
    if (!fns.every((fn) => typeof fn === "function")) {
      throw new Error(
        `routes/${file.path} must export a function or a list of them: middleware has no methods`,
      );
    }
    return { kind: "middleware", path: place, fns: fns as Middleware<State>[] };
  }
  if (name === "_app" || name === "_layout") {
    if (component === undefined) throw new Error(`routes/${file.path} exports no "default"`);
    return name === "_app" ? { kind: "app", component } : { kind: "layout", path: place, component };
  }
  if (Array.isArray(handler)) {
    throw new Error(`routes/${file.path} exports a list of handlers: only middleware may`);
  }
  const route = { component, handler };
  if (name === "_error") return { kind: "error", path: place, route };
  if (name.startsWith("_")) throw new SyntaxError(`Not a route name: "${name}"`);
  return { kind: "route", path: pathPattern(steps), place, route };
}

/** The URL pattern of a path below `routes/`: groups vanish, `index` is its folder. */
function pathPattern(steps: readonly string[]): string {
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
  // `/:rest*` would leave out what ends with a slash, which then nobody of ours answers.
  if (rest !== null) return `{/:${rest[1]}(.*)}?`;
  if (step.includes("][")) throw new SyntaxError(`Two parameters side by side in "${step}"`);
  const pattern = step.replace(/\[(\w+)\]/g, ":$1");
  if (/[[\]]/.test(pattern)) throw new SyntaxError(`Not a route name: "${step}"`);
  // A name that goes on after a parameter needs the parameter in braces of its own.
  return `/${pattern.replace(/:(\w+)/g, (whole, name) => pattern === whole ? whole : `{:${name}}`)}`;
}

/** Fixed names come before parameters, and the rest last. */
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
  if (step.startsWith("[...")) return 3;
  if (step.startsWith("[") && step.endsWith("]")) return 2;
  return step.includes("[") ? 1 : 0;
}
