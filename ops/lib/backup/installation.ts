/**
 * The installation whose backups are made: where it lies, its settings and its plan. Settings of an installation below a
 * folder name paths as containers see them; here they are as the host sees them.
 *
 * @module
 */

import { type Config, CONFIG_NAMES } from "../../../lib/config.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Place } from "../release/place.ts";
import { readSettings } from "../settings.ts";
import { type BackupPlan, parsePlan } from "./plan.ts";

/** The settings of the app there. */
export function settingsAt(place: Place): Result<Config, string> {
  const { settings: file, data, host, credentials } = place.paths;
  if (place.root === "") return readSettings({ file });
  const given = Object.fromEntries(CONFIG_NAMES.map((name) => [name, Deno.env.get(name)]));
  const env = { ...given, DATA_DIR: data, HOST_DIR: host, CREDENTIALS_DIR: credentials, SIGN_IN_LOG: "" };
  return readSettings({ file, env });
}

/** The plan of the host; `null`: there is none. */
export async function planAt({ paths }: Place): Promise<Result<BackupPlan | null, string>> {
  let text: string;
  try {
    text = await Deno.readTextFile(paths.backupPlan);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return ok(null);
    return err(`Cannot read "${paths.backupPlan}": ${error instanceof Error ? error.message : error}`);
  }
  const plan = parsePlan(text);
  return plan.ok ? plan : err(`"${paths.backupPlan}" is not understood: ${plan.error}`);
}
