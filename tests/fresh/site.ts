/**
 * Apps made of route modules given as objects, for tests.
 *
 * @module
 */

import { App } from "fresh";
import { setBuildCache } from "../../lib/fresh/app.ts";
import { type BuildCache, EMPTY_BUILD } from "../../lib/fresh/build_cache.ts";

/** What a file under `routes/` exports. */
export type Module = Record<string, unknown>;

/** Makes an app of file routes by path. */
export function site<State>(files: Record<string, Module>, build: Partial<BuildCache> = {}): App<State> {
  const app = new App<State>().fsRoutes();
  const routes = Object.entries(files).map(([path, mod]) => ({ path, mod }));
  setBuildCache(app, { ...EMPTY_BUILD, routes, ...build });
  return app;
}

/** Asks an app and reads the whole answer. */
export async function ask<State>(app: App<State>, path: string, init?: RequestInit) {
  const response = await app.handler()(new Request(`http://localhost${path}`, init));
  return { status: response.status, headers: response.headers, text: await response.text() };
}
