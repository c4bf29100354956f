/**
 * Which releases ran on this database and what they know of it: each process says so at its start and while it runs,
 * a deploy says which of them can no longer be started. What a migration takes away is taken only once nobody that
 * may still run asks for it.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Database } from "./db.ts";
import { insertMissing } from "./dialect.ts";

/** A release that ran on this database. */
export interface SeenRelease {
  /** Its name. */
  readonly release: string;
  /** The newest migration that it knows, by name. */
  readonly newestMigration: string;
  /** When a process of it last said so, epoch milliseconds. */
  readonly seenMs: number;
  /** Since when it cannot be started again, epoch milliseconds; `null`: it may. */
  readonly retiredMs: number | null;
}

/** Releases that are listed at most, the newest. */
const SEEN_MAX = 200;

/** Milliseconds between two times that a process says that it runs. */
const SAY_MS = 30_000;

/** Writes down that a release runs; one that was retired may evidently be started after all. */
export async function noteReleaseSeen(
  db: Database,
  { release, newestMigration, seenMs }: Omit<SeenRelease, "retiredMs">,
): Promise<void> {
  const row = { newest_migration: newestMigration, seen_ms: seenMs, retired_ms: null };
  await insertMissing(db.kysely, "release_seen", { release_name: release, ...row });
  await db.kysely.updateTable("release_seen").set(row).where("release_name", "=", release)
    .where("seen_ms", "<=", seenMs).execute();
}

/** The releases that ran, the newest first, at most 200. */
export async function listReleasesSeen(db: Database): Promise<readonly SeenRelease[]> {
  const rows = await db.kysely.selectFrom("release_seen")
    .select(["release_name", "newest_migration", "seen_ms", "retired_ms"])
    .orderBy("seen_ms", "desc").orderBy("release_name", "desc").limit(SEEN_MAX).execute();
  return rows.map((row) => ({
    release: row.release_name,
    newestMigration: row.newest_migration,
    seenMs: row.seen_ms,
    retiredMs: row.retired_ms,
  }));
}

/** Writes down that releases cannot be started again; how many could until now. */
export async function retireReleases(
  db: Database,
  releases: readonly string[],
  nowMs: number,
): Promise<number> {
  if (releases.length === 0) return 0;
  const retired = await db.kysely.updateTable("release_seen").set({ retired_ms: nowMs })
    .where("release_name", "in", releases).where("retired_ms", "is", null).executeTakeFirst();
  return Number(retired.numUpdatedRows);
}

/** Says that this release runs, now and every 30 s until the signal aborts; a database that is away hears it later. */
export async function keepReleaseSeen(
  db: Database,
  { release, newestMigration, clock, log, signal }: Pick<SeenRelease, "release" | "newestMigration"> & {
    /** The time. */
    readonly clock: Clock;
    /** Where it says that it could not. */
    readonly log: Log;
    /** Ends it. */
    readonly signal: AbortSignal;
  },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await noteReleaseSeen(db, { release, newestMigration, seenMs: clock.nowMs() });
    } catch (error) {
      log.debug("Cannot say to the database that this release runs", { release, error });
    }
    await clock.sleep(SAY_MS, signal);
  }
}
