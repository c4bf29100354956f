import { match, ok, strictEqual } from "node:assert/strict";
import { hostTest } from "../host/docker.ts";
import { CRASHES } from "./broken_images.ts";
import { inOrder, nothingLeft, servingRelease, statusOf } from "./deploy_cases.ts";
import { type DeployScene, withDeployScene } from "./deploy_scene.ts";

/** Longest time without an answer, in ms: a drain and a start, on a machine that has much to do. */
const PAUSE_MS = 60_000;

hostTest(
  "with embedded SQLite a deploy pauses pages, and what does not work gives them back",
  async (docker, test) => {
    await withDeployScene(docker, { what: "e", engine: "sqlite" }, async (scene) => {
      await test.step("the old release ends before the new one starts, which is said beforehand", () =>
        pauses(scene));
      await test.step("a release that crashes gives the file back to the old one", () => crashes(scene));
      await test.step("a deploy killed in its pause is taken back or goes on", () => killed(scene));
    });
  },
);

async function pauses(scene: DeployScene): Promise<void> {
  const good = ["--image", scene.good, "--without-backup"];
  const first = await scene.deploy(...good);
  strictEqual(first.code, 0, first.out + first.err);
  const dry = await scene.deploy(...good, "--dry-run");
  match(dry.out, /embedded SQLite, which one process at a time has: a pause of some seconds/);
  scene.watch.forget();
  const { code, out, err } = await scene.deploy(...good);
  strictEqual(code, 0, out + err);
  const { longestMs, failures } = scene.watch.seen();
  ok(
    failures > 0 && longestMs < PAUSE_MS,
    `${failures} were not answered, ${longestMs} ms without an answer`,
  );
  await inOrder(scene, (await servingRelease(scene)).name);
}

async function crashes(scene: DeployScene): Promise<void> {
  const before = await servingRelease(scene);
  const image = await scene.image("crashes", CRASHES);
  const { code, out, err } = await scene.deploy("--image", image, "--without-backup");
  strictEqual(code, 1, out + err);
  match(out, /the stars are not right/);
  match(out, /back: pause: undone, .*is ready again/);
  await inOrder(scene, before.name);
  await nothingLeft(scene, /^Deploy \d+: a new release, (r\S+) as/m.exec(out)?.[1] ?? "");
}

async function killed(scene: DeployScene): Promise<void> {
  const good = ["--image", scene.good, "--without-backup"];
  for (const [step, way] of [["pause", "rollback"], ["up", "resume"]] as const) {
    const before = await servingRelease(scene);
    const kill = await scene.disturbed(good, { step, delayMs: 20, act: "kill" });
    ok(kill.wasThere, kill.out + kill.err);
    const status = await statusOf(scene);
    strictEqual(status.code, 1, status.text);
    match(status.text, / is open, at \w+: deno task deploy resume goes on/);
    const end = await scene.deploy(way);
    strictEqual(end.code, 0, end.out + end.err);
    const after = await servingRelease(scene);
    strictEqual(after.name === before.name, way === "rollback");
    await inOrder(scene, after.name);
  }
}
