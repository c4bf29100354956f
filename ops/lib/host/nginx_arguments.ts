/**
 * What `deno task nginx` may be told. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import type { Distribution } from "./step.ts";

/** How it is called. */
export const NGINX_HELP = `nginx of this host.

  deno task nginx print               the configuration as it is to be; changes nothing
  deno task nginx check               try it with nginx -t and this host's certificate, and say what is
                                      installed otherwise; as root, changes nothing
  deno task nginx maintenance         say whether the maintenance page is on
  deno task nginx maintenance on      show it to everybody outside of the admin networks, at once; as root
  deno task nginx maintenance off     show Wattpost again; as root

  --file PATH            (print, check) the description; the one that was applied last unless told
  --for DISTRIBUTION     (print) debian-12, ubuntu-22.04 or ubuntu-24.04; this host's unless told

docs/nginx.md says why it is so. Exit codes: 0 done or as described, 1 it is not, 2 wrong arguments or description.`;

/** What is done. */
export type NginxOrder =
  | { readonly command: "print"; readonly file: string | null; readonly distribution: Distribution | null }
  | { readonly command: "check"; readonly file: string | null }
  | { readonly command: "maintenance"; readonly to: "on" | "off" | null };

const DISTRIBUTIONS: readonly Distribution[] = ["debian-12", "ubuntu-22.04", "ubuntu-24.04"];

/** Reads the arguments; `null`: help is asked for. */
export function readNginxArguments(args: readonly string[]): Result<NginxOrder | null, string> {
  if (args.includes("--help") || args.length === 0) return ok(null);
  const [command = "", ...rest] = args;
  switch (command) {
    case "print":
    case "check":
      return readOptions(command, rest);
    case "maintenance":
      return readMaintenance(rest);
    default:
      return err(`"${command}" is no command; known are print, check and maintenance`);
  }
}

function readMaintenance([to, ...more]: readonly string[]): Result<NginxOrder, string> {
  if (to !== undefined && to !== "on" && to !== "off") return err(`maintenance is on or off, not "${to}"`);
  const [first] = more;
  return first === undefined
    ? ok({ command: "maintenance", to: to ?? null })
    : err(unknown("maintenance", first));
}

function readOptions(command: "print" | "check", rest: readonly string[]): Result<NginxOrder, string> {
  let file: string | null = null;
  let distribution: Distribution | null = null;
  for (let at = 0; at < rest.length; at += 2) {
    const [name = "", value] = rest.slice(at, at + 2);
    if (name !== "--file" && (name !== "--for" || command === "check")) return err(unknown(command, name));
    if (value === undefined || value === "") return err(`${name} wants a value behind it`);
    if (name === "--file") file = value;
    else {
      distribution = DISTRIBUTIONS.find((one) => one === value) ?? null;
      if (distribution === null) return err(`--for takes ${DISTRIBUTIONS.join(", ")}, not "${value}"`);
    }
  }
  return ok(command === "print" ? { command, file, distribution } : { command, file });
}

function unknown(command: string, name: string): string {
  return `${command} takes no "${name}"`;
}
