import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { IDS } from "../../ops/lib/host/layout.ts";
import type { ReliabilityRow } from "../../ops/lib/reliability_docs.ts";
import { hostTest } from "../host/docker.ts";
import { CRASHES, NEVER_READY, NO_PAGES, waitsInSmoke, withMigration } from "./broken_images.ts";
import {
  brokenRelease,
  inOrder,
  killedAt,
  nobodyLost,
  nothingLeft,
  servingRelease,
  statusOf,
  type Way,
} from "./deploy_cases.ts";
import { type DeployScene, withDeployScene } from "./deploy_scene.ts";

/** `deno task test:release` sets it. */
const WHOLE = Deno.env.get("WATTPOST_DRILL") === "whole";

/** Writes the table's rows anew in place of comparing them. */
const WRITES = Deno.env.get("WATTPOST_RELIABILITY") === "write";

const ROWS = new URL("../../docs/reliability.json", import.meta.url);

/** Steps at which a deploy of new code is killed, and how it is put right. */
const STEPS = [
  "preflight",
  "sources",
  "image",
  "migrate",
  "up",
  "ready",
  "smoke",
  "switch",
  "drain",
  "stop",
  "tidy",
];
const SHORT: readonly (readonly [step: string, way: Way])[] = [
  ["migrate", "resume"],
  ["switch", "rollback"],
  ["drain", "resume"],
];
const ALL = STEPS.flatMap((
  step,
): readonly (readonly [string, Way])[] => [[step, "resume"], [step, "rollback"]]);

/** ms after the beginning of the step, and whether what it started is killed with it, as when power fails. */
const KILLS = WHOLE
  ? [{ delayMs: 0, act: "kill" }, { delayMs: 40, act: "kill-all" }] as const
  : [{ delayMs: 20, act: "kill-all" }] as const;

hostTest(
  "a deploy that is killed or broken leaves the old release serving, says so, and is put right",
  async (docker, test) => {
    const rows: ReliabilityRow[] = [];
    const steps: readonly (readonly [string, (scene: DeployScene) => Promise<readonly ReliabilityRow[]>])[] =
      [
        ["the first release comes up, and a second one beside it after a backup", begin],
        ["a deploy killed at its steps goes on or is taken back", kills],
        ["a way back that is killed goes on", killedBack],
        ["releases that do not work are taken back by themselves", broken],
        ["a migration that fails halfway is taken back, and its mended release is deployed", halfway],
        ["what cannot begin is refused before anything is changed", refused],
        ["a disk that is full takes a deploy back and silences no journal", fullDisk],
        ["a database that goes away at the switch leaves the old release serving", databaseAway],
        ["new settings are a deploy, and going back brings the old ones", settings],
      ];
    await withDeployScene(docker, { what: "m", engine: "mariadb" }, async (scene) => {
      for (const [name, run] of steps) {
        // What comes after builds on it.
        if (!await test.step(name, async () => void rows.push(...await run(scene)))) return;
      }
      await test.step("docs/reliability.json says what was seen", () => compare(rows));
    });
  },
);

async function compare(rows: readonly ReliabilityRow[]): Promise<void> {
  if (WRITES) return await Deno.writeTextFile(ROWS, `${JSON.stringify(rows, null, 2)}\n`);
  const known: readonly ReliabilityRow[] = JSON.parse(await Deno.readTextFile(ROWS));
  const texts = known.map((row) => JSON.stringify(row));
  deepStrictEqual(rows.filter((row) => !texts.includes(JSON.stringify(row))), []);
  if (WHOLE) strictEqual(known.length, rows.length);
}

async function begin(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const empty = await statusOf(scene);
  match(empty.text, /^deploy +none yet$/m);
  const first = await scene.deploy("--image", scene.good);
  strictEqual(first.code, 0, first.out + first.err);
  scene.watch.forget();
  const nobody = await scene.deploy("--image", scene.good);
  strictEqual(nobody.code, 1);
  match(nobody.out, /Nobody is named to whom backups are encrypted/);
  const second = await scene.deployWithBackup("--image", scene.good);
  strictEqual(second.code, 0, second.out + second.err);
  const [, folder = ""] = /\] backup: done, .*; (\S+)$/m.exec(second.out) ?? [];
  ok(folder.startsWith(`${scene.place.paths.backups}/wattpost-`), second.out);
  strictEqual((await Deno.stat(`${folder}/manifest.json`)).uid, IDS.app.id);
  nobodyLost(scene, "a second release");
  await inOrder(scene, (await servingRelease(scene)).name);
  return [];
}

