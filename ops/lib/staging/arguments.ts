/**
 * What `deno task staging` and `deno task rehearse` are told. Pure.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Place, placeAt } from "../release/place.ts";
import type { CopyOrder } from "./copy.ts";
import { STAGING } from "./options.ts";

/** How staging is called. */
export const STAGING_HELP =
  `deno task staging up [--image REF] [--ca FILE] [--copy --key FILE [--backup FOLDER]]
deno task staging down [--dry-run]
deno task staging status
deno task staging diff

A second Wattpost on this host, of the same compose file and the same settings but for what is declared, with data of
its own below ${STAGING.root}. It never dials a site of production. Runs as root, on a host with Docker.

up      makes its folders and settings, deploys this project or an image that Docker has, makes an account for trials
down    takes its containers, networks, images, data and backups away
status  how it stands, as deno task deploy status says it
diff    what differs from production, setting by setting; 1 where anything does that is not declared

  --image REF        an image that Docker has, in place of this project
  --ca FILE          certificates that a build trusts besides
  --copy             begin with a sanitised copy of production: names, addresses, numbers replaced, secrets left out
  --key FILE         private key of a recipient of the backup that is copied
  --backup FOLDER    the backup, if not the newest of production
  --dry-run          say what would be done, change nothing
  --root DIR --name NAME   another folder and name, both or neither

Exit code: 0 done, 1 not done or something differs, 2 wrong arguments.`;

/** How rehearsing is called. */
export const REHEARSE_HELP = `deno task rehearse [--report FILE]

Rehearses a release on staging of its own: staging up with what is deployed now, the new release deployed, smoke, load,
rollback, smoke again, restore drill; then a report, and staging is taken away. Runs as root, on a host with Docker.

  --report FILE      write a page with each step
  --before REF       image of the release before; this project unless told
  --image REF        image of the release that is rehearsed; this project unless told
  --seconds N        how long load is put on, 5 to 3600; 30 unless told
  --people N         people under load, 1 to 500; 10 unless told
  --within-ms N      95 of 100 answers must be there within it, 10 to 60000; 1000 unless told
  --ca FILE          certificates that a build trusts besides
  --copy             begin with a sanitised copy of production, as deno task staging up does
  --key FILE         private key of a recipient of the backup that is copied
  --backup FOLDER    the backup, if not the newest of production
  --keep             leave staging where it is
  --dry-run          say what would be done, change nothing
  --root DIR --name NAME   another folder and name, both or neither

Exit code: 0 every step went well, 1 one did not, 2 wrong arguments.`;

/** What both take. */
const OPTIONS = {
  image: { type: "string" },
  ca: { type: "string" },
  copy: { type: "boolean", default: false },
  key: { type: "string" },
  backup: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  root: { type: "string" },
  name: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** What staging was told. */
export interface StagingOrder {
  readonly command: "up" | "down" | "status" | "diff";
  readonly place: Place;
  readonly image: string | null;
  readonly ca: string | null;
  /** `null`: it begins empty. */
  readonly copy: CopyOrder | null;
  readonly dryRun: boolean;
}

const COMMANDS = ["up", "down", "status", "diff"] as const;

/** Reads it; `null`: help is asked for. */
export function readStagingOrder(args: readonly string[]): Result<StagingOrder | null, string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: OPTIONS,
  });
  if (values.help) return ok(null);
  const command = COMMANDS.find((one) => one === positionals[0]);
  if (command === undefined || positionals.length > 1) return err(`Expected one of ${COMMANDS.join(", ")}`);
  const place = stagingAt(values);
  if (!place.ok) return place;
  const { image = null, ca = null } = values;
  const copy = copyOf(values);
  if (!copy.ok) return copy;
  if (copy.value !== null && command !== "up") return err(`${command} copies nothing`);
  return ok({ command, place: place.value, image, ca, copy: copy.value, dryRun: values["dry-run"] });
}

/** What a rehearsal was told. */
export interface RehearseOrder {
  readonly place: Place;
  readonly before: string | null;
  readonly image: string | null;
  readonly seconds: number;
  readonly people: number;
  readonly withinMs: number;
  readonly ca: string | null;
  /** `null`: it begins empty. */
  readonly copy: CopyOrder | null;
  readonly report: string | null;
  readonly keep: boolean;
  readonly dryRun: boolean;
}

/** Reads it; `null`: help is asked for. */
export function readRehearseOrder(args: readonly string[]): Result<RehearseOrder | null, string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...OPTIONS,
      report: { type: "string" },
      before: { type: "string" },
      seconds: { type: "string", default: "30" },
      people: { type: "string", default: "10" },
      "within-ms": { type: "string", default: "1000" },
      keep: { type: "boolean", default: false },
    },
  });
  if (values.help) return ok(null);
  const place = stagingAt(values);
  if (!place.ok) return place;
  const [seconds, people, withinMs] = [
    whole(values.seconds, [5, 3_600]),
    whole(values.people, [1, 500]),
    whole(values["within-ms"], [10, 60_000]),
  ];
  if (seconds === null) return err(`Expected 5 to 3600 for --seconds, and not "${values.seconds}"`);
  if (people === null) return err(`Expected 1 to 500 for --people, and not "${values.people}"`);
  if (withinMs === null) return err(`Expected 10 to 60000 for --within-ms, and not "${values["within-ms"]}"`);
  const copy = copyOf(values);
  if (!copy.ok) return copy;
  const { report = null, before = null, image = null, ca = null, keep } = values;
  const numbers = { seconds, people, withinMs };
  return ok({
    place: place.value,
    report,
    before,
    image,
    ca,
    copy: copy.value,
    keep,
    ...numbers,
    dryRun: values["dry-run"],
  });
}

function copyOf(
  { copy, key, backup }: {
    readonly copy: boolean;
    readonly key?: string | undefined;
    readonly backup?: string | undefined;
  },
): Result<CopyOrder | null, string> {
  if (!copy) return key ?? backup ? err("--key and --backup go with --copy") : ok(null);
  if (key === undefined) return err("A copy needs the private key of a recipient of the backup: --key");
  return ok({ backup: backup ?? null, keyFile: key });
}

/** Never production: its folder is the whole host. */
function stagingAt(
  { root, name }: { readonly root?: string | undefined; readonly name?: string | undefined },
): Result<Place, string> {
  return placeAt(root === undefined && name === undefined ? STAGING : { root, name });
}

function whole(text: string, [least, most]: readonly [number, number]): number | null {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
}
