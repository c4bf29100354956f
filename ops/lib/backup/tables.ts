/**
 * Which tables a backup holds: every table of the database but those that say who works now. A table that a later
 * release adds is in the backup without being named here.
 *
 * Rows go back in any order (no table refers to another by a key of the database). Migrations put rows of their own into
 * some tables (allocation, audit_head): whoever restores empties each table before its rows go in.
 *
 * @module
 */

import type { SnapshotTable } from "../../../lib/store/snapshot_rows.ts";

/** Tables that are left out, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  migration: "made by migrating; the manifest names what was applied",
  migration_lock: "who migrates now",
  active_release: "which process works now: after a restore the first one that starts",
  release_seen: "which processes ran: after a restore none of them does",
};

/** The tables that a backup holds, by name. */
export function tablesToBackUp(tables: readonly SnapshotTable[]): readonly SnapshotTable[] {
  return tables.filter(({ name }) => !Object.hasOwn(LEFT_OUT, name));
}