async function kills(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const rows: ReliabilityRow[] = [];
  for (const [step, way] of WHOLE ? ALL : SHORT) {
    for (const [i, kill] of KILLS.entries()) {
      const row = await killedAt(scene, { step, way, ...kill });
      if (i === 0) rows.push(row);
    }
  }
  return rows;
}

/** A release that never is ready goes back; the way back is killed, and rollback goes on with it. */
async function killedBack(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const image = await scene.image("back", NEVER_READY);
  const rows: ReliabilityRow[] = [];
  for (const step of WHOLE ? ["up", "sources"] : ["up"]) {
    const before = await servingRelease(scene);
    const args = ["--image", image, "--without-backup", "--ready-within", "5"];
    const killed = await scene.disturbed(args, { step: `back: ${step}`, delayMs: 0, act: "kill" });
    ok(killed.wasThere, killed.out + killed.err);
    match((await statusOf(scene)).text, /is on its way back, at \w+: deno task deploy rollback goes on/);
    const end = await scene.deploy("rollback");
    strictEqual(end.code, 0, end.out + end.err);
    await inOrder(scene, before.name);
    nobodyLost(scene, `killed on the way back at ${step}`);
    rows.push({
      trouble: `killed (\`SIGKILL\`) on the way back, at ${step}`,
      serving: "the old release",
      status: "on its way back, and at which step",
      way: "`rollback`",
      end: "the old release serves and works, nothing is left",
    });
  }
  return rows;
}

async function broken(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  return [
    await brokenRelease(scene, {
      trouble: "the release crashes at its start",
      image: await scene.image("crashes", CRASHES),
      step: "ready",
      says: /the stars are not right/,
    }),
    ...WHOLE ? [await neverReady(scene)] : [],
    await brokenRelease(scene, {
      trouble: "the release is ready, and its smoke test fails",
      image: await scene.image("smoke", NO_PAGES),
      step: "smoke",
      says: /smoke: failed/,
    }),
  ];
}

async function neverReady(scene: DeployScene): Promise<ReliabilityRow> {
  return await brokenRelease(scene, {
    trouble: "the release never becomes ready",
    image: await scene.image("never", NEVER_READY),
    step: "ready",
    says: /not ready within 5 s: the moon/,
    args: ["--ready-within", "5"],
  });
}

async function halfway(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const row = await brokenRelease(scene, {
    trouble: "its migration fails halfway",
    image: await scene.image("halfway", withMigration("failing")),
    step: "migrate",
    says: /0099_halfway/,
  });
  const unbearable = await scene.image("unbearable", withMigration("unbearable"));
  const refused = await scene.deploy("--image", unbearable, "--without-backup");
  strictEqual(refused.code, 1, refused.out + refused.err);
  match(refused.out, /migrate: failed[^]*alter table site drop column name/i);
  nobodyLost(scene, "the release that takes away what the running one reads");
  if (!WHOLE) return [row];
  const mended = await scene.image("mended", withMigration("mended"));
  const end = await scene.deploy("--image", mended, "--without-backup");
  strictEqual(end.code, 0, end.out + end.err);
  nobodyLost(scene, "the mended release");
  // What it brought is borne by the release before.
  const back = await scene.deploy("rollback");
  strictEqual(back.code, 0, back.out + back.err);
  nobodyLost(scene, "back from the mended release");
  return [row];
}

async function refused(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const good = ["--image", scene.good, "--without-backup"];
  const missing = await scene.deploy("--image", "nobody:7");
  strictEqual(missing.code, 1);
  match(missing.out, /Docker has no image nobody:7: docker load or docker pull brings it/);
  const dry = await scene.deploy(...good, "--dry-run");
  strictEqual(dry.code, 0, dry.out + dry.err);
  match(dry.out, /^Nothing was changed$/m);
  // A second deploy while one is under way.
  const during = await scene.disturbed(good, {
    step: "ready",
    delayMs: 0,
    act: async () => {
      const second = await scene.deploy(...good);
      strictEqual(second.code, 1, second.out);
      match(second.out, /Another deploy is running/);
      match((await statusOf(scene)).text, /; it is running now$/m);
    },
  });
  strictEqual(during.code, 0, during.out + during.err);
  const unknown = await scene.deploy("rollback", "r99999-abcdef0");
  strictEqual(unknown.code, 1);
  match(unknown.out, /No release r99999-abcdef0 ever served here/);
  nobodyLost(scene, "what cannot begin");
  const serving = "the old release";
  return [
    {
      trouble: "its image is missing",
      serving,
      status: "as before",
      way: "by itself",
      end: "nothing was changed",
    },
    {
      trouble: "another deploy is running",
      serving,
      status: "it is running",
      way: "by itself",
      end: "nothing was changed",
    },
  ];
}

