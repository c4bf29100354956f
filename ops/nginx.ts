/**
 * `deno task nginx`: nginx of this host, its text, whether it is as described, and the maintenance page.
 *
 * @module
 */

import { typedPath } from "./lib/command.ts";
import { PATHS } from "./lib/host/layout.ts";
import { openMachine } from "./lib/host/machine.ts";
import { NGINX_HELP, readNginxArguments } from "./lib/host/nginx_arguments.ts";
import { runNginx } from "./lib/host/nginx_run.ts";
import { HostError } from "./lib/host/step.ts";

async function main(args: readonly string[]): Promise<number> {
  const order = readNginxArguments(args);
  if (!order.ok || order.value === null) {
    if (order.ok) console.log(NGINX_HELP);
    else console.error(`${order.error}\n\n${NGINX_HELP}`);
    return order.ok ? 0 : 2;
  }
  try {
    return await runNginx(order.value, {
      on: openMachine(PATHS.state),
      isRoot: Deno.uid() === 0,
      typed: typedPath,
      print: (line) => console.log(line),
      complain: (line) => console.error(line),
      inFolder: withFolder,
    });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "wattpost-nginx-" });
  try {
    return await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
