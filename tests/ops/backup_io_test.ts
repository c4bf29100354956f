import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Database, openDatabase, transaction } from "../../lib/store/db.ts";
import { type OpenBackup, openBackup, readPart } from "../../ops/lib/backup/read.ts";
import { filledFile, makeKey, type TestKey, withFolder } from "./lib/backup/scene.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

interface TaskEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Scene {
  readonly folder: string;
  readonly key: TestKey;
  readonly backups: string;
  readonly task: (...words: readonly string[]) => Promise<TaskEnd>;
}

/** An installation with its database, settings in the environment, and the tasks as they are typed. */
async function withInstallation(body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const [url, key] = [await filledFile(folder), await makeKey(folder)];
    await Deno.writeTextFile(`${folder}/secrets.key`, "k1:c2VjcmV0\n");
    const task = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "--quiet", ...words],
        cwd: ROOT,
        env: {
          NO_COLOR: "1",
          DENO_NO_UPDATE_CHECK: "1",
          DATABASE_URL: url,
          DATA_DIR: folder,
          RELEASE: "r7-test",
        },
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      return { code, out: text.decode(stdout), err: text.decode(stderr) };
    };
    await body({ folder, key, backups: `${folder}/backups`, task });
  });
}

Deno.test("db:backup makes a backup that backups verify finds whole, with the permissions of the tasks", async () => {
  await withInstallation(async ({ folder, key, backups, task }) => {
    const made = await task("db:backup", "--to", backups, "--recipient", key.recipient);
    strictEqual(made.code, 0, made.err);
    const [words = "", path = ""] = made.out.trim().split("\n");
    match(words, /^Backed up \d+ rows of \d+ tables of sqlite 3[.\d]+ in /);
    match(path, /\/backups\/wattpost-\d{8}T\d{6}Z$/);
    const verified = await task("backups", "verify", "--from", backups, "--key", key.file);
    deepStrictEqual([verified.code, verified.err], [0, ""]);
    match(verified.out, /is whole: \d+ parts \(\d+ tables, \d+ rows\)/);
    const listed = await task("backups", "list", "--from", backups);
    strictEqual(listed.code, 0, listed.err);
    match(listed.out, /^wattpost-\d{8}T\d{6}Z {2}0 min ago .* rows of sqlite .*, release r7-test\n$/);
    const manifest = JSON.parse(await Deno.readTextFile(`${path}/manifest.json`));
    strictEqual(manifest.parts[0].name, "0001-files.jsonl.gz.age");
    ok(folder.length > 0 && manifest.recipients[0] === key.recipient);
  });
});

Deno.test("db:backup --for-deploy prints the folder and nothing else", async () => {
  await withInstallation(async ({ key, backups, task }) => {
    const { code, out } = await task(
      "db:backup",
      "--for-deploy",
      "--to",
      backups,
      "--recipient",
      key.recipient,
    );
    strictEqual(code, 0);
    match(out, /^\/\S+\/wattpost-\d{8}T\d{6}Z\n$/);
  });
});

Deno.test("db:backup --dry-run says what it would do and leaves no trace", async () => {
  await withInstallation(async ({ key, backups, task }) => {
    const { code, out } = await task("db:backup", "--dry-run", "--to", backups, "--recipient", key.recipient);
    strictEqual(code, 0);
    match(out, /data: secrets\.key\n/);
    await Deno.stat(backups).then(() => ok(false, "a folder was made"), () => undefined);
  });
});

Deno.test("db:backup without a recipient, with a private key or without a database says so by its exit code", async () => {
  await withInstallation(async ({ folder, key, backups, task }) => {
    const nobody = await task("db:backup", "--to", backups);
    deepStrictEqual([nobody.code, /Nobody is named to whom/.test(nobody.err)], [2, true]);
    const secret = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ";
    const wrong = await task("db:backup", "--to", backups, "--recipient", secret);
    deepStrictEqual([wrong.code, wrong.err.includes("QQQQ")], [2, false]);
    await Deno.remove(`${folder}/wattpost.db`);
    const away = await task("db:backup", "--to", backups, "--recipient", key.recipient);
    deepStrictEqual([away.code, away.err.includes("Cannot open the database file")], [1, true], away.err);
    const listed = await task("backups", "list", "--from", backups);
    deepStrictEqual([listed.code, listed.err.includes("The last try failed: Cannot open")], [1, true]);
  });
});

