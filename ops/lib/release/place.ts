/**
 * Where an installation lies: production has the paths of the layout, others (staging, trials) have the same ones below
 * a folder of their own, with a project of their own in Docker. What runs in a container sees the paths of the layout
 * either way.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { PATHS } from "../host/layout.ts";

/** Names of the paths of an installation. */
export type PathName = keyof typeof PATHS;

/** An installation on this host. */
export interface Place {
  /** Its name, the project in Docker: 1 to 40 of lower-case letters, digits and dashes. */
  readonly name: string;
  /** The folder below which it lies, without a slash at its end; empty: the whole host. */
  readonly root: string;
  /** Where everything of it is, as the host sees it. */
  readonly paths: Readonly<Record<PathName, string>>;
}

/** Programs of the host, the same for all places. */
const SHARED: readonly PathName[] = ["deno", "denoDir"];

/** The installation that a host is for. */
export const PRODUCTION: Place = placeOf({ name: "wattpost", root: "" });

/** Makes a place. Programs of the host (Deno) are the same for all places. */
export function placeOf({ name, root }: Pick<Place, "name" | "root">): Place {
  const paths = { ...PATHS } as Record<PathName, string>;
  for (const key of Object.keys(PATHS) as PathName[]) {
    if (!SHARED.includes(key)) paths[key] = `${root}${PATHS[key]}`;
  }
  return { name, root, paths };
}

const ROOT = /^\/[^\s:]{1,200}$/;
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The place that `--root` and `--name` mean, both or neither; the error says what is wrong with them. */
export function placeAt(
  { root, name }: { readonly root?: string | undefined; readonly name?: string | undefined },
): Result<Place, string> {
  if (root === undefined && name === undefined) return ok(PRODUCTION);
  if (root === undefined || name === undefined) return err("--root and --name: both or neither");
  const folder = root.replace(/\/+$/, "");
  if (!ROOT.test(folder) || folder.split("/").includes("..")) {
    return err(`--root "${root}" is no folder from / on, without blanks and colons`);
  }
  return NAME.test(name)
    ? ok(placeOf({ name, root: folder }))
    : err(`--name "${name}" is not 1 to 40 lower-case letters, digits and dashes`);
}
