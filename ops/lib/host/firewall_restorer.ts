/**
 * How small programs of the firewall are started: by the Deno that runs us, without settings, packages or the network,
 * so that they also start when nothing else does.
 *
 * @module
 */

import type { Restorer } from "./firewall_rollback.ts";

type Argv = readonly [string, ...string[]];

/** The command that runs a file of `ops`, with absolute paths. */
export function denoArgv(file: string, permissions: readonly string[], args: readonly string[]): Argv {
  const path = decodeURIComponent(new URL(`../../${file}`, import.meta.url).pathname);
  const flags = ["--quiet", "--no-prompt", "--no-check", "--no-config", "--no-lock", "--no-remote"];
  return [Deno.execPath(), "run", ...flags, ...permissions, path, ...args];
}

/** What brings the former firewall back. */
export function thisRestorer(): Restorer {
  return { argv: denoArgv("firewall_restore.ts", ["--allow-read", "--allow-write", "--allow-run"], []) };
}
