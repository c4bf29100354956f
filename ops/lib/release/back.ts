/**
 * Whether an older release can serve again with the database as it is now. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";

/** A release and the migrations that its code knows, oldest first. */
export interface KnowingRelease {
  readonly name: string;
  readonly knows: readonly string[];
}

/** A migration that the database has. */
export interface AppliedMigration {
  readonly name: string;
  /**
   * The migration that a release must know to bear this one; `null`: every release bears it, as it only adds;
   * `undefined`: nobody here knows it.
   */
  readonly needs: string | null | undefined;
}

/** Whether a release bears every migration that was applied; the error says which it does not and what helps. */
export function mayServe(
  { name, knows }: KnowingRelease,
  applied: readonly AppliedMigration[],
): Result<null, string> {
  const upTo = knows.at(-1) ?? "none";
  for (const migration of applied) {
    if (knows.includes(migration.name) || migration.needs === null) continue;
    if (migration.needs === undefined) {
      return err(
        `The database has ${migration.name}, which neither ${name} nor this release knows: deploy from the release that brought it`,
      );
    }
    if (knows.includes(migration.needs)) continue;
    return err(
      `${migration.name} took away what ${name} still asks for (it knows migrations up to ${upTo}, ${migration.needs} would be needed): ` +
        "go back to a newer release, or restore a backup",
    );
  }
  return ok(null);
}
