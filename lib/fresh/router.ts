/**
 * Finds the route of a URL: exact paths first, then patterns in the order they were added.
 *
 * @module
 */

import type { Method } from "./types.ts";

/** What is known about one pattern. */
interface Entry<T> {
  readonly path: string;
  readonly pattern: URLPattern | null;
  readonly byMethod: Map<Method, readonly T[]>;
}

/** What a URL and method led to. */
export interface Match<T> {
  /** The pattern that matched, null if none did. */
  readonly pattern: string | null;
  /** Decoded parameters. */
  readonly params: Record<string, string>;
  /** What to run, null if the pattern has nothing for the method. */
  readonly handlers: readonly T[] | null;
  /** Methods that the pattern has handlers for. */
  readonly allowed: readonly string[];
}

/** A routing table. */
export interface Router<T> {
  /** Adds handlers; more of equal pattern and method run when those before call `next()`. */
  add(method: Method, path: string, handlers: readonly T[]): void;
  /** Finds what a request leads to. */
  match(method: string, url: URL): Match<T>;
}

const IS_PATTERN = /[*:{}+?()]/;

/** Makes an empty routing table. */
export function newRouter<T>(): Router<T> {
  const exact = new Map<string, Entry<T>>();
  const patterns = new Map<string, Entry<T>>();

  function add(method: Method, path: string, handlers: readonly T[]) {
    const dynamic = IS_PATTERN.test(path);
    const table = dynamic ? patterns : exact;
    let entry = table.get(path);
    if (entry === undefined) {
      entry = { path, pattern: dynamic ? new URLPattern({ pathname: path }) : null, byMethod: new Map() };
      table.set(path, entry);
    }
    entry.byMethod.set(method, [...entry.byMethod.get(method) ?? [], ...handlers]);
  }

  function match(method: string, url: URL): Match<T> {
    const hit = exact.get(url.pathname);
    if (hit !== undefined) return found(hit, method, {});
    for (const entry of patterns.values()) {
      const groups = entry.pattern?.exec(url)?.pathname.groups;
      if (groups !== undefined) return found(entry, method, groups);
    }
    return { pattern: null, params: {}, handlers: null, allowed: [] };
  }

  return { add, match };
}

function found<T>(entry: Entry<T>, method: string, groups: Record<string, string | undefined>): Match<T> {
  const params: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(groups)) {
    if (/^\d+$/.test(name)) continue; // unnamed groups such as `*`
    params[name] = decode(value ?? "");
  }
  const { byMethod } = entry;
  const handlers = byMethod.get(method as Method) ?? (method === "HEAD" ? byMethod.get("GET") : undefined);
  const allowed = [...byMethod.keys()];
  if (byMethod.has("GET") && !byMethod.has("HEAD")) allowed.push("HEAD");
  return { pattern: entry.path, params, handlers: handlers ?? null, allowed };
}

/** Decodes a parameter; one that is no valid encoding stays as it came. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Puts a path under a base ("/admin", "/users" -> "/admin/users"). */
export function joinPath(base: string, path: string): string {
  const prefix = base === "/" || base === "*" ? "" : base.replace(/\/?\*?$/, "");
  if (path === "*" || path === "/*") return `${prefix}/*`;
  return prefix !== "" && path === "/" ? prefix : prefix + path;
}
