/**
 * A folder of the host for backups of an installation that compose runs, and the key to which they are encrypted.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import { troubleText } from "../../ops/lib/backup/trouble.ts";
import { verify } from "../../ops/lib/backup/verify.ts";
import { IDS } from "../../ops/lib/host/layout.ts";
import type { Docker } from "../host/docker.ts";
import { makeKey, type TestKey } from "../ops/lib/backup/scene.ts";
import { freePort } from "./compose.ts";
import { productImage } from "./product_image.ts";

/** The folder and its key. */
export interface BackupFolder {
  /** Where backups lie. */
  readonly backups: string;
  /** The key, which the app's user may read. */
  readonly key: TestKey;
  /** What compose is told of both. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes them; they are gone when the test is over. */
export async function openBackupFolder(docker: Docker): Promise<BackupFolder> {
  const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-backups-" });
  docker.defer(() => Deno.remove(folder, { recursive: true }));
  const { id } = IDS.app;
  await Deno.chmod(folder, 0o755);
  const key = await makeKey(folder);
  const backups = `${folder}/backups`;
  await Deno.mkdir(backups);
  for (const path of [key.file, backups]) await Deno.chown(path, id, id);
  return { backups, key, env: { BACKUPS: backups, BACKUP_RECIPIENT: key.recipient } };
}

/** What compose is told of an app at a free port. */
export async function appEnv(docker: Docker): Promise<Readonly<Record<string, string>>> {
  const port = `${freePort()}`;
  return { APP_PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, APP_IMAGE: await productImage(docker) };
}

/** The folder of the only backup there, which is as it was written. */
export async function onlyBackup({ backups, key }: BackupFolder): Promise<string> {
  const names = [...Deno.readDirSync(backups)].map(({ name }) => name);
  const [name = "", ...others] = names.filter((one) => one.startsWith("wattpost-"));
  deepStrictEqual(others, []);
  const troubles: string[] = [];
  await verify(`${backups}/${name}`, {
    keyFile: key.file,
    onTrouble: (trouble) => void troubles.push(troubleText(trouble)),
  });
  deepStrictEqual(troubles, []);
  return `${backups}/${name}`;
}