const FEW_BYTES = 50_000_000;

async function fullDisk(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const before = await servingRelease(scene);
  const good = ["--image", scene.good, "--without-backup"];
  const nearly = await scene.fillDisk(FEW_BYTES);
  const refusal = await scene.deploy(...good);
  strictEqual(refusal.code, 1, refusal.out);
  match(refusal.out, /The disk of ".*" is full: \d+ MB are free, 200 are needed/);
  await nearly();
  await inOrder(scene, before.name);
  let empty = () => Promise.resolve();
  const during = await scene.disturbed(good, {
    step: "migrate",
    delayMs: 0,
    act: async () => void (empty = await scene.fillDisk(0)),
  });
  strictEqual(during.code, 1, during.out + during.err);
  match(during.out, /^Why: (migrate|up|ready): /m);
  const [, next = ""] = /^Deploy \d+: a new release, (r\S+) as/m.exec(during.out) ?? [];
  await nothingLeft(scene, next);
  await empty();
  nobodyLost(scene, "a full disk");
  await inOrder(scene, before.name);
  const row = { serving: "the old release", way: "by itself" };
  const end = "the old release serves and works, nothing is left";
  return [
    { ...row, trouble: "the disk is full", status: "taken back, preflight", end },
    { ...row, trouble: "the disk becomes full on the way", status: "taken back", end },
  ];
}

async function databaseAway(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  const { engine, place } = scene;
  if (!engine) throw new Error("There is no database to take away");
  const before = await servingRelease(scene);
  const image = await scene.image("waits", waitsInSmoke("/var/lib/wattpost/data/go-on"));
  const during = await scene.disturbed(["--image", image, "--without-backup"], {
    step: "smoke",
    delayMs: 0,
    act: async () => {
      await engine.kill();
      await Deno.writeTextFile(`${place.paths.data}/go-on`, "");
    },
  });
  strictEqual(during.code, 1, during.out + during.err);
  match(during.out, /back: switch: failed/);
  const away = await statusOf(scene);
  strictEqual(away.code, 1);
  match(away.text, /^works +not to be told/m);
  strictEqual(away.serves, before.name, away.text);
  const early = await scene.deploy("--image", image);
  match(early.out, /is open: deno task deploy resume/);
  await engine.restart();
  const end = await scene.deploy("rollback");
  strictEqual(end.code, 0, end.out + end.err);
  await untilInOrder(scene, before.name);
  nobodyLost(scene, "the database away");
  return [{
    trouble: "the database goes away before the switch",
    serving: "the old release",
    status: "on its way back, at switch; which release works is not to be told",
    way: "`rollback`, once the database is back",
    end: "the old release serves and works, nothing is left",
  }];
}

/** The app needs some seconds to find a database that came back. */
async function untilInOrder(scene: DeployScene, release: string): Promise<void> {
  const endMs = performance.now() + 60_000;
  while ((await statusOf(scene)).code !== 0 && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await inOrder(scene, release);
}

async function settings(scene: DeployScene): Promise<readonly ReliabilityRow[]> {
  if (!WHOLE) return [];
  const before = await servingRelease(scene);
  await scene.place.tell({ LOG_LEVEL: "debug" });
  const changed = await scene.deploy("--configuration");
  strictEqual(changed.code, 0, changed.out + changed.err);
  match(changed.out, /Settings: LOG_LEVEL is new/);
  strictEqual((await servingRelease(scene)).settings["LOG_LEVEL"], "debug");
  const back = await scene.deploy("rollback");
  strictEqual(back.code, 0, back.out + back.err);
  await inOrder(scene, before.name);
  strictEqual((await servingRelease(scene)).settings["LOG_LEVEL"], undefined);
  nobodyLost(scene, "new settings");
  return [];
}
