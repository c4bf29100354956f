import { ok, rejects, strictEqual } from "node:assert/strict";
import { systemClock } from "../../../../lib/clock.ts";
import { openSnapshot } from "../../../../lib/store/snapshot.ts";
import { bytesOf, holdingBackups, listBackups, removePartial } from "../../../../ops/lib/backup/folder.ts";
import { readLastTry } from "../../../../ops/lib/backup/last_try.ts";
import { makeBackup } from "../../../../ops/lib/backup/make.ts";
import { filesOf, openBackup, readPart } from "../../../../ops/lib/backup/read.ts";
import { dataFiles } from "../../../../ops/lib/backup/restore_files.ts";
import { troubleText } from "../../../../ops/lib/backup/trouble.ts";
import { verify } from "../../../../ops/lib/backup/verify.ts";
import { backUp, filledFile, makeKey, type TestKey, withFolder } from "./scene.ts";

interface Scene {
  readonly folder: string;
  readonly key: TestKey;
  /** The folder of a backup. */
  readonly made: string;
  readonly url: string;
}

async function withBackup(body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const url = await filledFile(folder);
    const key = await makeKey(folder);
    const file = {
      place: "credentials",
      name: "smtp_password",
      mode: 0o640,
      base64: btoa("s3cret"),
    } as const;
    const { folder: made } = await backUp(folder, { url, key, files: [file] });
    await body({ folder, key, made, url });
  });
}

async function troublesOf(made: string, keyFile: string | null): Promise<readonly string[]> {
  const troubles: string[] = [];
  await verify(made, { keyFile, onTrouble: (trouble) => troubles.push(troubleText(trouble)) });
  return troubles;
}

async function sitePart(made: string): Promise<string> {
  const opened = await openBackup(made);
  ok(opened.ok);
  const part = opened.value.manifest.parts.find(({ table }) => table === "site");
  ok(part);
  return part.name;
}

Deno.test("a backup that nobody touched is whole, with the key and without", async () => {
  await withBackup(async ({ made, key }) => {
    strictEqual((await troublesOf(made, null)).join(), "");
    strictEqual((await troublesOf(made, key.file)).join(), "");
  });
});

Deno.test("a flipped byte is named by its part, wherever it lies", async () => {
  await withBackup(async ({ made, key }) => {
    const name = await sitePart(made);
    const bytes = await Deno.readFile(`${made}/${name}`);
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const flipped = Uint8Array.from(bytes, (byte, i) => i === at ? byte ^ 1 : byte);
      await Deno.writeFile(`${made}/${name}`, flipped);
      for (const keyFile of [null, key.file]) {
        strictEqual(
          (await troublesOf(made, keyFile)).join(),
          `Part ${name} is not as it was written: another checksum`,
        );
      }
    }
  });
});

Deno.test("a part that was cut, and one that is missing, are named", async () => {
  await withBackup(async ({ made }) => {
    const name = await sitePart(made);
    const { size } = await Deno.stat(`${made}/${name}`);
    await Deno.truncate(`${made}/${name}`, size - 7);
    strictEqual(
      (await troublesOf(made, null)).join(),
      `Part ${name} has ${size - 7} bytes where ${size} were written`,
    );
    await Deno.remove(`${made}/${name}`);
    strictEqual((await troublesOf(made, null)).join(), `Part ${name} is missing`);
  });
});

Deno.test("another key than a recipient's is refused, and the recipients are named", async () => {
  await withBackup(async ({ folder, made, key }) => {
    const other = await makeKey(folder, "other.key");
    const [trouble = ""] = await troublesOf(made, other.file);
    ok(/^The key does not open part 0001-files/.test(trouble) && trouble.includes(key.recipient), trouble);
    const [none = ""] = await troublesOf(made, `${folder}/nothing.key`);
    ok(/^The key cannot be used: /.test(none), none);
  });
});

