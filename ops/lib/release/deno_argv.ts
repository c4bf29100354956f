/**
 * Commands of Deno that a deploy runs on the host, as arguments. Pure.
 *
 * @module
 */

import { IDS, PATHS } from "../host/layout.ts";
import type { Argv } from "./docker_argv.ts";
import type { Place } from "./place.ts";

/** Which Deno runs tasks, and where its packages lie. */
export interface DenoPlace {
  readonly program: string;
  /** `null`: where it looks by itself. */
  readonly packages: string | null;
}

/** Deno of a host. */
export const HOST_DENO: DenoPlace = { program: PATHS.deno, packages: PATHS.denoDir };

/** Backs the database up with the code of a release, as the app's user: root would leave files of root's in the data. */
export function backupArgv(
  place: Place,
  { sources, deno = HOST_DENO }: { readonly sources: string; readonly deno?: DenoPlace },
): Argv {
  const { id } = IDS.app;
  const packages = deno.packages === null ? [] : [`DENO_DIR=${deno.packages}`];
  return [
    ...["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups", "--no-new-privs"] as const,
    ...["env", "HOME=/nonexistent", ...packages, "DENO_NO_UPDATE_CHECK=1", "NO_COLOR=1"],
    ...[deno.program, "task", "--quiet", "--config", `${sources}/deno.json`, "db:backup", "--for-deploy"],
    ...placeWords(place),
  ];
}

/** How tasks are told of a place that is not the host's own. */
export function placeWords({ root, name }: Pick<Place, "root" | "name">): readonly string[] {
  return root === "" ? [] : ["--root", root, "--name", name];
}
