/**
 * The tasks `db:restore` and `restore:drill` as operators call them, on an installation below a folder.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { systemClock } from "../../lib/clock.ts";
import { parseRestoreReport, type RestoreReport } from "../../lib/domain/restore_report.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { migrations } from "../../migrations/mod.ts";
import { encrypt } from "../../ops/lib/backup/age.ts";
import type { BackedUpFile } from "../../ops/lib/backup/format.ts";
import type { MadeBackup } from "../../ops/lib/backup/make.ts";
import { HOST_FILES } from "../../ops/lib/host/layout.ts";
import { backUp, fillAwkward, makeKey, type TestKey, withFolder } from "./lib/backup/scene.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Ground {
  /** Folder below which the installation lies. */
  readonly root: string;
  readonly key: TestKey;
  readonly made: MadeBackup;
  /** Runs a task for this installation. */
  readonly run: (task: "db:restore" | "restore:drill", ...args: readonly string[]) => Promise<Said>;
}

const FILES: readonly BackedUpFile[] = [
  {
    place: "configuration",
    name: "wattpost.env",
    mode: 0o644,
    base64: btoa("PUBLIC_URL=https://a.example\n"),
  },
  { place: "credentials", name: "database_url", mode: 0o640, base64: btoa("mysql://u:secret@db/w\n") },
  { place: "data", name: "secrets.key", mode: 0o600, base64: btoa("the key\n") },
];

/** What root sealed: the app's user backs it up and cannot read it. */
async function hostSecrets({ recipient }: TestKey): Promise<BackedUpFile> {
  const files: readonly BackedUpFile[] = [
    { place: "configuration", name: "host.json", mode: 0o644, base64: btoa("{}\n") },
    { place: "host", name: "wireguard.key", mode: 0o600, base64: btoa("of the VPN\n") },
  ];
  const lines = files.map((file) => `${JSON.stringify(file)}\n`).join("");
  const sealed = await encrypt(gzipSync(lines), [recipient]);
  ok(sealed.ok);
  return { place: "host", name: HOST_FILES.hostSecrets, mode: 0o640, base64: sealed.value.toBase64() };
}

/** An installation with a backup of another database in its folder, and none of its own yet. */
async function onGround(body: (ground: Ground) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const backups = `${root}/var/backups/wattpost`;
    for (const folder of [backups, `${root}/etc/wattpost`, `${root}/var/lib/wattpost/host`]) {
      await Deno.mkdir(folder, { recursive: true });
    }
    await Deno.writeTextFile(`${root}/etc/wattpost/wattpost.env`, "PUBLIC_URL=https://a.example\n");
    const url = `sqlite:${root}/source.db`;
    const db = await openDatabase(url);
    await migrate(db, migrations, systemClock);
    await fillAwkward(db);
    await db.close();
    const key = await makeKey(root);
    const made = await backUp(backups, { url, key, files: [...FILES, await hostSecrets(key)] });
    await body({ root, key, made, run: (task, ...args) => runTask(root, [task, ...args]) });
  });
}

