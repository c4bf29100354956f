/**
 * The database as a deploy needs it: which release works, which migrations there are, and the switch. With embedded
 * SQLite nobody but the app may open it, so there is nothing to ask.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { formatConfigErrors, readConfig } from "../../../lib/config.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Database, openDatabase } from "../../../lib/store/db.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { retireReleases } from "../../../lib/store/releases_seen.ts";
import { promoteRelease, workingRelease } from "../../../lib/store/releases.ts";
import { appliedMigrations } from "../../../lib/store/migrator.ts";
import { HostError } from "../host/step.ts";
import type { EngineKind, Release } from "./deploy.ts";
import type { Place } from "./place.ts";

/** What a database says of releases. */
export interface DatabaseFacts {
  /** The release that works; `null`: none was ever promoted. */
  readonly working: string | null;
  /** Migrations that were applied, oldest first. */
  readonly applied: readonly string[];
}

/** What was found of a database. */
export type DatabaseLook =
  | { readonly kind: "embedded" }
  | { readonly kind: "away"; readonly why: string }
  | ({ readonly kind: "there" } & DatabaseFacts);

/** A database, as far as a deploy asks. */
export interface DatabasePort {
  readonly engine: EngineKind;
  /** Whether its address is this machine's own loopback: from a container that is the container itself. */
  readonly isLoopback: boolean;
  look(): Promise<DatabaseLook>;
  /** Lets a release work, and no other. Throws a HostError where the database is not to be had. */
  promote(release: string): Promise<void>;
  /** Writes down that releases cannot be started again. */
  retire(releases: readonly string[]): Promise<void>;
}

/** The migration that made the row of the release that works. */
const RELEASE_MIGRATION = "0005_release";

/** Opens nothing yet; the error says what of the settings is wrong. */
export function databaseAt(place: Place, settings: Release["settings"]): Result<DatabasePort, string> {
  const inside = place.paths.credentials;
  const env = {
    ...settings,
    ...(settings["CREDENTIALS_DIR"] ? { CREDENTIALS_DIR: inside } : {}),
    LISTEN: undefined,
  };
  const readText = (path: string) => Deno.readTextFileSync(hostPath(place, path));
  const config = readConfig({ env, readText });
  if (!config.ok) return err(formatConfigErrors(config.error));
  const { databaseUrl } = config.value;
  if (databaseUrl.startsWith("sqlite:")) {
    return ok({
      engine: "embedded",
      isLoopback: false,
      look: () => Promise.resolve({ kind: "embedded" }),
      promote: () => Promise.resolve(),
      // The app itself has the only word in this file; a contract waits until its operator ends it.
      retire: () => Promise.resolve(),
    });
  }
  return ok({
    engine: "server",
    isLoopback: isLoopback(databaseUrl),
    look: () => look(databaseUrl),
    promote: (release) => promote(databaseUrl, release),
    retire: (releases) => retire(databaseUrl, releases),
  });
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

/** A path that settings name is one inside of a container. */
function hostPath({ root }: Place, path: string): string {
  return root === "" || path.startsWith(`${root}/`) ? path : `${root}${path}`;
}

async function look(url: string): Promise<DatabaseLook> {
  try {
    return await onDatabase(url, async (db) => {
      const applied = await appliedMigrations(db);
      const working = applied.includes(RELEASE_MIGRATION) ? await workingRelease(db) : null;
      return { kind: "there", working, applied };
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { kind: "away", why: error.message };
  }
}

async function promote(url: string, release: string): Promise<void> {
  const token = `deploy-${Deno.pid}`;
  try {
    await onDatabase(url, (db) => promoteRelease(db, { release, token, nowMs: systemClock.nowMs() }));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new HostError(`Cannot let ${release} work: ${error.message}`);
  }
}

async function retire(url: string, releases: readonly string[]): Promise<void> {
  if (releases.length === 0) return;
  try {
    await onDatabase(url, (db) => retireReleases(db, releases, systemClock.nowMs()));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new HostError(`Cannot write down which releases are gone: ${error.message}`);
  }
}

async function onDatabase<T>(url: string, act: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(url);
  try {
    return await act(db);
  } finally {
    await db.close();
  }
}
