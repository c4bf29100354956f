import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { isCi } from "../../../../ops/lib/test_suites.ts";
import { backupName } from "../../../../ops/lib/backup/format.ts";
import { USUAL_KEEP } from "../../../../ops/lib/backup/keep.ts";
import { fetchBackup, listRemote, push, type Remote } from "../../../../ops/lib/backup/push.ts";
import { REMOTE_FILES, type RemoteDescription } from "../../../../ops/lib/backup/remote.ts";
import { verify } from "../../../../ops/lib/backup/verify.ts";
import { openMachine } from "../../../../ops/lib/host/machine.ts";
import { startS3 } from "../../../fakes/s3.ts";
import { backUp, filledFile, makeKey, type TestKey, withFolder } from "./scene.ts";

const CANNOT = !isCi(Deno.env.get("CI")) &&
  !["/usr/bin/restic", "/usr/bin/age"].every((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });

interface Scene {
  readonly backups: string;
  readonly key: TestKey;
  readonly to: Remote;
  readonly pushAll: (dryRun?: boolean) => ReturnType<typeof push>;
  readonly said: string[];
}

/** Two backups on a host, and a place for copies. */
async function withBackups(
  remoteIn: (folder: string) => RemoteDescription,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const [url, key] = [await filledFile(folder), await makeKey(folder)];
    const [backups, credentials] = [`${folder}/backups`, `${folder}/credentials`];
    for (const path of [backups, credentials, `${folder}/elsewhere`]) await Deno.mkdir(path);
    await backUp(backups, { url, key });
    await backUp(backups, { url, key });
    await Deno.writeTextFile(`${credentials}/${REMOTE_FILES.password}`, "a password\n");
    await Deno.writeTextFile(`${credentials}/${REMOTE_FILES.s3Id}`, "KEYID\n");
    await Deno.writeTextFile(`${credentials}/${REMOTE_FILES.s3Secret}`, "secret\n");
    const to: Remote = { on: openMachine(`${folder}/state`), remote: remoteIn(folder), credentials };
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const pushAll = (dryRun = false) =>
      push(to, { backups, keep: USUAL_KEEP, nowMs: Date.now(), dryRun, say });
    await body({ backups, key, to, pushAll, said });
  });
}

function namesIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => /^wattpost-/.test(name))
    .sort();
}

