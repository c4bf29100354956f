/**
 * What `deno task host` may be told. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";

/** How it is called. */
export const HOST_HELP = `deno task host plan   [--file ops/host.json] [--domain-elsewhere] [--json]
deno task host apply  [--file ops/host.json] [--domain-elsewhere] [--yes] [--json]
deno task host check  [--file ops/host.json] [--json]
deno task host remove [--yes] [--json]

  plan    says what apply would do: every file as a diff, every command; changes nothing
  apply   makes this host as it is described; a second time it changes nothing
  check   says what is not as described; exit code 1 where anything is
  remove  takes away what apply put here, and puts back what was there before

  --file              the description; without it ops/host.json, or the one that was applied last
  --domain-elsewhere  the domain leads to a router or balancer in front of this host, not to one of its addresses
  --yes               asks nothing
  --json              one JSON object in place of text

docs/host.md describes the description. Exit codes: 0 done or as described, 1 failed or not as described,
2 wrong arguments or description.`;

/** What is done. */
export type HostCommand = "plan" | "apply" | "check" | "remove";

/** What it was told. */
export interface HostOrder {
  readonly command: HostCommand;
  /** The description as it was typed; `null`: the usual one. */
  readonly file: string | null;
  readonly yes: boolean;
  readonly json: boolean;
  readonly domainElsewhere: boolean;
}

const COMMANDS: readonly HostCommand[] = ["plan", "apply", "check", "remove"];

/** What each command takes. */
const TAKES: Readonly<Record<HostCommand, readonly string[]>> = {
  plan: ["--file", "--domain-elsewhere", "--json"],
  apply: ["--file", "--domain-elsewhere", "--yes", "--json"],
  check: ["--file", "--json"],
  remove: ["--yes", "--json"],
};

/** Reads the arguments; `null`: help is asked for. */
export function readHostArguments(args: readonly string[]): Result<HostOrder | null, string> {
  if (args.includes("--help") || args.length === 0) return ok(null);
  const [first = "", ...rest] = args;
  const command = COMMANDS.find((one) => one === first);
  if (!command) return err(`"${first}" is no command; known are ${COMMANDS.join(", ")}`);
  let file: string | null = null;
  const flags = new Set<string>();
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (!TAKES[command].includes(name)) {
      return err(`${command} takes no "${name}"; it takes ${TAKES[command].join(", ")}`);
    }
    if (name !== "--file") {
      flags.add(name);
      continue;
    }
    const value = rest.shift();
    if (value === undefined || value.startsWith("--")) return err("--file wants the path of a description");
    if (file !== null) return err("--file is there twice");
    file = value;
  }
  if (command !== "plan" && command !== "check" && flags.has("--json") && !flags.has("--yes")) {
    return err(`${command} --json wants --yes too: it cannot ask`);
  }
  const { yes, json, domainElsewhere } = {
    yes: flags.has("--yes"),
    json: flags.has("--json"),
    domainElsewhere: flags.has("--domain-elsewhere"),
  };
  return ok({ command, file, yes, json, domainElsewhere });
}
