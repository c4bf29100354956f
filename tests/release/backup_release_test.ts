/**
 * Backups of an installation that compose alone runs: in a container beside the app's, while it works.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openBackup } from "../../ops/lib/backup/read.ts";
import { troubleText } from "../../ops/lib/backup/trouble.ts";
import { verify } from "../../ops/lib/backup/verify.ts";
import { makeKey } from "../ops/lib/backup/scene.ts";
import { composeTest, freePort, openProject } from "./compose.ts";
import { mysqlImage, mysqlOverride } from "./mysql_image.ts";
import { productImage } from "./product_image.ts";

composeTest(
  "a product in containers is backed up while it works, to a folder of the host",
  async (docker, compose) => {
    const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-backups-" });
    docker.defer(() => Deno.remove(folder, { recursive: true }));
    const key = await makeKey(folder);
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
      ...{ APP_RELEASE: "r3-test", BACKUPS: backups, BACKUP_RECIPIENT: key.recipient },
    };
    const project = await openProject(docker, { compose, env });
    await project.must(["up", "-d", "app"]);
    await project.healthy("app");
    const out = await project.must(["run", "--rm", "-T", "backup"]);
    match(out, /^Backed up \d+ rows of \d+ tables of sqlite /m);
    const [name = "", ...others] = [...Deno.readDirSync(backups)].map((entry) => entry.name)
      .filter((entry) => entry.startsWith("wattpost-"));
    deepStrictEqual(others, []);
    const troubles: string[] = [];
    const onTrouble = (trouble: Parameters<typeof troubleText>[0]) =>
      void troubles.push(troubleText(trouble));
    await verify(`${backups}/${name}`, { keyFile: key.file, onTrouble });
    deepStrictEqual(troubles, []);
    const opened = await openBackup(`${backups}/${name}`);
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
    const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-backups-" });
    docker.defer(() => Deno.remove(folder, { recursive: true }));
    const key = await makeKey(folder);
    const backups = `${folder}/backups`;
    await Deno.mkdir(backups);
    await Deno.chown(backups, 65_532, 65_532);
    const env = {
      ...{ APP_IMAGE: await productImage(docker), MYSQL_IMAGE: await mysqlImage(docker) },
      ...{ BACKUPS: backups, BACKUP_RECIPIENT: key.recipient },
    };
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
    const [name = ""] = [...Deno.readDirSync(backups)].map((entry) => entry.name)
      .filter((entry) => entry.startsWith("wattpost-"));
    const troubles: string[] = [];
    const onTrouble = (trouble: Parameters<typeof troubleText>[0]) =>
      void troubles.push(troubleText(trouble));
    await verify(`${backups}/${name}`, { keyFile: key.file, onTrouble });
    deepStrictEqual(troubles, []);
  },
);