async function comesBack({ backups, key, to, pushAll, said }: Scene): Promise<void> {
  const names = namesIn(backups);
  const planned = await pushAll(true);
  deepStrictEqual([planned.ok && planned.value, said.splice(0).length], [[], 2]);
  const pushed = await pushAll();
  ok(pushed.ok, pushed.ok ? "" : pushed.error);
  deepStrictEqual(pushed.value.map(({ name }) => name), [...names].reverse());
  deepStrictEqual(said.splice(0), names.map((name) => `Copied ${name}`));
  const again = await pushAll();
  deepStrictEqual([again.ok && again.value.length, said.splice(0)], [2, []], "nothing is copied twice");
  await Deno.remove(backups, { recursive: true });
  await Deno.mkdir(backups);
  const there = await listRemote(to, { make: false });
  const [copy] = there.ok ? there.value : [];
  ok(copy);
  const aside = `${backups}-aside`;
  const fetched = await fetchBackup(to, { backups, aside, copy });
  deepStrictEqual(await to.on.stat(aside), null);
  deepStrictEqual(fetched, { ok: true, value: `${backups}/${names[1]}` });
  const troubles: unknown[] = [];
  await verify(`${backups}/${names[1]}`, {
    keyFile: key.file,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  deepStrictEqual(troubles, []);
}

Deno.test({
  name: "copies in a folder elsewhere are made once, and come back whole to a host that lost its own",
  ignore: CANNOT,
  fn: () => withBackups((folder) => ({ kind: "folder", path: `${folder}/elsewhere` }), comesBack),
});

Deno.test({
  name: "copies in an S3 storage are made once, and come back whole to a host that lost its own",
  ignore: CANNOT,
  async fn() {
    const s3 = startS3({ bucket: "wattpost", keyId: "KEYID" });
    try {
      const remote = { kind: "s3", url: s3.url, bucket: "wattpost", prefix: "energy" } as const;
      await withBackups(() => remote, comesBack);
      ok([...s3.objects.keys()].every((name) => name.startsWith("energy/")));
    } finally {
      await s3.close();
    }
  },
});

Deno.test({
  name: "a copy that fails says why, and the next one copies what is missing",
  ignore: CANNOT,
  async fn() {
    const s3 = startS3({ bucket: "wattpost", keyId: "KEYID" });
    try {
      const remote = { kind: "s3", url: s3.url, bucket: "wattpost", prefix: "" } as const;
      await withBackups(() => remote, async ({ to, pushAll }) => {
        const credentials = `${to.credentials}/${REMOTE_FILES.s3Id}`;
        await Deno.writeTextFile(credentials, "OTHER\n");
        const denied = await pushAll();
        match(
          denied.ok ? "" : denied.error,
          /^Cannot .* in http:\/\/127\.0\.0\.1:\d+\/wattpost: .*Access Denied/,
        );
        await Deno.remove(credentials);
        const none = await pushAll();
        match(none.ok ? "" : none.error, /there is no .*backup_s3_id$/);
        await Deno.writeTextFile(credentials, "KEYID\n");
        const pushed = await pushAll();
        strictEqual(pushed.ok && pushed.value.length, 2);
      });
    } finally {
      await s3.close();
    }
  },
});

Deno.test({
  name: "copies that need not stay go, also those whose backups are gone here",
  ignore: CANNOT,
  fn: () =>
    withBackups((folder) => ({ kind: "folder", path: `${folder}/elsewhere` }), async (scene) => {
      const { backups, pushAll, said } = scene;
      const [first = ""] = namesIn(backups);
      // As if they were made two years ago: the name is the instant.
      for (const days of [800, 801]) {
        const old = `${backups}/${backupName(Date.now() - days * 86_400_000)}`;
        await Deno.mkdir(old);
        await Deno.copyFile(`${backups}/${first}/manifest.json`, `${old}/manifest.json`);
      }
      const keep = { daily: 9, weekly: 0, monthly: 0 };
      const say = (line: string) => void said.push(line);
      const before = await push(scene.to, { backups, keep, nowMs: Date.now(), dryRun: false, say });
      strictEqual(before.ok && before.value.length, 4);
      for (const name of namesIn(backups).slice(0, 2)) {
        await Deno.remove(`${backups}/${name}`, { recursive: true });
      }
      const after = await push(scene.to, {
        ...{ backups, keep: { ...keep, daily: 2 }, nowMs: Date.now(), dryRun: false, say },
      });
      strictEqual(after.ok && after.value.length, 3);
      strictEqual(said.at(-1), "Took away 1 that need not stay there");
      strictEqual((await pushAll(true)).ok, true);
    }),
});

Deno.test({
  name:
    "names that somebody invents among backups push no copy out, neither those of the past nor of the future",
  ignore: CANNOT,
  fn: () =>
    withBackups((folder) => ({ kind: "folder", path: `${folder}/elsewhere` }), async (scene) => {
      const { backups, pushAll, said } = scene;
      const names = namesIn(backups);
      strictEqual((await pushAll()).ok, true);
      const DAY_MS = 86_400_000;
      const invented = [-1, -2, -3, 2, 3, 40, 400].map((days) => backupName(Date.now() + days * DAY_MS));
      for (const name of invented) await Deno.mkdir(`${backups}/${name}`);
      said.splice(0);
      const after = await pushAll();
      deepStrictEqual(after.ok && after.value.map(({ name }) => name), [...names].reverse());
      deepStrictEqual(
        said.sort(),
        invented.slice(3).map((name) => `${name} is of the future: it is not copied`),
      );
    }),
});

Deno.test({
  name: "a disk for copies that is not mounted is said, and no copy is laid on the host's own disk",
  ignore: CANNOT,
  fn: () =>
    withBackups(
      (folder) => ({ kind: "folder", path: `${folder}/mnt/elsewhere` }),
      async ({ pushAll, to }) => {
        const pushed = await pushAll();
        match(pushed.ok ? "" : pushed.error, /\/mnt\/elsewhere is not there: mount its disk/);
        strictEqual(await to.on.stat(to.remote.kind === "folder" ? to.remote.path : ""), null);
      },
    ),
});
