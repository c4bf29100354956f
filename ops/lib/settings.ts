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
import { systemClock } from "../../lib/clock.ts";
import type { Database } from "../../lib/store/db.ts";
import { isStoreError } from "../../lib/store/errors.ts";
import { type Keys, openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { SecretError } from "../../lib/store/secrets.ts";

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

/** The keys under the ring, by which secrets are sealed too; made with its file where it is not there yet. */
export async function openRing(db: Database, settings: Config): Promise<Keys> {
  return await openKeys(db, await openSecretBox(settings), systemClock.nowMs());
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
  if (error instanceof SecretError) {
    return `${error.message}\n  Nothing was changed; SECRETS_KEY, SECRETS_KEY_FILE or secrets.key in DATA_DIR holds it`;
  }
  return isStoreError(error, "conflict") ? `${error.message}\n  Try again` : undefined;
}
