/**
 * Backups of an installation that compose alone runs: in a container beside the app's, while it works.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openBackup } from "../../ops/lib/backup/read.ts";
import { appEnv, onlyBackup, openBackupFolder } from "./backup_folder.ts";
import { composeTest, openProject } from "./compose.ts";
import { mysqlImage, mysqlOverride } from "./mysql_image.ts";
import { productImage } from "./product_image.ts";

composeTest(
  "a product in containers is backed up while it works, to a folder of the host",
  async (docker, compose) => {
    const folder = await openBackupFolder(docker);
    const env = { ...await appEnv(docker), ...folder.env, APP_RELEASE: "r3-test" };
    const project = await openProject(docker, { compose, env });
    await project.must(["up", "-d", "app"]);
    await project.healthy("app");
    const out = await project.must(["run", "--rm", "-T", "backup"]);
    match(out, /^Backed up \d+ rows of \d+ tables of sqlite /m);
    const opened = await openBackup(await onlyBackup(folder));
    ok(opened.ok);
    strictEqual(opened.value.manifest.release, "r3-test");
    strictEqual(opened.value.manifest.parts[0]?.table, null, "the key of secrets is in it");
    const nobody = await project.run(["run", "--rm", "-T", "backup"], { env: { BACKUP_RECIPIENT: "" } });
    deepStrictEqual(
      [nobody.code, /--recipient must be a public key/.test(nobody.err)],
      [2, true],
      nobody.err,
    );
  },
);

composeTest(
  "a product on MySQL in containers is backed up with the same few words",
  async (docker, compose) => {
    const folder = await openBackupFolder(docker);
    const images = { APP_IMAGE: await productImage(docker), MYSQL_IMAGE: await mysqlImage(docker) };
    const env = { ...images, ...folder.env };
    const project = await openProject(docker, { compose, env, files: ["compose.yaml", "override.yaml"] });
    await Deno.writeTextFile(`${project.folder}/override.yaml`, mysqlOverride());
    await Deno.mkdir(`${project.folder}/secrets`, { recursive: true });
    const password = crypto.randomUUID();
    const secrets = {
      mysql_password: password,
      database_url: `mysql://wattpost:${password}@mysql:3306/wattpost`,
    };
    for (const [name, text] of Object.entries(secrets)) {
      const path = `${project.folder}/secrets/${name}`;
      await Deno.writeTextFile(path, text, { mode: 0o400 });
      await Deno.chown(path, 65_532, 65_532);
    }
    await project.must(["--profile", "mysql", "up", "-d", "mysql"]);
    await project.healthy("mysql");
    await project.must(["--profile", "mysql", "run", "--rm", "-T", "migrate"]);
    const out = await project.must(["--profile", "mysql", "run", "--rm", "-T", "backup-mysql"]);
    match(out, /^Backed up \d+ rows of \d+ tables of mysql /m);
    await onlyBackup(folder);
  },
);
