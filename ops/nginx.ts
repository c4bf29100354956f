/**
 * `deno task nginx`: nginx of this host, its text, whether it is as described, and the maintenance page.
 *
 * @module
 */

import { typedPath } from "./lib/command.ts";
import { NGINX_HELP, type NginxOrder, readNginxArguments } from "./lib/host/nginx_arguments.ts";
import { runNginx } from "./lib/host/nginx_run.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";

function nginx(order: NginxOrder, on: Host): Promise<number> {
  return runNginx(order, {
    on,
    isRoot: Deno.uid() === 0,
    typed: typedPath,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
    inFolder: withFolder,
  });
}

async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "wattpost-nginx-" });
  try {
    return await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  Deno.exit(await runTask(Deno.args, { help: NGINX_HELP, read: readNginxArguments, run: nginx }));
}
