/**
 * Kills `deno task host apply` within its steps, again and again, and lets it go on: whatever was half done is finished
 * by the next run.
 *
 * @module
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { DrillScene } from "./drill_scene.ts";
import type { KillEnd } from "./killer.ts";

/** How thorough the drill is. */
export type Thoroughness = "whole" | "short";

/** Milliseconds after the beginning of a step at which apply is killed, one run after the other. */
const DELAYS_MS = { whole: [0, 60, 200, 600, 1_500, 4_000, 10_000], short: [150, 2_000] } as const;

/** Steps at which the short drill kills: one of each kind of thing that a step makes. */
const SHORT_STEPS = [
  "packages",
  "user deploy",
  "ssh: keys only",
  "docker",
  "vpn: WireGuard",
  /^nginx/,
  /^firewall/,
  /^bans/,
  /^certificates/,
] as const;

/** Runs of apply at most: a step that never ends would be killed for ever. */
const RUNS_MAX = 500;

/** Kills apply at its steps until it has been through all of them; what came of each run. */
export async function killAtSteps(scene: DrillScene, how: Thoroughness): Promise<readonly KillEnd[]> {
  const names = await stepNames(scene);
  const kills: KillEnd[] = [];
  for (const [i, name] of names.entries()) {
    if (
      how === "short" && !SHORT_STEPS.some((one) => typeof one === "string" ? one === name : one.test(name))
    ) continue;
    for (const delayMs of DELAYS_MS[how]) {
      ok(kills.length < RUNS_MAX, `apply was killed ${RUNS_MAX} times and is not done`);
      const what = kills.length % 2 === 0 ? "all" : "process";
      const end = await scene.killedApply(i + 1, { delayMs, what });
      ok(!end.ended || end.code === 0, `apply failed after ${kills.length} kills:\n${end.output}`);
      kills.push(end);
      // It was over before the kill came: the next step is to be killed.
      if (end.ended || end.at !== i + 1 || !end.within) break;
    }
  }
  if (how === "whole") {
    const killed = new Set(kills.filter(({ within }) => within).map(({ step }) => step));
    deepStrictEqual(
      names.filter((name) => !killed.has(name)),
      [],
      "steps within which apply was never killed",
    );
  }
  return kills;
}

/** Names of all steps, in order. */
async function stepNames(scene: DrillScene): Promise<readonly string[]> {
  const { out } = await scene.task("check");
  return [...out.matchAll(/^\[ *\d+\/\d+\] (.*): (?:as described|\d+ not as described)$/gm)].map((
    [, name = ""],
  ) => name);
}
