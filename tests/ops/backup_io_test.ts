import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
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
