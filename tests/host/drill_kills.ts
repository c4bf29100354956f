/**
 * Kills `deno task host apply` within its steps, again and again, and lets it go on: whatever was half done is finished
 * by the next run.
 *
 * @module
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { DrillScene } from "./drill_scene.ts";
import type { Killed, KillEnd } from "./killer.ts";

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
  /^firewall: rules/,
  /^bans/,
  /^certificates: issued/,
] as const;

/** Runs of apply at most: a step that never ends would be killed for ever. */
const RUNS_MAX = 500;

/** Further kills at the very beginning of a step that was over before the first one came. */
const MORE_TRIES = 4;

/** Kills apply at its steps until it has been through all of them; what came of each run. */
export async function killAtSteps(scene: DrillScene, how: Thoroughness): Promise<readonly KillEnd[]> {
  const names = await stepNames(scene);
  const kills: KillEnd[] = [];
  const missed: string[] = [];
  const kill = async (at: number, delayMs: number, what: Killed): Promise<KillEnd> => {
    ok(kills.length < RUNS_MAX, `apply was killed ${RUNS_MAX} times and is not done`);
    const end = await scene.killedApply(at, { delayMs, what });
    ok(!end.ended || end.code === 0, `apply failed after ${kills.length} kills:\n${end.output}`);
    kills.push(end);
    return end;
  };
  for (const [i, name] of names.entries()) {
    const isShort = SHORT_STEPS.some((one) => typeof one === "string" ? one === name : one.test(name));
    if (how === "short" && !isShort) continue;
    const isWithin = (end: KillEnd) => !end.ended && end.at === i + 1 && end.within;
    const ends: KillEnd[] = [];
    for (const delayMs of DELAYS_MS[how]) {
      const end = await kill(i + 1, delayMs, kills.length % 2 === 0 ? "all" : "process");
      ends.push(end);
      if (!isWithin(end)) break; // it was over before the kill came: the next step is to be killed
    }
    for (let more = 0; how === "whole" && !ends.some(isWithin) && more < MORE_TRIES; more++) {
      ends.push(await kill(i + 1, 0, "all"));
    }
    // A step that only writes a file takes a millisecond: a kill right after it counts, too.
    if (!ends.some((end) => isWithin(end) || (!end.ended && end.at <= i + 2))) missed.push(name);
  }
  if (how === "whole") deepStrictEqual(missed, [], "steps at which apply was not killed");
  return kills;
}

/** Names of all steps, in order. */
async function stepNames(scene: DrillScene): Promise<readonly string[]> {
  const { out } = await scene.task("check");
  return [...out.matchAll(/^\[ *\d+\/\d+\] (.*): (?:as described|\d+ not as described)$/gm)].map((
    [, name = ""],
  ) => name);
}
