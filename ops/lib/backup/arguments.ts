/**
 * What `deno task backups` is told.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { err, ok, type Result } from "../../../lib/result.ts";
import { typedPath } from "../command.ts";
import { PATHS } from "../host/layout.ts";
import { type Place, placeAt } from "../release/place.ts";

/** How it is called. */
export const BACKUPS_HELP = `deno task backups list
deno task backups verify [NAME] [--key FILE]
deno task backups prune [--dry-run]
deno task backups push [--dry-run]
deno task backups fetch [NAME]
deno task backups seal
deno task backups tell

list    which backups lie on this host: when, how large, of what; 1 where the newest is late or the last try failed
verify  whether every part of a backup, the newest or NAME, is as it was written; with the key also what is in it
prune   takes away backups that need not stay, as "backups" of the host's description says
push    copies backups to the place elsewhere and takes away there what need not stay; root
fetch   brings a copy back, the newest or NAME, and prints its folder; root
seal    makes the encrypted copy of root's own secrets that the next backup holds; root
tell    writes how backups stand for the app; root

  --from FOLDER     where backups lie, if not ${PATHS.backups}
  --key FILE        private key of a recipient, as age-keygen made it
  --dry-run         say what would be done, change nothing
  --root DIR --name NAME   of the installation below a folder, as deno task deploy has them

Exit code: 0 done, 1 not done or something is wrong, 2 wrong arguments.`;

const COMMANDS = ["list", "verify", "prune", "push", "fetch", "seal", "tell"] as const;

/** What it was told. */
export interface BackupsOrder {
  readonly command: (typeof COMMANDS)[number];
  /** A backup's name, or its folder; `null`: the newest. */
  readonly name: string | null;
  readonly keyFile: string | null;
  readonly dryRun: boolean;
  /** Folder of the backups. */
  readonly backups: string;
  readonly place: Place;
}

/** Reads it; `null`: help is asked for. */
export function readBackupsOrder(args: readonly string[]): Result<BackupsOrder | null, string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: "string" },
      key: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      root: { type: "string" },
      name: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return ok(null);
  const [word, named, ...more] = positionals;
  const command = COMMANDS.find((one) => one === word);
  if (command === undefined) {
    return err(word === undefined ? "Nothing was asked for" : `Not understood: ${word}`);
  }
  const takesName = command === "verify" || command === "fetch";
  const extra = takesName ? more[0] : named;
  if (extra !== undefined) return err(`Not understood: ${extra}`);
  if (values.key !== undefined && command !== "verify") return err("--key is for verify");
  if (values["dry-run"] && command !== "prune" && command !== "push") {
    return err("--dry-run is for prune and push");
  }
  const place = placeAt(values);
  if (!place.ok) return place;
  return ok({
    command,
    name: named === undefined ? null : named.includes("/") ? typedPath(named) : named,
    keyFile: values.key === undefined ? null : typedPath(values.key),
    dryRun: values["dry-run"],
    backups: values.from === undefined ? place.value.paths.backups : typedPath(values.from),
    place: place.value,
  });
}