Deno.test("a changed manifest is refused, and a folder that is no backup", async () => {
  await withBackup(async ({ folder, made }) => {
    const path = `${made}/manifest.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"rows": 3', '"rows": 4'));
    const [trouble = ""] = await troublesOf(made, null);
    ok(/is not as it was written: its checksum is not the one in manifest\.sha256/.test(trouble), trouble);
    await Deno.writeTextFile(path, text);
    await Deno.rename(made, `${folder}/wattpost-20200101T000000Z`);
    const [moved = ""] = await troublesOf(`${folder}/wattpost-20200101T000000Z`, null);
    ok(/it is of wattpost-/.test(moved), moved);
    const [none = ""] = await troublesOf(`${folder}/wattpost-20190101T000000Z`, null);
    ok(/is no backup: manifest\.json is not there/.test(none), none);
  });
});

Deno.test("secrets in a backup are read with the key alone", async () => {
  await withBackup(async ({ made, key }) => {
    for await (const { name } of Deno.readDir(made)) {
      const text = new TextDecoder("latin1").decode(await Deno.readFile(`${made}/${name}`));
      ok(!text.includes("s3cret") && !text.includes(btoa("s3cret")) && !text.includes("mill"), name);
      strictEqual(((await Deno.stat(`${made}/${name}`)).mode ?? 0) & 0o777, 0o600);
    }
    const opened = await openBackup(made);
    ok(opened.ok);
    const part = opened.value.manifest.parts.find(({ table }) => table === null);
    ok(part);
    const lines = await readPart(opened.value, { part, keyFile: key.file });
    ok(lines.ok);
    const files = filesOf(lines.value, part.name);
    strictEqual(files.ok && atob(files.value[0]?.base64 ?? ""), "s3cret");
  });
});

Deno.test("what a killed backup left is taken away by the next one, and never taken for a backup", async () => {
  await withBackup(async ({ folder, made }) => {
    const partial = `${folder}/.partial-wattpost-20261129T204000Z`;
    await Deno.mkdir(partial);
    await Deno.writeTextFile(`${partial}/0001-files.jsonl.gz.age`, "half");
    const names = async () => (await listBackups(folder)).map(({ folder: one }) => one).join();
    strictEqual(await names(), made);
    strictEqual(await holdingBackups(folder, () => removePartial(folder)), 1);
    strictEqual(await names(), made);
    ok(await bytesOf(made) > 1_000);
    await rejects(() => Deno.stat(partial), Deno.errors.NotFound);
  });
});

Deno.test("a backup that cannot be made leaves nothing, and two at once are refused", async () => {
  await withBackup(async ({ folder, made, url }) => {
    const snapshot = await openSnapshot(url, systemClock);
    const work = { snapshot, files: [], recipients: ["age1nobody"], release: "r1", clock: systemClock };
    await rejects(() => makeBackup(folder, work), /Cannot run age: malformed recipient|Cannot run age: /);
    await snapshot.close();
    const left = [...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith(".partial"));
    strictEqual(left.length, 0);
    strictEqual((await listBackups(folder))[0]?.folder, made);
    await holdingBackups(folder, async () => {
      await rejects(
        () => holdingBackups(folder, () => Promise.resolve()),
        /another backup or prune is under way/,
      );
    });
  });
});

Deno.test("links, pipes and lines that are no files among backups are refused at once, whoever laid them there", async () => {
  await withBackup(async ({ folder, made }) => {
    await new Deno.Command("mkfifo", { args: [`${folder}/last-try.json`] }).output();
    strictEqual(await readLastTry(folder), null);
    const secret = `${folder}/secret`;
    await Deno.writeTextFile(secret, '{"atMs": 1, "failures": 1, "words": "of another"}');
    await Deno.remove(`${folder}/last-try.json`);
    await Deno.symlink(secret, `${folder}/last-try.json`);
    strictEqual(await readLastTry(folder), null);
    await Deno.rename(`${made}/manifest.json`, `${folder}/elsewhere`);
    await Deno.symlink(`${folder}/elsewhere`, `${made}/manifest.json`);
    const [trouble = ""] = await troublesOf(made, null);
    ok(/manifest\.json is not there/.test(trouble), trouble);
  });
  const file = { place: "data", name: "secrets.key", mode: 0o600, base64: "czNjcmV0" };
  strictEqual(filesOf([JSON.stringify(file)], "part").ok, true);
  for (const wrong of [{ name: "../secrets.key" }, { base64: "!" }, { mode: 0o4755 }, { place: "root" }]) {
    strictEqual(filesOf([JSON.stringify({ ...file, ...wrong })], "part").ok, false, JSON.stringify(wrong));
  }
  for (const line of ["{", "null", "[]"]) strictEqual(filesOf([line], "part").ok, false, line);
});

Deno.test("of the data folder only the files that a backup makes are written there, and for nobody else", async () => {
  await withFolder(async (folder) => {
    const key = { place: "data", name: "secrets.key", mode: 0o777, base64: "czNjcmV0" } as const;
    const written = await dataFiles([key], folder);
    strictEqual(written.ok && written.value[0]?.mode, 0o640);
    const other = await dataFiles([{ ...key, name: "wattpost.db" }], folder);
    strictEqual(other.ok, false);
  });
});
