/**
 * What operators' commands share: the settings of this process, and what to do when the database is not to be had.
 *
 * @module
 */
import {
  type Config,
  CONFIG_NAMES,
  formatConfigErrors,
  mayReadAndWrite,
  readConfig,
} from "../../lib/config.ts";
import { isStoreError } from "../../lib/store/errors.ts";

/** The settings of this process, its folder made where SQLite needs it; `null` after saying what is wrong. */
export async function openSettings(say: (text: string) => void): Promise<Config | null> {
  const env = Object.fromEntries(CONFIG_NAMES.map((name) => [name, Deno.env.get(name)]));
  const config = readConfig({ env, readText: Deno.readTextFileSync, mayUse: mayReadAndWrite });
  if (!config.ok) {
    say(formatConfigErrors(config.error));
    return null;
  }
  const { databaseUrl, dataDir } = config.value;
  if (databaseUrl.startsWith("sqlite:")) await Deno.mkdir(dataDir, { recursive: true });
  return config.value;
}

/** Why the database did not do it and what helps, as people read it; `undefined`: a bug, to be thrown on. */
export function databaseTroubleText(error: unknown, doing: string): string | undefined {
  if (isStoreError(error, "in-use")) {
    return `${error.message}\n  Stop Wattpost, ${doing}, start it again: with SQLite one process at a time works. ` +
      "With MySQL or MariaDB both run at once.";
  }
  if (isStoreError(error, "unavailable")) {
    return `${error.message}\n  Nothing was changed; DATABASE_URL says where it is`;
  }
  return isStoreError(error, "conflict") ? `${error.message}\n  Try again` : undefined;
}
