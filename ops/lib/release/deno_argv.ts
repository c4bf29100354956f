/**
 * Commands of Deno that a deploy runs on the host, as arguments. Pure.
 *
 * @module
 */

import { IDS, PATHS } from "../host/layout.ts";
import type { Argv } from "./docker_argv.ts";
import type { Place } from "./place.ts";

/** Backs the database up with the code of a release, as the app's user: root would leave files of root's in the data. */
export function backupArgv(place: Place, sources: string): Argv {
  return [...asApp(), ...taskArgv(place, sources, "db:backup", "--for-deploy"), ...placeWords(place)];
}

/** Drops root's rights. */
function asApp(): Argv {
  const { id } = IDS.app;
  return ["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups", "--no-new-privs"];
}

function taskArgv(place: Place, sources: string, ...words: readonly string[]): readonly string[] {
  const environment = place.root === "" ? [`DENO_DIR=${PATHS.denoDir}`] : [];
  const env = ["env", "HOME=/nonexistent", ...environment, "DENO_NO_UPDATE_CHECK=1", "NO_COLOR=1"];
  return [...env, PATHS.deno, "task", "--quiet", "--config", `${sources}/deno.json`, ...words];
}

/** How tasks are told of a place that is not the host's own. */
export function placeWords({ root, name }: Pick<Place, "root" | "name">): readonly string[] {
  return root === "" ? [] : ["--root", root, "--name", name];
}
