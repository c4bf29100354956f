/**
 * The build of the product as tests use it. `deno task test` makes one for all test files and names its folder in
 * `WATTPOST_TEST_BUILD`; a file that is run by itself makes its own in memory.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { App } from "fresh";
import { Builder } from "fresh/dev";
import { applySnapshot } from "../../lib/fresh/server.ts";
import type { State } from "../../lib/web/state.ts";

/** Folder of the project. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** Hands the build to an app. */
export type GiveBuild = (app: App<State>) => void;

let built: Promise<GiveBuild> | null = null;

/** The build, found or made once a test file. */
export function builtOnce(): Promise<GiveBuild> {
  const folder = Deno.env.get("WATTPOST_TEST_BUILD");
  built ??= folder ? builtIn(folder) : builderOf().build({ mode: "production", snapshot: "memory" });
  return built;
}

/** Builds the product into a folder. */
export async function buildInto(outDir: string): Promise<void> {
  await builderOf({ outDir }).build();
}

function builderOf(options: { readonly outDir?: string } = {}): Builder<State> {
  return new Builder<State>({ root: PROJECT, ...options });
}

async function builtIn(folder: string): Promise<GiveBuild> {
  const url = (name: string) => pathToFileURL(`${folder}/${name}`).href;
  const { snapshot } = await import(url("snapshot.js"));
  return (app) => applySnapshot(app, snapshot, url("server.js"));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) throw new Error("Expected the folder to build into");
  await buildInto(folder);
}
