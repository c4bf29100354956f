/**
 * `fresh/dev`: builds the app for production, or serves it while it is being written.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { App, setBuildCache } from "./app.ts";
import { assemble, type Assembled, snapshotModule } from "./assemble.ts";
import { findSources, importSources, type Sources } from "./crawl.ts";
import { buildOf } from "./server.ts";

/** Where things lie; relative paths are below `root`. */
export interface BuildOptions {
  /** Folder of the project, the current one if absent. */
  root?: string;
  /** Where the build goes, "_fresh" if absent. */
  outDir?: string;
}

/** What a build is to be. */
export interface BuildMode {
  /** "production" if absent. */
  mode?: "development" | "production";
  /** Whether the build is written to `outDir` or kept, "disk" if absent. */
  snapshot?: "disk" | "memory";
}

/** The configuration as the builder uses it: absolute paths. */
export type ResolvedBuildConfig = Readonly<Required<BuildOptions>>;

/** How long a page waits before it asks again whether the development server is back. */
const RECONNECT_MS = 300;

/** Finds routes and islands, compiles what the browser needs, and gives it to the app. */
// deno-lint-ignore no-explicit-any
export class Builder<State = any> {
  /** The configuration as the builder uses it. */
  readonly config: ResolvedBuildConfig;

  /** A builder for the project in a folder. */
  constructor(options: BuildOptions = {}) {
    const root = resolve(options.root ?? ".");
    this.config = { root, outDir: resolve(root, options.outDir ?? "_fresh") };
  }

  /** Builds, and gives a function that hands the build to an app. */
  async build(options: BuildMode = {}): Promise<(app: App<State>) => void> {
    const development = options.mode === "development";
    const sources = await findSources(this.config.root);
    const assembled = await assemble(this.config, { sources, development });
    if (options.snapshot !== "memory") await this.#write(sources, assembled);
    const snapshot = { ...assembled.snapshot, ...await importSources(sources) };
    const readFile = (path: string) => {
      const content = assembled.contents.get(path);
      return content === undefined ? Promise.reject(new Error(`No file ${path}`)) : Promise.resolve(content);
    };
    return (app) => setBuildCache(app, buildOf(snapshot, { development, readFile }));
  }

  /** Serves the app that a module exports; pages reload when this process was started again. */
  async listen(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: Partial<Deno.ServeTcpOptions> = {},
  ): Promise<void> {
    const apply = await this.build({ mode: "development", snapshot: "memory" });
    const imported = await importApp();
    const app = imported instanceof App ? imported : imported.app;
    apply(app);
    const handler = app.handler();
    const run = crypto.randomUUID();
    const server = Deno.serve({ port: 8000, ...options }, (req, info) => {
      return new URL(req.url).pathname === "/_frsh/alive" ? alive(run) : handler(req, info);
    });
    await server.finished;
  }

  async #write(sources: Sources, assembled: Assembled): Promise<void> {
    const { outDir } = this.config;
    const folder = join(outDir, "static");
    await Deno.remove(outDir, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    for (const [path, content] of assembled.contents) {
      const target = join(folder, path);
      await Deno.mkdir(join(target, ".."), { recursive: true });
      await Deno.writeFile(target, content);
    }
    for (const { name, text } of snapshotModule(this.config, { sources, assembled })) {
      await Deno.writeTextFile(join(outDir, name), text);
    }
  }
}

/** An endless stream that names this run of the server; it breaks when the process ends. */
function alive(run: string): Response {
  const text = `retry: ${RECONNECT_MS}\ndata: ${run}\n\n`;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  });
  return new Response(body, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" },
  });
}
