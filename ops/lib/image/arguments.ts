/**
 * What `deno task image` may be told. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";

/** How it is called. */
export const IMAGE_HELP = `deno task image [--tag NAME] [--ca FILE] [--dry-run]

Builds the image of this project with Docker. The same commit has the same digest, whoever builds it and when, as long
as Debian's packages are the same. Nothing is published.

  --tag NAME   name and tag of the image; wattpost:dev unless told
  --ca FILE    certificates of a proxy that re-signs TLS, for the build alone; they are not in the image
  --dry-run    only show the command

docs/containers.md says what is in it. Exit codes: 0 done, 1 it could not be built or is too large, 2 wrong arguments.`;

/** What is to be done. */
export interface ImageArguments {
  readonly tag: string;
  readonly ca: string | null;
  readonly dryRun: boolean;
}

/** A name and tag that nothing takes for an option. */
const TAG =
  /^[a-z0-9][a-z0-9._/-]{0,127}(?::[0-9]{1,5}\/[a-z0-9._/-]{1,127})?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Reads the arguments; `null`: help is asked for. */
export function readImageArguments(args: readonly string[]): Result<ImageArguments | null, string> {
  if (args.includes("--help")) return ok(null);
  let tag = "wattpost:dev";
  let ca: string | null = null;
  let dryRun = false;
  for (let at = 0; at < args.length; at++) {
    const name = args[at] ?? "";
    if (name === "--dry-run") {
      dryRun = true;
      continue;
    }
    if (name !== "--tag" && name !== "--ca") return err(`"${name}" is not understood`);
    const value = args[++at] ?? "";
    if (value === "") return err(`${name} wants a value behind it`);
    if (name === "--ca") ca = value;
    else tag = value;
  }
  return TAG.test(tag)
    ? ok({ tag, ca, dryRun })
    : err(`--tag takes a name and a tag, such as wattpost:dev, not "${tag}"`);
}
