/**
 * The fixture app, built into a temporary folder and served as a release is: without the right to read code,
 * run programs or look about.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { Builder } from "fresh/dev";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const ROOT = fileURLToPath(new URL("./fixture_app/", import.meta.url));

/** The longest that a server may take to say where it is. */
const START_MS = 20_000;

/** A served build. */
export interface Served extends AsyncDisposable {
  /** Where it answers, without a slash at the end. */
  readonly origin: string;
}

/** Builds the fixture app into a folder. */
export function buildFixture(outDir: string): Promise<unknown> {
  return new Builder({ root: ROOT, outDir }).build();
}

/** Writes a deno.json with this project's imports into a folder, to be built there. */
export async function writeConfig(folder: string): Promise<void> {
  const config = JSON.parse(await Deno.readTextFile(join(PROJECT, "deno.json")));
  for (const [name, target] of Object.entries<string>(config.imports)) {
    if (target.startsWith("./")) config.imports[name] = new URL(target, pathToFileURL(PROJECT)).href;
  }
  const { imports, compilerOptions } = config;
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify({ imports, compilerOptions, lock: false }),
  );
}

/** Builds the fixture app and serves it with the rights of a release. */
export async function serveFixture(): Promise<Served> {
  const temp = await Deno.makeTempDir({ prefix: "wattpost-fresh-" });
  const folder = join(temp, "_fresh");
  await buildFixture(folder);
  const rights = ["--allow-env=PORT", "--ignore-env", "--allow-net=127.0.0.1"];
  const args = [...rights, `--allow-read=${join(folder, "static")}`, join(folder, "server.js")];
  const running = await start(args, { PORT: "0" });
  return {
    origin: running.origin,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await Deno.remove(temp, { recursive: true });
    },
  };
}

/** Serves the fixture app as it is while being written. */
export function serveInDevelopment(): Promise<Served> {
  return start(["-A", join(ROOT, "dev.ts")], {});
}

async function start(args: readonly string[], env: Record<string, string>): Promise<Served> {
  const child = new Deno.Command("deno", {
    cwd: PROJECT,
    args: ["run", `--config=${join(PROJECT, "deno.json")}`, "--no-prompt", ...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_MS);
  let said = "";
  let origin: string | undefined;
  while (origin === undefined) {
    const { value, done } = await lines.read();
    if (done) clearTimeout(deadline);
    if (done) throw new Error(`The server did not start: ${said}${await errors}`);
    said += value;
    origin = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
  }
  clearTimeout(deadline);
  return {
    origin,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await Promise.all([child.status, errors, lines.cancel()]);
    },
  };
}
