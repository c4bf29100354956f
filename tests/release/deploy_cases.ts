/**
 * What is done to deploys: killed at each step, and given releases that do not work. Each case says what came of it, in
 * words that docs/reliability.md shows.
 *
 * @module
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openJournals } from "../../ops/lib/release/journal_file.ts";
import { releasesIn, servingOf } from "../../ops/lib/release/history.ts";
import { type Release, STEP_NAMES } from "../../ops/lib/release/deploy.ts";
import type { ReliabilityRow } from "../../ops/lib/reliability_docs.ts";
import type { DeployScene } from "./deploy_scene.ts";

/** What serves, as the task's own status says. */
export interface Status {
  readonly code: number;
  readonly text: string;
  /** `r3-ead9deb`; empty: nothing. */
  readonly serves: string;
  /** `r3-ead9deb`, or why it is not known. */
  readonly works: string;
}

/** Asks for the status. */
export async function statusOf({ deploy }: DeployScene): Promise<Status> {
  const { code, out, err } = await deploy("status");
  const text = out + err;
  return {
    code,
    text,
    serves: /^serves +(r\d\S*) as/m.exec(text)?.[1] ?? "",
    works: /^works +(.*)$/m.exec(text)?.[1] ?? "",
  };
}

/** The release that serves by the journals. */
export async function servingRelease({ place }: DeployScene): Promise<Release> {
  const serving = servingOf(await releasesIn(openJournals(place.paths.deploys)));
  if (!serving) throw new Error("Nothing serves");
  return serving.release;
}

/** All is in order: a release serves and works, answers over the link, and no deploy is open. */
export async function inOrder(scene: DeployScene, release: string): Promise<void> {
  const { code, text, serves, works } = await statusOf(scene);
  strictEqual(code, 0, text);
  strictEqual(serves, release, text);
  if (scene.engine) strictEqual(works, release, text);
}

/** Nobody was left without an answer since the last look. */
export function nobodyLost(scene: DeployScene, when: string): void {
  const { failures, reasons, answers } = scene.watch.seen();
  strictEqual(
    failures,
    0,
    `${when}: ${failures} of ${answers + failures} were not answered: ${reasons.join("; ")}`,
  );
  scene.watch.forget();
}

/** How a killed deploy is put right. */
export type Way = "resume" | "rollback";

/** A kill. */
export interface Kill {
  readonly step: string;
  readonly way: Way;
  /** ms after the beginning of the step. */
  readonly delayMs: number;
  readonly act: "kill" | "kill-all";
}

/** Kills a deploy of a release that works at a step, looks, and puts it right. */
export async function killedAt(
  scene: DeployScene,
  { step, way, delayMs, act }: Kill,
): Promise<ReliabilityRow> {
  const before = await servingRelease(scene);
  const args = ["--image", scene.good, "--without-backup"];
  const killed = await scene.disturbed(args, { step, delayMs, act });
  ok(killed.wasThere, `${step} never came:\n${killed.out}${killed.err}`);
  const [, next = ""] = /^Deploy \d+: a new release, (r\S+) as/m.exec(killed.out) ?? [];
  const status = await statusOf(scene);
  strictEqual(status.code, 1, status.text);
  match(status.text, /^Deploy \d+ of r\S+ is open/m);
  ok([before.name, next].includes(status.serves), status.text);
  // A step that takes milliseconds may be over before the kill comes: then it is the next one.
  const [, at = ""] = / is open, at (\w+)/.exec(status.text) ?? [];
  ok(
    STEP_NAMES.findIndex((name) => name === at) >= STEP_NAMES.findIndex((name) => name === step),
    status.text,
  );
  const end = await scene.deploy(way);
  strictEqual(end.code, 0, `${step}, ${way}: ${end.out}${end.err}`);
  await inOrder(scene, way === "resume" ? next : before.name);
  if (way === "rollback") await nothingLeft(scene, next);
  nobodyLost(scene, `killed at ${step}, ${way}`);
  return {
    trouble: `killed (\`SIGKILL\`) at ${step}`,
    serving: step === "switch"
      ? "the one or the other, never none"
      : status.serves === before.name
      ? "the old release"
      : "the new release",
    status: "open, and at which step",
    way: `\`${way}\``,
    end: way === "resume"
      ? "the new release serves and works"
      : "the old release serves and works, nothing is left",
  };
}

/** Nothing of a release that was taken back is there: no container, no image, no sources. */
export async function nothingLeft({ place }: DeployScene, release: string): Promise<void> {
  const there = await Deno.stat(`${place.paths.releases}/${release}`).then(() => true, () => false);
  strictEqual(there, false, `The sources of ${release} are still there`);
  const images = await new Deno.Command("docker", {
    args: ["image", "ls", "--quiet", `${place.name}:${release}`],
  }).output();
  strictEqual(new TextDecoder().decode(images.stdout).trim(), "", `The image of ${release} is still there`);
  const format = '{{.Label "com.docker.compose.service"}} {{.Image}}';
  const args = [
    "ps",
    "--all",
    "--format",
    format,
    "--filter",
    `label=com.docker.compose.project=${place.name}`,
  ];
  const containers = await new Deno.Command("docker", { args }).output();
  const left = new TextDecoder().decode(containers.stdout).split("\n").filter((line) =>
    line.includes(release)
  );
  deepStrictEqual(left, [], `Containers of ${release} are still there`);
}

/** A release that does not work, and what has to come of it. */
export interface BrokenCase {
  /** What is wrong with it, for the table. */
  readonly trouble: string;
  /** Image that is deployed. */
  readonly image: string;
  /** The step that notices. */
  readonly step: string;
  /** What is said of it. */
  readonly says: RegExp;
  /** Further arguments. */
  readonly args?: readonly string[];
}

/** Deploys it: the steps are taken back by themselves, and the old release has served all the while. */
export async function brokenRelease(scene: DeployScene, broken: BrokenCase): Promise<ReliabilityRow> {
  const { trouble, image, step, says, args = [] } = broken;
  const before = await servingRelease(scene);
  const end = await scene.deploy("--image", image, "--without-backup", ...args);
  const words = end.out + end.err;
  strictEqual(end.code, 1, words);
  match(words, says);
  match(words, new RegExp(`^Why: ${step}: `, "m"));
  const [, next = ""] = /^Deploy \d+: a new release, (r\S+) as/m.exec(words) ?? [];
  await inOrder(scene, before.name);
  await nothingLeft(scene, next);
  nobodyLost(scene, trouble);
  return {
    trouble,
    serving: "the old release",
    status: `taken back, ${step}`,
    way: "by itself",
    end: "the old release serves and works, nothing is left",
  };
}
