import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { systemClock } from "../../../../lib/clock.ts";
import { openDatabase } from "../../../../lib/store/db.ts";
import { migrate } from "../../../../lib/store/migrator.ts";
import { migrations } from "../../../../migrations/mod.ts";
import type { MadeBackup } from "../../../../ops/lib/backup/make.ts";
import { openBackup } from "../../../../ops/lib/backup/read.ts";
import { makeFolder } from "../../../../ops/lib/backup/restore_files.ts";
import { restoreTroubleText } from "../../../../ops/lib/backup/restore_trouble.ts";
import { troubleText } from "../../../../ops/lib/backup/trouble.ts";
import { backUp, fillAwkward, makeKey, type TestKey, withFolder } from "./scene.ts";
import { mustRestore, refusalOf } from "./restore_scene.ts";

interface Ground {
  readonly folder: string;
  readonly made: MadeBackup;
  readonly key: TestKey;
  /** Address of a database that is not there. */
  readonly url: string;
}

/** Gives a backup of a SQLite database and a place for another one. */
async function onGround(body: (ground: Ground) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const source = `sqlite:${folder}/source.db`;
    const db = await openDatabase(source);
    await migrate(db, migrations, systemClock);
    await fillAwkward(db);
    await db.close();
    const key = await makeKey(folder);
    const made = await backUp(folder, { url: source, key });
    await body({ folder, made, key, url: `sqlite:${folder}/restored.db` });
  });
}

/** What lies in a folder beside the backup and its source. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder));
  return names.map(({ name }) => name).filter((name) => name.startsWith("restored")).sort();
}

function partOf({ manifest }: MadeBackup, table: string): string {
  return manifest.parts.find((part) => part.table === table)?.name ?? "";
}

const HARMS: readonly {
  readonly name: string;
  readonly harm: (path: string) => Promise<void>;
  readonly words: RegExp;
}[] = [
  {
    name: "a flipped byte",
    async harm(path) {
      const bytes = await Deno.readFile(path);
      const at = bytes.length - 20;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await Deno.writeFile(path, bytes);
    },
    words: /^Part \d{4}-recent\.jsonl\.gz\.age is not as it was written: another checksum$/,
  },
  {
    name: "a truncated file",
    harm: (path) => Deno.truncate(path, 100),
    words: /^Part \d{4}-recent\.jsonl\.gz\.age has 100 bytes where \d+ were written$/,
  },
  {
    name: "a missing part",
    harm: (path) => Deno.remove(path),
    words: /^Part \d{4}-recent\.jsonl\.gz\.age is missing$/,
  },
];

for (const { name, harm, words } of HARMS) {
  Deno.test(`db:restore refuses ${name} by name, before anything is written`, () =>
    onGround(async ({ folder, made, key, url }) => {
      await harm(`${made.folder}/${partOf(made, "recent")}`);
      const refused = await refusalOf({ folder: made.folder, keyFile: key.file, url });
      match(refused[0], words);
      strictEqual(refused[1], "nothing");
      deepStrictEqual(await namesIn(folder), []);
    }));
}

Deno.test("db:restore refuses a wrong key and says which keys open the backup", () =>
  onGround(async ({ folder, made, key, url }) => {
    const other = await makeKey(folder, "other.key");
    const [words, leftover] = await refusalOf({ folder: made.folder, keyFile: other.file, url });
    match(words, /^The key does not open part 0001-[a-z_]+\.jsonl\.gz\.age; it was encrypted to age1/);
    ok(words.includes(key.recipient));
    strictEqual(leftover, "nothing");
    deepStrictEqual(await namesIn(folder), []);
  }));

Deno.test("db:restore refuses a manifest that was changed", () =>
  onGround(async ({ made }) => {
    const path = `${made.folder}/manifest.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"rows": 3', '"rows": 2'));
    const opened = await openBackup(made.folder);
    ok(!opened.ok);
    match(troubleText(opened.error), /^The manifest of .* is not as it was written/);
  }));

Deno.test("db:restore refuses a backup of a newer release and names what this one does not know", () =>
  onGround(async ({ made, key, url }) => {
    const older = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < "0021"));
    const order = { folder: made.folder, keyFile: key.file, url, migrations: older };
    const [words, leftover] = await refusalOf(order);
    match(words, /^The backup is of release r1-test, which is newer: this one does not know 0021_vpn/);
    strictEqual(leftover, "nothing");
  }));

Deno.test("db:restore brings a backup of the release before to this one", () =>
  withFolder(async (folder) => {
    const source = `sqlite:${folder}/source.db`;
    const older = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < "0022"));
    const db = await openDatabase(source);
    await migrate(db, older, systemClock);
    await fillAwkward(db);
    await db.close();
    const key = await makeKey(folder);
    const { folder: made } = await backUp(folder, { url: source, key });
    const restored = await mustRestore({
      ...{ folder: made, keyFile: key.file, url: `sqlite:${folder}/restored.db` },
    });
    deepStrictEqual(
      restored.migrated,
      Object.entries(migrations).filter(([name, { contract }]) => name >= "0022" && !contract)
        .map(([name]) => name),
    );
  }));

Deno.test("a restore on trial leaves nothing but what it found", () =>
  onGround(async ({ folder, made, key, url }) => {
    const restored = await mustRestore({ folder: made.folder, keyFile: key.file, url, keep: false });
    strictEqual(restored.rows, made.manifest.tables.reduce((sum, { rows }) => sum + rows, 0));
    deepStrictEqual(restored.steps.map(({ step }) => step), ["check", "load", "compare"]);
    deepStrictEqual((await namesIn(folder)).filter((name) => name !== "restored.db.lock"), []);
  }));

Deno.test("a row that is not as it was backed up is found, and nothing is left", () =>
  onGround(async ({ folder, made, key, url }) => {
    // A migration that alters what is stored stands for whatever an engine might do silently.
    const altered = {
      ...migrations,
      "0021_vpn": {
        async up(db: Parameters<(typeof migrations)[string]["up"]>[0]) {
          await migrations["0021_vpn"]?.up(db);
          await db.schema.alterTable("site").addColumn("spare", "integer").execute();
          await db.executeQuery({
            ...db.selectFrom("site").select("site_id").compile(),
            sql:
              "create trigger shortens after insert on site begin update site set town = '' where site_id = 1; end",
            parameters: [],
          });
        },
      },
    };
    const order = { folder: made.folder, keyFile: key.file, url, migrations: altered };
    const [words, leftover] = await refusalOf(order);
    strictEqual(words, "What was restored is not what the backup says: Checksum of site");
    strictEqual(leftover, "removed");
    deepStrictEqual((await namesIn(folder)).filter((name) => name !== "restored.db.lock"), []);
  }));

Deno.test("a data folder that cannot be made is said, and is no fault of ours", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const made = await makeFolder(`${folder}/file/data`);
    ok(!made.ok);
    match(restoreTroubleText(made.error), /^Cannot write a file: Not a directory/);
    strictEqual((await makeFolder(`${folder}/data`)).ok, true);
  }));