Deno.test("backups verify of a damaged backup names the part and fails", async () => {
  await withInstallation(async ({ key, backups, task }) => {
    const made = await task("db:backup", "--to", backups, "--recipient", key.recipient);
    const folder = made.out.trim().split("\n").at(-1) ?? "";
    const [part] = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
      /-site\./.test(name)
    );
    await Deno.remove(`${folder}/${part}`);
    const verified = await task("backups", "verify", "--from", backups);
    strictEqual(verified.code, 1);
    match(verified.err, new RegExp(`^Part ${part} is missing\n.* is not as it was made\n$`));
  });
});

/** One transaction of a cycle: fifty readings, and a number that counts transactions. */
async function storeReadings(db: Database, halfHour: number): Promise<void> {
  const row = { words: null, read_s: 1, profile_version: 1, boundary: null, quality: "m", amount: 1 };
  const reasons = { reading_reason: null, amount_reason: null };
  const rows = Array.from({ length: 50 }, (_, i) => ({
    ...{ half_hour: halfHour, channel_id: 100 + i, value: halfHour, ...row, ...reasons },
  }));
  await transaction(db, async (tx) => {
    await tx.insertInto("recent").values(rows).execute();
    await tx.updateTable("audit_head").set({ seq: halfHour }).execute();
  });
}

Deno.test("an embedded database is backed up by another process while its own one writes on, all of one instant", async () => {
  await withInstallation(async ({ folder, key, backups, task }) => {
    const db = await openDatabase(`sqlite:${folder}/wattpost.db`);
    const ended = new AbortController();
    let stored = 991_000;
    let longestMs = 0;
    const writing = (async () => {
      while (!ended.signal.aborted && stored < 1_040_000) {
        const startMs = performance.now();
        await storeReadings(db, ++stored);
        longestMs = Math.max(longestMs, performance.now() - startMs);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const { code, err, out } = await task(
      "db:backup",
      "--for-deploy",
      "--to",
      backups,
      "--recipient",
      key.recipient,
    );
    ended.abort();
    await writing;
    await db.close();
    strictEqual(code, 0, err);
    ok(stored > 991_010, `${stored - 991_000} transactions were stored meanwhile`);
    ok(longestMs < 2_000, `a transaction waited ${longestMs} ms`);
    const opened = await openBackup(out.trim());
    ok(opened.ok);
    const [recent, head] = await Promise.all(
      ["recent", "audit_head"].map((table) => rowsOf(opened.value, { table, key })),
    );
    const written = recent?.map(([halfHour]) => Number(halfHour)).filter((halfHour) => halfHour > 991_000) ??
      [];
    const last = Number(head?.[0]?.[1]);
    const count = last === 0 ? 0 : last - 991_000;
    deepStrictEqual([written.length, written.at(-1)], [count * 50, count === 0 ? undefined : last]);
  });
});

async function rowsOf(
  backup: OpenBackup,
  { table, key }: { readonly table: string; readonly key: TestKey },
): Promise<readonly (readonly unknown[])[]> {
  const rows: (readonly unknown[])[] = [];
  for (const part of backup.manifest.parts.filter((one) => one.table === table)) {
    const lines = await readPart(backup, { part, keyFile: key.file });
    ok(lines.ok);
    rows.push(...lines.value.map((line) => JSON.parse(line)));
  }
  return rows;
}

Deno.test("a backup that was killed is none, and the next one is made and takes it away", async () => {
  await withInstallation(async ({ folder, key, backups, task }) => {
    // An age that never ends holds the backup between two parts.
    await Deno.mkdir(`${folder}/bin`);
    await Deno.writeTextFile(`${folder}/bin/age`, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    const words = ["db:backup", "--to", backups, "--recipient", key.recipient];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", ...words],
      cwd: ROOT,
      env: {
        ...{ NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DATABASE_URL: `sqlite:${folder}/wattpost.db` },
        ...{ DATA_DIR: folder, PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
      },
      detached: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const partial = await until(() => namesIn(backups).find((name) => name.startsWith(".partial-")));
    Deno.kill(-child.pid, "SIGKILL");
    await child.status;
    const listed = await task("backups", "list", "--from", backups);
    deepStrictEqual([listed.code, /There is no backup in/.test(listed.out)], [1, true]);
    const made = await task(...words);
    strictEqual(made.code, 0, made.err);
    match(made.out, /^Took away 1 that an ended process had begun\n/);
    ok(!namesIn(backups).includes(partial));
  });
});

function namesIn(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return []; // not made yet
  }
}

/** Looks until there is something, for 60 s. */
async function until<T>(look: () => T | undefined): Promise<T> {
  const endMs = performance.now() + 60_000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error("Not within 60 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
