import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { BackupReport } from "../../../../lib/domain/backup_report.ts";
import type { ProvenRestore, RestoreReport } from "../../../../lib/domain/restore_report.ts";
import { backupsPageProps } from "../../../../lib/web/pages/backups_view.ts";
import { backupsOf, provenOf } from "../../../fakes/backup_reports.ts";

const NOW_MS = Date.UTC(2026, 10, 29, 9, 30);
const HOUR_MS = 3_600_000;

const BACKUPS = backupsOf(NOW_MS);

const WHOLE = provenOf(NOW_MS);
const PROVEN: ProvenRestore = {
  ...WHOLE,
  steps: WHOLE.steps.filter(({ step }) => step !== "compare"),
  compared: WHOLE.compared.slice(0, 1),
};

const RESTORES: RestoreReport = { atMs: NOW_MS, running: null, proven: PROVEN, failed: null };

const shown = (backups: Partial<BackupReport>, restores: Partial<RestoreReport> = {}) =>
  backupsPageProps({
    backups: { kind: "told", value: { ...BACKUPS, ...backups } },
    restores: { kind: "told", value: { ...RESTORES, ...restores } },
  }, NOW_MS);

Deno.test("backupsPageProps() says when a restore was last proven and how long it took", () => {
  const { backup, restore, compared, differing } = shown({});
  deepStrictEqual([backup.word, backup.line, backup.notice], ["Fresh", "7 hours ago, 183 MB", null]);
  deepStrictEqual([restore.word, restore.line, restore.notice], ["Proven", "2 days ago, 4 min 10 s", null]);
  strictEqual(compared.length, 1);
  deepStrictEqual(differing, []);
  const took = restore.facts.find(({ label }) => label === "Time for")?.value;
  strictEqual(took, "checking every part 14 s, loading 3 min 21 s");
});

const BACKUP_CASES: readonly {
  readonly name: string;
  readonly backups: Partial<BackupReport>;
  readonly word: string;
  readonly title: RegExp;
}[] = [
  {
    name: "none",
    backups: { newest: null, count: 0, oldestMs: null },
    word: "None",
    title: /^There is no backup$/,
  },
  {
    name: "one that is days old",
    backups: { newest: BACKUPS.newest && { ...BACKUPS.newest, atMs: NOW_MS - 60 * HOUR_MS } },
    word: "Days old",
    title: /^No backup was made for days$/,
  },
  {
    name: "a try that failed",
    backups: { failed: { atMs: NOW_MS, count: 2, words: "The disk is full" } },
    word: "Late",
    title: /^The last 2 backups failed$/,
  },
  {
    name: "copies that do not arrive",
    backups: { remote: { kind: "s3", newestMs: null, count: 0, failure: "No route" } },
    word: "On this host alone",
    title: /^The newest backups lie on this host alone$/,
  },
];
for (const { name, backups, word, title } of BACKUP_CASES) {
  Deno.test(`backupsPageProps() shows ${name} and what to do`, () => {
    const { backup } = shown(backups);
    strictEqual(backup.word, word);
    match(backup.notice?.title ?? "", title);
    ok(backup.notice?.command);
  });
}

const RESTORE_CASES: readonly {
  readonly name: string;
  readonly restores: Partial<RestoreReport>;
  readonly word: string;
  readonly title: RegExp;
}[] = [
  { name: "none", restores: { proven: null }, word: "Never tried", title: /^No backup was ever restored/ },
  {
    name: "one under way",
    restores: { running: { backup: PROVEN.backup, startedMs: NOW_MS - 90_000 } },
    word: "Running",
    title: /^A trial restore is under way$/,
  },
  {
    name: "one that never ended",
    restores: { running: { backup: PROVEN.backup, startedMs: NOW_MS - 7 * HOUR_MS } },
    word: "Broken off",
    title: /^A trial restore never ended$/,
  },
  {
    name: "an old one",
    restores: { proven: { ...PROVEN, startedMs: NOW_MS - 400 * HOUR_MS } },
    word: "Old",
    title: /^No backup was restored on trial of late$/,
  },
  {
    name: "a failed one",
    restores: {
      failed: {
        backup: "wattpost-20261128T023700Z",
        startedMs: NOW_MS,
        tookMs: 1,
        words: "Part 0002-site.jsonl.gz.age is missing",
        todo: "Take its copy",
        differing: [{ what: "Rows of site", backup: "3", restored: "2" }],
      },
    },
    word: "Last try failed",
    title: /^wattpost-20261128T023700Z could not be restored$/,
  },
];
for (const { name, restores, word, title } of RESTORE_CASES) {
  Deno.test(`backupsPageProps() shows of trial restores ${name}`, () => {
    const { restore } = shown({}, restores);
    strictEqual(restore.word, word);
    match(restore.notice?.title ?? "", title);
  });
}

Deno.test("backupsPageProps() shows what differed at a failed trial, beside what was proven before", () => {
  const { restore, compared, differing } = shown({}, RESTORE_CASES.at(-1)?.restores);
  deepStrictEqual(differing, [{ what: "Rows of site", backup: "3", restored: "2" }]);
  strictEqual(compared.length, 1);
  strictEqual(restore.line, "2 days ago, 4 min 10 s");
});

Deno.test("backupsPageProps() says that nothing is told, once", () => {
  const absent = backupsPageProps({ backups: { kind: "absent" }, restores: { kind: "absent" } }, NOW_MS);
  match(absent.backup.notice?.title ?? "", /^Nothing is known of backups here$/);
  strictEqual(absent.restore.notice, null);
});
