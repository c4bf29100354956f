/**
 * Gives a whole test run one Docker daemon: says where it is in one line of JSON (the environment of the test files),
 * and ends what it started when its input ends.
 *
 * @module
 */
import { ensureImage, IMAGES } from "./images.ts";
import { must, run, type RunOptions } from "./run.ts";
import { answers, type Dockerd, startDockerd } from "./dockerd.ts";

/** Variables by which test files learn where Docker is, or why there is none. */
const MISSING = "TEST_DOCKER_MISSING";

async function open(): Promise<Dockerd | undefined> {
  const given = Deno.env.get("DOCKER_HOST");
  if (await answers(given)) {
    console.log(JSON.stringify(given === undefined ? {} : { DOCKER_HOST: given }));
    return undefined;
  }
  try {
    const daemon = await startDockerd();
    console.log(JSON.stringify({ DOCKER_HOST: daemon.host }));
    return daemon;
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    console.log(JSON.stringify({ [MISSING]: why }));
    return undefined;
  }
}

/** Builds what is missing while the first tests run; those that need it wait for it. */
async function buildImages(host: string, signal: AbortSignal): Promise<void> {
  const env = { DOCKER_HOST: host };
  const docker = {
    run: (args: readonly string[], options: RunOptions = {}) => run(["docker", ...args], { ...options, env }),
    must: (args: readonly string[], options: RunOptions = {}) =>
      must(["docker", ...args], { ...options, env }),
  };
  await Promise.allSettled(IMAGES.map((name) => ensureImage(docker, name, signal)));
}

const interrupted = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => interrupted.resolve());
}
const daemon = await open();
const over = new AbortController();
const building = daemon ? buildImages(daemon.host, over.signal) : undefined;
await Promise.race([Deno.stdin.readable.pipeTo(new WritableStream()), interrupted.promise]);
over.abort();
await building;
await daemon?.stop();
Deno.exit(0);
