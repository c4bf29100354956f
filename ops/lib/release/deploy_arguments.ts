/**
 * What `deno task deploy` may be told. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { parseReleaseName } from "./colour.ts";
import { type RunnerKind, RUNNERS } from "./deploy.ts";
import { isImageReference } from "./docker_argv.ts";
import { type Place, placeAt } from "./place.ts";

/** How it is called. */
export const DEPLOY_HELP = `Puts a release on this host while it works on, and takes it back. Run it as root.

  deno task deploy                      this project: copied, built, tried, switched to
  deno task deploy --image REF          an image that Docker has
  deno task deploy --configuration      what changed in wattpost.env, with the release that serves
  deno task deploy status               what serves and works, and how the last deploy stands; changes nothing
  deno task deploy resume               go on with a deploy that was ended on its way
  deno task deploy rollback             take that one back; where none is open, the release before the present one
  deno task deploy rollback RELEASE     an older or newer release, as far as the database lets it
  deno task deploy history              the deploys of this host, newest first

  --dry-run            say what would be done and what speaks against it; change nothing
  --without-backup     do not back the database up first
  --run KIND           containers (usual) or units: how releases run; remembered
  --ready-within S     seconds in which the new release must be ready, 5 to 3600; usual 180
  --ca FILE            certificates that a build trusts besides, where a proxy signs anew
  --json               (status, history) one JSON object in place of text
  --root DIR, --name NAME   an installation below a folder, such as staging; both or neither

docs/deploying.md says more. Exit codes: 0 done, 1 failed, open or not in order, 2 wrong arguments.`;

/** What is done. */
export type DeployCommand = "deploy" | "status" | "resume" | "rollback" | "history";

/** What it was told. */
export interface DeployOrder {
  readonly command: DeployCommand;
  readonly image: string | null;
  readonly configuration: boolean;
  readonly backup: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** `null`: as the last time. */
  readonly run: RunnerKind | null;
  readonly readyWithinS: number;
  readonly ca: string | null;
  /** A release to go back to; `null`: the one before. */
  readonly release: string | null;
  /** Where it is deployed. */
  readonly place: Place;
}

const COMMANDS: readonly DeployCommand[] = ["status", "resume", "rollback", "history"];
const READY_S = { least: 5, most: 3_600, usual: 180 } as const;

/** Options with a value, and those without. */
const VALUES = ["--image", "--run", "--ready-within", "--ca", "--root", "--name"];
const TAKES: Readonly<Record<DeployCommand, readonly string[]>> = {
  deploy: [
    ...["--image", "--configuration", "--without-backup", "--dry-run", "--run", "--ready-within", "--ca"],
    ...["--root", "--name"],
  ],
  status: ["--json", "--root", "--name"],
  resume: ["--root", "--name"],
  rollback: ["--dry-run", "--ready-within", "--root", "--name"],
  history: ["--json", "--root", "--name"],
};

/** Reads the arguments; `null`: help is asked for. */
export function readDeployArguments(args: readonly string[]): Result<DeployOrder | null, string> {
  if (args.includes("--help")) return ok(null);
  const words = [...args];
  const command = COMMANDS.find((one) => one === words[0]) ?? "deploy";
  if (command !== "deploy") words.shift();
  const given = new Map<string, string>();
  let release: string | null = null;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith("--")) {
      if (COMMANDS.some((one) => one === word)) {
        return err(
          `"${word}" is a command; only one is given, before all options: deno task deploy ${word} …`,
        );
      }
      if (command !== "rollback" || release !== null) return err(`"${word}" is no command and no option`);
      if (parseReleaseName(word) === null) {
        return err(`"${word}" is no release; they are called like r17-63e2c47`);
      }
      release = word;
      continue;
    }
    if (!TAKES[command].includes(word)) {
      return err(`${command} takes no "${word}"; it takes ${TAKES[command].join(", ")}`);
    }
    if (given.has(word)) return err(`${word} is there twice`);
    const value = VALUES.includes(word) ? words.shift() : "";
    // An empty one is a variable of a script that was not set: it must not become the usual.
    const wants = VALUES.includes(word) && (value === undefined || value === "" || value.startsWith("--"));
    if (value === undefined || wants) return err(`${word} wants a value`);
    given.set(word, value);
  }
  return judge(command, { given, release });
}

function judge(
  command: DeployCommand,
  { given, release }: { readonly given: ReadonlyMap<string, string>; readonly release: string | null },
): Result<DeployOrder, string> {
  const text = (name: string) => given.get(name) ?? null;
  const [image, run] = ["--image", "--run"].map(text);
  if (image && !isImageReference(image)) return err(`--image "${image}" cannot be the name of an image`);
  if (image && given.has("--configuration")) return err("--image or --configuration, not both");
  const kind = RUNNERS.find((one) => one === run);
  if (run && !kind) return err(`--run "${run}" is neither ${RUNNERS.join(" nor ")}`);
  const readyWithinS = Number(text("--ready-within") ?? READY_S.usual);
  const { least, most } = READY_S;
  if (!Number.isInteger(readyWithinS) || readyWithinS < least || readyWithinS > most) {
    return err(`--ready-within wants whole seconds from ${least} to ${most}`);
  }
  const place = placeAt({ root: given.get("--root"), name: given.get("--name") });
  if (!place.ok) return place;
  return ok({
    command,
    image: image ?? null,
    configuration: given.has("--configuration"),
    backup: !given.has("--without-backup"),
    dryRun: given.has("--dry-run"),
    json: given.has("--json"),
    run: kind ?? null,
    readyWithinS,
    ca: text("--ca"),
    release,
    place: place.value,
  });
}
