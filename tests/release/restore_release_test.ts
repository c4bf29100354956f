/**
 * A restore of an installation that compose alone runs: its volume is lost, a backup is put back by a service of
 * compose.yaml, and it goes on with the same people and keys.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { appEnv, openBackupFolder } from "./backup_folder.ts";
import { composeTest, openProject } from "./compose.ts";

composeTest(
  "a product in containers that lost its volume is restored and goes on",
  async (docker, compose) => {
    const { key, env: folder } = await openBackupFolder(docker);
    const env = { ...await appEnv(docker), ...folder, RESTORE_KEY: key.file };
    const project = await openProject(docker, { compose, env });
    await project.must(["up", "-d", "app"]);
    const before = await project.healthy("app");
    const keyOf = async (id: string) => await docker.must(["exec", id, "deno", "eval", PRINT_KEY]);
    const secretsKey = await keyOf(before);
    ok(secretsKey.length > 20);
    await project.must(["run", "--rm", "-T", "backup"]);
    await project.must(["rm", "-s", "-f", "app"]);
    await docker.must(["volume", "rm", `${project.name}_data`]);

    const restored = await project.must(["run", "--rm", "-T", "restore"]);
    match(restored, /^Restored \d+ rows into sqlite \S+ in .*; all of it is as in the backup:$/m);
    const again = await project.run(["run", "--rm", "-T", "restore"]);
    strictEqual(again.code, 1);
    match(again.err, /Nothing is restored over "\S+": it holds \d+ tables/);
    await project.must(["up", "-d", "app"]);
    strictEqual(await keyOf(await project.healthy("app")), secretsKey, "what is sealed can be opened");
    const missing = await project.run(["run", "--rm", "-T", "restore"], {
      env: { BACKUP: "wattpost-20200101T000000Z" },
    });
    deepStrictEqual([missing.code, /is no backup: manifest\.json is not there/.test(missing.err)], [1, true]);
  },
);

const PRINT_KEY = 'console.log(Deno.readTextFileSync("data/secrets.key"))';
