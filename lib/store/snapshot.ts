/**
 * The whole database as it is at one instant, while others write: what a backup stores, and what a proof of a restore
 * compares.
 *
 * @module
 */

import { StoreError } from "./errors.ts";
import { openMysqlSnapshot } from "./snapshot_mysql.ts";
import type { Snapshot } from "./snapshot_rows.ts";
import { openSqliteSnapshot } from "./snapshot_sqlite.ts";

export type { Snapshot, SnapshotTable } from "./snapshot_rows.ts";

/**
 * Takes a snapshot of `sqlite:PATH` or `mysql://…`. Takes no lock: whoever writes goes on, and SQLite's file may belong
 * to another process. Until it is closed the database keeps what is overwritten meanwhile: minutes, not hours.
 */
export function openSnapshot(url: string, clock: { nowMs(): number }): Promise<Snapshot> {
  if (url === "sqlite::memory:") {
    throw new StoreError(
      "unavailable",
      "Cannot take a snapshot of a database in memory: it is its process's",
    );
  }
  return url.startsWith("sqlite:")
    ? openSqliteSnapshot(url.slice("sqlite:".length), clock.nowMs())
    : openMysqlSnapshot(url, clock.nowMs());
}
