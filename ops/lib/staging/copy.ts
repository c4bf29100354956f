/**
 * Gives staging a sanitised copy of production: the newest backup, restored into staging's own database and made to tell
 * nobody who, where and how to be reached before any process of staging opens it. No secret of production comes along.
 *
 * @module
 */

import { openDatabase } from "../../../lib/store/db.ts";
import { sanitise } from "../../../lib/store/sanitise.ts";
import { listBackups } from "../backup/folder.ts";
import { IDS } from "../host/layout.ts";
import { type Host, HostError } from "../host/step.ts";
import { type Place, placeOf, PRODUCTION } from "../release/place.ts";
import { placeOptions } from "./options.ts";
import { runStagingTask, type TaskTools } from "./tasks.ts";

/** What is copied. */
export interface CopyOrder {
  /** Folder of a backup; `null`: the newest of production. */
  readonly backup: string | null;
  /** Private key of one of its recipients. */
  readonly keyFile: string;
}

/** The key by which the same becomes the same in every copy; it stays on the host. */
const KEY_NAME = "staging_key";
const KEY_BYTES = 32;

/** What the database of SQLite is made of. */
const DATABASE = "wattpost.db";

/** Copies; staging must have no database yet. */
export async function copyProduction(
  on: Host,
  place: Place,
  { backup, keyFile, ...tools }: CopyOrder & TaskTools,
): Promise<void> {
  const { data, state } = place.paths;
  if (await on.stat(`${data}/${DATABASE}`)) {
    throw new HostError("Staging has data already: deno task staging down, then up with a copy");
  }
  const folder = backup ?? await newest();
  // Whoever is killed here leaves production itself: where root alone looks, and no process of staging.
  const aside = placeOf({ name: place.name, root: `${state}/copy` });
  await on.must(["rm", "-rf", "--one-file-system", "--", aside.root]);
  try {
    await on.must(["mkdir", "-p", "-m", "700", "--", aside.root]);
    for (const path of [aside.paths.data, aside.paths.host, aside.paths.credentials]) {
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    }
    const restored = await runStagingTask(
      ["db:restore", folder, "--key", keyFile, ...placeOptions(aside)],
      tools,
    );
    if (restored.code !== 0) throw new HostError(`"${folder}" is not restored: nothing was copied`);
    const path = `${aside.paths.data}/${DATABASE}`;
    const db = await openDatabase(`sqlite:${path}`);
    const done = await sanitise(db, await sanitiseKey(on, place)).finally(() => db.close());
    await on.must(["chown", `${IDS.app.id}:${IDS.app.id}`, "--", path]);
    // Keys and checkpoints of production lie beside it: none of them comes along.
    await on.must(["mv", "--no-target-directory", "--", path, `${data}/${DATABASE}`]);
    tools.show(`Sanitised: ${done.leftOut} tables left out, ${done.replaced} values replaced\n`);
  } finally {
    await on.must(["rm", "-rf", "--one-file-system", "--", aside.root]);
  }
}

async function newest(): Promise<string> {
  const { backups } = PRODUCTION.paths;
  const [first] = await listBackups(backups);
  if (!first) throw new HostError(`There is no backup in ${backups}: deno task db:backup`);
  return first.folder;
}

/** The key of the host; where there is none and no production either, one that lasts as long as this staging. */
async function sanitiseKey(on: Host, { paths }: Place): Promise<string> {
  const { hostCredentials } = PRODUCTION.paths;
  const folder = await on.stat(hostCredentials) ? hostCredentials : paths.hostCredentials;
  const path = `${folder}/${KEY_NAME}`;
  const there = await on.read(path);
  if (there !== null) return there.trim();
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES)).toBase64();
  await on.write(path, { text: `${key}\n`, mode: 0o600, owner: "root:root" });
  return key;
}
