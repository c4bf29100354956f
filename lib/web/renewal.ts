/**
 * Takes over secrets that changed while the process runs, on SIGHUP: what is not understood, and a ring that cannot
 * open what is sealed, change nothing.
 *
 * @module
 */

import {
  type Config,
  type ConfigError,
  formatConfigErrors,
  type LiveConfig,
  strangeCredentials,
} from "../config.ts";
import type { Log } from "../log.ts";
import type { Result } from "../result.ts";
import type { Database } from "../store/db.ts";
import { readSetRing } from "../store/keys.ts";
import { listSealingKeys } from "../store/secrets.ts";

/** What a renewal works with. */
export interface RenewalOptions {
  /** Who holds the settings. */
  readonly live: LiveConfig<Config>;
  /** Reads all settings anew. */
  readonly read: () => Result<Config, readonly ConfigError[]>;
  /** The database once it is open; `null`: not yet. */
  readonly db: Database | null;
  /** Told what changed, by name. */
  readonly log: Log;
}

/** Reads the settings anew and takes their secrets over. */
export async function renewSecrets({ live, read, db, log }: RenewalOptions): Promise<void> {
  const next = read();
  if (!next.ok) {
    const why = formatConfigErrors(next.error).replace(/^.*\n/, "");
    return log.error("Secrets were not taken over, those of before stay", { why });
  }
  tellStrangers(next.value, log);
  const missing = db ? await missingKeys(db, next.value) : [];
  if (missing.length > 0) {
    return log.error("Secrets were not taken over: the keys lack some that secrets are sealed with", {
      missing,
    });
  }
  const { changed, restart } = live.renew(next.value);
  if (changed.includes("DATABASE_URL")) db?.redial(live.config.databaseUrl);
  log.info("Secrets were read again", { changed });
  if (restart.length > 0) log.warn("These settings changed, only a restart takes them over", { restart });
}

/** Says which files of the folder nobody reads: they are perhaps misspelt. */
export function tellStrangers(config: Config, log: Log): void {
  const files = strangeCredentials(config);
  if (files.length > 0) log.warn("Files in CREDENTIALS_DIR that no setting is called", { files });
}

async function missingKeys(db: Database, next: Config): Promise<readonly string[]> {
  const ring = readSetRing(next);
  if (!ring) return [];
  return (await listSealingKeys(db)).filter((id) => !ring.some((key) => key.id === id));
}
