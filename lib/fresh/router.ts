/**
 * Finds the route of a URL: exact paths first, then patterns in the order they were added.
 *
 * @module
 */

import type { Method } from "./types.ts";

/** What is known about one path; `pattern` is null if the path is meant as it stands. */
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

/** Makes an empty routing table. */
export function newRouter<T>(): Router<T> {
  const entries = new Map<string, Entry<T>>();

  function add(method: Method, path: string, handlers: readonly T[]) {
    const pattern = /[*:{}+?()]/.test(path) ? new URLPattern({ pathname: path }) : null;
    const entry = entries.get(path) ?? { path, pattern, byMethod: new Map() };
    entries.set(path, entry);
    entry.byMethod.set(method, [...entry.byMethod.get(method) ?? [], ...handlers]);
  }

  function match(method: string, url: URL): Match<T> {
    const exact = entries.get(url.pathname);
    if (exact?.pattern === null) return found(exact, method, {});
    for (const entry of entries.values()) {
      const groups = entry.pattern?.exec(url)?.pathname.groups;
      if (groups !== undefined) return found(entry, method, groups);
    }
    return { pattern: null, params: {}, handlers: null, allowed: [] };
  }

  return { add, match };
}

function found<T>(entry: Entry<T>, method: string, groups: Record<string, string | undefined>): Match<T> {
  const params: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(groups)) params[name] = decode(value ?? "");
  const { byMethod } = entry;
  const handlers = byMethod.get(method as Method) ?? (method === "HEAD" ? byMethod.get("GET") : undefined);
  const allowed = [...byMethod.keys()];
  if (byMethod.has("GET") && !byMethod.has("HEAD")) allowed.push("HEAD");
  return { pattern: entry.path, params, handlers: handlers ?? null, allowed };
}

/** Decodes a path or a part of one; what is no valid encoding stays as it came. */
export function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
