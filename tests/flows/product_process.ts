/**
 * The product as it is delivered: built into a folder, run by `deno` with the permissions of the `app` task and no
 * more, told by signals, ended by force.
 *
 * @module
 */

import { join } from "node:path";
import { freePort } from "../engines/server.ts";
import { buildInto as build, PROJECT } from "./built.ts";
import { ask } from "./running_product.ts";

/** Longest that a start, an answer to a signal or an awaited line may take, in ms. */
const DEADLINE_MS = 60_000;

/** Milliseconds between two looks at a process of another. */
const LOOK_MS = 10;

/** A run of the product in a process of its own. */
export interface ProductProcess {
  /** Where it answers. */
  readonly origin: string;
  /** What it printed so far, both streams. */
  said(): string;
  /** Resolves when it is ready for work; rejects with what it said when it ends before. */
  ready(): Promise<void>;
  /** Its number. */
  readonly pid: number;
  /** Sends a signal after which it goes on. */
  tell(signal: "SIGHUP"): void;
  /** Sends a signal; resolves with how it ended. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<Deno.CommandStatus>;
  /** Resolves when it has ended by itself. */
  ended(): Promise<Deno.CommandStatus>;
}

/** Builds the product into `_fresh` below a folder; its data will lie in `data`. */
export async function buildInto(folder: string): Promise<void> {
  await build(join(folder, "_fresh"));
}

/** Arguments of `deno` for the product in a folder: those of the task, which says what the product may. */
async function argumentsOf(folder: string, build: string): Promise<readonly string[]> {
  const config = JSON.parse(await Deno.readTextFile(join(PROJECT, "deno.json")));
  const [deno, run, ...rights]: string[] = config.tasks.app.command.split(" ");
  if (deno !== "deno" || run !== "run") throw new Error(`The app task is ${config.tasks.app.command}`);
  const moved = rights.map((right) =>
    right.replaceAll(
      /(?<=[=,])(data|_fresh)(?=,|$)/g,
      (name) => join(folder, name === "_fresh" ? build : name),
    )
  );
  return ["run", `--config=${join(PROJECT, "deno.json")}`, ...moved, join(folder, build, "server.js")];
}

/** Where else than among the test's own processes the product runs. */
export interface ProcessPlace {
  /** What runs it, such as `ip netns exec NAME`. */
  readonly within?: readonly [string, ...string[]];
  /** Folders that it reads besides. */
  readonly reads?: readonly string[];
  /** A socket that it serves at, outside its data folder. */
  readonly socket?: string;
  /** Folder of its build, below the folder; default `_fresh`. */
  readonly build?: string;
}

/** Starts the product whose build lies in a folder. `PUBLIC_URL` says where it answers, if not on loopback. */
export async function startProcess(
  folder: string,
  env: Readonly<Record<string, string>> = {},
  place?: ProcessPlace,
): Promise<ProductProcess> {
  const port = freePort();
  const origin = env["PUBLIC_URL"] ?? `http://127.0.0.1:${port}`;
  const kept = ["PATH", "HOME", "DENO_DIR", "DENO_CERT", "DENO_TLS_CA_STORE", "NPM_CONFIG_REGISTRY"]
    .flatMap((name): [string, string][] => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    });
  const reads = (place?.reads ?? []).map((path) => `--allow-read=${path}`);
  const { socket } = place ?? {};
  if (socket !== undefined) reads.push(`--allow-read=${socket}`, `--allow-write=${socket}`);
  const [run = "run", ...rights] = await argumentsOf(folder, place?.build ?? "_fresh");
  const [program, ...words] = [...place?.within ?? [], "deno", run, ...reads, ...rights];
  const child = new Deno.Command(program ?? "deno", {
    cwd: PROJECT,
    args: words,
    clearEnv: true,
    env: {
      ...Object.fromEntries(kept),
      NO_COLOR: "1",
      LISTEN: `127.0.0.1:${port}`,
      PUBLIC_URL: origin,
      DATA_DIR: join(folder, "data"),
      LOOPBACK_SITES: "on",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output: string[] = [];
  const reading = Promise.all([gather(child.stdout, output), gather(child.stderr, output)]);
  const deadline = setTimeout(() => kill(child, "SIGKILL"), 2 * DEADLINE_MS);
  let over = false;
  const ended = (async () => {
    const status = await child.status;
    over = true;
    clearTimeout(deadline);
    await reading;
    return status;
  })();
  const said = () => output.join("");
  return {
    origin,
    pid: child.pid,
    said,
    tell: (signal) => kill(child, signal),
    ready: () =>
      eventually("the product is ready", async () => {
        if (over) throw new Error(`The product ended: ${said()}`);
        return await ask(origin, "/readyz").then(({ status }) => status === 200, () => false);
      }),
    async end(signal) {
      kill(child, signal);
      return await ended;
    },
    ended: () => ended,
  };
}

/** Waits for something in another process, which cannot call us; throws after a minute. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + DEADLINE_MS;
  while (!await isSo()) {
    if (performance.now() > endMs) throw new Error(`Waited ${DEADLINE_MS} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function gather(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const text = new TextDecoder();
  for await (const part of stream) into.push(text.decode(part, { stream: true }));
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}
