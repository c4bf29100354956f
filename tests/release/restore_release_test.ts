/**
 * A restore of an installation that compose alone runs: its volume is lost, a backup is put back by a service of
 * compose.yaml, and it goes on with the same people and keys.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { makeKey } from "../ops/lib/backup/scene.ts";
import { composeTest, freePort, openProject } from "./compose.ts";
import { productImage } from "./product_image.ts";

composeTest(
  "a product in containers that lost its volume is restored and goes on",
  async (docker, compose) => {
    const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-restore-" });
    docker.defer(() => Deno.remove(folder, { recursive: true }));
    const key = await makeKey(folder);
    await Deno.chown(key.file, 65_532, 65_532);
    await Deno.chmod(folder, 0o755);
    const backups = `${folder}/backups`;
    await Deno.mkdir(backups);
    await Deno.chown(backups, 65_532, 65_532);
    const port = freePort();
    const env = {
      ...{
        APP_PORT: `${port}`,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        APP_IMAGE: await productImage(docker),
      },
      ...{ BACKUPS: backups, BACKUP_RECIPIENT: key.recipient, RESTORE_KEY: key.file },
    };
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