async function runTask(root: string, args: readonly string[]): Promise<Said> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args, "--root", root, "--name", "trial"],
    cwd: PROJECT,
    env: { NO_COLOR: "1", INIT_CWD: root, DATABASE_URL: "", DATA_DIR: "" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("db:restore gives a lost host its files, then its rows, and writes over nothing", () =>
  onGround(async ({ root, key, made, run }) => {
    const data = `${root}/var/lib/wattpost/data`;
    const tried = await run("db:restore", made.manifest.name, "--key", key.file, "--dry-run");
    deepStrictEqual([tried.code, tried.err], [0, ""]);
    match(
      tried.out,
      /^wattpost-\d{8}T\d{6}Z: everything until .* UTC, of release r1-test\n {2}\d+ rows of \d+ tables/,
    );
    match(tried.out, /Would write .*\/data\/secrets\.key\nWould restore all of it: the database is empty/);
    ok(!await exists(`${data}/wattpost.db`));

    const files = await run("db:restore", "newest", "--key", "backup.key", "--files-to", "back");
    strictEqual(files.code, 0, files.err);
    strictEqual(await Deno.readTextFile(`${root}/back/credentials/database_url`), "mysql://u:secret@db/w\n");
    strictEqual(((await Deno.stat(`${root}/back/credentials/database_url`)).mode ?? 0) & 0o777, 0o600);
    strictEqual(await Deno.readTextFile(`${root}/back/host/wireguard.key`), "of the VPN\n");
    ok(await exists(`${root}/back/configuration/host.json`));
    ok(!files.out.includes("secret@"));
    ok(!await exists(`${data}/wattpost.db`));
    const again = await run("db:restore", "newest", "--key", key.file, "--files-to", "back");
    strictEqual(again.code, 1);
    match(again.err, /Nothing is written over ".*\/back"/);

    const restored = await run("db:restore", "newest", "--key", key.file);
    deepStrictEqual([restored.code, restored.err], [0, ""]);
    match(
      restored.out,
      /Restored \d+ rows into sqlite .*; all of it is as in the backup:\n {2}Rows of \d+ tables: \d+/,
    );
    match(restored.out, /Start Wattpost\./);
    strictEqual(await Deno.readTextFile(`${data}/secrets.key`), "the key\n");
    const db = await openDatabase(`sqlite:${data}/wattpost.db`);
    const sites = await db.kysely.selectFrom("site").select("name").execute();
    await db.close();
    strictEqual(sites.length, 3);

    const refused = await run("db:restore", "newest", "--key", key.file);
    strictEqual(refused.code, 1);
    match(refused.err, /Nothing is restored over ".*wattpost\.db": it holds \d+ tables with 3 sites/);
    match(refused.err, /Nothing was changed/);
  }));

Deno.test("db:restore keeps a key that is there already and is another one", () =>
  onGround(async ({ root, key, run }) => {
    const data = `${root}/var/lib/wattpost/data`;
    await Deno.mkdir(data, { recursive: true });
    await Deno.writeTextFile(`${data}/secrets.key`, "another key\n");
    const refused = await run("db:restore", "newest", "--key", key.file);
    strictEqual(refused.code, 1);
    match(refused.err, /Nothing is written over ".*\/secrets\.key": it is there with other bytes/);
    strictEqual(await Deno.readTextFile(`${data}/secrets.key`), "another key\n");
    ok(!await exists(`${data}/wattpost.db`));
  }));

Deno.test("db:restore takes back the files that it wrote when the rows cannot be restored", () =>
  onGround(async ({ root, key, made, run }) => {
    const part = made.manifest.parts.at(-1)?.name ?? "";
    await Deno.truncate(`${made.folder}/${part}`, 50);
    const refused = await run("db:restore", "newest", "--key", key.file);
    strictEqual(refused.code, 1);
    match(refused.err, new RegExp(`Cannot restore\\. Part ${part} has 50 bytes where \\d+ were written`));
    match(refused.err, /Take its copy from the remote, or the backup before it/);
    ok(!await exists(`${root}/var/lib/wattpost/data/secrets.key`));
  }));

async function toldIn(root: string): Promise<RestoreReport> {
  const told = parseRestoreReport(await Deno.readTextFile(`${root}/var/lib/wattpost/host/restore.json`));
  ok(told.ok, told.ok ? "" : told.error);
  return told.value;
}

Deno.test("restore:drill proves the newest backup, tells the app, and says so when one cannot be restored", () =>
  onGround(async ({ root, key, made, run }) => {
    const plan = await run("restore:drill", "--key", key.file, "--dry-run");
    strictEqual(plan.code, 0, plan.err);
    match(plan.out, /^Would restore wattpost-/);
    ok(!await exists(`${root}/var/lib/wattpost/host/restore.json`));

    const proven = await run("restore:drill", "--key", key.file);
    strictEqual(proven.code, 0, proven.err);
    match(proven.out, /Proven: wattpost-\S+ was restored into sqlite \S+ in /);
    const { running, proven: last, failed } = await toldIn(root);
    deepStrictEqual([running, failed, last?.backup], [null, null, made.manifest.name]);
    strictEqual(last?.compared.every(({ backup, restored }) => backup === restored), true);
    deepStrictEqual(
      (await Array.fromAsync(Deno.readDir(`${root}/var/lib/wattpost-setup/restore-drill`)))
        .map(({ name }) => name).filter((name) => !name.endsWith("lock")),
      [],
    );

    const part = made.manifest.parts.find(({ table }) => table === "site")?.name ?? "";
    await Deno.remove(`${made.folder}/${part}`);
    const failedNow = await run("restore:drill", "--key", key.file);
    strictEqual(failedNow.code, 1);
    match(failedNow.err, new RegExp(`^Not proven\\. Part ${part} is missing\n`));
    const after = await toldIn(root);
    strictEqual(after.failed?.words, `Part ${part} is missing`);
    strictEqual(after.proven?.backup, made.manifest.name, "what was proven once stays told");
  }));

Deno.test("db:restore and restore:drill say when there is no backup at all", () =>
  onGround(async ({ root, key, made, run }) => {
    await Deno.remove(made.folder, { recursive: true });
    const restored = await run("db:restore", "newest", "--key", key.file);
    strictEqual(restored.code, 1);
    match(restored.err, /^No backup lies in "[^"]+"\n$/);
    const said = await run("restore:drill", "--key", key.file);
    strictEqual(said.code, 1);
    match(said.err, /^Not proven\. No backup lies in /);
    strictEqual((await toldIn(root)).failed?.backup, null);
  }));

Deno.test("db:restore and restore:drill refuse what they do not understand with exit code 2", () =>
  onGround(async ({ key, run }) => {
    const cases = [
      await run("db:restore", "--key", key.file),
      await run("db:restore", "newest"),
      await run("db:restore", "newest", "more", "--key", key.file),
      await run("db:restore", "newest", "--key", key.file, "--over"),
      await run("restore:drill", "--over"),
    ];
    deepStrictEqual(cases.map(({ code }) => code), [2, 2, 2, 2, 2]);
    for (const task of ["db:restore", "restore:drill"] as const) {
      const help = await run(task, "--help");
      strictEqual(help.code, 0);
      match(help.out, new RegExp(`^deno task ${task} `));
    }
  }));
