/**
 * `deno task deploy`: puts a release on this host while it works on, goes on after a kill, and takes it back.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { HOST_DENO } from "./lib/release/deno_argv.ts";
import { DEPLOY_HELP, type DeployOrder, readDeployArguments } from "./lib/release/deploy_arguments.ts";
import { runDeploy } from "./lib/release/deploy_run.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";
import { printable } from "./lib/printable.ts";

async function deploy(order: DeployOrder, on: Host): Promise<number> {
  if (Deno.uid() !== 0) {
    console.error("Only root deploys: sudo deno task deploy …");
    return 1;
  }
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => stopping.abort());
  }
  const encoder = new TextEncoder();
  return await runDeploy(order, {
    on,
    place: order.place,
    clock: systemClock,
    project: new URL("..", import.meta.url).pathname.replace(/\/$/, ""),
    // Below a folder there is no Deno of its own: the one that runs us runs tasks too.
    deno: order.place.root !== ""
      ? { program: Deno.execPath(), packages: Deno.env.get("DENO_DIR") ?? null }
      : HOST_DENO,
    dockerHost: Deno.env.get("DOCKER_HOST"),
    showing: {
      print: (line) => console.log(printable(line)),
      begin: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
      isStopped: () => stopping.signal.aborted,
    },
  });
}

if (import.meta.main) {
  Deno.exit(await runTask(Deno.args, { help: DEPLOY_HELP, read: readDeployArguments, run: deploy }));
}
