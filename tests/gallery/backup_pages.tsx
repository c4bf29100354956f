/**
 * The page of backups: fresh and proven, old, failed, under way or broken off, none yet, and nothing told.
 *
 * @module
 */

import type { BackupReport } from "../../lib/domain/backup_report.ts";
import type { FailedRestore, RestoreReport } from "../../lib/domain/restore_report.ts";
import { BackupsPage } from "../../lib/ui/pages/BackupsPage.tsx";
import { backupsPageProps, type BackupsTold } from "../../lib/web/pages/backups_view.ts";
import { backupsOf, provenOf } from "../fakes/backup_reports.ts";
import type { Specimen } from "./frame.tsx";
import { administered } from "./people_pages.tsx";

const NOW_MS = Date.UTC(2026, 10, 29, 9, 30);
const HOUR_MS = 3_600_000;

const BACKUPS = backupsOf(NOW_MS);

const PROVEN = provenOf(NOW_MS);

const RESTORES: RestoreReport = { atMs: NOW_MS, running: null, proven: PROVEN, failed: null };

const FULL = 'Cannot back up to "/var/backups/wattpost": 12 MB are free, 231 MB are needed';

const LONG_WORDS = `age: error: no identity matched any of the recipients ${
  "/var/backups/wattpost".repeat(9)
}`;

const FAILED: FailedRestore = {
  backup: "wattpost-20261128T021500Z",
  startedMs: NOW_MS - 3 * HOUR_MS,
  tookMs: 9_000,
  words: LONG_WORDS,
  todo: "Keep this backup, take another one, and report what differed: this must not happen",
  differing: [
    { what: "Rows of ledger", backup: "1,730,880", restored: "1,730,879" },
    {
      what: "Checksum of recent",
      backup: "9f86d081884c7d65",
      restored: "60303ae22b998861",
    },
  ],
};

/** All of them. */
export function backupSpecimens(): readonly Specimen[] {
  const page = (name: string, told: BackupsTold): Specimen => ({
    name,
    title: "Backups",
    body: administered("/admin/backups", <BackupsPage {...backupsPageProps(told, NOW_MS)} />),
  });
  const told = (backups: Partial<BackupReport>, restores: Partial<RestoreReport>): BackupsTold => ({
    backups: { kind: "told", value: { ...BACKUPS, ...backups } },
    restores: { kind: "told", value: { ...RESTORES, ...restores } },
  });
  const unreadable = { kind: "unreadable", why: "its version is not 1" } as const;
  const nothing = { newest: null, count: 0, bytes: 0, oldestMs: null, remote: null };
  return [
    page("backups", told({}, {})),
    page(
      "backups-stale",
      told(
        { newest: BACKUPS.newest && { ...BACKUPS.newest, atMs: NOW_MS - 80 * HOUR_MS } },
        { proven: { ...PROVEN, startedMs: NOW_MS - 31 * 24 * HOUR_MS } },
      ),
    ),
    page(
      "backups-failed",
      told({ failed: { atMs: NOW_MS - 7 * HOUR_MS, count: 2, words: FULL } }, { failed: FAILED }),
    ),
    page(
      "backups-running",
      told(
        { remote: { kind: "s3", newestMs: null, count: 0, failure: "Fatal: unable to open repository" } },
        { running: { backup: "wattpost-20261129T021500Z", startedMs: NOW_MS - 95_000 } },
      ),
    ),
    page("backups-none", told(nothing, { proven: null })),
    page("backups-absent", { backups: { kind: "absent" }, restores: { kind: "absent" } }),
    page("backups-unreadable", { backups: unreadable, restores: unreadable }),
    page(
      "backups-broken-off",
      told(
        { newest: BACKUPS.newest && { ...BACKUPS.newest, atMs: NOW_MS - 27 * HOUR_MS } },
        { running: { backup: "wattpost-20261127T021500Z", startedMs: NOW_MS - 60 * HOUR_MS } },
      ),
    ),
  ];
}
